// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {OrderKey} from "./IOrders.sol";
import {PatientId, RecordId} from "./Types.sol";

/// @notice What a report is to its order.
enum ReportStatus {
    // Before the last word: some results of a test list.
    Partial,
    // The last word on a test list; one dispensing of a prescription.
    Final,
    // Takes the place of what was said before, which stays.
    Corrected
}

/// @title Fulfilments: what became of an order
/// @notice A report is a record written under the order, so its id names the order (002-31). Here it counts: a test list is
/// fulfilled once, a prescription as often as it says, and each report names the one before, so nothing is ever
/// overwritten (003-14).
interface IFulfilments {
    // -------- types --------

    /// @notice What was done on an order: two slots.
    struct Fulfilment {
        // The latest report; zero before the first.
        RecordId latest;
        // Who gave the latest final report.
        address by;
        // Final reports so far.
        uint8 done;
        // Block time of the latest final report.
        uint48 doneAt;
    }

    // -------- errors --------

    /// @notice `account` may not report on the order now.
    error NotFulfillerOf(RecordId orderId, address account);
    /// @notice `account` has anchored no record of this name under the order.
    error UnknownReport(RecordId reportId);
    /// @notice The report counts already.
    error ReportCounted(RecordId reportId);
    /// @notice The order is fulfilled as often as it says.
    error AlreadyFulfilled(RecordId orderId, uint8 fills);
    /// @notice Only whoever gave a final report can correct it.
    error NothingToCorrect(RecordId orderId, address account);

    // -------- events --------

    /// @notice A report on an order counts. `previous` is the report before; zero for the first.
    event OrderReported(
        RecordId indexed orderId,
        PatientId indexed patientId,
        address indexed by,
        RecordId reportId,
        RecordId previous,
        ReportStatus status,
        uint8 done
    );

    // -------- actions --------

    /// @notice Reports on an order, as whoever carries it out, with a record that is anchored under it.
    /// @param nonce the record's
    function fulfil(OrderKey calldata key, uint64 nonce, ReportStatus status) external;

    // -------- views --------

    /// @notice What was done on the order; zeroes before the first report.
    function fulfilmentOf(RecordId orderId) external view returns (Fulfilment memory);

    /// @notice The report before this one; the order itself for the first report, zero for what is no report.
    function previousOf(RecordId reportId) external view returns (RecordId);
}
