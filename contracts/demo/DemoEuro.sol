// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title DemoEuro: a currency without value, for a local network
/// @notice Claims are settled in whatever ERC-20 token a policy names. A network that has none gets this one: two decimals,
/// so a unit is a cent, all of it with whoever deployed it.
contract DemoEuro is ERC20 {
    constructor(uint256 supply) ERC20("Demo euro", "dEUR") {
        _mint(msg.sender, supply);
    }

    /// @inheritdoc ERC20
    function decimals() public pure override returns (uint8) {
        return 2;
    }
}
