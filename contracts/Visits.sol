// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {VisitId} from "./interfaces/Types.sol";
import {IVisits, VisitKey, VisitStatus} from "./interfaces/IVisits.sol";
import {visitIdOf} from "./utils/Ids.sol";
import {TypedSignatures} from "./utils/TypedSignatures.sol";

/// @title Visits
/// @notice See {IVisits}.
contract Visits is IVisits, ERC2771Context, TypedSignatures {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(bytes32 patientId,bytes32 hash,address hospital,uint64 nonce,uint48 until,bytes32 sealedKey,uint256 deadline)"
    );

    /// @notice Says who is accredited, and by whom.
    IParticipants public immutable PARTICIPANTS;
    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;

    mapping(VisitId visitId => Visit) private _visits;
    mapping(VisitId visitId => mapping(address account => bool)) private _isAssigned;

    constructor(
        address forwarder,
        IParticipants participants,
        IPatients patients
    ) ERC2771Context(forwarder) EIP712("Salus Visits", "1") {
        PARTICIPANTS = participants;
        PATIENTS = patients;
    }

    // -------- permits --------

    /// @inheritdoc IVisits
    function announce(address hospital, bytes32 permit) external {
        emit PermitAnnounced(hospital, permit);
    }

    /// @inheritdoc IVisits
    function open(Permit calldata permit, uint256 deadline, bytes calldata signature) external {
        address caller = _msgSender();
        if (caller != permit.hospital) revert NotPermitted(permit.hospital, caller);
        // Before the signature, so that a second use is told as such.
        VisitId visitId = _unused(permit);
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, permit, deadline));
        _checkSignature(PATIENTS.controllerOf(permit.patientId), structHash, deadline, signature);

        _open(visitId, permit);
    }

    /// @inheritdoc IVisits
    function openDirectly(Permit calldata permit) external {
        PATIENTS.checkController(permit.patientId, _msgSender());

        _open(_unused(permit), permit);
    }

    /// @inheritdoc IVisits
    function withdraw(VisitKey calldata key) external {
        PATIENTS.checkController(key.patientId, _msgSender());
        VisitId visitId = visitIdOf(key);
        VisitStatus status = statusOf(visitId);
        if (status != VisitStatus.None) revert PermitUsed(visitId, status);

        _visits[visitId].isWithdrawn = true;

        emit PermitWithdrawn(visitId, key.hospital, key.patientId);
    }

    // -------- visits --------

    /// @inheritdoc IVisits
    function assign(VisitKey calldata key, address account, bytes32 sealedKey) external {
        VisitId visitId = _openAsHospital(key);
        // Whoever had a visit opened was a patient.
        if (!PATIENTS.isPatient(key.patientId)) revert IPatients.Deregistered(key.patientId);
        _checkHospital(key.hospital);
        if (!_isStaff(key.hospital, account)) revert NotOfHospital(key.hospital, account);

        _isAssigned[visitId][account] = true;

        emit MemberAssigned(visitId, account, key.patientId, sealedKey);
    }

    /// @inheritdoc IVisits
    function unassign(VisitKey calldata key, address account) external {
        VisitId visitId = _openAsHospital(key);
        if (!_isAssigned[visitId][account]) revert NotAssigned(visitId, account);

        delete _isAssigned[visitId][account];

        emit MemberRemoved(visitId, account, key.patientId);
    }

    /// @inheritdoc IVisits
    function close(VisitKey calldata key) external {
        address by = _msgSender();
        VisitId visitId = visitIdOf(key);
        if (by != key.hospital && PATIENTS.controllerOf(key.patientId) != by) revert NotPartyOfVisit(visitId, by);
        _checkOpen(visitId);

        _visits[visitId].end = uint48(block.timestamp);

        emit VisitClosed(visitId, key.hospital, key.patientId, by);
    }

    // -------- views --------

    /// @inheritdoc IVisits
    function visitOf(VisitId visitId) external view returns (Visit memory) {
        return _visits[visitId];
    }

    /// @inheritdoc IVisits
    function statusOf(VisitId visitId) public view returns (VisitStatus) {
        Visit memory visit = _visits[visitId];
        if (visit.isWithdrawn) return VisitStatus.Withdrawn;
        // Zero means never opened.
        // slither-disable-next-line incorrect-equality
        if (visit.openedAt == 0) return VisitStatus.None;
        return visit.end > block.timestamp ? VisitStatus.Open : VisitStatus.Ended;
    }

    /// @inheritdoc IVisits
    function isMember(VisitKey calldata key, address account) external view returns (bool) {
        VisitId visitId = visitIdOf(key);
        if (statusOf(visitId) != VisitStatus.Open || !PATIENTS.isPatient(key.patientId)) return false;
        // An account that is accredited as something else by now may have a branch, but no visits.
        if (PARTICIPANTS.roleOf(key.hospital) != Role.Hospital) return false;
        return account == key.hospital || (_isAssigned[visitId][account] && _isStaff(key.hospital, account));
    }

    // -------- internals --------

    function _unused(Permit calldata permit) private view returns (VisitId visitId) {
        visitId = VisitId.wrap(keccak256(abi.encode(permit.patientId, permit.hospital, permit.nonce)));
        VisitStatus status = statusOf(visitId);
        if (status != VisitStatus.None) revert PermitUsed(visitId, status);
    }

    function _open(VisitId visitId, Permit calldata permit) private {
        _checkHospital(permit.hospital);
        bytes32 current = PATIENTS.hashOf(permit.patientId);
        if (permit.hash != current) revert StaleHash(permit.hash, current);
        if (permit.until <= block.timestamp) revert VisitEndInPast(permit.until);

        _visits[visitId] = Visit(uint48(block.timestamp), permit.until, false);

        emit VisitOpened(visitId, permit.hospital, permit.patientId, permit.nonce, permit.until, permit.sealedKey);
    }

    function _openAsHospital(VisitKey calldata key) private view returns (VisitId visitId) {
        visitId = visitIdOf(key);
        address caller = _msgSender();
        if (caller != key.hospital) revert NotPartyOfVisit(visitId, caller);
        _checkOpen(visitId);
    }

    function _checkOpen(VisitId visitId) private view {
        VisitStatus status = statusOf(visitId);
        if (status != VisitStatus.Open) revert VisitNotOpen(visitId, status);
    }

    function _checkHospital(address account) private view {
        if (PARTICIPANTS.roleOf(account) != Role.Hospital) revert NotHospital(account);
    }

    /// @dev Whoever changes to another hospital is no longer this one's, however well accredited.
    function _isStaff(address hospital, address account) private view returns (bool) {
        return PARTICIPANTS.roleOf(account) != Role.None && PARTICIPANTS.accreditationOf(account).parent == hospital;
    }
}
