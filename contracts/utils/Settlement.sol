// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IClaims, Terms} from "../interfaces/IClaims.sol";
import {PolicyId} from "../interfaces/Types.sol";
import {coverageUnder, refUnder, WHOLE} from "./Coverage.sol";
import {Ledger} from "./Ledger.sol";

/// @title Settlement
/// @notice What a policy gives for a bill, and who gets it: the part of {IClaims} that moves money.
abstract contract Settlement is IClaims, Ledger {
    mapping(PolicyId policyId => Spent) private _spent;

    // -------- views --------

    /// @inheritdoc IClaims
    function spentOf(PolicyId policyId) external view returns (Spent memory) {
        return _spent[policyId];
    }

    /// @inheritdoc IClaims
    function coverageOf(
        Terms calldata terms,
        Spent calldata spent,
        uint256 eligible
    ) external pure returns (uint256 deductible, uint256 paid) {
        return coverageUnder(terms, spent, eligible);
    }

    /// @inheritdoc IClaims
    function refOf(Terms calldata terms, bytes32 salt) external pure returns (bytes32) {
        return refUnder(terms, salt);
    }

    // -------- internals --------

    /// @dev Pays what the policy's terms give for what is eligible, from what its insurer has here. `fee` of what is paid is
    /// the doctor's, rounded down, the rest the hospital's.
    function _settle(PolicyId policyId, Decision calldata decision) internal returns (uint256 paid, uint256 fee) {
        Terms calldata terms = decision.cover.terms;
        Spent memory spent = _spent[policyId];
        uint256 deductible;
        (deductible, paid) = coverageUnder(terms, spent, decision.eligible);
        fee = (paid * decision.doctorShare) / WHOLE;

        // Neither grows by 2^96 or more at a time.
        _spent[policyId] = Spent(spent.deductible + uint128(deductible), spent.paid + uint128(paid));
        _take(terms.token, decision.cover.insurer, paid);
        // Each may be one that was paid before, or all the same.
        if (paid != fee) balanceOf[terms.token][decision.visit.hospital] += paid - fee;
        if (fee != 0) balanceOf[terms.token][decision.doctor] += fee;
    }
}
