// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IConsents} from "../../../contracts/interfaces/IConsents.sol";
import {IPatients} from "../../../contracts/interfaces/IPatients.sol";
import {PatientId, ScopeId} from "../../../contracts/interfaces/Types.sol";
import {CareWorld} from "./CareWorld.sol";
import {signAttestation, signRotation} from "./signatures.sol";
import {VM} from "./Vm.sol";

/// @title PatientActs
/// @notice What patients do with their pseudonyms and drawers, rightly and wrongly, and the model of it. Time passes, too.
abstract contract PatientActs is CareWorld {
    // -------- pseudonyms --------

    /// @dev `how` 0 to 4: as it must be; 5: signed for another account; 6: too late; 7: signed by nobody in particular.
    function register(uint256 callerSeed, uint256 personSeed, uint256 commitmentSeed, uint8 how) external {
        how %= 8;
        address caller = wallet(callerSeed);
        bytes32 tag = personTag(personSeed);
        bytes32 commitment = keccak256(abi.encode("commitment", commitmentSeed % 64));
        uint256 deadline = how == 6 ? block.timestamp - 1 : block.timestamp + 1 days;
        address named = how == 5 ? wallet(callerSeed + 1) : caller;
        bytes memory signature = signAttestation(
            address(PATIENTS),
            how == 7 ? 99 : REGISTRY_KEY,
            named,
            tag,
            commitment,
            0,
            deadline
        );
        PatientId patientId = PatientId.wrap(keccak256(abi.encode(caller, commitment)));

        bool expected = how < 5 && registrations[tag] == 0 && tags[patientId] == 0;
        IPatients.Attestation memory attestation = IPatients.Attestation(
            VM.addr(REGISTRY_KEY),
            tag,
            commitment,
            0,
            deadline
        );
        if (
            !_tried(
                caller,
                address(PATIENTS),
                expected,
                "register",
                abi.encodeCall(IPatients.register, (attestation, 0, signature))
            )
        ) return;

        _setPatient(patientId, tag, caller);
    }

    /// @dev Every eighth time only, or nobody would be left.
    function deregister(uint256 patientSeed, uint256 callerSeed, uint8 often) external {
        if (often % 8 != 0) return;
        (PatientId patientId, address caller) = (patient(patientSeed), _caller(patientSeed, callerSeed));

        bool expected = caller == controllerInModel[patientId] && !isDeregistered[patientId];
        bytes memory call = abi.encodeCall(IPatients.deregister, (patientId));
        if (!_tried(caller, address(PATIENTS), expected, "deregister", call)) return;
        --registrations[tags[patientId]];
        isDeregistered[patientId] = true;
        controllerInModel[patientId] = address(0);
    }

    /// @dev `how` 0 to 5: as it must be; 6: signed by another account than the next; 7: signed over another nonce.
    function rotateController(uint256 patientSeed, uint256 callerSeed, uint256 toSeed, uint8 how) external {
        how %= 8;
        (PatientId patientId, address caller, address to) = (
            patient(patientSeed),
            _caller(patientSeed, callerSeed),
            wallet(toSeed)
        );
        uint256 nonce = PATIENTS.nonces(to);
        uint256 signer = walletKey(how == 6 ? toSeed + 1 : toSeed);
        bytes memory signature = signRotation(
            address(PATIENTS),
            signer,
            patientId,
            caller,
            to,
            how == 7 ? nonce + 1 : nonce,
            DEADLINE
        );

        bool expected = caller == controllerInModel[patientId] && how < 6;
        bytes memory call = abi.encodeCall(IPatients.rotateController, (patientId, to, DEADLINE, signature));
        if (_tried(caller, address(PATIENTS), expected, "rotateController", call)) controllerInModel[patientId] = to;
    }

    // -------- drawers --------

    function openScope(uint256 patientSeed, uint256 callerSeed, uint256 scopeSeed, uint256 keySeed) external {
        (PatientId patientId, address caller, ScopeId id) = (
            patient(patientSeed),
            _caller(patientSeed, callerSeed),
            scope(scopeSeed)
        );
        bytes32 key = scopeKey(keySeed);
        ScopeModel storage model = scopes[patientId][id];

        bool expected = caller == controllerInModel[patientId] && key != 0 && model.key == 0;
        bytes memory call = abi.encodeCall(IConsents.openScope, (patientId, id, key));
        if (_tried(caller, address(CONSENTS), expected, "openScope", call)) model.key = key;
    }

    function rotateScope(uint256 patientSeed, uint256 callerSeed, uint256 scopeSeed, uint256 keySeed) external {
        (PatientId patientId, address caller, ScopeId id) = (
            patient(patientSeed),
            _caller(patientSeed, callerSeed),
            scope(scopeSeed)
        );
        bytes32 key = scopeKey(keySeed);
        ScopeModel storage model = scopes[patientId][id];

        bool expected = caller == controllerInModel[patientId] && key != 0 && model.key != 0 && key != model.key;
        bytes memory call = abi.encodeCall(IConsents.rotateScope, (patientId, id, key, 0));
        if (!_tried(caller, address(CONSENTS), expected, "rotateScope", call)) return;
        model.key = key;
        ++model.epoch;
    }

    // -------- time --------

    function pass(uint16 time) external {
        VM.warp(block.timestamp + (time % 1 hours));
    }
}
