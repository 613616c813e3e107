// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Role} from "./IParticipants.sol";
import {PatientId, RecordId, VisitId} from "./Types.sol";
import {VisitKey} from "./IVisits.sol";

/// @notice What names an order. The order is a record of the visit, and its id is the record's, so whoever shows the key
/// proves which visit it belongs to and who wrote it.
struct OrderKey {
    VisitKey visit;
    // The doctor.
    address author;
    // The record's nonce.
    uint64 nonce;
}

/// @title Orders: what a doctor asks of a laboratory or a pharmacy
/// @notice A test list T_D (002-13, 002-26) or a prescription U_P names who may carry it out: somebody of the hospital, or
/// whom the patient chooses (002-28). Whoever only holds its QR learns which order it is, of which all can see what is stored
/// here and nobody what is ordered, and can do nothing but ask (002-29, 002-40).
/// The right to report on an order is the order's own: it may outlive the visit, until the order's time is over or the
/// patient cancels it.
interface IOrders {
    // -------- types --------

    /// @notice An order: one slot.
    struct Order {
        // Who may carry it out; zero until somebody is chosen.
        address fulfiller;
        // May be carried out before this time, Unix seconds; set to the present by a cancellation. 0 when unknown.
        uint48 until;
        // Laboratory or Pharmacy.
        Role role;
        // How often: once for a test list; once and as many times again as a prescription is repeated.
        uint8 fills;
    }

    // -------- errors --------

    /// @notice Only a doctor who acts in the visit may order.
    error NotOrderingDoctor(address account);
    /// @notice The record was placed as an order already.
    error OrderExists(RecordId orderId);
    /// @notice The record was never placed as an order.
    error UnknownOrder(RecordId orderId);
    /// @notice An order is for a laboratory, once, or for a pharmacy, once at least, and not over yet.
    error InvalidOrder(Role role, uint8 fills, uint48 until);
    /// @notice The order's time is over, or it was cancelled.
    error OrderOver(RecordId orderId, uint48 until);
    /// @notice `account` isn't accredited now as what the order is for.
    error NotFulfiller(address account, Role role);
    /// @notice `account` is neither the order's doctor, acting in the visit, nor acts for its patient.
    error NotPartyOfOrder(RecordId orderId, address account);

    // -------- events --------

    /// @notice A doctor ordered, in the visit, with the record of this nonce. Who is to carry it out follows in
    /// `OrderAssigned`.
    event OrderPlaced(
        RecordId indexed orderId,
        PatientId indexed patientId,
        address indexed author,
        VisitId visitId,
        uint64 nonce,
        Role role,
        uint8 fills,
        uint48 until
    );
    /// @notice `fulfiller` may carry the order out, and nobody else from now on. `sealedKey` is the sha2-256 digest of the CID
    /// of the order sealed to it.
    event OrderAssigned(
        RecordId indexed orderId,
        PatientId indexed patientId,
        address indexed fulfiller,
        bytes32 sealedKey
    );
    /// @notice Somebody who could carry the order out has its QR, and asks to be chosen.
    event OrderRequested(RecordId indexed orderId, PatientId indexed patientId, address indexed by);
    /// @notice The order was cancelled, by its doctor or by whoever acts for the patient.
    event OrderCancelled(RecordId indexed orderId, PatientId indexed patientId, address indexed by);

    // -------- actions --------

    /// @notice Places a record of the visit as an order, as the doctor who writes it: in one batch with `appendInVisit`. The
    /// record isn't asked for here, but nothing can be written under an order before it is anchored.
    /// @param fulfiller who is to carry it out, of the visit's staff; zero to leave the choice to the patient
    /// @param sealedKey see `OrderAssigned`
    function place(
        OrderKey calldata key,
        Role role,
        uint8 fills,
        uint48 until,
        address fulfiller,
        bytes32 sealedKey
    ) external;

    /// @notice Chooses who carries the order out: as the patient, anybody with the order's role; as its doctor, while the
    /// visit is open, somebody assigned to the visit. Replaces an earlier choice.
    function assign(OrderKey calldata key, address fulfiller, bytes32 sealedKey) external;

    /// @notice Asks to be chosen, as somebody with the order's role. Reverts with `Deregistered` once the patient is none.
    function request(OrderKey calldata key) external;

    /// @notice Cancels the order, as the patient, or as its doctor while the visit is open.
    function cancel(OrderKey calldata key) external;

    // -------- views --------

    /// @notice The stored order; zeroes when unknown.
    function orderOf(RecordId orderId) external view returns (Order memory);

    /// @notice Whether `account` may report on the order now: it was chosen, is accredited, and the order isn't over.
    function isFulfiller(OrderKey calldata key, address account) external view returns (bool);
}
