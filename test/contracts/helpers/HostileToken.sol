// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title HostileToken
/// @notice A token that does what tokens shouldn't, as it is told: refuses, lies, calls back, burns gas, takes a fee, moves
/// balances by itself. Anybody mints and misleads.
contract HostileToken is ERC20 {
    enum Manner {
        // As the standard says.
        Fair,
        // Reverts when it is moved.
        Reverts,
        // Says that it moved nothing, and moves nothing.
        ReturnsFalse,
        // Moves, and says nothing, as older tokens do.
        ReturnsNothing,
        // Says nothing, and moves nothing.
        Pretends,
        // Says that it moved, in a word that is no truth value.
        ReturnsTwo,
        // Uses all of the gas that it is given.
        BurnsGas,
        // Keeps a tenth of what is moved.
        TakesFee,
        // Fills the returned data with a hundred thousand bytes, which the caller has to pay for if it copies them.
        ReturnsBomb
    }

    /// @notice How it moves, and whom: nobody is the same to all.
    Manner public manner;
    /// @notice Only moves from or to this account are done in that manner; zero for all.
    address public only;
    /// @notice What is called before a move, once, and with what.
    address public target;
    bytes public data;
    /// @notice Whether the last call back was taken, and what it was refused with.
    bool public succeeded;
    bytes public result;

    constructor() ERC20("Hostile", "HST") {}

    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    /// @notice Takes from an account, as a rebase does.
    function burn(address account, uint256 amount) external {
        _burn(account, amount);
    }

    function behave(Manner how, address whom) external {
        (manner, only) = (how, whom);
    }

    /// @notice Calls `to` on the next move.
    function callBack(address to, bytes calldata call) external {
        (target, data, succeeded, result) = (to, call, false, "");
    }

    /// @notice Acts as an account of its own.
    function act(address to, bytes calldata call) external {
        (bool success, bytes memory returned) = to.call(call);
        require(success, string(returned));
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        Manner how = _before(msg.sender, to);
        if (_moves(how)) super.transfer(to, _kept(how, amount));
        return _answer(how);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        Manner how = _before(from, to);
        if (_moves(how)) super.transferFrom(from, to, _kept(how, amount));
        return _answer(how);
    }

    function _before(address from, address to) private returns (Manner how) {
        how = only == address(0) || only == from || only == to ? manner : Manner.Fair;
        if (target != address(0)) {
            address called = target;
            target = address(0);
            (succeeded, result) = called.call(data);
        }
        if (how == Manner.Reverts) revert("not today");
        if (how == Manner.BurnsGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
    }

    function _answer(Manner how) private pure returns (bool) {
        if (how == Manner.ReturnsNothing || how == Manner.Pretends) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        if (how == Manner.ReturnsTwo) {
            assembly ("memory-safe") {
                mstore(0, 2)
                return(0, 32)
            }
        }
        if (how == Manner.ReturnsBomb) {
            assembly ("memory-safe") {
                let bomb := mload(0x40)
                mstore(bomb, 1)
                return(bomb, 100000)
            }
        }
        return how != Manner.ReturnsFalse;
    }

    function _moves(Manner how) private pure returns (bool) {
        return how != Manner.ReturnsFalse && how != Manner.Pretends;
    }

    function _kept(Manner how, uint256 amount) private pure returns (uint256) {
        return how == Manner.TakesFee ? amount - amount / 10 : amount;
    }
}
