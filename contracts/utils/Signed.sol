// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {TypedSignatures} from "./TypedSignatures.sol";

/// @title Signed: actions that an account signs and anyone may carry
/// @notice Signatures that count once, in the order in which they were given, and that their signer can take back.
abstract contract Signed is ERC2771Context, TypedSignatures {
    /// @notice Signatures of `account` over a nonce below `nonce` are worthless from now on.
    event SignaturesCancelled(address indexed account, uint256 nonce);

    /// @dev More signatures than anybody gives away. OpenZeppelin's Nonces steps by one only, and so would bring the next
    /// of several uncarried signatures to life.
    uint256 private constant CANCELLED_AT_ONCE = 1 << 64;

    /// @notice The nonce of the account's next signature.
    mapping(address account => uint256) public nonces;

    /// @notice Makes all signatures worthless that the caller gave away and that nobody has carried yet. Send it together
    /// with a direct revocation, so that whoever holds a signed grant back can't carry it afterwards.
    function cancelSignatures() external {
        address account = _msgSender();

        uint256 nonce = nonces[account] + CANCELLED_AT_ONCE;
        nonces[account] = nonce;

        emit SignaturesCancelled(account, nonce);
    }

    function _useNonce(address account) internal returns (uint256 nonce) {
        nonce = nonces[account];
        // Nobody counts this far.
        unchecked {
            nonces[account] = nonce + 1;
        }
    }
}
