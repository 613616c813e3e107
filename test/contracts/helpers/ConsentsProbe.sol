// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Consents} from "../../../contracts/Consents.sol";
import {IPatients} from "../../../contracts/interfaces/IPatients.sol";

/// @title ConsentsProbe
/// @notice Shows what `Consents` takes for a call's data and sender, since it inherits both from two sides.
contract ConsentsProbe is Consents {
    constructor(address forwarder) Consents(forwarder, IPatients(address(0))) {}

    function seen() external view returns (bytes memory data, address sender) {
        return (_msgData(), _msgSender());
    }
}
