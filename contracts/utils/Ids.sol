// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {OrderKey} from "../interfaces/IOrders.sol";
import {VisitKey} from "../interfaces/IVisits.sol";
import {RecordId, VisitId} from "../interfaces/Types.sol";

/// @dev keccak256(abi.encode(patientId, hospital, nonce)).
function visitIdOf(VisitKey calldata key) pure returns (VisitId) {
    return VisitId.wrap(keccak256(abi.encode(key.patientId, key.hospital, key.nonce)));
}

/// @dev The record that the order is.
function orderIdOf(OrderKey calldata key) pure returns (RecordId) {
    return recordIdIn(VisitId.unwrap(visitIdOf(key.visit)), key.author, key.nonce);
}

/// @dev keccak256(abi.encode(context, author, nonce)); see {RecordId}.
function recordIdIn(bytes32 context, address author, uint64 nonce) pure returns (RecordId) {
    return RecordId.wrap(keccak256(abi.encode(context, author, nonce)));
}
