// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId} from "./Types.sol";

/// @title Patients: pseudonyms and who controls them
/// @notice A patient registers once, with a civil registry's attestation (002-01, 002-17 to 002-23). The chain holds a
/// pseudonym, a salted commitment to the identity and the digest of an encrypted profile: no name, no number, and
/// nothing that guessing could reverse (001-02, 001-05). A person is one patient at a time.
interface IPatients {
    // -------- types --------

    /// @notice A registered patient: three slots. Of a deregistered one only `registeredAt` is left.
    struct Patient {
        // The account that acts for the patient.
        address controller;
        // Block time of the registration, Unix seconds. Never zero again once written.
        uint48 registeredAt;
        // Commitment to the identity, salted with 32 random bytes that only the patient and the registry know.
        bytes32 commitment;
        // sha2-256 digest of the CID of the encrypted profile.
        bytes32 profile;
    }

    /// @notice What a civil registry signs (EIP-712 `Attestation`), together with the `controller` that it is for.
    struct Attestation {
        // The registry that signed.
        address registry;
        // HMAC of the national id under the registry's secret: the same for one person, unguessable to others.
        bytes32 personTag;
        // The identity commitment that the registry has checked against its database.
        bytes32 commitment;
        // The registry's own number of this attestation, which its audit names it by.
        uint256 nonce;
        // Valid up to this time, Unix seconds.
        uint256 deadline;
    }

    // -------- errors --------

    /// @notice No patient has this pseudonym.
    error UnknownPatient(PatientId patientId);
    /// @notice The patient has deregistered.
    error Deregistered(PatientId patientId);
    /// @notice `account` doesn't act for the patient.
    error NotController(PatientId patientId, address account);
    /// @notice The person behind `personTag` is registered already.
    error PersonAlreadyRegistered(bytes32 personTag);
    /// @notice `account` is not accredited as a civil registry now.
    error NotCivilRegistry(address account);
    /// @notice The pseudonym is or was taken: the same account registered with the same commitment before.
    error PatientExists(PatientId patientId);

    // -------- events --------

    /// @notice A person registered under a pseudonym. `hash` is seed 002's H (002-12).
    event PatientRegistered(
        PatientId indexed patientId,
        address indexed controller,
        address indexed registry,
        bytes32 commitment,
        bytes32 profile,
        bytes32 hash
    );
    /// @notice The encrypted profile was replaced.
    event ProfileUpdated(PatientId indexed patientId, bytes32 profile, bytes32 hash);
    /// @notice Another account acts for the patient from now on.
    event ControllerRotated(PatientId indexed patientId, address indexed from, address indexed to);
    /// @notice The patient gave the pseudonym up for good.
    event PatientDeregistered(PatientId indexed patientId, address indexed controller);

    // -------- actions --------

    /// @notice Registers the caller. The attestation names the caller, so whoever sees it on its way can't use it.
    /// @param profile sha2-256 digest of the CID of the encrypted profile
    /// @param signature the registry's, over
    /// `Attestation(address controller,bytes32 personTag,bytes32 commitment,uint256 nonce,uint256 deadline)`
    /// @return patientId the pseudonym
    function register(
        Attestation calldata attestation,
        bytes32 profile,
        bytes calldata signature
    ) external returns (PatientId patientId);

    /// @notice Replaces the encrypted profile.
    function updateProfile(PatientId patientId, bytes32 profile) external;

    /// @notice Hands the patient over to another account of the same person. Called by the present controller, signed
    /// by the next one, so a typing error can't lose the record.
    /// @param signature of `to` over `ControllerRotation(bytes32 patientId,address from,address to,uint256 nonce,uint256 deadline)`
    function rotateController(PatientId patientId, address to, uint256 deadline, bytes calldata signature) external;

    /// @notice Gives the pseudonym up, as its controller, for good. Nobody acts for the patient from then on, so nothing is
    /// granted, appended or accepted any more; what events and IPFS hold stays for others to remove. The person may
    /// register anew, under another pseudonym.
    function deregister(PatientId patientId) external;

    // -------- views --------

    /// @notice The stored patient; zeroes when unknown, all but `registeredAt` when deregistered.
    function patientOf(PatientId patientId) external view returns (Patient memory);

    /// @notice The account that acts for the patient. Reverts with `UnknownPatient` or `Deregistered`.
    function controllerOf(PatientId patientId) external view returns (address);

    /// @notice Passes if `account` acts for the patient, else reverts with `UnknownPatient`, `Deregistered` or
    /// `NotController`.
    function checkController(PatientId patientId, address account) external view;

    /// @notice Seed 002's H: keccak256(abi.encode(patientId, commitment, profile)). Reverts with `UnknownPatient` or
    /// `Deregistered`.
    function hashOf(PatientId patientId) external view returns (bytes32);

    /// @notice Whether somebody acts for the patient: known, and not deregistered.
    function isPatient(PatientId patientId) external view returns (bool);

    /// @notice Whether the person behind the tag is registered now.
    function isRegistered(bytes32 personTag) external view returns (bool);

    /// @notice The pseudonym that `controller` gets with this commitment: keccak256(abi.encode(controller, commitment)).
    function patientIdOf(address controller, bytes32 commitment) external pure returns (PatientId);
}
