// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Forwarder: several acts of one person in one transaction, or an act that somebody else pays for
/// @notice OpenZeppelin's ERC2771Forwarder, with a batch. A contract that trusts the forwarder takes the last 20 bytes of
/// its calldata for the caller (ERC-2771). `execute` puts there who signed the request, `batch` who calls it: so a person
/// registers, publishes a key, opens drawers and insures in one transaction, which succeeds or fails as a whole.
interface IForwarder {
    /// @notice One call of a batch.
    struct Call {
        // The contract to call.
        address target;
        // The call, as it would be sent to the contract itself.
        bytes data;
    }

    /// @notice Makes the calls in their order, each in the caller's name, all or none. The first that is refused ends the
    /// batch with its own error.
    function batch(Call[] calldata calls) external;
}
