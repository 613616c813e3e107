// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, PolicyId} from "./Types.sol";

/// @notice What names a policy. `PolicyId` is its hash, so whoever shows the key proves whose policy it is.
struct PolicyKey {
    // The insurer that issued it.
    address insurer;
    // The insured.
    PatientId patientId;
    // 32 random bytes, the insurer's choice; no policy number, which could be guessed.
    bytes32 ref;
}

/// @notice Where a policy stands.
enum PolicyStatus {
    // Never issued.
    None,
    // Issued, and the patient hasn't accepted it.
    Offered,
    // Offered until its term ended; never was in force.
    Lapsed,
    // Accepted, and its term hasn't begun.
    Accepted,
    // In force.
    Active,
    // Was in force; its term has ended.
    Expired,
    // An offer that was withdrawn or declined, or an accepted policy that was ended before its term.
    Cancelled,
    // Ended before its term by its next version.
    Superseded
}

/// @title Policies: insurance that both sides have hashed
/// @notice The insurer anchors the digest of its policy; the patient accepts by submitting the digest of the patient's
/// own copy, and the contract refuses unless both are equal, to the bit (002-34, 002-49). Nobody can alter a policy after
/// that, neither insurer nor patient. The wording is public, the schedule (who, which card) is salted (002-35).
/// A new version, an amendment or a renewal, is a policy of its own that names the one before: it counts once the patient
/// accepts it, and until then, or for ever, the one before stands. Silence is refusal.
interface IPolicies {
    // -------- types --------

    /// @notice A policy: two slots. Nothing of it changes after the issue but `acceptedAt`, once; `end`, to earlier only;
    /// and the marks that go with it.
    struct Policy {
        // keccak256(abi.encode(wording, schedule)), see `Offer`.
        bytes32 digest;
        // In force from this time, Unix seconds, though never before it is accepted.
        uint48 from;
        // In force before this time as issued, Unix seconds.
        uint48 until;
        // In force before this time: `until`, or earlier once cancelled or superseded.
        uint48 end;
        // Block time of the issue.
        uint40 issuedAt;
        // Block time of the patient's acceptance; 0 before it.
        uint40 acceptedAt;
        // Whether it is a version after another, see `previousOf`.
        bool isAmendment;
        // Whether it is cancelled, so that `end` is the cancellation's.
        bool isCancelled;
        // Whether a next version was accepted.
        bool isSuperseded;
    }

    /// @notice What an insurer offers; the EIP-712 type `Offer` has these fields, a nonce and a deadline.
    struct Offer {
        // The insured.
        PatientId patientId;
        // The reference, used once for each patient; see `PolicyKey`.
        bytes32 ref;
        // The reference of the version that this one follows; zero for a first version. With insurer and patient it makes
        // the id, so nobody can amend what somebody else has issued, or for somebody else.
        bytes32 previousRef;
        // sha2-256 of the wording's bytes.
        bytes32 wording;
        // sha2-256 of a random 32-byte salt followed by the schedule's bytes.
        bytes32 schedule;
        // In force from this time, Unix seconds.
        uint48 from;
        // In force before this time, Unix seconds.
        uint48 until;
        // sha2-256 digest of the CID of a small public JSON object that says where the wording, and the schedule and salt
        // sealed to the patient, are on IPFS.
        bytes32 offer;
    }

    // -------- errors --------

    /// @notice `account` is not accredited as an insurer now.
    error NotInsurer(address account);
    /// @notice The insurer has issued a policy under this reference already.
    error PolicyExists(PolicyId policyId);
    /// @notice Nothing was issued under this key.
    error UnknownPolicy(PolicyId policyId);
    /// @notice The term is empty or over.
    error InvalidTerm(uint48 from, uint48 until);
    /// @notice `previous`, which stands as `status`, was never accepted, or has an accepted next version already.
    error NotAmendable(PolicyId previous, PolicyStatus status);
    /// @notice The patient's copy isn't the insurer's.
    error DigestMismatch(bytes32 insurers, bytes32 patients);
    /// @notice The patient's copy is the insurer's: there is no mismatch to report.
    error CopiesEqual(PolicyId policyId);
    /// @notice The policy stands as `status`, not as an offer.
    error NotOffered(PolicyId policyId, PolicyStatus status);
    /// @notice `account` is neither the insurer of the policy nor acts for its patient.
    error NotParty(PolicyId policyId, address account);
    /// @notice The policy is over, or the offer is: it stands as `status`.
    error AlreadyOver(PolicyId policyId, PolicyStatus status);
    /// @notice The policy ends at `end` anyway, which is no later than asked for.
    error EndsEarlier(PolicyId policyId, uint48 end);
    /// @notice An insurer may end an accepted policy from `earliest` on, no sooner.
    error NoticeTooShort(uint48 from, uint48 earliest);

    // -------- events --------

    /// @notice An insurer offered a policy. The values are those of `Offer`.
    /// @param previous the version that this one follows; zero for a first version
    event PolicyIssued(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        bytes32 ref,
        PolicyId previous,
        bytes32 wording,
        bytes32 schedule,
        uint48 from,
        uint48 until,
        bytes32 offer
    );
    /// @notice The patient's copy equals the insurer's and the patient accepted.
    event PolicyAccepted(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        bytes32 digest
    );
    /// @notice The patient accepted `successor`, so `previous` ends at `from`, unless it ends earlier.
    event PolicySuperseded(PolicyId indexed previous, PolicyId indexed successor, uint48 from);
    /// @notice An offer was withdrawn or declined, or an accepted policy ends at `from`. `by` is the insurer, or the account
    /// that acts for the patient.
    event PolicyCancelled(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        address by,
        uint48 from
    );
    /// @notice The patient says that another copy was handed over than the insurer anchored.
    event MismatchReported(
        PolicyId indexed policyId,
        address indexed insurer,
        PatientId indexed patientId,
        bytes32 insurers,
        bytes32 patients
    );

    // -------- actions --------

    /// @notice Offers a policy to a patient, as an accredited insurer.
    function issue(Offer calldata offer) external;

    /// @notice Carries an offer that `insurer` signed, as anyone; once.
    /// @param nonce the insurer's own number of this signature, which its audit names it by
    /// @param deadline the signature is valid up to this time, Unix seconds
    /// @param signature of `insurer` over `Offer(bytes32 patientId,bytes32 ref,bytes32 previousRef,bytes32 wording,
    /// bytes32 schedule,uint48 from,uint48 until,bytes32 offer,uint256 nonce,uint256 deadline)`
    function issueBySig(
        address insurer,
        Offer calldata offer,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Accepts an offer, as the patient, of an insurer that is accredited now. `wording` and `schedule` are computed
    /// from the patient's own copy. The version before ends when this one begins, or now if that is past.
    function accept(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external;

    /// @notice Withdraws an offer, as its insurer, or declines it, as the patient: at once, whatever `from` is. Ends an
    /// accepted policy from `from` on: the patient at any time, where the past means now; the insurer with `NOTICE`.
    /// @param from Unix seconds; must be before the policy's present end
    function cancel(PolicyKey calldata key, uint48 from) external;

    /// @notice Tells everyone, as the patient, that the copy that the insurer handed over isn't the one that it anchored.
    /// Changes nothing. `wording` and `schedule` are computed from the patient's own copy.
    function reportMismatch(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external;

    // -------- views --------

    /// @notice How long before the end an insurer must tell, in seconds.
    function NOTICE() external view returns (uint48);

    /// @notice The stored policy; zeroes when unknown.
    function policyOf(PolicyId policyId) external view returns (Policy memory);

    /// @notice The version before this one; zero for a first version.
    function previousOf(PolicyId policyId) external view returns (PolicyId);

    /// @notice Where the policy stands now.
    function statusOf(PolicyId policyId) external view returns (PolicyStatus);

    /// @notice Whether a copy with these digests is the policy, to the bit, and where the policy stands.
    /// Whether the insurer is still accredited is for `Participants.roleOf` to say.
    function verify(
        PolicyId policyId,
        bytes32 wording,
        bytes32 schedule
    ) external view returns (bool equal, PolicyStatus status);

    /// @notice keccak256(abi.encode(insurer, patientId, ref)).
    function policyIdOf(PolicyKey calldata key) external pure returns (PolicyId);
}
