// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {IPolicies, PolicyKey, PolicyStatus} from "../../../contracts/interfaces/IPolicies.sol";
import {PatientId, PolicyId} from "../../../contracts/interfaces/Types.sol";
import {CareWorld} from "./CareWorld.sol";
import {signOffer} from "./signatures.sol";

/// @title InsuranceActs
/// @notice What insurers and patients do with policies, rightly and wrongly, and the model of it.
abstract contract InsuranceActs is CareWorld {
    uint256 private constant REFS = 8;

    mapping(PolicyId => PolicyKey) private _keys;

    /// @dev `how` 0 to 2: by the insurer; 3, 4: carried by a stranger with the insurer's signature; 5: by a stranger; 6:
    /// carried, and signed by another insurer; 7: carried, and altered after signing. Half of them follow another version.
    function issue(
        uint256 patientSeed,
        uint256 insurerSeed,
        uint256 refSeed,
        uint256 copySeed,
        uint24 time,
        uint8 how
    ) external {
        IPolicies.Offer memory offer = _offer(patientSeed, refSeed, copySeed, time);
        if (refSeed % 2 == 1 && policyIds.length > 0) {
            PolicyKey storage followed = _keys[policyIds[(refSeed / 16) % policyIds.length]];
            (offer.patientId, offer.previousRef) = (followed.patientId, followed.ref);
            // Sometimes somebody else's.
            if (copySeed % 8 != 0) insurerSeed = followed.insurer == insurer(0) ? 0 : 1;
        }
        how %= 8;
        address issuer = how == 5 ? STRANGER : insurer(insurerSeed);
        PolicyId policyId = _idOf(issuer, offer.patientId, offer.ref);

        bool expected = how < 5 && _isIssuable(issuer, policyId, offer);
        bool carried = how == 3 || how == 4 || how > 5;
        bytes memory call =
            carried
                ? _carried(issuer, how == 6 ? insurerSeed + 1 : insurerSeed, offer, how == 7)
                : abi.encodeCall(IPolicies.issue, (offer));
        string memory what = carried ? "issue by signature" : "issue";
        if (!_tried(carried ? STRANGER : issuer, address(POLICIES), expected, what, call)) return;

        bool isAmendment = offer.previousRef != 0;
        policies[policyId] = IPolicies.Policy(
            keccak256(abi.encode(offer.wording, offer.schedule)),
            offer.from,
            offer.until,
            offer.until,
            uint40(block.timestamp),
            0,
            isAmendment,
            false,
            false
        );
        if (isAmendment) previousInModel[policyId] = _idOf(issuer, offer.patientId, offer.previousRef);
        _keys[policyId] = PolicyKey(issuer, offer.patientId, offer.ref);
        lowestEnd[policyId] = type(uint48).max;
        policyIds.push(policyId);
        _watch(policyId);
    }

    function accept(uint256 policySeed, uint256 callerSeed, uint256 patientSeed, uint256 copySeed) external {
        PolicyKey memory key = _key(policySeed, patientSeed);
        PatientId patientId = key.patientId;
        address caller = _callerFor(patientId, callerSeed);
        PolicyId policyId = POLICIES.policyIdOf(key);
        IPolicies.Policy storage model = policies[policyId];

        (bytes32 wording, bytes32 schedule) = _copyFor(model, copySeed);
        bool isEqual = model.digest == keccak256(abi.encode(wording, schedule));
        bool isInsurer = PARTICIPANTS.roleOf(key.insurer) == Role.Insurer;
        PolicyId previous = previousInModel[policyId];
        bool isOpen = _isOffered(model) && !policies[previous].isSuperseded;
        bool expected =
            caller == controllerInModel[patientId] && !isDeregistered[patientId] && isOpen && isEqual && isInsurer;
        bytes memory call = abi.encodeCall(IPolicies.accept, (key, wording, schedule));
        if (!_tried(caller, address(POLICIES), expected, "accept", call)) return;

        if (!isEqual || !isInsurer || isDeregistered[patientId]) ++wronglyAccepted;
        model.acceptedAt = uint40(block.timestamp);
        acceptedAs[policyId] = _promised(policyId, POLICIES.policyOf(policyId));
        if (!model.isAmendment) return;
        uint48 end = model.from > block.timestamp ? model.from : uint48(block.timestamp);
        IPolicies.Policy storage replaced = policies[previous];
        replaced.isSuperseded = true;
        ++successors[previous];
        if (end < replaced.end) (replaced.end, replaced.isCancelled) = (end, false);
        _watch(previous);
        ++count["accept a next version"];
    }

    /// @dev `who` 0: the insurer; 1 to 2: the patient's controller; 3: anybody.
    function cancel(uint256 policySeed, uint256 patientSeed, uint256 callerSeed, uint256 time, uint8 who) external {
        PolicyKey memory key = _key(policySeed, patientSeed);
        PatientId patientId = key.patientId;
        PolicyId policyId = POLICIES.policyIdOf(key);
        IPolicies.Policy storage model = policies[policyId];
        address caller =
            who % 4 == 0
                ? key.insurer
                : who % 4 == 3
                    ? wallet(callerSeed)
                    : controllerInModel[patientId];
        uint48 from = uint48(time % 3 == 0 ? time % block.timestamp : block.timestamp + (time % 70 days));

        uint48 end = uint48(block.timestamp);
        bool expected = caller == key.insurer || (caller == controllerInModel[patientId] && !isDeregistered[patientId]);
        if (model.acceptedAt == 0) {
            expected = expected && _isOffered(model);
        } else {
            if (caller == key.insurer) expected = expected && from >= end + 30 days;
            if (from > end) end = from;
            expected = expected && model.end > block.timestamp && end < model.end;
        }
        bytes memory call = abi.encodeCall(IPolicies.cancel, (key, from));
        string memory what = model.acceptedAt == 0 ? "cancel an offer" : "cancel a policy";
        if (!_tried(caller, address(POLICIES), expected, what, call)) return;
        (model.end, model.isCancelled) = (end, true);
        _watch(policyId);
    }

    function reportMismatch(uint256 policySeed, uint256 patientSeed, uint256 callerSeed, uint256 copySeed) external {
        PolicyKey memory key = _key(policySeed, patientSeed);
        PatientId patientId = key.patientId;
        address caller = _callerFor(patientId, callerSeed);
        IPolicies.Policy storage model = policies[POLICIES.policyIdOf(key)];

        (bytes32 wording, bytes32 schedule) = _copyFor(model, copySeed);
        bool differs = model.digest != keccak256(abi.encode(wording, schedule));
        bool expected =
            caller == controllerInModel[patientId] && !isDeregistered[patientId] && model.issuedAt != 0 && differs;
        bytes memory call = abi.encodeCall(IPolicies.reportMismatch, (key, wording, schedule));
        _tried(caller, address(POLICIES), expected, "reportMismatch", call);
    }

    // -------- what the invariants ask for --------

    /// @notice What is wrong with the contract's policies, or nothing. One walk over them for all that is promised.
    function faultOfPolicies() external view returns (string memory) {
        for (uint256 i = 0; i < policyIds.length; ++i) {
            PolicyId id = policyIds[i];
            IPolicies.Policy memory stored = POLICIES.policyOf(id);
            IPolicies.Policy memory model = policies[id];
            if (acceptedAs[id] != 0 && acceptedAs[id] != _promised(id, stored)) return "an accepted policy changed";
            if (stored.end > lowestEnd[id] || stored.end > stored.until) return "a policy got longer";
            if (successors[id] > 1) return "two accepted successors";
            if (stored.isSuperseded != (successors[id] == 1)) return "a successor isn't noted";
            if (keccak256(abi.encode(stored)) != keccak256(abi.encode(model))) return "a policy isn't as in the model";
            if (POLICIES.statusOf(id) != _statusOf(model)) return "a policy stands otherwise than in the model";
        }
        return "";
    }

    // -------- internals --------

    /// @dev All of a policy, as the contract has it, that may not change once it is accepted.
    function _promised(PolicyId id, IPolicies.Policy memory stored) private view returns (bytes32) {
        (uint48 from, uint48 until) = (stored.from, stored.until);
        (uint40 issuedAt, uint40 acceptedAt) = (stored.issuedAt, stored.acceptedAt);
        return keccak256(abi.encode(stored.digest, from, until, issuedAt, acceptedAt, POLICIES.previousOf(id)));
    }

    function _statusOf(IPolicies.Policy memory model) private view returns (PolicyStatus) {
        bool over = model.end <= block.timestamp;
        if (model.acceptedAt == 0) {
            if (model.isCancelled) return PolicyStatus.Cancelled;
            return over ? PolicyStatus.Lapsed : PolicyStatus.Offered;
        }
        if (!over) return model.from <= block.timestamp ? PolicyStatus.Active : PolicyStatus.Accepted;
        if (model.isCancelled) return PolicyStatus.Cancelled;
        return model.end < model.until ? PolicyStatus.Superseded : PolicyStatus.Expired;
    }

    function _offer(
        uint256 patientSeed,
        uint256 refSeed,
        uint256 copySeed,
        uint24 time
    ) private view returns (IPolicies.Offer memory) {
        (bytes32 wording, bytes32 schedule) = copy(copySeed);
        // A term of up to two months that has begun, is to begin, or is empty or over.
        uint48 from = uint48(block.timestamp + (time % 4 hours) - 1 hours);
        uint48 until = uint48(from + ((uint256(time) * 7) % 64 days));
        if (time % 16 == 0) until = from;
        return IPolicies.Offer(patient(patientSeed), _ref(refSeed / 2), 0, wording, schedule, from, until, 0);
    }

    function _carried(
        address issuer,
        uint256 signerSeed,
        IPolicies.Offer memory offer,
        bool altered
    ) private view returns (bytes memory) {
        bytes memory signature = signOffer(address(POLICIES), insurerKey(signerSeed), offer, 7, DEADLINE);
        if (altered) ++offer.until;
        return abi.encodeCall(IPolicies.issueBySig, (issuer, offer, 7, DEADLINE, signature));
    }

    function _isIssuable(address issuer, PolicyId policyId, IPolicies.Offer memory offer) private view returns (bool) {
        if (offer.previousRef != 0) {
            IPolicies.Policy storage previous = policies[_idOf(issuer, offer.patientId, offer.previousRef)];
            if (previous.acceptedAt == 0 || previous.isSuperseded) return false;
        }
        return
            PARTICIPANTS.roleOf(issuer) == Role.Insurer &&
            !isDeregistered[offer.patientId] &&
            offer.until > offer.from &&
            offer.until > block.timestamp &&
            policies[policyId].issuedAt == 0;
    }

    function _isOffered(IPolicies.Policy storage model) private view returns (bool) {
        return model.issuedAt != 0 && model.acceptedAt == 0 && !model.isCancelled && model.until > block.timestamp;
    }

    function _watch(PolicyId policyId) private {
        uint48 end = POLICIES.policyOf(policyId).end;
        if (end < lowestEnd[policyId]) lowestEnd[policyId] = end;
    }

    /// @dev Mostly a policy that there is.
    function _key(uint256 policySeed, uint256 patientSeed) private view returns (PolicyKey memory) {
        if (policySeed % 4 == 0 || policyIds.length == 0) {
            return PolicyKey(insurer(policySeed / 4), patient(patientSeed), _ref(policySeed / 8));
        }
        return _keys[policyIds[(policySeed / 4) % policyIds.length]];
    }

    /// @dev Mostly the copy that the insurer anchored.
    function _copyFor(
        IPolicies.Policy storage model,
        uint256 seed
    ) private view returns (bytes32 wording, bytes32 schedule) {
        (wording, schedule) = copy(seed);
        for (uint256 i = 0; i < 3 && seed % 4 != 0; ++i) {
            (bytes32 first, bytes32 second) = copy(i);
            if (keccak256(abi.encode(first, second)) == model.digest) return (first, second);
        }
    }

    function _ref(uint256 seed) private pure returns (bytes32) {
        return bytes32(1 + (seed % REFS));
    }

    function _idOf(address issuer, PatientId patientId, bytes32 ref) private pure returns (PolicyId) {
        return PolicyId.wrap(keccak256(abi.encode(issuer, patientId, ref)));
    }
}
