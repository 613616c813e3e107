// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title TypedSignatures: what an account says by signing
/// @notice EIP-712 signatures of accounts and of contract wallets (ERC-1271), with a deadline, for this contract on this
/// chain only.
abstract contract TypedSignatures is EIP712 {
    /// @notice The signature's `deadline` has passed.
    error SignatureExpired(uint256 deadline);
    /// @notice The signature isn't one of `signer` over these values, for this contract and chain.
    error InvalidSignature(address signer);

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
