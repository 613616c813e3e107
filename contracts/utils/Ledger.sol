// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {ILedger} from "../interfaces/ILedger.sol";

/// @title Ledger
/// @notice See {ILedger}.
abstract contract Ledger is ILedger, ERC2771Context, ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @inheritdoc ILedger
    mapping(address token => mapping(address account => uint256)) public balanceOf;

    /// @inheritdoc ILedger
    function deposit(address token, uint256 amount) external nonReentrant {
        address account = _msgSender();

        // What arrives counts, not what was sent.
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(account, address(this), amount);
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        // The guard keeps the token from paying in or out while this is being measured.
        // slither-disable-next-line reentrancy-no-eth
        balanceOf[token][account] += arrived;

        emit Deposited(token, account, arrived);
    }

    /// @inheritdoc ILedger
    function withdraw(address token, uint256 amount) external nonReentrant {
        address account = _msgSender();

        _take(token, account, amount);

        emit Withdrawn(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    function _take(address token, address account, uint256 amount) internal {
        uint256 available = balanceOf[token][account];
        if (amount > available) revert InsufficientBalance(token, account, available, amount);

        balanceOf[token][account] = available - amount;
    }
}
