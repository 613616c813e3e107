// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {IPolicies, PolicyKey, PolicyStatus} from "./interfaces/IPolicies.sol";
import {PatientId, PolicyId} from "./interfaces/Types.sol";

/// @title Policies
/// @notice See {IPolicies}.
contract Policies is IPolicies, ERC2771Context {
    /// @notice Says who is an insurer.
    IParticipants public immutable PARTICIPANTS;
    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;

    mapping(PolicyId policyId => Policy) private _policies;

    constructor(address forwarder, IParticipants participants, IPatients patients) ERC2771Context(forwarder) {
        PARTICIPANTS = participants;
        PATIENTS = patients;
    }

    // -------- actions --------

    /// @inheritdoc IPolicies
    function issue(
        PatientId patientId,
        bytes32 ref,
        bytes32 wording,
        bytes32 schedule,
        uint48 from,
        uint48 until,
        bytes32 offer
    ) external {
        address insurer = _msgSender();
        if (PARTICIPANTS.roleOf(insurer) != Role.Insurer) revert NotInsurer(insurer);
        // Reverts when the patient is unknown: an offer to nobody helps nobody. Who the controller is doesn't matter here.
        // slither-disable-next-line unused-return
        PATIENTS.controllerOf(patientId);
        if (until <= from || until <= block.timestamp) revert InvalidTerm(from, until);
        PolicyId policyId = _policyId(insurer, patientId, ref);
        if (_policies[policyId].issuedAt != 0) revert PolicyExists(policyId);

        _policies[policyId] = Policy(_digest(wording, schedule), from, until, uint48(block.timestamp), 0);

        emit PolicyIssued(policyId, insurer, patientId, ref, wording, schedule, from, until, offer);
    }

    /// @inheritdoc IPolicies
    function accept(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external {
        PATIENTS.checkController(key.patientId, _msgSender());
        PolicyId policyId = policyIdOf(key);
        Policy memory policy = _policies[policyId];
        if (policy.issuedAt == 0) revert UnknownPolicy(policyId);
        PolicyStatus status = _status(policy);
        if (status != PolicyStatus.Offered) revert NotOffered(policyId, status);
        bytes32 digest = _digest(wording, schedule);
        if (digest != policy.digest) revert DigestMismatch(policy.digest, digest);

        _policies[policyId].acceptedAt = uint48(block.timestamp);

        emit PolicyAccepted(policyId, key.insurer, key.patientId, digest);
    }

    // -------- views --------

    /// @inheritdoc IPolicies
    function policyOf(PolicyId policyId) external view returns (Policy memory) {
        return _policies[policyId];
    }

    /// @inheritdoc IPolicies
    function statusOf(PolicyId policyId) external view returns (PolicyStatus) {
        return _status(_policies[policyId]);
    }

    /// @inheritdoc IPolicies
    function verify(
        PolicyId policyId,
        bytes32 wording,
        bytes32 schedule
    ) external view returns (bool equal, PolicyStatus status) {
        Policy memory policy = _policies[policyId];
        // Two digests, not balances: strict equality is the point.
        // slither-disable-next-line incorrect-equality
        equal = policy.digest == _digest(wording, schedule);
        status = _status(policy);
    }

    /// @inheritdoc IPolicies
    function policyIdOf(PolicyKey calldata key) public pure returns (PolicyId) {
        return _policyId(key.insurer, key.patientId, key.ref);
    }

    // -------- internals --------

    function _status(Policy memory policy) private view returns (PolicyStatus) {
        // Zero means never written, and nobody can bring a written time back to zero.
        // slither-disable-start incorrect-equality
        if (policy.issuedAt == 0) return PolicyStatus.None;
        bool over = policy.until <= block.timestamp;
        if (policy.acceptedAt == 0) return over ? PolicyStatus.Lapsed : PolicyStatus.Offered;
        if (over) return PolicyStatus.Expired;
        return policy.from > block.timestamp ? PolicyStatus.Accepted : PolicyStatus.Active;
        // slither-disable-end incorrect-equality
    }

    function _policyId(address insurer, PatientId patientId, bytes32 ref) private pure returns (PolicyId) {
        return PolicyId.wrap(keccak256(abi.encode(insurer, patientId, ref)));
    }

    function _digest(bytes32 wording, bytes32 schedule) private pure returns (bytes32) {
        return keccak256(abi.encode(wording, schedule));
    }
}
