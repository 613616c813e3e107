// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ClaimStatus, IClaims, Terms} from "../../../contracts/interfaces/IClaims.sol";
import {PatientId} from "../../../contracts/interfaces/Types.sol";
import {VisitKey} from "../../../contracts/interfaces/IVisits.sol";
import {ClaimsWorld} from "./ClaimsWorld.sol";

/// @title ClaimsModel
/// @notice Which bills and decisions must be taken, and what they bring, written from the interfaces' promises; and how the
/// handler makes up a bill or a decision, mostly as it must be.
abstract contract ClaimsModel is ClaimsWorld {
    // -------- the model's own arithmetic --------

    /// @dev Written otherwise than in the contract: what is the insurer's part is rounded down.
    function _coverage(
        PolicyModel storage policy,
        uint256 eligible
    ) internal view returns (uint256 first, uint256 paid) {
        Terms memory terms = policy.cover.terms;
        // Beyond what can be billed nothing is decided, and this couldn't multiply it.
        if (eligible > type(uint128).max) return (0, 0);
        first = terms.deductible - policy.deductible;
        if (first > eligible) first = eligible;
        uint256 theirs = terms.coPayment > 10_000 ? 0 : 10_000 - terms.coPayment;
        paid = ((eligible - first) * theirs) / 10_000;
        if (paid > terms.limit - policy.paid) paid = terms.limit - policy.paid;
    }

    function _settle(
        ClaimModel storage claim,
        PolicyModel storage policy,
        VisitKey memory visit,
        uint256 deductible,
        uint256 paid
    ) internal {
        Terms memory terms = policy.cover.terms;
        (, claim.covered) = _coverage(policy, claim.amount);
        (claim.status, claim.approved) = (ClaimStatus.Approved, paid);
        ++claim.settlements;
        ++count[paid == 0 ? "approve nothing" : "approve"];
        (policy.deductible, policy.paid) = (policy.deductible + deductible, policy.paid + paid);
        if (policy.paid == terms.limit && paid != 0) ++count["reach the limit"];
        decided[terms.token] += paid;
        uint256 fee = (paid * claim.share) / 10_000;
        balances[terms.token][policy.cover.insurer] -= paid;
        balances[terms.token][visit.hospital] += paid - fee;
        balances[terms.token][claim.doctor] += fee;
    }

    function _isReady(ClaimModel storage claim, IClaims.Decision memory decision) internal view returns (bool) {
        if ((decision.eligible == claim.amount) != (decision.reason == 0)) return false;
        if (decision.eligible == 0 || claim.status == ClaimStatus.Confirmed) return true;
        return claim.status == ClaimStatus.Submitted && block.timestamp >= claim.since + 3 days;
    }

    function _isBillable(
        IClaims.Bill memory bill,
        VisitModel storage visit,
        PolicyModel storage policy
    ) internal view returns (bool) {
        ClaimStatus status = claims[_visitId(bill.visit)].status;
        if (_isUndecided(status) || status == ClaimStatus.Approved) return false;
        if (bill.amount == 0 || bill.amount >= 1 << 96 || bill.doctorShare > 10_000) return false;
        if (bill.doctor == address(0) && bill.doctorShare > 0) return false;
        if (visit.end > block.timestamp || block.timestamp > visit.end + 365 days) return false;
        if (bill.from > bill.until || bill.from < visit.openedAt || bill.until > visit.end) return false;
        return policy.patient == visit.patient && bill.from >= policy.from && bill.until < policy.end;
    }

    // -------- choosing --------

    /// @dev Mostly one of the patient's own.
    function _policyFor(uint256 who, uint256 seed) internal view returns (uint256 chosen) {
        chosen = seed % policies.length;
        if (seed % 8 == 0) return chosen;
        for (uint256 i = 0; i < policies.length; ++i) {
            uint256 next = (chosen + i) % policies.length;
            if (policies[next].patient == who) return next;
        }
    }

    function _bill(
        VisitModel storage visit,
        uint256 chosen,
        uint256 amountSeed,
        uint256 timeSeed,
        uint256 doctorSeed
    ) internal view returns (IClaims.Bill memory bill) {
        bill.visit = visit.key;
        bill.cover = policies[chosen].cover;
        bill.amount = amountOf(amountSeed);
        // Mostly within the visit.
        bill.from = visit.openedAt;
        bill.until = visit.openedAt;
        if (timeSeed % 8 == 0) bill.from -= 1;
        else if (timeSeed % 8 == 1) bill.until = visit.end + 1;
        else if (timeSeed % 8 == 2) bill.from = bill.until + 1;
        else bill.until += uint48((timeSeed / 8) % (visit.end - visit.openedAt + 1));
        if (doctorSeed % 4 != 0) bill.doctor = doctorSeed % 4 == 1 ? hospital(doctorSeed / 4) : doctor(doctorSeed / 4);
        bill.doctorShare = uint16((doctorSeed / 64) % 10_500);
        if (doctorSeed % 8 == 0) bill.doctorShare = 0;
        bill.records = _recordOf(visit.key);
        bill.document = bytes32(amountSeed);
    }

    function _decision(
        VisitKey memory visit,
        ClaimModel storage claim,
        PolicyModel storage policy,
        uint256 eligibleSeed,
        uint8 reason
    ) internal view returns (IClaims.Decision memory decision) {
        uint256 eligible = claim.amount;
        if (eligibleSeed % 8 == 0) eligible = amountOf(eligibleSeed / 8);
        else if (eligibleSeed % 8 == 1) eligible = 0;
        else if (eligibleSeed % 8 < 4) eligible = (eligible * ((eligibleSeed / 8) % 100)) / 100;
        bool isWhole = eligible == claim.amount;
        // Mostly as it must be.
        reason =
            reason % 8 == 0
                ? reason / 8
                : isWhole
                    ? 0
                    : reason;
        return IClaims.Decision(visit, policy.cover, claim.doctor, claim.share, claim.content, eligible, reason, 0);
    }

    function _claim(uint256 seed) internal view returns (VisitKey memory visit, ClaimModel storage claim) {
        if (visits.length > 0) visit = visits[seed % visits.length].key;
        claim = claims[_visitId(visit)];
    }

    function _patientOf(PatientId patientId) internal view returns (uint256) {
        for (uint256 i = 0; i < PATIENTS_COUNT; ++i) {
            if (PatientId.unwrap(patientIds[i]) == PatientId.unwrap(patientId)) return i;
        }
        return 0;
    }

    /// @dev What all but one account have in the ledger.
    function _others(address currency, address but) internal view returns (uint256 sum) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (account(i) != but) sum += CLAIMS.balanceOf(currency, account(i));
        }
    }

    function _isUndecided(ClaimModel storage claim) internal view returns (bool) {
        return _isUndecided(claim.status);
    }

    function _isUndecided(ClaimStatus status) internal pure returns (bool) {
        return status == ClaimStatus.Submitted || status == ClaimStatus.Confirmed || status == ClaimStatus.Disputed;
    }
}
