// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Ledger: what accounts have paid in, or are owed, in tokens
/// @notice Payments are moved here and taken out by whoever they belong to (pull payments), so a receiver that fails
/// holds up nobody but itself. A balance is never more than what the contract holds, of tokens that behave: one that takes
/// balances away harms only those who agreed to it.
interface ILedger {
    /// @notice `account` has `available` of this token here, and `needed` is more.
    error InsufficientBalance(address token, address account, uint256 available, uint256 needed);

    /// @notice `account` paid in. `amount` is what arrived, which a token may make less than what was sent.
    event Deposited(address indexed token, address indexed account, uint256 amount);
    /// @notice `account` took out.
    event Withdrawn(address indexed token, address indexed account, uint256 amount);

    /// @notice Pays in for oneself, from an allowance.
    function deposit(address token, uint256 amount) external;

    /// @notice Takes out what is one's own.
    function withdraw(address token, uint256 amount) external;

    /// @notice What `account` has here, in the token's smallest unit.
    function balanceOf(address token, address account) external view returns (uint256);
}
