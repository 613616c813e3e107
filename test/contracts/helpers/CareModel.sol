// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IConsents} from "../../../contracts/interfaces/IConsents.sol";
import {IPolicies} from "../../../contracts/interfaces/IPolicies.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {PatientId, PolicyId, RecordId, ScopeId} from "../../../contracts/interfaces/Types.sol";

/// @title CareModel
/// @notice The model, written from the interfaces' promises, that the contracts of `CareWorld` are compared with.
abstract contract CareModel {
    struct ScopeModel {
        bytes32 key;
        uint64 epoch;
    }

    struct GrantModel {
        uint48 until;
        uint8 rights;
    }

    struct GrantKey {
        PatientId patientId;
        ScopeId scope;
        address grantee;
    }

    PatientId[] public patients;
    mapping(PatientId => address) public controllerInModel;
    // Of the person's patients, how many there are now.
    mapping(bytes32 personTag => uint256) public registrations;
    mapping(PatientId => bytes32 personTag) internal tags;
    mapping(PatientId => bool) public isDeregistered;
    mapping(address => bytes32) public keyInModel;
    mapping(address => uint64) public keyVersions;
    mapping(PatientId => mapping(ScopeId => ScopeModel)) public scopes;
    mapping(PatientId => mapping(ScopeId => mapping(address => GrantModel))) public grants;
    GrantKey[] public granted;
    mapping(address signer => uint256) public signatures;
    mapping(PatientId => RecordId[]) private _records;
    mapping(RecordId => bytes32) public anchors;
    PolicyId[] public policyIds;
    mapping(PolicyId => IPolicies.Policy) internal policies;
    mapping(PolicyId => PolicyId) internal previousInModel;
    // Of each version, how many that follow it were accepted.
    mapping(PolicyId => uint256) internal successors;
    // What the contract said when the policy was accepted: all that may never change.
    mapping(PolicyId => bytes32) internal acceptedAs;
    // The earliest end that the contract ever said.
    mapping(PolicyId => uint48) internal lowestEnd;
    // Calls by signature that were taken.
    bytes[] internal carried;
    uint256 public carriedTwice;
    uint256 public wronglyAppended;
    uint256 public wronglyAccepted;

    // -------- what the invariants ask for --------

    function recordsOf(PatientId patientId) external view returns (RecordId[] memory) {
        return _records[patientId];
    }

    function grantedCount() external view returns (uint256) {
        return granted.length;
    }

    function patientCount() external view returns (uint256) {
        return patients.length;
    }

    // -------- keeping it --------

    function _setPatient(PatientId id, bytes32 tag, address controller) internal {
        ++registrations[tag];
        tags[id] = tag;
        controllerInModel[id] = controller;
        patients.push(id);
    }

    function _setGrant(IConsents.Terms memory terms) internal {
        GrantKey memory key = GrantKey(terms.patientId, ScopeId.wrap(terms.subject), terms.grantee);
        grants[key.patientId][key.scope][key.grantee] = GrantModel(terms.until, terms.rights);
        granted.push(key);
    }

    function _isGranted(PatientId id, ScopeId subject, address grantee, uint8 right) internal view returns (bool) {
        GrantModel memory model = grants[id][subject][grantee];
        return !isDeregistered[id] && model.until > block.timestamp && model.rights & right != 0;
    }

    function _setRecord(PatientId id, ScopeId scopeId, bytes32 key, address by, IRecords.Entry memory entry) internal {
        _setRecordUnder(PatientId.unwrap(id), id, scopeId, key, by, entry);
    }

    function _setRecordUnder(
        bytes32 context,
        PatientId id,
        ScopeId scopeId,
        bytes32 key,
        address by,
        IRecords.Entry memory entry
    ) internal {
        RecordId recordId = RecordId.wrap(keccak256(abi.encode(context, by, entry.nonce)));
        uint64 time = uint64(block.timestamp);
        anchors[recordId] = keccak256(
            abi.encode(recordId, by, scopeId, key, entry.payload, entry.header, entry.size, time)
        );
        _records[id].push(recordId);
    }
}
