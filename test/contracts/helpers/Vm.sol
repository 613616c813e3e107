// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @dev The few cheat codes of the Solidity test runner that these tests use.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    function prank(address sender) external;

    function warp(uint256 time) external;
}

// Where every runner of Solidity tests puts its cheat codes.
Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
