// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Keys: which public key to encrypt to for an account
/// @notice The wallet authorises an X25519 public key (RFC 7748) that its owner's device derived from the account root.
/// The encryption key is never the wallet's key nor a signature of it (002-16, 003-12).
interface IKeys {
    /// @notice The key of an account: 32 bytes and a version, two slots.
    struct Key {
        // X25519 public key; zero when none was published.
        bytes32 publicKey;
        // 1 for the first key, one more with each that replaces it.
        uint64 version;
    }

    /// @notice The zero key is no X25519 key.
    error ZeroKey();

    /// @notice `account` can be encrypted to under `publicKey`.
    /// @param backup sha2-256 digest of the CID of the account root's backup, an age file; zero for none
    event KeyPublished(address indexed account, uint64 version, bytes32 publicKey, bytes32 backup);

    /// @notice Publishes or replaces the caller's key.
    function publish(bytes32 publicKey, bytes32 backup) external;

    /// @notice The current key of `account`; zeroes when it has none.
    function keyOf(address account) external view returns (Key memory);
}
