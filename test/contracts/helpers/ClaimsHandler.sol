// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ClaimStatus, Cover, IClaims, Terms} from "../../../contracts/interfaces/IClaims.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {PolicyKey} from "../../../contracts/interfaces/IPolicies.sol";
import {PatientId, RecordId, VisitId} from "../../../contracts/interfaces/Types.sol";
import {VisitKey} from "../../../contracts/interfaces/IVisits.sol";
import {ClaimsModel} from "./ClaimsModel.sol";
import {ClaimsWorld} from "./ClaimsWorld.sol";
import {VM} from "./Vm.sol";

/// @title ClaimsHandler
/// @notice Patients, hospitals and insurers bill, look, ask, decide and pay at random, rightly and wrongly. Before each act
/// the model says whether it must be taken; after it, the model keeps what the contract must agree with.
contract ClaimsHandler is ClaimsModel {
    /// @dev Something to begin with, so that a run needn't wait for its first bill.
    constructor(uint256 room) ClaimsWorld(room) {
        for (uint256 i = 0; i < 2; ++i) {
            uint48 until = uint48(block.timestamp + 90 days);
            _insure(Cover(insurer(i), Terms(token(i), 500, 1_000, 3_000), bytes32(i)), i, 0, 0, until);
            _attend(i, hospital(i), uint48(block.timestamp + 1 days));
            deposit(i, i + 2, 10_000);
        }
    }

    // -------- policies and visits --------

    /// @dev Half of them follow a version before, by the same insurer.
    function insure(uint256 patientSeed, uint256 insurerSeed, uint256 termsSeed, uint256 timeSeed) external {
        if (policies.length == ROOM / 2 || isDeregistered[patientSeed % PATIENTS_COUNT]) return;
        Terms memory terms = Terms(
            token(termsSeed),
            (termsSeed >> 8) % 2_000,
            (termsSeed >> 32) % 12_000,
            (termsSeed >> 64) % 4 == 0 ? type(uint256).max : (termsSeed >> 72) % 6_000
        );
        Cover memory cover = Cover(insurer(insurerSeed), terms, bytes32(policies.length));
        uint48 from = uint48(block.timestamp - 10 days + (timeSeed % 20 days));
        uint48 until = uint48(block.timestamp + 20 days + ((timeSeed >> 32) % 200 days));
        bytes32 previousRef = 0;
        if (timeSeed % 2 == 1 && policies.length > 0) {
            PolicyModel storage previous = policies[(timeSeed >> 64) % policies.length];
            if (previous.isSuperseded || isDeregistered[previous.patient]) return;
            (patientSeed, cover.insurer, previousRef) = (
                previous.patient,
                previous.cover.insurer,
                _ref(previous.cover)
            );
            uint48 end = from < block.timestamp ? uint48(block.timestamp) : from;
            if (end < previous.end) previous.end = end;
            previous.isSuperseded = true;
            ++count["supersede"];
        }
        _insure(cover, patientSeed % PATIENTS_COUNT, previousRef, from, until);
    }

    /// @dev The patient ends a policy now.
    function cancel(uint256 policySeed) external {
        if (policies.length == 0 || policySeed % 3 != 0) return;
        PolicyModel storage policy = policies[(policySeed / 3) % policies.length];
        if (policy.end <= block.timestamp || isDeregistered[policy.patient]) return;
        VM.prank(patient(policy.patient));
        POLICIES.cancel(PolicyKey(policy.cover.insurer, patientIds[policy.patient], _ref(policy.cover)), 0);
        policy.end = uint48(block.timestamp);
        ++count["cancel"];
    }

    function attend(uint256 patientSeed, uint256 hospitalSeed, uint24 time) external {
        uint256 who = patientSeed % PATIENTS_COUNT;
        if (visits.length == ROOM || isDeregistered[who]) return;
        _attend(who, hospital(hospitalSeed), uint48(block.timestamp + 1 + (time % 5 days)));
    }

    function leave(uint256 visitSeed) external {
        if (visits.length == 0) return;
        VisitModel storage visit = visits[visitSeed % visits.length];
        if (visit.end <= block.timestamp) return;
        VM.prank(visit.key.hospital);
        VISITS.close(visit.key);
        visit.end = uint48(block.timestamp);
    }

    /// @dev The last patient only, and seldom: there must be somebody to act.
    function deregister(uint8 often) external {
        uint256 who = PATIENTS_COUNT - 1;
        if (often % 32 != 0 || isDeregistered[who]) return;
        VM.prank(patient(who));
        PATIENTS.deregister(patientIds[who]);
        isDeregistered[who] = true;
        ++count["deregister"];
    }

    // -------- the hospital --------

    /// @dev `how` 0 to 7: as it may be; 8: by another hospital; 9: another visit's record; 10: other terms; 11: no record.
    function submit(
        uint256 visitSeed,
        uint256 policySeed,
        uint256 amountSeed,
        uint256 timeSeed,
        uint256 doctorSeed,
        uint8 how
    ) external {
        if (visits.length == 0 || policies.length == 0) return;
        how %= 12;
        VisitModel storage visit = visits[visitSeed % visits.length];
        uint256 chosen = _policyFor(visit.patient, policySeed);
        IClaims.Bill memory bill = _bill(visit, chosen, amountSeed, timeSeed, doctorSeed);
        if (how == 9) bill.records[0].nonce += 1;
        if (how == 10) bill.cover.terms.limit ^= 1;
        if (how == 11) bill.records = new IClaims.BilledRecord[](0);
        address caller = how == 8 ? hospital(uint160(bill.visit.hospital)) : bill.visit.hospital;

        bool expected = how < 8 && _isBillable(bill, visit, policies[chosen]);
        if (!_tried(caller, expected, "submit", abi.encodeCall(IClaims.submit, (bill)))) return;
        RecordId[] memory records = new RecordId[](1);
        VisitId visitId = _visitId(bill.visit);
        records[0] = RecordId.wrap(keccak256(abi.encode(visitId, bill.visit.hospital, bill.visit.nonce)));
        ClaimModel storage claim = claims[visitId];
        if (claim.status != ClaimStatus.None) ++count["submit anew"];
        claim.status = ClaimStatus.Submitted;
        claim.since = uint48(block.timestamp);
        (claim.amount, claim.policy, claim.doctor, claim.share) = (bill.amount, chosen, bill.doctor, bill.doctorShare);
        claim.content = keccak256(abi.encode(bill.amount, bill.from, bill.until, records, bill.document));
        bytes32 policyId = _policyId(bill.cover, bill.visit.patientId);
        claim.bill = keccak256(abi.encode(policyId, bill.doctor, bill.doctorShare, claim.content));
    }

    function answer(uint256 visitSeed, uint8 who) external {
        (VisitKey memory visit, ClaimModel storage claim) = _claim(visitSeed);
        bool expected = _isUndecided(claim) && claim.isAsked && who % 4 != 0;
        address caller = who % 4 == 0 ? insurer(who) : visit.hospital;
        if (!_tried(caller, expected, "answer", abi.encodeCall(IClaims.answer, (visit, 0)))) return;
        (claim.isAsked, claim.since) = (false, uint48(block.timestamp));
    }

    function withdrawClaim(uint256 visitSeed, uint8 who) external {
        (VisitKey memory visit, ClaimModel storage claim) = _claim(visitSeed);
        bool expected = _isUndecided(claim) && who % 4 != 0;
        address caller = who % 4 == 0 ? insurer(who) : visit.hospital;
        if (!_tried(caller, expected, "withdrawClaim", abi.encodeCall(IClaims.withdrawClaim, (visit)))) return;
        (claim.isAsked, claim.status) = (false, ClaimStatus.Withdrawn);
    }

    // -------- the patient --------

    /// @dev `who` of 8: 0 and 1 by somebody else, 2 for another bill. A third of them dispute.
    function review(uint256 visitSeed, uint256 wordSeed, uint8 who) external {
        (VisitKey memory visit, ClaimModel storage claim) = _claim(visitSeed);
        bool disputes = wordSeed % 3 == 0;
        bytes32 bill = who % 8 == 2 ? bytes32(wordSeed) : claim.bill;
        uint256 patientIndex = _patientOf(visit.patientId);
        address caller = who % 8 == 0 ? visit.hospital : patient(who % 8 == 1 ? patientIndex + 1 : patientIndex);

        bool expected = _isUndecided(claim) && who % 8 > 2 && !isDeregistered[patientIndex];
        bytes memory call =
            disputes
                ? abi.encodeCall(IClaims.dispute, (visit, bill, 0))
                : abi.encodeCall(IClaims.confirm, (visit, bill));
        if (!_tried(caller, expected, disputes ? "dispute" : "confirm", call)) return;
        if (!disputes && claim.status == ClaimStatus.Disputed) claim.since = uint48(block.timestamp);
        claim.status = disputes ? ClaimStatus.Disputed : ClaimStatus.Confirmed;
    }

    // -------- the insurer --------

    /// @dev `how` 0 to 9: as it may be; 10: by somebody else; 11: another share; 12: other terms; 13: another bill. Every
    /// fourth only asks.
    function decide(uint256 visitSeed, uint256 eligibleSeed, uint8 how, uint8 reason, uint8 asks) external {
        if (policies.length == 0) return;
        (VisitKey memory visit, ClaimModel storage claim) = _claim(visitSeed);
        how %= 14;
        PolicyModel storage policy = policies[claim.policy];
        IClaims.Decision memory decision = _decision(visit, claim, policy, eligibleSeed, reason);
        address caller = how == 10 ? STRANGER : policy.cover.insurer;
        if (how == 11) decision.doctorShare ^= 1;
        if (how == 12) decision.cover.terms.deductible ^= 1;
        if (how == 13) decision.content ^= bytes32(uint256(1));

        bool expected = how < 10 && _isUndecided(claim);
        if (asks % 4 == 0) {
            if (_tried(caller, expected, "ask", abi.encodeCall(IClaims.ask, (decision)))) claim.isAsked = true;
            return;
        }
        (uint256 deductible, uint256 paid) = _coverage(policy, decision.eligible);
        expected = expected && decision.eligible <= claim.amount && _isReady(claim, decision);
        address currency = policy.cover.terms.token;
        expected = expected && (decision.eligible == 0 || paid <= balances[currency][caller]);
        uint256 before = _others(currency, caller);
        if (!_tried(caller, expected, "decide", abi.encodeCall(IClaims.decide, (decision)))) return;

        claim.isAsked = false;
        if (decision.eligible == 0) {
            claim.status = ClaimStatus.Denied;
            ++count["deny"];
            return;
        }
        credited[currency] += _others(currency, caller) - before;
        _settle(claim, policy, visit, deductible, paid);
    }

    // -------- the ledger --------

    function deposit(uint256 tokenSeed, uint256 accountSeed, uint256 amountSeed) public {
        (address currency, address who) = (token(tokenSeed), account(accountSeed));
        uint256 amount = amountSeed % 20_000;
        uint256 before = _held(currency);
        if (!_tried(who, true, "deposit", abi.encodeCall(ILedger.deposit, (currency, amount)))) return;
        balances[currency][who] += _held(currency) - before;
    }

    function withdraw(uint256 tokenSeed, uint256 accountSeed, uint256 amountSeed) external {
        (address currency, address who) = (token(tokenSeed), account(accountSeed));
        uint256 amount = amountSeed % 4_000;
        bool expected = amount <= balances[currency][who];
        if (!_tried(who, expected, "withdraw", abi.encodeCall(ILedger.withdraw, (currency, amount)))) return;
        balances[currency][who] -= amount;
    }

    function pass(uint32 time) external {
        VM.warp(block.timestamp + (time % (time % 64 == 0 ? 200 days : 2 days)));
    }
}
