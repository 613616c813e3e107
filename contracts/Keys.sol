// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IKeys} from "./interfaces/IKeys.sol";

/// @title Keys
/// @notice See {IKeys}.
contract Keys is IKeys, ERC2771Context {
    mapping(address account => Key) private _keys;

    constructor(address forwarder) ERC2771Context(forwarder) {}

    /// @inheritdoc IKeys
    function publish(bytes32 publicKey, bytes32 backup) external {
        if (publicKey == 0) revert ZeroKey();

        address account = _msgSender();
        Key storage key = _keys[account];
        uint64 version = key.version + 1;
        key.publicKey = publicKey;
        key.version = version;

        emit KeyPublished(account, version, publicKey, backup);
    }

    /// @inheritdoc IKeys
    function keyOf(address account) external view returns (Key memory) {
        return _keys[account];
    }
}
