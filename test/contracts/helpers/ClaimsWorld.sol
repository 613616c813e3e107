// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Claims} from "../../../contracts/Claims.sol";
import {Consents} from "../../../contracts/Consents.sol";
import {Forwarder} from "../../../contracts/Forwarder.sol";
import {Orders} from "../../../contracts/Orders.sol";
import {Participants} from "../../../contracts/Participants.sol";
import {Patients} from "../../../contracts/Patients.sol";
import {Policies} from "../../../contracts/Policies.sol";
import {Records} from "../../../contracts/Records.sol";
import {Visits} from "../../../contracts/Visits.sol";
import {ClaimStatus, Cover, IClaims, Terms} from "../../../contracts/interfaces/IClaims.sol";
import {IForwarder} from "../../../contracts/interfaces/IForwarder.sol";
import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {IPatients} from "../../../contracts/interfaces/IPatients.sol";
import {IPolicies, PolicyKey} from "../../../contracts/interfaces/IPolicies.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {PatientId, PolicyId, ScopeId, VisitId} from "../../../contracts/interfaces/Types.sol";
import {IVisits, VisitKey} from "../../../contracts/interfaces/IVisits.sol";
import {HostileToken} from "./HostileToken.sol";
import {signAttestation} from "./signatures.sol";
import {VM} from "./Vm.sol";

/// @title ClaimsWorld
/// @notice The contracts, and the few patients, hospitals, insurers, policies and visits that `ClaimsHandler` chooses among;
/// and the model of what was billed, decided and paid, written from the interfaces' promises.
abstract contract ClaimsWorld {
    struct PolicyModel {
        Cover cover;
        uint256 patient;
        uint48 from;
        uint48 end;
        bool isSuperseded;
        // Of the deductible, and paid.
        uint256 deductible;
        uint256 paid;
    }

    struct VisitModel {
        VisitKey key;
        uint256 patient;
        uint48 openedAt;
        uint48 end;
    }

    struct ClaimModel {
        ClaimStatus status;
        bool isAsked;
        uint48 since;
        uint256 amount;
        uint256 approved;
        // What the policy would have given for all that was billed, when it was decided.
        uint256 covered;
        uint256 policy;
        address doctor;
        uint16 share;
        bytes32 content;
        bytes32 bill;
        // How often something was paid for the visit.
        uint256 settlements;
    }

    uint256 public constant PATIENTS_COUNT = 3;
    uint256 public constant HOSPITALS = 2;
    uint256 public constant INSURERS = 2;
    uint256 public constant TOKENS = 2;
    uint256 public constant ACCOUNTS = 7;
    // How many visits there are at most; half as many policies.
    uint256 internal immutable ROOM;
    uint256 private constant REGISTRY_KEY = 0x4e61;
    address internal constant STRANGER = address(0x57a);

    Forwarder public immutable FORWARDER = new Forwarder();
    Participants public immutable PARTICIPANTS = new Participants(address(this));
    Patients public immutable PATIENTS = new Patients(address(FORWARDER), PARTICIPANTS);
    Policies public immutable POLICIES = new Policies(address(FORWARDER), PARTICIPANTS, PATIENTS);
    Consents public immutable CONSENTS = new Consents(address(FORWARDER), PATIENTS);
    Visits public immutable VISITS = new Visits(address(FORWARDER), PARTICIPANTS, PATIENTS);
    Orders public immutable ORDERS = new Orders(address(FORWARDER), PARTICIPANTS, PATIENTS, VISITS);
    Records public immutable RECORDS = new Records(
        address(FORWARDER),
        PARTICIPANTS,
        PATIENTS,
        CONSENTS,
        VISITS,
        ORDERS
    );
    Claims public immutable CLAIMS = new Claims(address(FORWARDER), PATIENTS, POLICIES, VISITS, RECORDS);

    // -------- the model --------

    /// @notice What happened how often, to show that the interesting states are reached.
    mapping(string what => uint256) public count;
    /// @notice The first act that was taken or refused against the model.
    string public surprise;

    PolicyModel[] internal policies;
    VisitModel[] internal visits;
    mapping(VisitId visitId => ClaimModel) internal claims;
    mapping(address token => mapping(address account => uint256)) public balances;
    // Of each token: what insurers paid for claims.
    mapping(address token => uint256) public decided;
    // Of each token: what claims brought to hospitals and doctors, as the ledger's balances tell.
    mapping(address token => uint256) public credited;
    bool[PATIENTS_COUNT] internal isDeregistered;
    PatientId[PATIENTS_COUNT] internal patientIds;

    HostileToken[TOKENS] private _tokens;
    uint256 private _acts;

    constructor(uint256 room) {
        ROOM = room;
        VM.warp(1000 days);
        PARTICIPANTS.accredit(VM.addr(REGISTRY_KEY), Role.CivilRegistry, type(uint48).max, 0);
        PARTICIPANTS.accredit(address(0xa07), Role.HealthAuthority, type(uint48).max, 0);
        for (uint256 i = 0; i < INSURERS; ++i) PARTICIPANTS.accredit(insurer(i), Role.Insurer, type(uint48).max, 0);
        for (uint256 i = 0; i < HOSPITALS; ++i) {
            VM.prank(address(0xa07));
            PARTICIPANTS.accredit(hospital(i), Role.Hospital, type(uint48).max, 0);
        }
        for (uint256 i = 0; i < PATIENTS_COUNT; ++i) _register(i);
        for (uint256 i = 0; i < TOKENS; ++i) {
            _tokens[i] = new HostileToken();
            for (uint256 j = 0; j < ACCOUNTS; ++j) {
                _tokens[i].mint(account(j), 1e40);
                VM.prank(account(j));
                _tokens[i].approve(address(CLAIMS), type(uint256).max);
            }
        }
        // The second one keeps a tenth of what is moved.
        _tokens[1].behave(HostileToken.Manner.TakesFee, address(0));
    }

    // -------- what there is to choose among --------

    function patient(uint256 seed) public pure returns (address) {
        return address(uint160(0xa111 + (seed % PATIENTS_COUNT)));
    }

    function hospital(uint256 seed) public pure returns (address) {
        return address(uint160(0xb001 + (seed % HOSPITALS)));
    }

    function insurer(uint256 seed) public pure returns (address) {
        return address(uint160(0xc001 + (seed % INSURERS)));
    }

    function doctor(uint256 seed) public pure returns (address) {
        return address(uint160(0xd001 + (seed % 2)));
    }

    function token(uint256 seed) public view returns (address) {
        return address(_tokens[seed % TOKENS]);
    }

    /// @notice Everybody who may have a balance.
    function account(uint256 seed) public pure returns (address) {
        seed %= ACCOUNTS;
        if (seed < 2) return hospital(seed);
        if (seed < 4) return insurer(seed);
        return seed < 6 ? doctor(seed) : patient(0);
    }

    /// @notice Small amounts, so that they meet limits and deductibles; now and then the outermost.
    function amountOf(uint256 seed) public pure returns (uint256) {
        if (seed % 16 != 0) return (seed / 16) % 3_000;
        seed = (seed / 16) % 5;
        if (seed == 0) return 0;
        if (seed == 1) return 1;
        if (seed == 2) return type(uint96).max;
        return seed == 3 ? uint256(type(uint96).max) + 1 : type(uint256).max;
    }

    // -------- what the invariants ask for --------

    function policyCount() external view returns (uint256) {
        return policies.length;
    }

    function policyAt(uint256 index) external view returns (PolicyModel memory) {
        return policies[index];
    }

    function policyId(uint256 index) external view returns (PolicyId) {
        PolicyModel storage policy = policies[index];
        return PolicyId.wrap(_policyId(policy.cover, patientIds[policy.patient]));
    }

    function visitCount() external view returns (uint256) {
        return visits.length;
    }

    function visitAt(uint256 index) external view returns (VisitId visitId, ClaimModel memory) {
        visitId = _visitId(visits[index].key);
        return (visitId, claims[visitId]);
    }

    // -------- acting --------

    function _tried(
        address caller,
        bool expected,
        string memory what,
        bytes memory call
    ) internal returns (bool success) {
        address target = address(CLAIMS);
        // Every third act comes in a batch, which must make no difference.
        if (++_acts % 3 == 0) {
            IForwarder.Call[] memory calls = new IForwarder.Call[](1);
            calls[0] = IForwarder.Call(target, call);
            (target, call) = (address(FORWARDER), abi.encodeCall(IForwarder.batch, (calls)));
        }
        VM.prank(caller);
        (success, ) = target.call(call);
        if (success != expected && bytes(surprise).length == 0) surprise = what;
        ++count[string.concat(what, success ? "" : " refused")];
    }

    function _visitId(VisitKey memory key) internal pure returns (VisitId) {
        return VisitId.wrap(keccak256(abi.encode(key.patientId, key.hospital, key.nonce)));
    }

    function _ref(Cover memory cover) internal pure returns (bytes32) {
        Terms memory terms = cover.terms;
        return keccak256(abi.encode(terms.token, terms.deductible, terms.coPayment, terms.limit, cover.salt));
    }

    function _policyId(Cover memory cover, PatientId patientId) internal pure returns (bytes32) {
        return keccak256(abi.encode(cover.insurer, patientId, _ref(cover)));
    }

    /// @dev The hospital's own record of a visit, which has the visit's nonce.
    function _recordOf(VisitKey memory key) internal pure returns (IClaims.BilledRecord[] memory records) {
        records = new IClaims.BilledRecord[](1);
        records[0] = IClaims.BilledRecord(key.hospital, key.nonce, address(0), 0);
    }

    /// @dev Opens a visit, and writes its record.
    function _attend(uint256 who, address at, uint48 until) internal {
        VisitKey memory key = VisitKey(patientIds[who], at, uint64(visits.length + 1));
        bytes32 hash = PATIENTS.hashOf(key.patientId);
        VM.prank(patient(who));
        VISITS.openDirectly(IVisits.Permit(key.patientId, hash, at, key.nonce, until, 0));
        VM.prank(at);
        RECORDS.appendInVisit(key, ScopeId.wrap(bytes32(uint256(1))), "key", IRecords.Entry(key.nonce, 1, "p", "h"));
        visits.push(VisitModel(key, who, uint48(block.timestamp), until));
    }

    /// @dev Issues a policy, which the patient accepts at once; it follows `previous` when that isn't zero.
    function _insure(Cover memory cover, uint256 who, bytes32 previous, uint48 from, uint48 until) internal {
        PatientId patientId = patientIds[who];
        bytes32 ref = _ref(cover);
        VM.prank(cover.insurer);
        POLICIES.issue(IPolicies.Offer(patientId, ref, previous, ref, ref, from, until, 0));
        VM.prank(patient(who));
        POLICIES.accept(PolicyKey(cover.insurer, patientId, ref), ref, ref);
        // Never in force before it is accepted.
        if (from < block.timestamp) from = uint48(block.timestamp);
        policies.push(PolicyModel(cover, who, from, until, false, 0, 0));
    }

    function _held(address which) internal view returns (uint256) {
        return IERC20(which).balanceOf(address(CLAIMS));
    }

    function _register(uint256 who) private {
        bytes32 tag = bytes32(who + 1);
        address controller = patient(who);
        bytes memory signature = signAttestation(
            address(PATIENTS),
            REGISTRY_KEY,
            controller,
            tag,
            tag,
            0,
            type(uint256).max
        );
        VM.prank(controller);
        patientIds[who] = PATIENTS.register(
            IPatients.Attestation(VM.addr(REGISTRY_KEY), tag, tag, 0, type(uint256).max),
            0,
            signature
        );
        VM.prank(controller);
        CONSENTS.openScope(patientIds[who], ScopeId.wrap(bytes32(uint256(1))), "key");
    }
}
