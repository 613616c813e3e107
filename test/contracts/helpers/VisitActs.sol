// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {PatientId, RecordId, ScopeId, VisitId} from "../../../contracts/interfaces/Types.sol";
import {IVisits, VisitKey, VisitStatus} from "../../../contracts/interfaces/IVisits.sol";
import {VisitWorld} from "./VisitWorld.sol";
import {signPermit} from "./signatures.sol";

/// @title VisitActs
/// @notice What patients, hospitals and their staff do with permits and visits, rightly and wrongly.
abstract contract VisitActs is VisitWorld {
    // -------- permits --------

    /// @dev `how` 0 to 8: as it must be; 9: signed by another wallet; 10: too late; 11: carried by somebody else; 12: altered
    /// after signing; 13: for an earlier profile.
    function open(uint256 patientSeed, uint256 hospitalSeed, uint256 nonceSeed, uint24 time, uint8 how) external {
        how %= 14;
        VisitKey memory key = _permitKey(patientSeed, hospitalSeed, nonceSeed);
        IVisits.Permit memory permit = _permit(key, time, how == 13);
        // Up to this very second.
        uint256 deadline = how == 10 ? block.timestamp - 1 : block.timestamp;
        uint256 signer = keyOfWallet[how == 9 ? wallet(nonceSeed) : controllerInModel[key.patientId]];
        bytes memory signature = signPermit(address(VISITS), signer == 0 ? walletKey(0) : signer, permit, deadline);
        if (how == 12) permit.sealedKey = ~permit.sealedKey;
        address caller = key.hospital;
        if (how == 11) caller = nonceSeed % 2 == 0 ? STRANGER : hospital(hospitalSeed + 1);

        bool isSigned = how < 9 || (how == 9 && wallet(nonceSeed) == controllerInModel[key.patientId]);
        bytes memory call = abi.encodeCall(IVisits.open, (permit, deadline, signature));
        if (!_tried(caller, address(VISITS), isSigned && _isOpenable(permit), "open", call)) return;
        _setOpened(key, permit.until);
    }

    function openDirectly(
        uint256 patientSeed,
        uint256 callerSeed,
        uint256 hospitalSeed,
        uint256 nonceSeed,
        uint24 time
    ) external {
        VisitKey memory key = _permitKey(patientSeed, hospitalSeed, nonceSeed);
        IVisits.Permit memory permit = _permit(key, time, nonceSeed % 16 == 1);
        address caller = _caller(patientSeed, callerSeed);

        bool isController = caller == controllerInModel[key.patientId] && nonceSeed % 16 != 1;
        bytes memory call = abi.encodeCall(IVisits.openDirectly, (permit));
        if (!_tried(caller, address(VISITS), isController && _isOpenable(permit), "open directly", call)) return;
        _setOpened(key, permit.until);
    }

    function withdraw(uint256 patientSeed, uint256 callerSeed, uint256 hospitalSeed, uint256 nonceSeed) external {
        // Else soon no permit would be left.
        if (nonceSeed % 3 == 0) return;
        VisitKey memory key = _permitKey(patientSeed, hospitalSeed, nonceSeed);
        VisitModel storage model = visits[_visitIdOf(key)];
        address caller = _caller(patientSeed, callerSeed);

        bool isUnused = model.openedAt == 0 && !model.isWithdrawn;
        bool expected = caller == controllerInModel[key.patientId] && !isDeregistered[key.patientId] && isUnused;
        bytes memory call = abi.encodeCall(IVisits.withdraw, (key));
        if (_tried(caller, address(VISITS), expected, "withdraw", call)) _known(key).isWithdrawn = true;
    }

    // -------- visits --------

    function assign(uint256 visitSeed, uint256 callerSeed, uint256 accountSeed) external {
        VisitKey memory key = _visit(visitSeed);
        VisitId visitId = _visitIdOf(key);
        address caller = _hospitalOr(key, callerSeed);
        address account = accountSeed % 16 == 0 ? key.hospital : _staffFor(key.hospital, accountSeed / 16);

        bool expected = caller == key.hospital && _isOpen(visits[visitId]) && !isDeregistered[key.patientId];
        expected = expected && PARTICIPANTS.roleOf(key.hospital) == Role.Hospital && _isStaff(key.hospital, account);
        bytes memory call = abi.encodeCall(IVisits.assign, (key, account, 0));
        if (_tried(caller, address(VISITS), expected, "assign", call)) _setAssigned(visitId, account);
    }

    function unassign(uint256 visitSeed, uint256 callerSeed, uint256 accountSeed) external {
        VisitKey memory key = _visit(visitSeed);
        VisitId visitId = _visitIdOf(key);
        address caller = _hospitalOr(key, callerSeed);
        address account = _memberFor(key, accountSeed);

        bool expected = caller == key.hospital && _isOpen(visits[visitId]) && isAssigned[visitId][account];
        bytes memory call = abi.encodeCall(IVisits.unassign, (key, account));
        if (_tried(caller, address(VISITS), expected, "unassign", call)) isAssigned[visitId][account] = false;
    }

    /// @dev By the hospital, the patient, or somebody; every third time only.
    function close(uint256 visitSeed, uint256 callerSeed, uint8 often) external {
        if (often % 3 != 0) return;
        VisitKey memory key = _visit(visitSeed);
        VisitModel storage model = visits[_visitIdOf(key)];
        address caller = callerSeed % 2 == 0 ? _hospitalOr(key, callerSeed / 2) : _callerFor(key.patientId, callerSeed);

        bool isPatient = caller == controllerInModel[key.patientId] && !isDeregistered[key.patientId];
        bool expected = (caller == key.hospital || isPatient) && _isOpen(model);
        bytes memory call = abi.encodeCall(IVisits.close, (key));
        if (_tried(caller, address(VISITS), expected, "close", call)) model.end = uint48(block.timestamp);
    }

    function appendInVisit(uint256 visitSeed, uint256 authorSeed, uint256 keySeed, uint256 nonceSeed) external {
        VisitKey memory key = _visit(visitSeed);
        VisitId visitId = _visitIdOf(key);
        address by = _memberFor(key, authorSeed);
        (ScopeId id, bytes32 sealedTo) = _drawer(key.patientId, keySeed);
        IRecords.Entry memory entry = _entries(1, nonceSeed)[0];
        bytes32 context = VisitId.unwrap(visitId);

        bool isMember = _isMember(key, by);
        bool isFresh = anchors[_recordIdIn(context, by, entry.nonce)] == 0;
        bool isCurrent = sealedTo != 0 && sealedTo == scopes[key.patientId][id].key;
        bytes memory call = abi.encodeCall(IRecords.appendInVisit, (key, id, sealedTo, entry));
        if (!_tried(by, address(RECORDS), isMember && isFresh && isCurrent, "append in a visit", call)) return;

        VisitModel storage model = visits[visitId];
        if (!isMember || block.timestamp < model.openedAt || block.timestamp >= model.end) ++wronglyWritten;
        model.lastWritten = uint48(block.timestamp);
        written.push(Written(visitId, by, entry.nonce));
        _setRecordUnder(context, key.patientId, id, sealedTo, by, entry);
    }

    // -------- what the invariants ask for --------

    /// @notice What is wrong with a visit, of all the one whose turn it is, or nothing.
    function faultOfVisits(uint256 turn) external view returns (string memory) {
        VisitId visitId = visitIds[turn % visitIds.length];
        VisitModel storage model = visits[visitId];
        IVisits.Visit memory stored = VISITS.visitOf(visitId);
        if (model.openings > 1) return "a permit opened two visits";
        if (model.isWithdrawn && stored.openedAt != 0) return "a withdrawn permit opened a visit";
        if (stored.openedAt != model.openedAt || stored.end != model.end || stored.isWithdrawn != model.isWithdrawn) {
            return "a visit isn't as in the model";
        }
        if (VISITS.statusOf(visitId) != _statusOf(model)) return "a visit stands otherwise than in the model";
        // In the second of the closing, records before it count; a visit that ends by itself ends before its time.
        if (model.lastWritten > stored.end) return "a record outlived its visit";
        bool isOpen = VISITS.statusOf(visitId) == VisitStatus.Open;
        for (uint256 i = 0; i < STAFF + HOSPITALS; ++i) {
            address account = i < STAFF ? staff(i) : hospital(i);
            bool isMember = VISITS.isMember(model.key, account);
            if (isMember && !isOpen) return "a visit's rights outlived it";
            if (isMember != _isMember(model.key, account)) return "a member otherwise than in the model";
        }
        return "";
    }

    // -------- internals --------

    function _statusOf(VisitModel storage model) private view returns (VisitStatus) {
        if (model.isWithdrawn) return VisitStatus.Withdrawn;
        if (model.openedAt == 0) return VisitStatus.None;
        return _isOpen(model) ? VisitStatus.Open : VisitStatus.Ended;
    }

    function _permit(VisitKey memory key, uint24 time, bool isStale) private view returns (IVisits.Permit memory) {
        // Nobody has an H any more who deregistered.
        bytes32 hash = isDeregistered[key.patientId] ? bytes32(0) : PATIENTS.hashOf(key.patientId);
        // Up to a day, or over already.
        uint48 until = uint48(time % 16 == 0 ? block.timestamp : block.timestamp + 1 + (time % 1 days));
        return
            IVisits.Permit(
                key.patientId,
                isStale ? ~hash : hash,
                key.hospital,
                key.nonce,
                until,
                bytes32(uint256(time))
            );
    }

    /// @dev All that doesn't hang on who signed or sent it.
    function _isOpenable(IVisits.Permit memory permit) private view returns (bool) {
        VisitModel storage model = visits[_visitIdOf(VisitKey(permit.patientId, permit.hospital, permit.nonce))];
        return
            model.openedAt == 0 &&
            !model.isWithdrawn &&
            permit.until > block.timestamp &&
            !isDeregistered[permit.patientId] &&
            PARTICIPANTS.roleOf(permit.hospital) == Role.Hospital;
    }

    /// @dev Mostly the visit's hospital.
    function _hospitalOr(VisitKey memory key, uint256 seed) private pure returns (address) {
        if (seed % 8 == 0) return OTHER_HOSPITAL;
        return seed % 8 == 1 ? staff(seed / 8) : key.hospital;
    }

    /// @dev Mostly of the hospital's own.
    function _staffFor(address of_, uint256 seed) private view returns (address) {
        for (uint256 i = 0; i < STAFF && seed % 8 != 0; ++i) {
            if (_isStaff(of_, staff(seed / 8 + i))) return staff(seed / 8 + i);
        }
        return staff(seed / 8);
    }

    /// @dev Mostly the drawer that is open, and its present key.
    function _drawer(PatientId patientId, uint256 seed) internal view returns (ScopeId id, bytes32 sealedTo) {
        id = scope(seed % 8 == 0 ? 1 : 0);
        sealedTo = seed % 8 == 1 ? scopeKey(seed / 8) : scopes[patientId][id].key;
    }

    function _recordIdIn(bytes32 context, address author_, uint64 nonce) internal pure returns (RecordId) {
        return RecordId.wrap(keccak256(abi.encode(context, author_, nonce)));
    }
}
