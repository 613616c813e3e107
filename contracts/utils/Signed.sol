// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signed: actions that an account signs and anyone may carry
/// @notice EIP-712 signatures of accounts and of contract wallets (ERC-1271), with a deadline, for this contract on this
/// chain only.
abstract contract Signed is ERC2771Context, EIP712 {
    /// @notice The signature's `deadline` has passed.
    error SignatureExpired(uint256 deadline);
    /// @notice The signature isn't one of `signer` over these values, for this contract and chain.
    error InvalidSignature(address signer);

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

    function _checkSignature(
        address signer,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        if (!SignatureChecker.isValidSignatureNow(signer, _hashTypedDataV4(structHash), signature)) {
            revert InvalidSignature(signer);
        }
    }
}
