// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IConsents} from "../../contracts/interfaces/IConsents.sol";
import {IKeys} from "../../contracts/interfaces/IKeys.sol";
import {IPatients} from "../../contracts/interfaces/IPatients.sol";
import {PolicyStatus} from "../../contracts/interfaces/IPolicies.sol";
import {PatientId, PolicyId, RecordId, ScopeId} from "../../contracts/interfaces/Types.sol";
import {CareHandler} from "./helpers/CareHandler.sol";

/// @title CareTest
/// @notice What must hold of patients, keys, consents, records and policies after any acts of anybody; told in
/// docs/invariants.md.
contract CareTest {
    CareHandler private _handler;

    function setUp() external {
        _handler = new CareHandler();
    }

    /// @dev Read by the runner: only the handler is called at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice All promises, each checked after every call of the run.
    function invariant_everyPromiseHolds() external view {
        _aPersonIsRegisteredOnce();
        _aControllerChangesOnlyWithBoth();
        _aKeysVersionCountsItsReplacements();
        _anEpochRisesWithTheKeyAndOnlySo();
        _anEndedGrantGrantsNothing();
        _aSignatureIsTakenOnce();
        _nobodyAppendsWithoutTheRight();
        _anAnchorNeverChanges();
        _theHeadIsTheFoldOfTheAnchors();
        _aPolicyIsAcceptedOnlyWhenEqualAndOfAnInsurer();
        _everyPolicyIsAsPromised();
        _nothingOutlivesADeregistration();
        _everyActIsTakenOrRefusedAsInTheModel();
    }

    function _everyActIsTakenOrRefusedAsInTheModel() private view {
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    function _aPersonIsRegisteredOnce() private view {
        uint256 registered = 0;
        for (uint256 i = 0; i < _handler.PERSONS(); ++i) {
            bytes32 tag = _handler.personTag(i);
            require(_handler.registrations(tag) <= 1, "a person registered twice");
            require(_handler.PATIENTS().isRegistered(tag) == (_handler.registrations(tag) == 1), "a tag is wrong");
            registered += _handler.registrations(tag);
        }
        uint256 present = 0;
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            if (_handler.PATIENTS().isPatient(_handler.patients(i))) ++present;
        }
        require(present == registered, "a patient without a person");
    }

    function _aControllerChangesOnlyWithBoth() private view {
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            PatientId id = _handler.patients(i);
            address controller = _handler.PATIENTS().patientOf(id).controller;
            require(controller == _handler.controllerInModel(id), "another controller");
        }
    }

    function _aKeysVersionCountsItsReplacements() private view {
        for (uint256 i = 0; i < _handler.WALLETS(); ++i) {
            address account = _handler.wallet(i);
            IKeys.Key memory key = _handler.KEYS().keyOf(account);
            require(key.version == _handler.keyVersions(account), "another version");
            require(key.publicKey == _handler.keyInModel(account), "another key");
        }
    }

    function _anEpochRisesWithTheKeyAndOnlySo() private view {
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            for (uint256 j = 0; j < _handler.SCOPES(); ++j) {
                (PatientId id, ScopeId scope) = (_handler.patients(i), _handler.scope(j));
                IConsents.Scope memory stored = _handler.CONSENTS().scopeOf(id, scope);
                (bytes32 key, uint64 epoch) = _handler.scopes(id, scope);
                require(stored.publicKey == key && stored.epoch == epoch, "another key or epoch");
                require(key != 0 || epoch == 0, "an epoch without a key");
            }
        }
    }

    function _anEndedGrantGrantsNothing() private view {
        for (uint256 i = 0; i < _handler.grantedCount(); ++i) {
            (PatientId id, ScopeId scope, address grantee) = _handler.granted(i);
            (uint48 until, uint8 rights) = _handler.grants(id, scope, grantee);
            for (uint8 right = 1; right <= 2; ++right) {
                bool expected = until > block.timestamp && rights & right == right && !_handler.isDeregistered(id);
                bool stands = _handler.CONSENTS().isGranted(id, ScopeId.unwrap(scope), grantee, right);
                require(stands == expected, "granted otherwise than said");
            }
        }
    }

    function _aSignatureIsTakenOnce() private view {
        require(_handler.carriedTwice() == 0, "a signature was carried twice");
        for (uint256 i = 0; i < _handler.WALLETS(); ++i) {
            address signer = _handler.wallet(i);
            require(_handler.CONSENTS().nonces(signer) == _handler.signatures(signer), "another nonce");
        }
    }

    function _nobodyAppendsWithoutTheRight() private view {
        require(_handler.wronglyAppended() == 0, "somebody appended without the right");
    }

    function _anAnchorNeverChanges() private view {
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            RecordId[] memory records = _handler.recordsOf(_handler.patients(i));
            for (uint256 j = 0; j < records.length; ++j) {
                require(_handler.RECORDS().anchorOf(records[j]) == _handler.anchors(records[j]), "another anchor");
            }
        }
    }

    function _theHeadIsTheFoldOfTheAnchors() private view {
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            PatientId id = _handler.patients(i);
            RecordId[] memory records = _handler.recordsOf(id);
            bytes32 head = 0;
            for (uint256 j = 0; j < records.length; ++j) {
                head = keccak256(abi.encode(head, _handler.anchors(records[j])));
            }
            require(_handler.RECORDS().headOf(id) == head, "another head");
        }
    }

    function _aPolicyIsAcceptedOnlyWhenEqualAndOfAnInsurer() private view {
        require(_handler.wronglyAccepted() == 0, "a policy was accepted by another copy, or of no insurer");
    }

    /// @dev That an accepted policy never changes, that none ever gets longer, and that versions never fork.
    function _everyPolicyIsAsPromised() private view {
        string memory fault = _handler.faultOfPolicies();
        require(bytes(fault).length == 0, fault);
    }

    function _nothingOutlivesADeregistration() private view {
        for (uint256 i = 0; i < _handler.patientCount(); ++i) {
            PatientId id = _handler.patients(i);
            require(_handler.PATIENTS().isPatient(id) != _handler.isDeregistered(id), "not as deregistered");
            if (!_handler.isDeregistered(id)) continue;
            IPatients.Patient memory left = _handler.PATIENTS().patientOf(id);
            require(left.registeredAt != 0 && left.commitment == 0 && left.profile == 0, "no tombstone");
            try _handler.PATIENTS().controllerOf(id) {
                revert("somebody acts for a deregistered patient");
            } catch {}
        }
    }

    /// @notice The handler isn't idle: a plain run of it comes by every state that the invariants are about.
    function test_theHandlerReachesEveryState() external {
        for (uint256 i = 0; i < 4000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            (uint256 a, uint256 b, uint256 c, uint256 d) = (seed >> 8, seed >> 56, seed >> 104, seed >> 152);
            _act(seed % 24, a, b, c, d, uint24(seed >> 200));
        }
        string[19] memory acts = [
            "register",
            "deregister",
            "rotateController",
            "publish",
            "openScope",
            "rotateScope",
            "grant",
            "grantBySig",
            "carry again",
            "revoke",
            "append by the patient",
            "append by another",
            "issue",
            "issue by signature",
            "accept",
            "cancel an offer",
            "cancel a policy",
            "reportMismatch",
            "turnDoctor"
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            // Some acts can only be taken as often as there are persons or scopes, and one must never be.
            bool never = keccak256(bytes(acts[i])) == keccak256("carry again");
            require(never || _handler.count(acts[i]) > 1, acts[i]);
            string memory refused = string.concat(acts[i], " refused");
            require(i == acts.length - 1 || _handler.count(refused) > 1, refused);
        }
        require(_handler.count("accept a next version") > 0, "accept a next version");
        require(_handler.count("turnInsurer") > 3, "turnInsurer");
        require(_handler.count("turnHospital") > 3, "turnHospital");
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    /// @notice Whoever submits other digests than the insurer's is told that the copies differ, and by `verify` as well.
    function testFuzz_onlyTheSameCopyVerifies(bytes32 wording, bytes32 schedule, uint8 bit, bool side) external {
        _handler.issue(0, 0, 0, 0, 1 hours + 1, 0);
        (bytes32 issuedWording, bytes32 issuedSchedule) = _handler.copy(0);
        PolicyId id = _handler.policyIds(0);
        (bool equal, PolicyStatus status) = _handler.POLICIES().verify(id, issuedWording, issuedSchedule);
        require(equal && status == PolicyStatus.Offered, "the policy itself doesn't verify");
        bytes32 flipped = bytes32(uint256(1) << bit);
        (equal, ) = side
            ? _handler.POLICIES().verify(id, issuedWording ^ flipped, issuedSchedule)
            : _handler.POLICIES().verify(id, issuedWording, issuedSchedule ^ flipped);
        require(!equal, "a copy verifies that differs by one bit");
        (equal, ) = _handler.POLICIES().verify(id, wording, schedule);
        require(equal == (wording == issuedWording && schedule == issuedSchedule), "another copy verifies");
    }

    function _act(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d, uint24 e) private {
        if (which == 0) _handler.register(a, b, c, uint8(e));
        else if (which == 1) _handler.rotateController(a, b, c, uint8(e));
        else if (which == 2) _handler.publishKey(a, b);
        else if (which == 3) _handler.openScope(a, b, c, d);
        else if (which == 4) _handler.rotateScope(a, b, c, d);
        else if (which == 5) _handler.grant(a, b, c, d, uint8(e >> 16), uint24(e));
        else if (which == 6) _handler.grantBySig(a, b, c, d, uint8(e));
        else if (which == 7) _handler.carryAgain(a);
        else if (which == 8) _handler.revokeGrant(a, b, c, d);
        else if (which < 12) _handler.append(a, b, c, d, e, uint8(e));
        else if (which == 12) _turn(a, b, c);
        else if (which == 13) _handler.pass(uint16(a));
        else _insure(which, a, b, c, d, e);
    }

    function _insure(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d, uint24 e) private {
        if (which < 17) _handler.issue(a, b, c, d, e, uint8(a >> 8));
        else if (which < 21) _handler.accept(a, b, c, d);
        else if (which < 23) _handler.cancel(a, b, c, d, uint8(e));
        else _handler.reportMismatch(a, b, c, d);
    }

    function _turn(uint256 a, uint256 b, uint256 c) private {
        if (a % 8 == 0) _handler.cancelSignatures(b);
        else if (a % 8 == 1) _handler.turnInsurer(b);
        else if (a % 8 == 2) _handler.deregister(b, c, c % 3 == 0 ? 0 : 1);
        else if (a % 2 == 0) _handler.turnDoctor(b);
        else _handler.turnHospital(b);
    }
}
