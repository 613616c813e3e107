// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {IConsents} from "./interfaces/IConsents.sol";
import {IPatients} from "./interfaces/IPatients.sol";
import {PatientId, ScopeId} from "./interfaces/Types.sol";
import {Signed} from "./utils/Signed.sol";

/// @title Consents
/// @notice See {IConsents}.
contract Consents is IConsents, Signed, Multicall {
    bytes32 private constant GRANT_TYPEHASH = keccak256(
        "Grant(bytes32 patientId,bytes32 subject,address grantee,uint8 rights,uint48 until,bytes32 sealedKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVOCATION_TYPEHASH = keccak256(
        "Revocation(bytes32 patientId,bytes32 subject,address grantee,uint256 nonce,uint256 deadline)"
    );

    uint8 private constant WRITE = 2;

    /// @notice Says who controls a patient.
    IPatients public immutable PATIENTS;

    mapping(PatientId patientId => mapping(ScopeId scope => Scope)) private _scopes;
    mapping(PatientId patientId => mapping(bytes32 subject => mapping(address grantee => Grant))) private _grants;

    constructor(address forwarder, IPatients patients) ERC2771Context(forwarder) EIP712("Salus Consents", "1") {
        PATIENTS = patients;
    }

    // -------- scopes --------

    /// @inheritdoc IConsents
    function openScope(PatientId patientId, ScopeId scope, bytes32 publicKey) external {
        PATIENTS.checkController(patientId, _msgSender());
        if (publicKey == 0) revert ZeroScopeKey();
        Scope storage opened = _scopes[patientId][scope];
        if (opened.publicKey != 0) revert ScopeExists(patientId, scope);

        // The epoch stays 0 without a write.
        opened.publicKey = publicKey;

        emit ScopeKeyChanged(patientId, scope, 0, publicKey, 0);
    }

    /// @inheritdoc IConsents
    function rotateScope(PatientId patientId, ScopeId scope, bytes32 publicKey, bytes32 keyring) external {
        PATIENTS.checkController(patientId, _msgSender());
        if (publicKey == 0) revert ZeroScopeKey();
        Scope storage rotated = _scopes[patientId][scope];
        if (rotated.publicKey == 0) revert UnknownScope(patientId, scope);
        if (rotated.publicKey == publicKey) revert SameScopeKey(publicKey);

        uint64 epoch = rotated.epoch + 1;
        rotated.publicKey = publicKey;
        rotated.epoch = epoch;

        emit ScopeKeyChanged(patientId, scope, epoch, publicKey, keyring);
    }

    // -------- grants --------

    /// @inheritdoc IConsents
    function grant(Terms calldata terms) external {
        PATIENTS.checkController(terms.patientId, _msgSender());

        _grant(terms);
    }

    /// @inheritdoc IConsents
    function grantBySig(Terms calldata terms, uint256 deadline, bytes calldata signature) external {
        address controller = PATIENTS.controllerOf(terms.patientId);
        bytes32 structHash = keccak256(abi.encode(GRANT_TYPEHASH, terms, _useNonce(controller), deadline));
        _checkSignature(controller, structHash, deadline, signature);

        _grant(terms);
    }

    /// @inheritdoc IConsents
    function revoke(PatientId patientId, bytes32 subject, address grantee) external {
        PATIENTS.checkController(patientId, _msgSender());

        _revoke(patientId, subject, grantee);
    }

    /// @inheritdoc IConsents
    function revokeBySig(
        PatientId patientId,
        bytes32 subject,
        address grantee,
        uint256 deadline,
        bytes calldata signature
    ) external {
        address controller = PATIENTS.controllerOf(patientId);
        bytes32 structHash = keccak256(
            abi.encode(REVOCATION_TYPEHASH, patientId, subject, grantee, _useNonce(controller), deadline)
        );
        _checkSignature(controller, structHash, deadline, signature);

        _revoke(patientId, subject, grantee);
    }

    // -------- views --------

    /// @inheritdoc IConsents
    function scopeOf(PatientId patientId, ScopeId scope) external view returns (Scope memory) {
        return _scopes[patientId][scope];
    }

    /// @inheritdoc IConsents
    function scopeKeyOf(PatientId patientId, ScopeId scope) external view returns (bytes32) {
        return _scopes[patientId][scope].publicKey;
    }

    /// @inheritdoc IConsents
    function grantOf(PatientId patientId, bytes32 subject, address grantee) external view returns (Grant memory) {
        return _grants[patientId][subject][grantee];
    }

    /// @inheritdoc IConsents
    function isGranted(PatientId patientId, bytes32 subject, address grantee, uint8 rights) public view returns (bool) {
        Grant memory held = _grants[patientId][subject][grantee];
        if (held.until <= block.timestamp || held.rights & rights != rights) return false;
        // A grant doesn't outlive who gave it.
        return PATIENTS.isPatient(patientId);
    }

    /// @inheritdoc IConsents
    function writingOf(
        PatientId patientId,
        ScopeId scope,
        address author
    ) external view returns (bool granted, bytes32 publicKey) {
        return (isGranted(patientId, ScopeId.unwrap(scope), author, WRITE), _scopes[patientId][scope].publicKey);
    }

    // -------- internals --------

    function _grant(Terms calldata terms) private {
        if (terms.rights == 0 || terms.rights > 3) revert InvalidRights(terms.rights);
        if (terms.until <= block.timestamp) revert GrantExpiryInPast(terms.until);

        _grants[terms.patientId][terms.subject][terms.grantee] = Grant(terms.until, terms.rights);

        emit Granted(terms.patientId, terms.subject, terms.grantee, terms.rights, terms.until, terms.sealedKey);
    }

    function _revoke(PatientId patientId, bytes32 subject, address grantee) private {
        if (_grants[patientId][subject][grantee].rights == 0) revert NoGrant(patientId, subject, grantee);

        delete _grants[patientId][subject][grantee];

        emit GrantRevoked(patientId, subject, grantee);
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }
}
