// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {PatientId} from "./interfaces/Types.sol";
import {Signed} from "./utils/Signed.sol";

/// @title Patients
/// @notice See {IPatients}.
contract Patients is IPatients, Signed {
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address controller,bytes32 personTag,bytes32 commitment,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant CONTROLLER_ROTATION_TYPEHASH = keccak256(
        "ControllerRotation(bytes32 patientId,address from,address to,uint256 nonce,uint256 deadline)"
    );

    /// @notice Says who is a civil registry.
    IParticipants public immutable PARTICIPANTS;

    mapping(PatientId patientId => Patient) private _patients;
    // Who the person is, or was: a deregistered patient stays until the person registers anew.
    mapping(bytes32 personTag => PatientId) private _patientBehind;

    constructor(address forwarder, IParticipants participants) ERC2771Context(forwarder) EIP712("Salus Patients", "1") {
        PARTICIPANTS = participants;
    }

    // -------- actions --------

    /// @inheritdoc IPatients
    function register(
        Attestation calldata attestation,
        bytes32 profile,
        bytes calldata signature
    ) external returns (PatientId patientId) {
        address controller = _msgSender();
        if (PARTICIPANTS.roleOf(attestation.registry) != Role.CivilRegistry) {
            revert NotCivilRegistry(attestation.registry);
        }
        if (isRegistered(attestation.personTag)) revert PersonAlreadyRegistered(attestation.personTag);
        bytes32 structHash = keccak256(
            abi.encode(
                ATTESTATION_TYPEHASH,
                controller,
                attestation.personTag,
                attestation.commitment,
                attestation.nonce,
                attestation.deadline
            )
        );
        _checkSignature(attestation.registry, structHash, attestation.deadline, signature);

        patientId = patientIdOf(controller, attestation.commitment);
        // A registry that attests one commitment under two tags must not hand a rotated pseudonym back to its first wallet;
        // nor does anybody come back under a pseudonym that was given up.
        if (_patients[patientId].registeredAt != 0) revert PatientExists(patientId);

        _patientBehind[attestation.personTag] = patientId;
        _patients[patientId] = Patient(controller, uint48(block.timestamp), attestation.commitment, profile);

        bytes32 hash = _hash(patientId, attestation.commitment, profile);
        emit PatientRegistered(patientId, controller, attestation.registry, attestation.commitment, profile, hash);
    }

    /// @inheritdoc IPatients
    function updateProfile(PatientId patientId, bytes32 profile) external {
        checkController(patientId, _msgSender());

        Patient storage patient = _patients[patientId];
        patient.profile = profile;

        emit ProfileUpdated(patientId, profile, _hash(patientId, patient.commitment, profile));
    }

    /// @inheritdoc IPatients
    function rotateController(PatientId patientId, address to, uint256 deadline, bytes calldata signature) external {
        address from = _msgSender();
        checkController(patientId, from);
        bytes32 structHash = keccak256(
            abi.encode(CONTROLLER_ROTATION_TYPEHASH, patientId, from, to, _useNonce(to), deadline)
        );
        _checkSignature(to, structHash, deadline, signature);

        _patients[patientId].controller = to;

        emit ControllerRotated(patientId, from, to);
    }

    /// @inheritdoc IPatients
    function deregister(PatientId patientId) external {
        address controller = _msgSender();
        checkController(patientId, controller);

        Patient storage patient = _patients[patientId];
        // The time of the registration stays, as the tombstone.
        patient.controller = address(0);
        delete patient.commitment;
        delete patient.profile;

        emit PatientDeregistered(patientId, controller);
    }

    // -------- views --------

    /// @inheritdoc IPatients
    function patientOf(PatientId patientId) external view returns (Patient memory) {
        return _patients[patientId];
    }

    /// @inheritdoc IPatients
    function controllerOf(PatientId patientId) public view returns (address controller) {
        Patient storage patient = _patients[patientId];
        controller = patient.controller;
        if (controller != address(0)) return controller;
        if (patient.registeredAt != 0) revert Deregistered(patientId);
        revert UnknownPatient(patientId);
    }

    /// @inheritdoc IPatients
    function checkController(PatientId patientId, address account) public view {
        if (controllerOf(patientId) != account) revert NotController(patientId, account);
    }

    /// @inheritdoc IPatients
    function hashOf(PatientId patientId) external view returns (bytes32) {
        // Reverts unless there is such a patient.
        // slither-disable-next-line unused-return
        controllerOf(patientId);
        Patient storage patient = _patients[patientId];
        return _hash(patientId, patient.commitment, patient.profile);
    }

    /// @inheritdoc IPatients
    function isPatient(PatientId patientId) public view returns (bool) {
        return _patients[patientId].controller != address(0);
    }

    /// @inheritdoc IPatients
    function isRegistered(bytes32 personTag) public view returns (bool) {
        PatientId patientId = _patientBehind[personTag];
        // Nobody is the patient of pseudonym zero; not asking spares a first registration the look-up.
        return PatientId.unwrap(patientId) != 0 && isPatient(patientId);
    }

    /// @inheritdoc IPatients
    function patientIdOf(address controller, bytes32 commitment) public pure returns (PatientId) {
        return PatientId.wrap(keccak256(abi.encode(controller, commitment)));
    }

    // -------- internals --------

    function _hash(PatientId patientId, bytes32 commitment, bytes32 profile) private pure returns (bytes32) {
        return keccak256(abi.encode(patientId, commitment, profile));
    }
}
