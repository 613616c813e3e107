// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {ClaimStatus, IClaims} from "./interfaces/IClaims.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {IPolicies} from "./interfaces/IPolicies.sol";
import {IRecords} from "./interfaces/IRecords.sol";
import {PolicyId, RecordId, VisitId} from "./interfaces/Types.sol";
import {IVisits, VisitKey} from "./interfaces/IVisits.sol";
import {billHash, checkAmounts, checkWithin, coveringPolicy, recordsOfVisit} from "./utils/Bills.sol";
import {policyUnder} from "./utils/Coverage.sol";
import {visitIdOf} from "./utils/Ids.sol";
import {Settlement} from "./utils/Settlement.sol";

/// @title Claims
/// @notice See {IClaims}.
contract Claims is IClaims, Settlement {
    /// @inheritdoc IClaims
    uint48 public constant BILLING_PERIOD = 365 days;
    /// @inheritdoc IClaims
    uint48 public constant REVIEW_PERIOD = 3 days;
    /// @inheritdoc IClaims
    uint48 public constant DECISION_PERIOD = 30 days;
    /// @inheritdoc IClaims
    uint256 public constant MAX_RECORDS = 20;

    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;
    /// @notice Says what was accepted, and until when.
    IPolicies public immutable POLICIES;
    /// @notice Says when a visit was.
    IVisits public immutable VISITS;
    /// @notice Says which records there are.
    IRecords public immutable RECORDS;

    mapping(VisitId visitId => Claim) private _claims;

    constructor(
        address forwarder,
        IPatients patients,
        IPolicies policies,
        IVisits visits,
        IRecords records
    ) ERC2771Context(forwarder) {
        PATIENTS = patients;
        POLICIES = policies;
        VISITS = visits;
        RECORDS = records;
    }

    // -------- the hospital --------

    /// @inheritdoc IClaims
    function submit(Bill calldata bill) external {
        VisitId visitId = _asHospital(bill.visit);
        ClaimStatus status = _claims[visitId].status;
        if (status != ClaimStatus.None && status != ClaimStatus.Denied && status != ClaimStatus.Withdrawn) {
            revert AlreadyBilled(visitId, status);
        }
        checkAmounts(bill);
        _checkTime(visitId, bill);
        PolicyId policyId = coveringPolicy(POLICIES, bill);
        if (bill.records.length == 0 || bill.records.length > MAX_RECORDS) revert InvalidRecords(bill.records.length);
        RecordId[] memory records = recordsOfVisit(RECORDS, visitId, bill.records);

        bytes32 content = keccak256(abi.encode(bill.amount, bill.from, bill.until, records, bill.document));
        _claims[visitId] = Claim({
            amount: uint96(bill.amount),
            approved: 0,
            since: uint48(block.timestamp),
            status: ClaimStatus.Submitted,
            isAsked: false,
            bill: billHash(policyId, bill.doctor, bill.doctorShare, content)
        });

        emit ClaimSubmitted(
            visitId,
            bill.cover.insurer,
            bill.visit.patientId,
            policyId,
            bill.amount,
            bill.from,
            bill.until,
            bill.doctor,
            bill.doctorShare,
            records,
            bill.document
        );
    }

    /// @inheritdoc IClaims
    function answer(VisitKey calldata visit, bytes32 document) external {
        VisitId visitId = _asHospital(visit);
        Claim storage claim = _undecided(visitId);
        if (!claim.isAsked) revert NothingAsked(visitId);

        claim.isAsked = false;
        claim.since = uint48(block.timestamp);

        emit ClaimAnswered(visitId, visit.patientId, document);
    }

    /// @inheritdoc IClaims
    function withdrawClaim(VisitKey calldata visit) external {
        VisitId visitId = _asHospital(visit);

        Claim storage claim = _undecided(visitId);
        claim.status = ClaimStatus.Withdrawn;
        claim.isAsked = false;

        emit ClaimWithdrawn(visitId, visit.patientId);
    }

    // -------- the patient --------

    /// @inheritdoc IClaims
    function confirm(VisitKey calldata visit, bytes32 bill) external {
        (VisitId visitId, Claim storage claim) = _asPatient(visit, bill);

        if (claim.status == ClaimStatus.Disputed) claim.since = uint48(block.timestamp);
        claim.status = ClaimStatus.Confirmed;

        emit ClaimConfirmed(visitId, visit.patientId);
    }

    /// @inheritdoc IClaims
    function dispute(VisitKey calldata visit, bytes32 bill, bytes32 document) external {
        (VisitId visitId, Claim storage claim) = _asPatient(visit, bill);

        claim.status = ClaimStatus.Disputed;

        emit ClaimDisputed(visitId, visit.patientId, document);
    }

    // -------- the insurer --------

    /// @inheritdoc IClaims
    function ask(Decision calldata question) external {
        (VisitId visitId, Claim storage claim, ) = _asInsurer(question);

        claim.isAsked = true;

        emit ClaimAsked(visitId, question.cover.insurer, question.visit.patientId, question.document);
    }

    /// @inheritdoc IClaims
    function decide(Decision calldata decision) external {
        (VisitId visitId, Claim storage stored, PolicyId policyId) = _asInsurer(decision);
        Claim memory claim = stored;
        uint256 eligible = decision.eligible;
        if (eligible > claim.amount) revert AboveBill(eligible, claim.amount);
        if ((decision.reason == 0) != (eligible == claim.amount)) revert InvalidReason(decision.reason);

        uint256 approved = 0;
        uint256 fee = 0;
        if (eligible == 0) {
            claim.status = ClaimStatus.Denied;
        } else {
            _checkReviewed(visitId, claim);
            (approved, fee) = _settle(policyId, decision);
            claim.approved = uint96(approved);
            claim.status = ClaimStatus.Approved;
        }
        claim.isAsked = false;
        _claims[visitId] = claim;

        emit ClaimDecided(
            visitId,
            decision.cover.insurer,
            decision.visit.patientId,
            eligible,
            approved,
            fee,
            decision.reason,
            decision.document
        );
    }

    // -------- views --------

    /// @inheritdoc IClaims
    function claimOf(VisitId visitId) external view returns (Claim memory) {
        return _claims[visitId];
    }

    /// @inheritdoc IClaims
    function isOverdue(VisitId visitId) external view returns (bool) {
        Claim memory claim = _claims[visitId];
        if (claim.status != ClaimStatus.Submitted && claim.status != ClaimStatus.Confirmed) return false;
        return !claim.isAsked && block.timestamp > claim.since + DECISION_PERIOD;
    }

    // -------- internals --------

    function _asHospital(VisitKey calldata visit) private view returns (VisitId visitId) {
        visitId = visitIdOf(visit);
        address caller = _msgSender();
        if (caller != visit.hospital) revert NotHospitalOfVisit(visitId, caller);
    }

    function _asPatient(
        VisitKey calldata visit,
        bytes32 bill
    ) private view returns (VisitId visitId, Claim storage claim) {
        PATIENTS.checkController(visit.patientId, _msgSender());
        visitId = visitIdOf(visit);
        claim = _undecided(visitId);
        if (claim.bill != bill) revert OtherClaim(visitId);
    }

    function _asInsurer(
        Decision calldata decision
    ) private view returns (VisitId visitId, Claim storage claim, PolicyId policyId) {
        visitId = visitIdOf(decision.visit);
        claim = _undecided(visitId);
        policyId = policyUnder(decision.cover, decision.visit.patientId);
        bytes32 bill = billHash(policyId, decision.doctor, decision.doctorShare, decision.content);
        if (decision.cover.insurer != _msgSender() || bill != claim.bill) revert OtherClaim(visitId);
    }

    function _undecided(VisitId visitId) private view returns (Claim storage claim) {
        claim = _claims[visitId];
        ClaimStatus status = claim.status;
        if (status != ClaimStatus.Submitted && status != ClaimStatus.Confirmed && status != ClaimStatus.Disputed) {
            revert WrongStatus(visitId, status);
        }
    }

    function _checkTime(VisitId visitId, Bill calldata bill) private view {
        IVisits.Visit memory visit = VISITS.visitOf(visitId);
        if (visit.end > block.timestamp) revert VisitNotEnded(visitId);
        checkWithin(visit, bill);
        if (visit.end + BILLING_PERIOD < block.timestamp) revert BilledTooLate(visitId, visit.end + BILLING_PERIOD);
    }

    function _checkReviewed(VisitId visitId, Claim memory claim) private view {
        if (claim.status == ClaimStatus.Confirmed) return;
        if (claim.status == ClaimStatus.Disputed) revert WrongStatus(visitId, claim.status);
        uint48 until = claim.since + REVIEW_PERIOD;
        if (block.timestamp < until) revert UnderReview(visitId, until);
    }
}
