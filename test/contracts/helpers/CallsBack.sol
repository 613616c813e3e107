// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IForwarder} from "../../../contracts/interfaces/IForwarder.sol";

/// @title CallsBack
/// @notice A contract that sends a batch of its own while it is called in one.
contract CallsBack {
    IForwarder private immutable FORWARDER;

    constructor(IForwarder forwarder) {
        FORWARDER = forwarder;
    }

    function callBack(IForwarder.Call[] calldata calls) external {
        FORWARDER.batch(calls);
    }
}
