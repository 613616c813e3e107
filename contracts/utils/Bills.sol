// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IClaims} from "../interfaces/IClaims.sol";
import {IPolicies} from "../interfaces/IPolicies.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {PolicyId, RecordId, VisitId} from "../interfaces/Types.sol";
import {IVisits} from "../interfaces/IVisits.sol";
import {policyUnder, WHOLE} from "./Coverage.sol";
import {recordIdIn} from "./Ids.sol";

// What a bill must be, apart from who sends it and when.

/// @dev That it asks for something, and gives nobody more than all of it.
function checkAmounts(IClaims.Bill calldata bill) pure {
    if (bill.amount == 0 || bill.amount > type(uint96).max) revert IClaims.InvalidAmount(bill.amount);
    if (bill.doctorShare > WHOLE || (bill.doctor == address(0) && bill.doctorShare != 0)) {
        revert IClaims.InvalidShare(bill.doctorShare);
    }
}

/// @dev That its service lies within the visit. One that never was lasted from 0 to 0.
function checkWithin(IVisits.Visit memory visit, IClaims.Bill calldata bill) pure {
    if (bill.from > bill.until || bill.from < visit.openedAt || bill.until > visit.end) {
        revert IClaims.OutsideVisit(visit.openedAt, visit.end);
    }
}

/// @dev The policy that it is put to, which covers all of the service.
function coveringPolicy(IPolicies policies, IClaims.Bill calldata bill) view returns (PolicyId policyId) {
    policyId = policyUnder(bill.cover, bill.visit.patientId);
    IPolicies.Policy memory policy = policies.policyOf(policyId);
    // In force from the later of both, whatever the term says.
    uint256 from = Math.max(policy.from, policy.acceptedAt);
    if (policy.acceptedAt == 0 || bill.from < from || bill.until >= policy.end) {
        revert IClaims.NotCovered(policyId, bill.from, bill.until);
    }
}

/// @dev The ids of its records, each of which was anchored under the visit or one of the visit's orders.
function recordsOfVisit(
    IRecords records,
    VisitId visitId,
    IClaims.BilledRecord[] calldata billed
) view returns (RecordId[] memory recordIds) {
    uint256 length = billed.length;
    recordIds = new RecordId[](length);
    for (uint256 i = 0; i < length; ++i) {
        IClaims.BilledRecord calldata each = billed[i];
        bytes32 context = VisitId.unwrap(visitId);
        if (each.orderAuthor != address(0)) {
            context = RecordId.unwrap(recordIdIn(context, each.orderAuthor, each.orderNonce));
        }
        recordIds[i] = recordIdIn(context, each.author, each.nonce);
        // As many calls as the bill has records, which is bounded, to a contract of the house.
        // slither-disable-next-line calls-loop
        if (records.anchorOf(recordIds[i]) == 0) revert IClaims.NotOfVisit(visitId, recordIds[i]);
    }
}

/// @dev What a bill is known by; see {IClaims-Claim}. `content` is keccak256(abi.encode(amount, from, until, records, document)).
function billHash(PolicyId policyId, address doctor, uint16 doctorShare, bytes32 content) pure returns (bytes32) {
    return keccak256(abi.encode(policyId, doctor, doctorShare, content));
}
