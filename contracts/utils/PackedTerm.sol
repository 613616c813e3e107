// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPolicies} from "../interfaces/IPolicies.sol";

/// @dev All of a `Policy` but its digest, as the one word that it is in storage, so that it is read and written once: see
/// PackedAccreditation.sol. Layout, from the lowest bit:
/// 48 from | 48 until | 48 end | 40 issuedAt | 40 acceptedAt | 1 isAmendment | 1 isCancelled | 1 isSuperseded | 29 unused
type PackedTerm is uint256;

using {
    from,
    until,
    end,
    issuedAt,
    acceptedAt,
    isAmendment,
    isCancelled,
    isSuperseded,
    acceptedNow,
    endingBy,
    superseded,
    withDigest
} for PackedTerm global;

uint256 constant UNTIL_BIT = 48;
uint256 constant END_BIT = 96;
uint256 constant ISSUED_AT_BIT = 144;
uint256 constant ACCEPTED_AT_BIT = 184;
uint256 constant IS_AMENDMENT = 1 << 224;
uint256 constant IS_CANCELLED = 1 << 225;
uint256 constant IS_SUPERSEDED = 1 << 226;

/// @dev A policy that is offered now.
function offeredNow(uint48 begin, uint48 finish, bool amends) view returns (PackedTerm) {
    return
        PackedTerm.wrap(
            uint256(begin) |
                (uint256(finish) << UNTIL_BIT) |
                (uint256(finish) << END_BIT) |
                (uint256(uint40(block.timestamp)) << ISSUED_AT_BIT) |
                (amends ? IS_AMENDMENT : 0)
        );
}

/// @dev The same, accepted now; it wasn't before.
function acceptedNow(PackedTerm word) view returns (PackedTerm) {
    return PackedTerm.wrap(PackedTerm.unwrap(word) | (uint256(uint40(block.timestamp)) << ACCEPTED_AT_BIT));
}

/// @dev The same with another end, which is a cancellation's or isn't.
function endingBy(PackedTerm word, uint48 time, bool cancelled) pure returns (PackedTerm) {
    uint256 others = PackedTerm.unwrap(word) & ~((uint256(type(uint48).max) << END_BIT) | IS_CANCELLED);
    return PackedTerm.wrap(others | (uint256(time) << END_BIT) | (cancelled ? IS_CANCELLED : 0));
}

/// @dev The same with an accepted next version.
function superseded(PackedTerm word) pure returns (PackedTerm) {
    return PackedTerm.wrap(PackedTerm.unwrap(word) | IS_SUPERSEDED);
}

function withDigest(PackedTerm word, bytes32 digest) pure returns (IPolicies.Policy memory) {
    return
        IPolicies.Policy({
            digest: digest,
            from: word.from(),
            until: word.until(),
            end: word.end(),
            issuedAt: word.issuedAt(),
            acceptedAt: word.acceptedAt(),
            isAmendment: word.isAmendment(),
            isCancelled: word.isCancelled(),
            isSuperseded: word.isSuperseded()
        });
}

function from(PackedTerm word) pure returns (uint48) {
    return uint48(PackedTerm.unwrap(word));
}

function until(PackedTerm word) pure returns (uint48) {
    return uint48(PackedTerm.unwrap(word) >> UNTIL_BIT);
}

function end(PackedTerm word) pure returns (uint48) {
    return uint48(PackedTerm.unwrap(word) >> END_BIT);
}

function issuedAt(PackedTerm word) pure returns (uint40) {
    return uint40(PackedTerm.unwrap(word) >> ISSUED_AT_BIT);
}

function acceptedAt(PackedTerm word) pure returns (uint40) {
    return uint40(PackedTerm.unwrap(word) >> ACCEPTED_AT_BIT);
}

function isAmendment(PackedTerm word) pure returns (bool) {
    return PackedTerm.unwrap(word) & IS_AMENDMENT != 0;
}

function isCancelled(PackedTerm word) pure returns (bool) {
    return PackedTerm.unwrap(word) & IS_CANCELLED != 0;
}

function isSuperseded(PackedTerm word) pure returns (bool) {
    return PackedTerm.unwrap(word) & IS_SUPERSEDED != 0;
}
