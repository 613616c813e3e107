// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, PolicyId, RecordId, VisitId} from "./Types.sol";
import {VisitKey} from "./IVisits.sol";

/// @notice What an insurer pays of a bill. Both sides accepted it: the policy's reference is
/// keccak256(abi.encode(token, deductible, coPayment, limit, salt)), so a policy accepted under its id has these terms and no
/// others. Amounts are in the token's smallest unit.
struct Terms {
    // The ERC-20 token that claims are settled in.
    address token;
    // What the patient pays first, once for the policy's term.
    uint256 deductible;
    // The patient's part of the rest, in basis points: 1,000 is 10 %. At most 10,000.
    uint256 coPayment;
    // What the policy pays at most, in all.
    uint256 limit;
}

/// @notice The policy that a bill is put to; with the visit's patient it names the policy.
struct Cover {
    address insurer;
    Terms terms;
    // 32 random bytes, so that nobody reads the terms off the policy's reference.
    bytes32 salt;
}

/// @notice Where a claim stands.
enum ClaimStatus {
    // Nothing was billed.
    None,
    // Billed; the patient has time to look at it.
    Submitted,
    // The patient said that it is right.
    Confirmed,
    // The patient said that it is wrong; nothing is paid.
    Disputed,
    // The insurer approved all or part of it; what the terms give was paid.
    Approved,
    // The insurer denied it. It may be billed anew.
    Denied,
    // The hospital withdrew it. It may be billed anew.
    Withdrawn
}

/// @title Claims: a hospital's bill, bound to a visit, a policy and the visit's records
/// @notice The hospital bills U_B (002-15, 002-33) once for a visit that has ended. The patient sees the bill and can dispute
/// it before anything is paid; the insurer asks, denies with a reason, or approves all or part of it (004-19). What is paid
/// is computed here, from terms that both sides accepted, and moved to hospital and doctor (003-21) in the same transaction
/// (000-18, 000-19). Amounts stand open, for everyone who must check them; what was done stays sealed.
interface IClaims {
    // -------- types --------

    /// @notice A claim: two slots.
    struct Claim {
        // What was billed.
        uint96 amount;
        // What the insurer pays; 0 before the decision.
        uint96 approved;
        // Block time of the bill, or of what put off its decision since: the hospital's latest answer, the end of a dispute.
        // The patient's time to look at it and the insurer's to decide run from here.
        uint48 since;
        ClaimStatus status;
        // Whether the insurer waits for an answer.
        bool isAsked;
        // Hash of all that the bill's event says, which patient and insurer repeat so that no other bill takes its place
        // while their word is on its way: keccak256(abi.encode(policyId, doctor, doctorShare, content)), where content is
        // keccak256(abi.encode(amount, from, until, records, document)) with the ids of the records.
        bytes32 bill;
    }

    /// @notice What was spent of a policy: one slot.
    struct Spent {
        // Of the deductible.
        uint128 deductible;
        // Paid.
        uint128 paid;
    }

    /// @notice A record that the bill is for, which must be one of the visit.
    struct BilledRecord {
        address author;
        uint64 nonce;
        // For a report on an order of the visit: the order's author and nonce. Zeroes for a record of the visit itself.
        address orderAuthor;
        uint64 orderNonce;
    }

    /// @notice What a hospital bills.
    struct Bill {
        VisitKey visit;
        Cover cover;
        // 1 to 2^96 - 1, in the token's smallest unit.
        uint256 amount;
        // When the service began and ended, Unix seconds: within the visit, and within the policy.
        uint48 from;
        uint48 until;
        // Who gets a part of what is paid; zero for nobody. The hospital's choice: it is its money.
        address doctor;
        // The doctor's part in basis points, at most 10,000.
        uint16 doctorShare;
        // 1 to `MAX_RECORDS`.
        BilledRecord[] records;
        // sha2-256 digest of the CID of the bill, sealed to patient, insurer and hospital.
        bytes32 document;
    }

    /// @notice What an insurer decides.
    struct Decision {
        VisitKey visit;
        Cover cover;
        // As billed: with `cover`, these make the claim's `bill`.
        address doctor;
        uint16 doctorShare;
        bytes32 content;
        // What of the bill the insurer acknowledges, before deductible, co-payment and limit; 0 denies.
        uint256 eligible;
        // Why not all of it: a code of docs/architecture.md; 0 only when all is acknowledged.
        uint8 reason;
        // sha2-256 digest of the CID of the response, sealed to patient and hospital.
        bytes32 document;
    }

    // -------- errors --------

    /// @notice `account` isn't the hospital of the visit.
    error NotHospitalOfVisit(VisitId visitId, address account);
    /// @notice A bill follows the visit's end.
    error VisitNotEnded(VisitId visitId);
    /// @notice The visit ended too long ago: it could be billed until `deadline`.
    error BilledTooLate(VisitId visitId, uint48 deadline);
    /// @notice The visit's claim stands as `status`, so it can't be billed again.
    error AlreadyBilled(VisitId visitId, ClaimStatus status);
    /// @notice An amount is 1 to 2^96 - 1.
    error InvalidAmount(uint256 amount);
    /// @notice A share is at most 10,000 basis points; without a doctor it is 0.
    error InvalidShare(uint256 share);
    /// @notice A bill names 1 to `MAX_RECORDS` records.
    error InvalidRecords(uint256 length);
    /// @notice The record isn't one of the visit.
    error NotOfVisit(VisitId visitId, RecordId recordId);
    /// @notice The service lies outside the visit, which lasted from `openedAt` to `end`.
    error OutsideVisit(uint48 openedAt, uint48 end);
    /// @notice No policy with these terms was accepted by this patient and in force from `from` to `until`.
    error NotCovered(PolicyId policyId, uint48 from, uint48 until);
    /// @notice The claim stands as `status`, where this can't be done.
    error WrongStatus(VisitId visitId, ClaimStatus status);
    /// @notice The visit's claim is another one: put to another insurer or policy, or billed otherwise.
    error OtherClaim(VisitId visitId);
    /// @notice The insurer has asked nothing.
    error NothingAsked(VisitId visitId);
    /// @notice The patient may look at the bill until `until`, and hasn't confirmed it.
    error UnderReview(VisitId visitId, uint48 until);
    /// @notice More is acknowledged than was billed.
    error AboveBill(uint256 eligible, uint256 amount);
    /// @notice A denial, in whole or part, needs a reason; an approval of everything has none.
    error InvalidReason(uint8 reason);

    // -------- events --------

    /// @notice A hospital billed a visit.
    event ClaimSubmitted(
        VisitId indexed visitId,
        address indexed insurer,
        PatientId indexed patientId,
        PolicyId policyId,
        uint256 amount,
        uint48 from,
        uint48 until,
        address doctor,
        uint16 doctorShare,
        RecordId[] records,
        bytes32 document
    );
    /// @notice The patient said that the bill is right.
    event ClaimConfirmed(VisitId indexed visitId, PatientId indexed patientId);
    /// @notice The patient said that the bill is wrong. `document` is the digest of why, sealed; zero for no words.
    event ClaimDisputed(VisitId indexed visitId, PatientId indexed patientId, bytes32 document);
    /// @notice The insurer asks the hospital. `document` is the digest of the question, sealed.
    event ClaimAsked(VisitId indexed visitId, address indexed insurer, PatientId indexed patientId, bytes32 document);
    /// @notice The hospital answered.
    event ClaimAnswered(VisitId indexed visitId, PatientId indexed patientId, bytes32 document);
    /// @notice The hospital took the bill back.
    event ClaimWithdrawn(VisitId indexed visitId, PatientId indexed patientId);
    /// @notice The insurer decided, and `approved` was moved: `fee` of it to the doctor, the rest to the hospital.
    event ClaimDecided(
        VisitId indexed visitId,
        address indexed insurer,
        PatientId indexed patientId,
        uint256 eligible,
        uint256 approved,
        uint256 fee,
        uint8 reason,
        bytes32 document
    );

    // -------- actions --------

    /// @notice Bills a visit, as its hospital, after its end and within `BILLING_PERIOD`. What has become of patient, hospital
    /// or insurer since isn't asked: the visit was, and the insurer decides.
    function submit(Bill calldata bill) external;

    /// @notice Says that the bill is right, as the patient. It takes a dispute back, too; the insurer's time begins anew then.
    /// @param bill the claim's, computed from what the patient has seen
    function confirm(VisitKey calldata visit, bytes32 bill) external;

    /// @notice Says that the bill is wrong, as the patient, before the insurer decides. Nothing is paid while it stands: the
    /// hospital withdraws the bill, or the two settle it and the patient confirms.
    /// @param bill as for `confirm`
    function dispute(VisitKey calldata visit, bytes32 bill, bytes32 document) external;

    /// @notice Asks the hospital, as the insurer. `eligible` and `reason` aren't read: nothing is decided.
    function ask(Decision calldata question) external;

    /// @notice Answers, as the hospital. The insurer's time, and the patient's, begins anew.
    function answer(VisitKey calldata visit, bytes32 document) external;

    /// @notice Takes the bill back before the decision, as the hospital; a right one may follow.
    function withdrawClaim(VisitKey calldata visit) external;

    /// @notice Decides, as the insurer, and pays what the terms give from what it has deposited, all in one. It denies at any
    /// time; it approves once the patient has confirmed the bill, or has let `REVIEW_PERIOD` pass without disputing it.
    function decide(Decision calldata decision) external;

    // -------- views --------

    /// @notice How long after its end a visit can be billed, in seconds.
    function BILLING_PERIOD() external view returns (uint48);

    /// @notice How long the patient may look at a bill before the insurer can pay, in seconds.
    function REVIEW_PERIOD() external view returns (uint48);

    /// @notice How long an insurer has; a claim that waits longer is overdue, for everyone to see.
    function DECISION_PERIOD() external view returns (uint48);

    /// @notice The most records of a bill.
    function MAX_RECORDS() external view returns (uint256);

    /// @notice The claim of a visit; zeroes when nothing was billed.
    function claimOf(VisitId visitId) external view returns (Claim memory);

    /// @notice What was spent of a policy.
    function spentOf(PolicyId policyId) external view returns (Spent memory);

    /// @notice Whether the insurer's time is over and nothing is decided; not while the hospital owes it an answer, or the
    /// patient disputes the bill. It has no effect but to be seen. Approval by silence would pay bills that nobody has read,
    /// and what of a bill is eligible no contract can know; denial by silence would reward it. What a late decision costs is
    /// for the policy's wording to say, and for whoever accredits insurers to judge.
    function isOverdue(VisitId visitId) external view returns (bool);

    /// @notice What the terms give for an amount, after what was spent: what goes to the deductible first, then what is paid.
    /// The co-payment is rounded up, so that never one unit more is paid than is covered.
    function coverageOf(
        Terms calldata terms,
        Spent calldata spent,
        uint256 eligible
    ) external pure returns (uint256 deductible, uint256 paid);

    /// @notice The policy reference that has these terms: keccak256(abi.encode(token, deductible, coPayment, limit, salt)).
    function refOf(Terms calldata terms, bytes32 salt) external pure returns (bytes32);
}
