// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IConsents} from "../../../contracts/interfaces/IConsents.sol";
import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {PatientId, ScopeId} from "../../../contracts/interfaces/Types.sol";
import {InsuranceActs} from "./InsuranceActs.sol";
import {PatientActs} from "./PatientActs.sol";
import {signGrant} from "./signatures.sol";

/// @title CareHandler
/// @notice Patients, authors, insurers and strangers act at random, rightly and wrongly. Before each act the model says
/// whether it must be taken; after it, the model keeps what the contracts must agree with.
contract CareHandler is InsuranceActs, PatientActs {
    // -------- keys --------

    function publishKey(uint256 callerSeed, uint256 keySeed) external {
        address caller = wallet(callerSeed);
        bytes32 key = keySeed % 8 == 0 ? bytes32(0) : bytes32(keySeed);
        if (_tried(caller, address(KEYS), key != 0, "publish", abi.encodeCall(KEYS.publish, (key, 0)))) {
            ++keyVersions[caller];
            keyInModel[caller] = key;
        }
    }

    // -------- consents --------

    function grant(
        uint256 patientSeed,
        uint256 callerSeed,
        uint256 scopeSeed,
        uint256 granteeSeed,
        uint8 rights,
        uint24 time
    ) external {
        IConsents.Terms memory terms = _terms(patientSeed, scopeSeed, granteeSeed, rights, time);
        address caller = _caller(patientSeed, callerSeed);

        bool expected = caller == controllerInModel[terms.patientId] && _isSound(terms);
        bytes memory call = abi.encodeCall(IConsents.grant, (terms));
        if (_tried(caller, address(CONSENTS), expected, "grant", call)) _setGrant(terms);
    }

    /// @dev `ahead` of 8: signed over a nonce to come, which must be refused.
    function grantBySig(
        uint256 patientSeed,
        uint256 signerSeed,
        uint256 scopeSeed,
        uint256 granteeSeed,
        uint8 ahead
    ) external {
        IConsents.Terms memory terms = _terms(patientSeed, scopeSeed, granteeSeed, 3, 1 days);
        address controller = controllerInModel[terms.patientId];
        address signer = _caller(patientSeed, signerSeed);
        uint256 nonce = signatures[controller] + (ahead % 8 == 0 ? 1 : 0);
        bytes memory call = abi.encodeCall(
            IConsents.grantBySig,
            (terms, DEADLINE, signGrant(address(CONSENTS), keyOfWallet[signer], terms, nonce, DEADLINE))
        );

        if (!_tried(STRANGER, address(CONSENTS), signer == controller && ahead % 8 != 0, "grantBySig", call)) return;
        ++signatures[controller];
        _setGrant(terms);
        carried.push(call);
    }

    /// @dev Somebody kept a call by signature and carries it once more.
    function carryAgain(uint256 seed) external {
        if (carried.length == 0) return;
        if (_tried(STRANGER, address(CONSENTS), false, "carry again", carried[seed % carried.length])) ++carriedTwice;
    }

    function cancelSignatures(uint256 callerSeed) external {
        address caller = wallet(callerSeed);
        bytes memory call = abi.encodeCall(CONSENTS.cancelSignatures, ());
        if (_tried(caller, address(CONSENTS), true, "cancelSignatures", call)) signatures[caller] += 1 << 64;
    }

    function revokeGrant(uint256 patientSeed, uint256 callerSeed, uint256 scopeSeed, uint256 granteeSeed) external {
        (PatientId patientId, address caller, ScopeId id) = (
            patient(patientSeed),
            _caller(patientSeed, callerSeed),
            scope(scopeSeed)
        );
        address grantee = author(granteeSeed);
        GrantModel storage model = grants[patientId][id][grantee];

        bool expected = caller == controllerInModel[patientId] && model.rights != 0;
        bytes memory call = abi.encodeCall(IConsents.revoke, (patientId, ScopeId.unwrap(id), grantee));
        if (_tried(caller, address(CONSENTS), expected, "revoke", call)) delete grants[patientId][id][grantee];
    }

    // -------- records --------

    /// @dev A single record for a `length` of 0, else a batch.
    function append(
        uint256 patientSeed,
        uint256 authorSeed,
        uint256 scopeSeed,
        uint256 keySeed,
        uint256 nonceSeed,
        uint8 length
    ) external {
        (PatientId patientId, ScopeId id) = (patient(patientSeed), scope(scopeSeed));
        address by = authorSeed % 3 == 0 ? _caller(patientSeed, 1) : author(authorSeed);
        bytes32 key = keySeed % 4 == 0 ? scopeKey(keySeed) : scopes[patientId][id].key;
        IRecords.Entry[] memory entries = _entries(length % 4, nonceSeed);

        bool isPatient = by == controllerInModel[patientId];
        bool isAuthor = isPatient || (_isGranted(patientId, id, by, 2) && PARTICIPANTS.roleOf(by) != Role.None);
        bool isFresh = true;
        for (uint256 i = 0; i < entries.length; ++i) {
            isFresh = isFresh && anchors[RECORDS.recordIdOf(patientId, by, entries[i].nonce)] == 0;
        }
        bool isCurrent = key != 0 && key == scopes[patientId][id].key;
        bool single = length % 4 == 0;
        bool expected = isAuthor && isFresh && (isCurrent || (single && isPatient));
        bytes memory call =
            single
                ? abi.encodeCall(IRecords.append, (patientId, id, key, entries[0]))
                : abi.encodeCall(IRecords.appendBatch, (patientId, id, key, entries));
        string memory what = isPatient ? "append by the patient" : "append by another";
        if (!_tried(by, address(RECORDS), expected, what, call)) return;

        if (!isAuthor || (!isCurrent && !(single && isPatient))) ++wronglyAppended;
        for (uint256 i = 0; i < entries.length; ++i) _setRecord(patientId, id, key, by, entries[i]);
    }

    // -------- what happens besides --------

    /// @dev A doctor is revoked, or accredited again.
    function turnDoctor(uint256 seed) external {
        address doctor = doctorOf(seed);
        if (PARTICIPANTS.roleOf(doctor) == Role.None) _accreditDoctor(doctor);
        else PARTICIPANTS.revoke(doctor);
        ++count["turnDoctor"];
    }

    /// @dev The hospital, and with it every doctor, is revoked, or taken back.
    function turnHospital(uint256 seed) external {
        if (seed % 4 != 0) return;
        if (PARTICIPANTS.roleOf(HOSPITAL) == Role.None) _accreditHospital();
        else PARTICIPANTS.revoke(HOSPITAL);
        ++count["turnHospital"];
    }
}
