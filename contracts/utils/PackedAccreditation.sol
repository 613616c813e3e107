// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Accreditation, Role} from "../interfaces/IParticipants.sol";

/// @dev An `Accreditation` as the one word that it is in storage, so that it is read and written once. Solidity writes a
/// struct of several fields with several SSTOREs. Layout, from the lowest bit:
/// 160 parent | 8 role | 48 until | 16 generation | 16 parentGeneration | 8 revision
type PackedAccreditation is uint256;

using {parent, role, until, generation, parentGeneration, revision, withoutRole, unpack} for PackedAccreditation global;

uint256 constant ROLE_OFFSET = 160;
uint256 constant UNTIL_OFFSET = 168;
uint256 constant GENERATION_OFFSET = 216;
uint256 constant PARENT_GENERATION_OFFSET = 232;
uint256 constant REVISION_OFFSET = 248;

function pack(Accreditation memory fields) pure returns (PackedAccreditation) {
    return
        PackedAccreditation.wrap(
            uint256(uint160(fields.parent)) |
                (uint256(fields.role) << ROLE_OFFSET) |
                (uint256(fields.until) << UNTIL_OFFSET) |
                (uint256(fields.generation) << GENERATION_OFFSET) |
                (uint256(fields.parentGeneration) << PARENT_GENERATION_OFFSET) |
                (uint256(fields.revision) << REVISION_OFFSET)
        );
}

function unpack(PackedAccreditation word) pure returns (Accreditation memory) {
    return
        Accreditation(
            word.parent(),
            word.role(),
            word.until(),
            word.generation(),
            word.parentGeneration(),
            word.revision()
        );
}

function parent(PackedAccreditation word) pure returns (address) {
    return address(uint160(PackedAccreditation.unwrap(word)));
}

function role(PackedAccreditation word) pure returns (Role) {
    return Role(uint8(PackedAccreditation.unwrap(word) >> ROLE_OFFSET));
}

function until(PackedAccreditation word) pure returns (uint48) {
    return uint48(PackedAccreditation.unwrap(word) >> UNTIL_OFFSET);
}

function generation(PackedAccreditation word) pure returns (uint16) {
    return uint16(PackedAccreditation.unwrap(word) >> GENERATION_OFFSET);
}

function parentGeneration(PackedAccreditation word) pure returns (uint16) {
    return uint16(PackedAccreditation.unwrap(word) >> PARENT_GENERATION_OFFSET);
}

function revision(PackedAccreditation word) pure returns (uint8) {
    return uint8(PackedAccreditation.unwrap(word) >> REVISION_OFFSET);
}

/// @dev The same with `Role.None`: revoked.
function withoutRole(PackedAccreditation word) pure returns (PackedAccreditation) {
    return PackedAccreditation.wrap(PackedAccreditation.unwrap(word) & ~(uint256(type(uint8).max) << ROLE_OFFSET));
}
