// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IForwarder} from "./interfaces/IForwarder.sol";

/// @title Forwarder
/// @notice See {IForwarder}. It trusts itself, so a batch can be relayed like any other call. Everything that it ever
/// sends, here or in `execute`, ends with whoever asked for it; so it never names itself as a caller, which is what
/// OpenZeppelin's Multicall, for one, builds on.
contract Forwarder is IForwarder, ERC2771Forwarder, ERC2771Context {
    constructor() ERC2771Forwarder("Salus") ERC2771Context(address(this)) {}

    /// @inheritdoc IForwarder
    function batch(Call[] calldata calls) external {
        address sender = _msgSender();
        for (uint256 i = 0; i < calls.length; ++i) {
            // What a call returns is nobody's concern: its reverting is, and that ends the batch.
            // slither-disable-next-line calls-loop,unused-return
            Address.functionCall(calls[i].target, abi.encodePacked(calls[i].data, sender));
        }
    }
}
