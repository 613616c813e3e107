// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Cover, IClaims, Terms} from "../interfaces/IClaims.sol";
import {PatientId, PolicyId} from "../interfaces/Types.sol";

/// @dev Basis points of the whole.
uint256 constant WHOLE = 10_000;

/// @dev See {IClaims-coverageOf}.
function coverageUnder(
    Terms calldata terms,
    IClaims.Spent memory spent,
    uint256 eligible
) pure returns (uint256 deductible, uint256 paid) {
    deductible = Math.min(eligible, Math.saturatingSub(terms.deductible, spent.deductible));
    uint256 shared = eligible - deductible;
    uint256 coPaid = Math.mulDiv(shared, Math.min(terms.coPayment, WHOLE), WHOLE, Math.Rounding.Ceil);
    paid = Math.min(shared - coPaid, Math.saturatingSub(terms.limit, spent.paid));
}

/// @dev See {IClaims-refOf}.
function refUnder(Terms calldata terms, bytes32 salt) pure returns (bytes32) {
    return keccak256(abi.encode(terms, salt));
}

/// @dev The policy that the patient has of this insurer under these terms, if there is one; see {IPolicies-policyIdOf}.
function policyUnder(Cover calldata cover, PatientId patientId) pure returns (PolicyId) {
    return PolicyId.wrap(keccak256(abi.encode(cover.insurer, patientId, refUnder(cover.terms, cover.salt))));
}
