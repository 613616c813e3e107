// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, PolicyId} from "./Types.sol";

/// @notice What names a policy. `PolicyId` is its hash, so whoever shows the key proves whose policy it is.
struct PolicyKey {
    // The insurer that issued it.
    address insurer;
    // The insured.
    PatientId patientId;
    // 32 random bytes, the insurer's choice; no policy number, which could be guessed.
    bytes32 ref;
}

/// @notice Where a policy stands.
enum PolicyStatus {
    // Never issued.
    None,
    // Issued, and the patient hasn't accepted it.
    Offered,
    // Offered until its term ended; never was in force.
    Lapsed,
    // Accepted, and its term hasn't begun.
    Accepted,
    // In force.
    Active,
    // Was in force; its term has ended.
    Expired
}

/// @title Policies: insurance that both sides have hashed
/// @notice The insurer anchors the digest of its policy; the patient accepts by submitting the digest of the patient's
/// own copy, and the contract refuses unless both are equal, to the bit (002-34, 002-49). Nobody can alter a policy after
/// that, neither insurer nor patient. The wording is public, the schedule (who, which card) is salted (002-35).
interface IPolicies {
    /// @notice A policy: two slots.
    struct Policy {
        // keccak256(abi.encode(wording, schedule)), see `issue`.
        bytes32 digest;
        // In force from this time, Unix seconds.
        uint48 from;
        // In force before this time, Unix seconds.
        uint48 until;
        // Block time of the issue.
        uint48 issuedAt;
        // Block time of the patient's acceptance; 0 before it.
        uint48 acceptedAt;
    }

    // -------- errors --------

    /// @notice `account` is not accredited as an insurer now.
    error NotInsurer(address account);
    /// @notice The insurer has issued a policy under this reference already.
    error PolicyExists(PolicyId policyId);
    /// @notice Nothing was issued under this key.
    error UnknownPolicy(PolicyId policyId);
    /// @notice The term is empty or over.
    error InvalidTerm(uint48 from, uint48 until);
    /// @notice The patient's copy isn't the insurer's.
    error DigestMismatch(bytes32 insurers, bytes32 patients);
    /// @notice The policy stands as `status`, not as an offer.
    error NotOffered(PolicyId policyId, PolicyStatus status);

    // -------- events --------

    /// @notice An insurer offered a policy.
    /// @param wording sha2-256 of the wording's bytes
    /// @param schedule sha2-256 of a random 32-byte salt followed by the schedule's bytes
    /// @param offer sha2-256 digest of the CID of a small public JSON object that says where the wording, and the schedule
    /// and salt sealed to the patient, are on IPFS
    event PolicyIssued(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        bytes32 ref,
        bytes32 wording,
        bytes32 schedule,
        uint48 from,
        uint48 until,
        bytes32 offer
    );
    /// @notice The patient's copy equals the insurer's and the patient accepted.
    event PolicyAccepted(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        bytes32 digest
    );

    // -------- actions --------

    /// @notice Offers a policy to a patient, as an accredited insurer. The parameters are those of `PolicyIssued`.
    function issue(
        PatientId patientId,
        bytes32 ref,
        bytes32 wording,
        bytes32 schedule,
        uint48 from,
        uint48 until,
        bytes32 offer
    ) external;

    /// @notice Accepts an offer, as the patient. `wording` and `schedule` are computed from the patient's own copy.
    function accept(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external;

    // -------- views --------

    /// @notice The stored policy; zeroes when unknown.
    function policyOf(PolicyId policyId) external view returns (Policy memory);

    /// @notice Where the policy stands now.
    function statusOf(PolicyId policyId) external view returns (PolicyStatus);

    /// @notice Whether a copy with these digests is the policy, to the bit, and where the policy stands.
    /// Whether the insurer is still accredited is for `Participants.roleOf` to say.
    function verify(
        PolicyId policyId,
        bytes32 wording,
        bytes32 schedule
    ) external view returns (bool equal, PolicyStatus status);

    /// @notice keccak256(abi.encode(insurer, patientId, ref)).
    function policyIdOf(PolicyKey calldata key) external pure returns (PolicyId);
}
