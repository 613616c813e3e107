// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ClaimStatus, Cover, IClaims, Terms} from "./interfaces/IClaims.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {IPolicies} from "./interfaces/IPolicies.sol";
import {IRecords} from "./interfaces/IRecords.sol";
import {PatientId, PolicyId, RecordId, VisitId} from "./interfaces/Types.sol";
import {IVisits, VisitKey} from "./interfaces/IVisits.sol";
import {recordIdIn, visitIdOf} from "./utils/Ids.sol";
import {Ledger} from "./utils/Ledger.sol";

/// @title Claims
/// @notice See {IClaims}.
contract Claims is IClaims, Ledger {
    /// @inheritdoc IClaims
    uint48 public constant BILLING_PERIOD = 365 days;
    /// @inheritdoc IClaims
    uint48 public constant REVIEW_PERIOD = 3 days;
    /// @inheritdoc IClaims
    uint48 public constant DECISION_PERIOD = 30 days;
    /// @inheritdoc IClaims
    uint256 public constant MAX_RECORDS = 20;

    uint256 private constant WHOLE = 10_000;

    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;
    /// @notice Says what was accepted, and until when.
    IPolicies public immutable POLICIES;
    /// @notice Says when a visit was.
    IVisits public immutable VISITS;
    /// @notice Says which records there are.
    IRecords public immutable RECORDS;

    mapping(VisitId visitId => Claim) private _claims;
    mapping(PolicyId policyId => Spent) private _spent;

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
        Claim storage claim = _claims[visitId];
        ClaimStatus status = claim.status;
        if (status != ClaimStatus.None && status != ClaimStatus.Denied && status != ClaimStatus.Withdrawn) {
            revert AlreadyBilled(visitId, status);
        }
        if (bill.amount == 0 || bill.amount > type(uint96).max) revert InvalidAmount(bill.amount);
        if (bill.doctorShare > WHOLE || (bill.doctor == address(0) && bill.doctorShare != 0)) {
            revert InvalidShare(bill.doctorShare);
        }
        _checkTime(visitId, bill);
        PolicyId policyId = _coveringPolicy(bill);
        RecordId[] memory records = _recordsOfVisit(visitId, bill.records);

        _claims[visitId] = Claim({
            amount: uint96(bill.amount),
            approved: 0,
            since: uint40(block.timestamp),
            status: ClaimStatus.Submitted,
            round: claim.round + 1,
            isAsked: false,
            terms: _commitment(policyId, bill.doctor, bill.doctorShare)
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
        claim.since = uint40(block.timestamp);

        emit ClaimAnswered(visitId, visit.patientId, document);
    }

    /// @inheritdoc IClaims
    function withdrawClaim(VisitKey calldata visit) external {
        VisitId visitId = _asHospital(visit);

        _undecided(visitId).status = ClaimStatus.Withdrawn;

        emit ClaimWithdrawn(visitId, visit.patientId);
    }

    // -------- the patient --------

    /// @inheritdoc IClaims
    function confirm(VisitKey calldata visit) external {
        VisitId visitId = _asPatient(visit);

        _undecided(visitId).status = ClaimStatus.Confirmed;

        emit ClaimConfirmed(visitId, visit.patientId);
    }

    /// @inheritdoc IClaims
    function dispute(VisitKey calldata visit, bytes32 document) external {
        VisitId visitId = _asPatient(visit);

        _undecided(visitId).status = ClaimStatus.Disputed;

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
            approved = _spend(policyId, decision.cover.terms, eligible);
            claim.approved = uint96(approved);
            claim.status = ClaimStatus.Approved;
            fee = _pay(decision, approved);
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
    function spentOf(PolicyId policyId) external view returns (Spent memory) {
        return _spent[policyId];
    }

    /// @inheritdoc IClaims
    function isOverdue(VisitId visitId) external view returns (bool) {
        Claim memory claim = _claims[visitId];
        return _isUndecided(claim.status) && !claim.isAsked && block.timestamp > claim.since + DECISION_PERIOD;
    }

    /// @inheritdoc IClaims
    function coverageOf(
        Terms calldata terms,
        Spent memory spent,
        uint256 eligible
    ) public pure returns (uint256 deductible, uint256 paid) {
        deductible = Math.min(eligible, terms.deductible - Math.min(terms.deductible, spent.deductible));
        uint256 shared = eligible - deductible;
        paid = shared - Math.mulDiv(shared, Math.min(terms.coPayment, WHOLE), WHOLE, Math.Rounding.Ceil);
        paid = Math.min(paid, terms.limit - Math.min(terms.limit, spent.paid));
    }

    /// @inheritdoc IClaims
    function refOf(Terms calldata terms, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(terms, salt));
    }

    // -------- internals --------

    function _asHospital(VisitKey calldata visit) private view returns (VisitId visitId) {
        visitId = visitIdOf(visit);
        address caller = _msgSender();
        if (caller != visit.hospital) revert NotHospitalOfVisit(visitId, caller);
    }

    function _asPatient(VisitKey calldata visit) private view returns (VisitId) {
        PATIENTS.checkController(visit.patientId, _msgSender());
        return visitIdOf(visit);
    }

    function _asInsurer(
        Decision calldata decision
    ) private view returns (VisitId visitId, Claim storage claim, PolicyId policyId) {
        visitId = visitIdOf(decision.visit);
        claim = _undecided(visitId);
        policyId = _policyIdOf(decision.cover, decision.visit.patientId);
        bytes32 commitment = _commitment(policyId, decision.doctor, decision.doctorShare);
        if (decision.cover.insurer != _msgSender() || commitment != claim.terms) revert OtherClaim(visitId);
    }

    function _undecided(VisitId visitId) private view returns (Claim storage claim) {
        claim = _claims[visitId];
        if (!_isUndecided(claim.status)) revert WrongStatus(visitId, claim.status);
    }

    function _isUndecided(ClaimStatus status) private pure returns (bool) {
        return status == ClaimStatus.Submitted || status == ClaimStatus.Confirmed || status == ClaimStatus.Disputed;
    }

    function _checkTime(VisitId visitId, Bill calldata bill) private view {
        IVisits.Visit memory visit = VISITS.visitOf(visitId);
        if (visit.end > block.timestamp) revert VisitNotEnded(visitId);
        if (visit.end + BILLING_PERIOD < block.timestamp) revert BilledTooLate(visitId, visit.end + BILLING_PERIOD);
        // An unknown visit was at no time.
        if (bill.from > bill.until || bill.from < visit.openedAt || bill.until > visit.end) {
            revert OutsideVisit(visit.openedAt, visit.end);
        }
    }

    function _coveringPolicy(Bill calldata bill) private view returns (PolicyId policyId) {
        policyId = _policyIdOf(bill.cover, bill.visit.patientId);
        IPolicies.Policy memory policy = POLICIES.policyOf(policyId);
        // In force from the later of both, whatever the term says.
        uint256 from = Math.max(policy.from, policy.acceptedAt);
        if (policy.acceptedAt == 0 || bill.from < from || bill.until >= policy.end) {
            revert NotCovered(policyId, bill.from, bill.until);
        }
    }

    function _recordsOfVisit(
        VisitId visitId,
        BilledRecord[] calldata billed
    ) private view returns (RecordId[] memory records) {
        uint256 length = billed.length;
        if (length == 0 || length > MAX_RECORDS) revert InvalidRecords(length);
        records = new RecordId[](length);
        for (uint256 i = 0; i < length; ++i) {
            BilledRecord calldata each = billed[i];
            bytes32 context = VisitId.unwrap(visitId);
            if (each.orderAuthor != address(0)) {
                context = RecordId.unwrap(recordIdIn(context, each.orderAuthor, each.orderNonce));
            }
            records[i] = recordIdIn(context, each.author, each.nonce);
            // slither-disable-next-line calls-loop
            if (RECORDS.anchorOf(records[i]) == 0) revert NotOfVisit(visitId, records[i]);
        }
    }

    function _checkReviewed(VisitId visitId, Claim memory claim) private view {
        if (claim.status == ClaimStatus.Confirmed) return;
        if (claim.status == ClaimStatus.Disputed) revert WrongStatus(visitId, claim.status);
        uint48 until = claim.since + REVIEW_PERIOD;
        if (block.timestamp < until) revert UnderReview(visitId, until);
    }

    function _spend(PolicyId policyId, Terms calldata terms, uint256 eligible) private returns (uint256 paid) {
        Spent memory spent = _spent[policyId];
        uint256 deductible;
        (deductible, paid) = coverageOf(terms, spent, eligible);

        // Neither grows by more than 2^96 at a time.
        _spent[policyId] = Spent(spent.deductible + uint128(deductible), spent.paid + uint128(paid));
    }

    function _pay(Decision calldata decision, uint256 approved) private returns (uint256 fee) {
        address token = decision.cover.terms.token;
        fee = (approved * decision.doctorShare) / WHOLE;

        _take(token, decision.cover.insurer, approved);
        // Each may be one that was paid before, or all the same.
        if (approved != fee) balanceOf[token][decision.visit.hospital] += approved - fee;
        if (fee != 0) balanceOf[token][decision.doctor] += fee;
    }

    function _policyIdOf(Cover calldata cover, PatientId patientId) private pure returns (PolicyId) {
        bytes32 ref = refOf(cover.terms, cover.salt);
        return PolicyId.wrap(keccak256(abi.encode(cover.insurer, patientId, ref)));
    }

    function _commitment(PolicyId policyId, address doctor, uint16 doctorShare) private pure returns (bytes32) {
        return keccak256(abi.encode(policyId, doctor, doctorShare));
    }
}
