// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IParticipants, Role} from "./interfaces/IParticipants.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {IPolicies, PolicyKey, PolicyStatus} from "./interfaces/IPolicies.sol";
import {PatientId, PolicyId} from "./interfaces/Types.sol";
import {offeredNow, PackedTerm} from "./utils/PackedTerm.sol";
import {TypedSignatures} from "./utils/TypedSignatures.sol";

/// @title Policies
/// @notice See {IPolicies}.
contract Policies is IPolicies, ERC2771Context, TypedSignatures {
    /// @dev `Policy` as it is stored.
    struct Stored {
        bytes32 digest;
        PackedTerm term;
    }

    bytes32 private constant OFFER_TYPEHASH = keccak256(
        "Offer(bytes32 patientId,bytes32 ref,bytes32 previousRef,bytes32 wording,bytes32 schedule,uint48 from,uint48 until,bytes32 offer,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc IPolicies
    uint48 public constant NOTICE = 30 days;

    /// @notice Says who is an insurer.
    IParticipants public immutable PARTICIPANTS;
    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;

    mapping(PolicyId policyId => Stored) private _policies;

    /// @inheritdoc IPolicies
    mapping(PolicyId policyId => PolicyId) public previousOf;

    constructor(
        address forwarder,
        IParticipants participants,
        IPatients patients
    ) ERC2771Context(forwarder) EIP712("Salus Policies", "1") {
        PARTICIPANTS = participants;
        PATIENTS = patients;
    }

    // -------- actions --------

    /// @inheritdoc IPolicies
    function issue(Offer calldata offer) external {
        _issue(_msgSender(), offer);
    }

    /// @inheritdoc IPolicies
    function issueBySig(
        address insurer,
        Offer calldata offer,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(OFFER_TYPEHASH, offer, nonce, deadline));
        _checkSignature(insurer, structHash, deadline, signature);

        _issue(insurer, offer);
    }

    /// @inheritdoc IPolicies
    function accept(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external {
        PATIENTS.checkController(key.patientId, _msgSender());
        (PolicyId policyId, Stored storage policy, PackedTerm term) = _existing(key);
        PolicyStatus status = _status(term);
        if (status != PolicyStatus.Offered) revert NotOffered(policyId, status);
        bytes32 digest = _digest(wording, schedule);
        if (digest != policy.digest) revert DigestMismatch(policy.digest, digest);
        // An offer doesn't outlive the right to make it.
        _checkInsurer(key.insurer);

        policy.term = term.acceptedNow();

        emit PolicyAccepted(policyId, key.insurer, key.patientId, digest);
        if (term.isAmendment()) _supersede(previousOf[policyId], policyId, term.from());
    }

    /// @inheritdoc IPolicies
    function cancel(PolicyKey calldata key, uint48 from) external {
        address by = _msgSender();
        (PolicyId policyId, Stored storage policy, PackedTerm term) = _existing(key);
        bool isInsurer = by == key.insurer;
        if (!isInsurer && PATIENTS.controllerOf(key.patientId) != by) revert NotParty(policyId, by);
        PolicyStatus status = _status(term);
        uint48 end = uint48(block.timestamp);
        if (status == PolicyStatus.Accepted || status == PolicyStatus.Active) {
            if (isInsurer && from < end + NOTICE) revert NoticeTooShort(from, end + NOTICE);
            if (from > end) end = from;
            if (end >= term.end()) revert EndsEarlier(policyId, term.end());
        } else if (status != PolicyStatus.Offered) {
            revert AlreadyOver(policyId, status);
        }

        policy.term = term.endingBy(end, true);

        emit PolicyCancelled(policyId, key.insurer, key.patientId, by, end);
    }

    /// @inheritdoc IPolicies
    function reportMismatch(PolicyKey calldata key, bytes32 wording, bytes32 schedule) external {
        PATIENTS.checkController(key.patientId, _msgSender());
        (PolicyId policyId, Stored storage policy, ) = _existing(key);
        bytes32 digest = _digest(wording, schedule);
        if (digest == policy.digest) revert CopiesEqual(policyId);

        emit MismatchReported(policyId, key.insurer, key.patientId, policy.digest, digest);
    }

    // -------- views --------

    /// @inheritdoc IPolicies
    function policyOf(PolicyId policyId) external view returns (Policy memory) {
        Stored storage policy = _policies[policyId];
        return policy.term.withDigest(policy.digest);
    }

    /// @inheritdoc IPolicies
    function statusOf(PolicyId policyId) external view returns (PolicyStatus) {
        return _status(_policies[policyId].term);
    }

    /// @inheritdoc IPolicies
    function verify(
        PolicyId policyId,
        bytes32 wording,
        bytes32 schedule
    ) external view returns (bool equal, PolicyStatus status) {
        Stored storage policy = _policies[policyId];
        // Two digests, not balances: strict equality is the point.
        // slither-disable-next-line incorrect-equality
        equal = policy.digest == _digest(wording, schedule);
        status = _status(policy.term);
    }

    /// @inheritdoc IPolicies
    function policyIdOf(PolicyKey calldata key) public pure returns (PolicyId) {
        return _policyId(key.insurer, key.patientId, key.ref);
    }

    // -------- internals --------

    function _issue(address insurer, Offer calldata offer) private {
        _checkInsurer(insurer);
        // Reverts when there is no such patient: an offer to nobody helps nobody. Who the controller is doesn't matter here.
        // slither-disable-next-line unused-return
        PATIENTS.controllerOf(offer.patientId);
        if (offer.until <= offer.from || offer.until <= block.timestamp) revert InvalidTerm(offer.from, offer.until);
        PolicyId policyId = _policyId(insurer, offer.patientId, offer.ref);
        if (_policies[policyId].term.issuedAt() != 0) revert PolicyExists(policyId);
        bool isAmendment = offer.previousRef != 0;
        PolicyId previous = PolicyId.wrap(0);
        if (isAmendment) {
            previous = _policyId(insurer, offer.patientId, offer.previousRef);
            _checkAmendable(previous, _policies[previous].term);
            previousOf[policyId] = previous;
        }

        bytes32 digest = _digest(offer.wording, offer.schedule);
        _policies[policyId] = Stored(digest, offeredNow(offer.from, offer.until, isAmendment));

        emit PolicyIssued(
            policyId,
            insurer,
            offer.patientId,
            offer.ref,
            previous,
            offer.wording,
            offer.schedule,
            offer.from,
            offer.until,
            offer.offer
        );
    }

    /// @dev `successor` was accepted and is in force from `from` on.
    function _supersede(PolicyId previous, PolicyId successor, uint48 from) private {
        PackedTerm term = _policies[previous].term;
        // Two versions may be on offer; the first that is accepted closes the other's way.
        _checkAmendable(previous, term);

        uint48 end = uint48(block.timestamp);
        if (from > end) end = from;
        // What has ended, or ends earlier, stays as it is.
        if (end < term.end()) term = term.endingBy(end, false);
        _policies[previous].term = term.superseded();

        emit PolicySuperseded(previous, successor, end);
    }

    function _checkAmendable(PolicyId previous, PackedTerm term) private view {
        if (term.acceptedAt() == 0 || term.isSuperseded()) revert NotAmendable(previous, _status(term));
    }

    function _checkInsurer(address insurer) private view {
        if (PARTICIPANTS.roleOf(insurer) != Role.Insurer) revert NotInsurer(insurer);
    }

    function _existing(
        PolicyKey calldata key
    ) private view returns (PolicyId policyId, Stored storage policy, PackedTerm term) {
        policyId = policyIdOf(key);
        policy = _policies[policyId];
        term = policy.term;
        if (term.issuedAt() == 0) revert UnknownPolicy(policyId);
    }

    function _status(PackedTerm term) private view returns (PolicyStatus) {
        // Zero means never written, and nobody can bring a written time back to zero.
        // slither-disable-start incorrect-equality
        if (term.issuedAt() == 0) return PolicyStatus.None;
        bool over = term.end() <= block.timestamp;
        if (over && term.isCancelled()) return PolicyStatus.Cancelled;
        if (term.acceptedAt() == 0) return over ? PolicyStatus.Lapsed : PolicyStatus.Offered;
        if (over) return term.end() < term.until() ? PolicyStatus.Superseded : PolicyStatus.Expired;
        return term.from() > block.timestamp ? PolicyStatus.Accepted : PolicyStatus.Active;
        // slither-disable-end incorrect-equality
    }

    function _policyId(address insurer, PatientId patientId, bytes32 ref) private pure returns (PolicyId) {
        return PolicyId.wrap(keccak256(abi.encode(insurer, patientId, ref)));
    }

    function _digest(bytes32 wording, bytes32 schedule) private pure returns (bytes32) {
        return keccak256(abi.encode(wording, schedule));
    }
}
