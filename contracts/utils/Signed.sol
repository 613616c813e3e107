// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signed: actions that an account signs and anyone may carry
/// @notice EIP-712 signatures of accounts and of contract wallets (ERC-1271), with a deadline, for this contract on this
/// chain only.
abstract contract Signed is ERC2771Context, EIP712, Nonces {
    /// @notice The signature's `deadline` has passed.
    error SignatureExpired(uint256 deadline);
    /// @notice The signature isn't one of `signer` over these values, for this contract and chain.
    error InvalidSignature(address signer);

    /// @notice Signatures of `account` over a nonce below `nonce` are worthless from now on.
    event SignaturesCancelled(address indexed account, uint256 nonce);

    /// @notice Makes the signature worthless that the caller gave away and that nobody has carried yet. Send it together
    /// with a direct revocation, so that whoever holds a signed grant back can't carry it afterwards.
    function cancelSignatures() external {
        address account = _msgSender();
        _useNonce(account);

        emit SignaturesCancelled(account, nonces(account));
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
