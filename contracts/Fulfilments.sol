// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IFulfilments, ReportStatus} from "./interfaces/IFulfilments.sol";
import {IOrders, OrderKey} from "./interfaces/IOrders.sol";
import {IRecords} from "./interfaces/IRecords.sol";
import {RecordId} from "./interfaces/Types.sol";
import {orderIdOf, recordIdIn} from "./utils/Ids.sol";

/// @title Fulfilments
/// @notice See {IFulfilments}.
contract Fulfilments is IFulfilments, ERC2771Context {
    /// @notice Says who may report on an order, and how often.
    IOrders public immutable ORDERS;
    /// @notice Says which records there are.
    IRecords public immutable RECORDS;

    mapping(RecordId orderId => Fulfilment) private _fulfilments;

    /// @inheritdoc IFulfilments
    mapping(RecordId reportId => RecordId) public previousOf;

    constructor(address forwarder, IOrders orders, IRecords records) ERC2771Context(forwarder) {
        ORDERS = orders;
        RECORDS = records;
    }

    // -------- actions --------

    /// @inheritdoc IFulfilments
    function fulfil(OrderKey calldata key, uint64 nonce, ReportStatus status) external {
        address by = _msgSender();
        RecordId orderId = orderIdOf(key);
        if (!ORDERS.isFulfiller(key, by)) revert NotFulfillerOf(orderId, by);
        RecordId reportId = recordIdIn(RecordId.unwrap(orderId), by, nonce);
        if (RECORDS.anchorOf(reportId) == 0) revert UnknownReport(reportId);
        if (RecordId.unwrap(previousOf[reportId]) != 0) revert ReportCounted(reportId);
        Fulfilment memory fulfilment = _fulfilments[orderId];
        if (status == ReportStatus.Corrected) {
            // Nobody, before there is a final report.
            if (fulfilment.by != by) revert NothingToCorrect(orderId, by);
        } else {
            uint8 fills = ORDERS.orderOf(orderId).fills;
            if (fulfilment.done >= fills) revert AlreadyFulfilled(orderId, fills);
        }

        RecordId previous = fulfilment.latest;
        // Zero means no report yet.
        // slither-disable-next-line incorrect-equality
        bool isFirst = RecordId.unwrap(previous) == 0;
        previousOf[reportId] = isFirst ? orderId : previous;
        fulfilment.latest = reportId;
        if (status == ReportStatus.Final) {
            fulfilment.by = by;
            ++fulfilment.done;
            fulfilment.doneAt = uint48(block.timestamp);
        }
        _fulfilments[orderId] = fulfilment;

        emit OrderReported(orderId, key.visit.patientId, by, reportId, previous, status, fulfilment.done);
    }

    // -------- views --------

    /// @inheritdoc IFulfilments
    function fulfilmentOf(RecordId orderId) external view returns (Fulfilment memory) {
        return _fulfilments[orderId];
    }
}
