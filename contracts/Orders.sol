// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IOrders, OrderKey} from "./interfaces/IOrders.sol";
import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {RecordId} from "./interfaces/Types.sol";
import {IVisits} from "./interfaces/IVisits.sol";
import {orderIdOf, visitIdOf} from "./utils/Ids.sol";

/// @title Orders
/// @notice See {IOrders}.
contract Orders is IOrders, ERC2771Context {
    /// @notice Says who is accredited.
    IParticipants public immutable PARTICIPANTS;
    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;
    /// @notice Says who acts in a visit.
    IVisits public immutable VISITS;

    mapping(RecordId orderId => Order) private _orders;

    constructor(
        address forwarder,
        IParticipants participants,
        IPatients patients,
        IVisits visits
    ) ERC2771Context(forwarder) {
        PARTICIPANTS = participants;
        PATIENTS = patients;
        VISITS = visits;
    }

    // -------- actions --------

    /// @inheritdoc IOrders
    function place(
        OrderKey calldata key,
        Role role,
        uint8 fills,
        uint48 until,
        address fulfiller,
        bytes32 sealedKey
    ) external {
        address author = _msgSender();
        if (!_isDoctorOf(key, author)) revert NotOrderingDoctor(author);
        // A test list is done once; a prescription is dispensed once at least.
        bool isSound = (role == Role.Laboratory && fills == 1) || (role == Role.Pharmacy && fills != 0);
        if (!isSound || until <= block.timestamp) revert InvalidOrder(role, fills, until);
        RecordId orderId = orderIdOf(key);
        if (_orders[orderId].until != 0) revert OrderExists(orderId);
        if (fulfiller != address(0)) _checkStaff(key, fulfiller, role);

        _orders[orderId] = Order(fulfiller, until, role, fills);

        emit OrderPlaced(orderId, key.visit.patientId, author, visitIdOf(key.visit), key.nonce, role, fills, until);
        if (fulfiller != address(0)) emit OrderAssigned(orderId, key.visit.patientId, fulfiller, sealedKey);
    }

    /// @inheritdoc IOrders
    function assign(OrderKey calldata key, address fulfiller, bytes32 sealedKey) external {
        (RecordId orderId, Order storage order) = _standing(key);
        if (_checkParty(key, orderId)) _checkFulfiller(fulfiller, order.role);
        else _checkStaff(key, fulfiller, order.role);

        order.fulfiller = fulfiller;

        emit OrderAssigned(orderId, key.visit.patientId, fulfiller, sealedKey);
    }

    /// @inheritdoc IOrders
    function request(OrderKey calldata key) external {
        address by = _msgSender();
        (RecordId orderId, Order storage order) = _standing(key);
        // Nobody is left who could choose. Whoever was ordered something was a patient.
        if (!PATIENTS.isPatient(key.visit.patientId)) revert IPatients.Deregistered(key.visit.patientId);
        _checkFulfiller(by, order.role);

        emit OrderRequested(orderId, key.visit.patientId, by);
    }

    /// @inheritdoc IOrders
    function cancel(OrderKey calldata key) external {
        (RecordId orderId, Order storage order) = _standing(key);
        _checkParty(key, orderId);

        order.until = uint48(block.timestamp);

        emit OrderCancelled(orderId, key.visit.patientId, _msgSender());
    }

    // -------- views --------

    /// @inheritdoc IOrders
    function orderOf(RecordId orderId) external view returns (Order memory) {
        return _orders[orderId];
    }

    /// @inheritdoc IOrders
    function isFulfiller(OrderKey calldata key, address account) external view returns (bool) {
        Order storage order = _orders[orderIdOf(key)];
        if (order.until <= block.timestamp || order.fulfiller != account) return false;
        return PARTICIPANTS.roleOf(account) == order.role && PATIENTS.isPatient(key.visit.patientId);
    }

    // -------- internals --------

    function _standing(OrderKey calldata key) private view returns (RecordId orderId, Order storage order) {
        orderId = orderIdOf(key);
        order = _orders[orderId];
        uint48 until = order.until;
        // Zero means never placed.
        // slither-disable-next-line incorrect-equality
        if (until == 0) revert UnknownOrder(orderId);
        if (until <= block.timestamp) revert OrderOver(orderId, until);
    }

    /// @dev Whether the caller is the patient; reverts unless patient or the order's doctor in the open visit.
    function _checkParty(OrderKey calldata key, RecordId orderId) private view returns (bool isPatient) {
        address caller = _msgSender();
        isPatient = PATIENTS.controllerOf(key.visit.patientId) == caller;
        if (!isPatient && !_isDoctorOf(key, caller)) revert NotPartyOfOrder(orderId, caller);
    }

    function _isDoctorOf(OrderKey calldata key, address account) private view returns (bool) {
        return
            account == key.author && PARTICIPANTS.roleOf(account) == Role.Doctor && VISITS.isMember(key.visit, account);
    }

    function _checkStaff(OrderKey calldata key, address account, Role role) private view {
        _checkFulfiller(account, role);
        if (!VISITS.isMember(key.visit, account)) revert IVisits.NotAssigned(visitIdOf(key.visit), account);
    }

    function _checkFulfiller(address account, Role role) private view {
        if (PARTICIPANTS.roleOf(account) != role) revert NotFulfiller(account, role);
    }
}
