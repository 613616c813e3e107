// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IFulfilments, ReportStatus} from "../../../contracts/interfaces/IFulfilments.sol";
import {IOrders, OrderKey} from "../../../contracts/interfaces/IOrders.sol";
import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {RecordId, ScopeId, VisitId} from "../../../contracts/interfaces/Types.sol";
import {VisitActs} from "./VisitActs.sol";

/// @title OrderActs
/// @notice What doctors, patients, laboratories and pharmacies do with orders, rightly and wrongly, and the model of it.
abstract contract OrderActs is VisitActs {
    struct OrderModel {
        OrderKey key;
        address fulfiller;
        uint48 until;
        Role role;
        uint8 fills;
        // Final reports, and who gave the latest.
        uint256 done;
        address by;
        // All reports that count, in their order.
        RecordId[] reports;
    }

    /// @dev A record under an order, which may come to count.
    struct Report {
        RecordId orderId;
        address by;
        uint64 nonce;
    }

    RecordId[] public orderIds;
    mapping(RecordId orderId => OrderModel) private _orders;
    mapping(RecordId reportId => bool) private _isCounted;
    Report[] private _reports;
    uint256 public wronglyReported;

    // -------- orders --------

    function place(uint256 recordSeed, uint256 roleSeed, uint256 fulfillerSeed, uint24 time, uint8 who) external {
        OrderKey memory key = _recordFor(recordSeed);
        RecordId orderId = _orderIdOf(key);
        address caller = who % 8 == 0 ? staff(who / 8) : key.author;
        Role role = roleSeed % 2 == 0 ? Role.Laboratory : Role.Pharmacy;
        if (roleSeed % 16 == 1) role = Role((roleSeed / 16) % 8);
        uint8 fills = uint8(role == Role.Laboratory && roleSeed % 16 != 2 ? 1 : (roleSeed / 16) % 4);
        uint48 until = uint48(time % 16 == 0 ? block.timestamp : block.timestamp + (time % 1 days));
        address fulfiller = fulfillerSeed % 3 == 0 ? address(0) : _fulfillerFor(key, role, fulfillerSeed);

        bool isSound = until > block.timestamp && _isSound(role, fills);
        bool isTaken = _orders[orderId].until == 0 && (fulfiller == address(0) || _isOfVisit(key, fulfiller, role));
        bytes memory call = abi.encodeCall(IOrders.place, (key, role, fills, until, fulfiller, 0));
        if (!_tried(caller, address(ORDERS), _isDoctorOf(key, caller) && isSound && isTaken, "place", call)) return;

        OrderModel storage model = _orders[orderId];
        (model.key, model.fulfiller, model.until) = (key, fulfiller, until);
        (model.role, model.fills) = (role, fills);
        orderIds.push(orderId);
    }

    function choose(uint256 orderSeed, uint256 callerSeed, uint256 fulfillerSeed) external {
        OrderKey memory key = _orderFor(orderSeed);
        OrderModel storage model = _orders[_orderIdOf(key)];
        address caller = _partyOr(key, callerSeed);
        address fulfiller = _fulfillerFor(key, model.role, fulfillerSeed);

        bool isPatient = caller == controllerInModel[key.visit.patientId];
        bool isFit =
            isPatient
                ? PARTICIPANTS.roleOf(fulfiller) == model.role
                : _isDoctorOf(key, caller) && _isOfVisit(key, fulfiller, model.role);
        bool expected = _stands(model) && !isDeregistered[key.visit.patientId] && isFit;
        bytes memory call = abi.encodeCall(IOrders.assign, (key, fulfiller, 0));
        if (_tried(caller, address(ORDERS), expected, "choose", call)) model.fulfiller = fulfiller;
    }

    function request(uint256 orderSeed, uint256 callerSeed) external {
        OrderKey memory key = _orderFor(orderSeed);
        OrderModel storage model = _orders[_orderIdOf(key)];
        address caller = _fulfillerFor(key, model.role, callerSeed);

        bool isRole = PARTICIPANTS.roleOf(caller) == model.role;
        bool expected = _stands(model) && isRole && !isDeregistered[key.visit.patientId];
        _tried(caller, address(ORDERS), expected, "request", abi.encodeCall(IOrders.request, (key)));
    }

    /// @dev Every fourth time only.
    function cancel(uint256 orderSeed, uint256 callerSeed, uint8 often) external {
        if (often % 4 != 0) return;
        OrderKey memory key = _orderFor(orderSeed);
        OrderModel storage model = _orders[_orderIdOf(key)];
        address caller = _partyOr(key, callerSeed);

        bool isParty = caller == controllerInModel[key.visit.patientId] || _isDoctorOf(key, caller);
        bool expected = _stands(model) && isParty && !isDeregistered[key.visit.patientId];
        bytes memory call = abi.encodeCall(IOrders.cancel, (key));
        if (_tried(caller, address(ORDERS), expected, "cancel", call)) model.until = uint48(block.timestamp);
    }

    // -------- reports --------

    function appendForOrder(uint256 orderSeed, uint256 authorSeed, uint256 keySeed, uint256 nonceSeed) external {
        OrderKey memory key = _orderFor(orderSeed);
        RecordId orderId = _orderIdOf(key);
        address by = _orders[orderId].fulfiller;
        if (authorSeed % 4 == 0 || by == address(0)) by = staff(authorSeed / 4);
        (ScopeId id, bytes32 sealedTo) = _drawer(key.visit.patientId, keySeed);
        IRecords.Entry memory entry = _entries(1, nonceSeed)[0];
        bytes32 context = RecordId.unwrap(orderId);

        bool isFulfiller = anchors[orderId] != 0 && _isFulfiller(orderId, by);
        bool isFresh = anchors[_recordIdIn(context, by, entry.nonce)] == 0;
        bool isCurrent = sealedTo != 0 && sealedTo == scopes[key.visit.patientId][id].key;
        bytes memory call = abi.encodeCall(IRecords.appendForOrder, (key, id, sealedTo, entry));
        if (!_tried(by, address(RECORDS), isFulfiller && isFresh && isCurrent, "append for an order", call)) return;

        if (!isFulfiller) ++wronglyReported;
        _reports.push(Report(orderId, by, entry.nonce));
        _setRecordUnder(context, key.visit.patientId, id, sealedTo, by, entry);
    }

    /// @dev Mostly a report that is there, by its author, on its order.
    function fulfil(uint256 reportSeed, uint256 orderSeed, uint256 callerSeed, uint8 statusSeed) external {
        if (_reports.length == 0) return;
        Report memory report = _reports[_reportFor(reportSeed / 8)];
        OrderKey memory key = reportSeed % 8 == 0 ? _orderFor(orderSeed) : _orders[report.orderId].key;
        address by = callerSeed % 8 == 0 ? staff(callerSeed / 8) : report.by;
        ReportStatus status = statusSeed % 4 == 3 ? ReportStatus.Final : ReportStatus(statusSeed % 4);
        RecordId orderId = _orderIdOf(key);
        RecordId reportId = _recordIdIn(RecordId.unwrap(orderId), by, report.nonce);
        OrderModel storage model = _orders[orderId];

        bool isNext = status == ReportStatus.Corrected ? model.done > 0 && model.by == by : model.done < model.fills;
        bool expected = _isFulfiller(orderId, by) && anchors[reportId] != 0 && !_isCounted[reportId] && isNext;
        bytes memory call = abi.encodeCall(IFulfilments.fulfil, (key, report.nonce, status));
        if (!_tried(by, address(FULFILMENTS), expected, "fulfil", call)) return;

        _isCounted[reportId] = true;
        model.reports.push(reportId);
        if (model.reports.length > 1) ++count["chain"];
        if (status == ReportStatus.Corrected) ++count["correct"];
        if (status != ReportStatus.Final) return;
        ++model.done;
        model.by = by;
        if (model.done > 1) ++count["fulfil again"];
        if (!_isOpen(visits[_visitIdOf(key.visit)])) ++count["fulfil after the visit"];
    }

    // -------- what the invariants ask for --------

    /// @notice What is wrong with an order, of all the one whose turn it is, or nothing.
    function faultOfOrders(uint256 turn) external view returns (string memory) {
        if (orderIds.length == 0) return "";
        RecordId orderId = orderIds[turn % orderIds.length];
        OrderModel storage model = _orders[orderId];
        IOrders.Order memory stored = ORDERS.orderOf(orderId);
        bool isAsSaid = stored.fulfiller == model.fulfiller && stored.until == model.until;
        if (!isAsSaid || stored.role != model.role || stored.fills != model.fills)
            return "an order isn't as in the model";
        for (uint256 i = 0; i < STAFF; ++i) {
            bool isFulfiller = ORDERS.isFulfiller(model.key, staff(i));
            if (isFulfiller != _isFulfiller(orderId, staff(i)))
                return "somebody carries an order out against the model";
            if (isFulfiller && stored.fulfiller != staff(i)) return "somebody carries an order out who wasn't chosen";
        }
        return _faultOfReports(orderId, model);
    }

    function _faultOfReports(RecordId orderId, OrderModel storage model) private view returns (string memory) {
        IFulfilments.Fulfilment memory stored = FULFILMENTS.fulfilmentOf(orderId);
        if (stored.done > model.fills) return "an order was fulfilled too often";
        if (stored.done != model.done || stored.by != model.by) return "a fulfilment isn't as in the model";
        // From the latest back to the order itself: every report once, in its order, none that isn't anchored.
        RecordId at = stored.latest;
        for (uint256 i = model.reports.length; i > 0; --i) {
            if (RecordId.unwrap(at) != RecordId.unwrap(model.reports[i - 1])) return "the reports form no chain";
            if (RECORDS.anchorOf(at) == 0) return "a report counts that isn't anchored";
            at = FULFILMENTS.previousOf(at);
        }
        RecordId root = model.reports.length == 0 ? RecordId.wrap(0) : orderId;
        return RecordId.unwrap(at) == RecordId.unwrap(root) ? "" : "the chain of reports doesn't begin with the order";
    }

    // -------- internals --------

    function _orderIdOf(OrderKey memory key) private pure returns (RecordId) {
        return _recordIdIn(VisitId.unwrap(_visitIdOf(key.visit)), key.author, key.nonce);
    }

    /// @dev Mostly a record that was written in a visit, by a doctor who may order.
    function _recordFor(uint256 seed) private view returns (OrderKey memory) {
        if (seed % 8 == 0 || written.length == 0)
            return OrderKey(_visit(seed / 8), staff(seed / 16), uint64(seed / 32));
        uint256 index = _recent(written.length, seed / 8);
        OrderKey memory key = _keyOf(written[index]);
        for (uint256 i = 0; i < 12 && index > 0 && seed % 8 != 1; ++i) {
            if (_isDoctorOf(key, key.author) && _orders[_orderIdOf(key)].until == 0) break;
            key = _keyOf(written[--index]);
        }
        return key;
    }

    function _keyOf(Written memory record) private view returns (OrderKey memory) {
        return OrderKey(visits[record.visitId].key, record.author, record.nonce);
    }

    /// @dev Mostly a report that may count.
    function _reportFor(uint256 seed) private view returns (uint256 index) {
        index = _recent(_reports.length, seed / 4);
        for (uint256 i = 0; i < 12 && index > 0 && seed % 4 != 0; ++i) {
            Report memory report = _reports[index];
            bool isCounted = _isCounted[_recordIdIn(RecordId.unwrap(report.orderId), report.by, report.nonce)];
            if (!isCounted && _isFulfiller(report.orderId, report.by)) break;
            --index;
        }
    }

    /// @dev Mostly an order that was placed, a recent one, and stands.
    function _orderFor(uint256 seed) private view returns (OrderKey memory) {
        if (seed % 16 == 0 || orderIds.length == 0) return _recordFor(seed / 16);
        uint256 index = _recent(orderIds.length, seed / 16);
        for (uint256 i = 0; i < 12 && index > 0 && seed % 8 != 1; ++i) {
            if (_stands(_orders[orderIds[index]])) break;
            --index;
        }
        return _orders[orderIds[index]].key;
    }

    /// @dev The patient, the doctor, or somebody.
    function _partyOr(OrderKey memory key, uint256 seed) private view returns (address) {
        if (seed % 8 == 0) return staff(seed / 8);
        address controller = controllerInModel[key.visit.patientId];
        return seed % 2 == 0 || controller == address(0) ? key.author : controller;
    }

    /// @dev Mostly somebody who once had the role, often of the visit.
    function _fulfillerFor(OrderKey memory key, Role role, uint256 seed) private view returns (address) {
        if (seed % 8 == 0) return _memberFor(key.visit, seed / 8);
        return staff((role == Role.Pharmacy ? 4 : 2) + ((seed / 8) % 2));
    }

    function _isSound(Role role, uint8 fills) private pure returns (bool) {
        return (role == Role.Laboratory && fills == 1) || (role == Role.Pharmacy && fills > 0);
    }

    function _stands(OrderModel storage model) private view returns (bool) {
        return model.until > block.timestamp;
    }

    function _isDoctorOf(OrderKey memory key, address account) private view returns (bool) {
        return account == key.author && PARTICIPANTS.roleOf(account) == Role.Doctor && _isMember(key.visit, account);
    }

    function _isOfVisit(OrderKey memory key, address account, Role role) private view returns (bool) {
        return PARTICIPANTS.roleOf(account) == role && _isMember(key.visit, account);
    }

    function _isFulfiller(RecordId orderId, address account) private view returns (bool) {
        OrderModel storage model = _orders[orderId];
        bool isChosen = account != address(0) && model.fulfiller == account && _stands(model);
        return isChosen && PARTICIPANTS.roleOf(account) == model.role && !isDeregistered[model.key.visit.patientId];
    }
}
