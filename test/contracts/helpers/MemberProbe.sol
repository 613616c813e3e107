// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IVisits, VisitKey} from "../../../contracts/interfaces/IVisits.sol";

/// @title MemberProbe
/// @notice Keeps what `isMember` says at one point of a block.
contract MemberProbe {
    IVisits private immutable VISITS;

    bool[] public seen;

    constructor(IVisits visits) {
        VISITS = visits;
    }

    function look(VisitKey calldata visit, address account) external {
        seen.push(VISITS.isMember(visit, account));
    }
}
