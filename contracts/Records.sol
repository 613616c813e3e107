// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IConsents} from "./interfaces/IConsents.sol";
import {IOrders, OrderKey} from "./interfaces/IOrders.sol";
import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {IRecords} from "./interfaces/IRecords.sol";
import {PatientId, RecordId, ScopeId, VisitId} from "./interfaces/Types.sol";
import {IVisits, VisitKey} from "./interfaces/IVisits.sol";
import {orderIdOf, recordIdIn, visitIdOf} from "./utils/Ids.sol";

/// @title Records
/// @notice See {IRecords}.
contract Records is IRecords, ERC2771Context {
    /// @inheritdoc IRecords
    uint256 public constant MAX_BATCH = 100;

    /// @notice Says who is accredited.
    IParticipants public immutable PARTICIPANTS;
    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;
    /// @notice Says who may write, and to which key.
    IConsents public immutable CONSENTS;
    /// @notice Says who acts in a visit.
    IVisits public immutable VISITS;
    /// @notice Says who carries out an order.
    IOrders public immutable ORDERS;

    /// @inheritdoc IRecords
    mapping(RecordId recordId => bytes32) public anchorOf;
    /// @inheritdoc IRecords
    mapping(PatientId patientId => bytes32) public headOf;

    constructor(
        address forwarder,
        IParticipants participants,
        IPatients patients,
        IConsents consents,
        IVisits visits,
        IOrders orders
    ) ERC2771Context(forwarder) {
        PARTICIPANTS = participants;
        PATIENTS = patients;
        CONSENTS = consents;
        VISITS = visits;
        ORDERS = orders;
    }

    // -------- actions --------

    /// @inheritdoc IRecords
    function append(PatientId patientId, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external {
        address author = _msgSender();
        // The patient's own single record isn't held against the scope's key: see {IRecords}.
        if (PATIENTS.controllerOf(patientId) != author) _checkWriter(patientId, scope, scopeKey, author);

        RecordId recordId = recordIdOf(patientId, author, entry.nonce);
        headOf[patientId] = _append(headOf[patientId], recordId, patientId, scope, scopeKey, author, entry);
    }

    /// @inheritdoc IRecords
    function appendBatch(PatientId patientId, ScopeId scope, bytes32 scopeKey, Entry[] calldata entries) external {
        address author = _msgSender();
        uint256 length = entries.length;
        if (length == 0 || length > MAX_BATCH) revert InvalidBatch(length);
        if (PATIENTS.controllerOf(patientId) != author) _checkWriter(patientId, scope, scopeKey, author);
        else _checkScopeKey(scopeKey, CONSENTS.scopeKeyOf(patientId, scope));

        bytes32 head = headOf[patientId];
        for (uint256 i = 0; i < length; ++i) {
            RecordId recordId = recordIdOf(patientId, author, entries[i].nonce);
            head = _append(head, recordId, patientId, scope, scopeKey, author, entries[i]);
        }
        headOf[patientId] = head;
    }

    /// @inheritdoc IRecords
    function appendInVisit(VisitKey calldata visit, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external {
        address author = _msgSender();
        bytes32 context = VisitId.unwrap(visitIdOf(visit));
        if (!VISITS.isMember(visit, author)) revert NotAuthorIn(context, author);

        _appendUnder(context, visit.patientId, scope, scopeKey, author, entry);
    }

    /// @inheritdoc IRecords
    function appendForOrder(OrderKey calldata order, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external {
        address author = _msgSender();
        bytes32 context = RecordId.unwrap(orderIdOf(order));
        // What was ordered must be known before anything is said to it.
        bool isWritten = anchorOf[RecordId.wrap(context)] != 0;
        if (!isWritten || !ORDERS.isFulfiller(order, author)) revert NotAuthorIn(context, author);

        _appendUnder(context, order.visit.patientId, scope, scopeKey, author, entry);
    }

    // -------- views --------

    /// @inheritdoc IRecords
    function recordIdOf(PatientId patientId, address author, uint64 nonce) public pure returns (RecordId) {
        return recordIdIn(PatientId.unwrap(patientId), author, nonce);
    }

    // -------- internals --------

    function _checkWriter(PatientId patientId, ScopeId scope, bytes32 scopeKey, address author) private view {
        (bool granted, bytes32 current) = CONSENTS.writingOf(patientId, scope, author);
        if (!granted || PARTICIPANTS.roleOf(author) == Role.None) revert NotAuthor(patientId, scope, author);
        _checkScopeKey(scopeKey, current);
    }

    function _checkScopeKey(bytes32 scopeKey, bytes32 current) private pure {
        if (scopeKey != current || current == 0) revert StaleScopeKey(scopeKey, current);
    }

    function _appendUnder(
        bytes32 context,
        PatientId patientId,
        ScopeId scope,
        bytes32 scopeKey,
        address author,
        Entry calldata entry
    ) private {
        _checkScopeKey(scopeKey, CONSENTS.scopeKeyOf(patientId, scope));

        RecordId recordId = recordIdIn(context, author, entry.nonce);
        headOf[patientId] = _append(headOf[patientId], recordId, patientId, scope, scopeKey, author, entry);

        emit RecordWrittenUnder(context, recordId, entry.nonce);
    }

    function _append(
        bytes32 head,
        RecordId recordId,
        PatientId patientId,
        ScopeId scope,
        bytes32 scopeKey,
        address author,
        Entry calldata entry
    ) private returns (bytes32) {
        if (anchorOf[recordId] != 0) revert RecordExists(recordId);

        uint64 time = uint64(block.timestamp);
        bytes32 anchor = keccak256(
            abi.encode(recordId, author, scope, scopeKey, entry.payload, entry.header, entry.size, time)
        );
        anchorOf[recordId] = anchor;

        emit RecordAppended(
            patientId,
            author,
            recordId,
            scope,
            scopeKey,
            entry.payload,
            entry.header,
            entry.size,
            time
        );
        return keccak256(abi.encode(head, anchor));
    }
}
