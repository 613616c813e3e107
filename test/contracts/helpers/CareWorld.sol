// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Claims} from "../../../contracts/Claims.sol";
import {Consents} from "../../../contracts/Consents.sol";
import {Forwarder} from "../../../contracts/Forwarder.sol";
import {Fulfilments} from "../../../contracts/Fulfilments.sol";
import {Keys} from "../../../contracts/Keys.sol";
import {Orders} from "../../../contracts/Orders.sol";
import {Participants} from "../../../contracts/Participants.sol";
import {Patients} from "../../../contracts/Patients.sol";
import {Policies} from "../../../contracts/Policies.sol";
import {Records} from "../../../contracts/Records.sol";
import {Visits} from "../../../contracts/Visits.sol";
import {IConsents} from "../../../contracts/interfaces/IConsents.sol";
import {IForwarder} from "../../../contracts/interfaces/IForwarder.sol";
import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {IPatients} from "../../../contracts/interfaces/IPatients.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {PatientId, ScopeId} from "../../../contracts/interfaces/Types.sol";
import {CareModel} from "./CareModel.sol";
import {signAttestation} from "./signatures.sol";
import {VM} from "./Vm.sol";

/// @title CareWorld
/// @notice The contracts, and the few people, drawers, keys and documents that `CareHandler` chooses among, so that acts meet
/// each other.
abstract contract CareWorld is CareModel {
    uint256 public constant WALLETS = 5;
    uint256 public constant DOCTORS = 2;
    uint256 public constant INSURERS = 2;
    uint256 public constant PERSONS = 6;
    uint256 public constant SCOPES = 2;
    uint256 internal constant REGISTRY_KEY = 0x4e61;
    uint256 internal constant DEADLINE = type(uint256).max;
    address internal constant AUTHORITY = address(0xa07);
    address internal constant HOSPITAL = address(0x405);
    uint256 internal constant INSURER_KEY = 0x125;
    address internal constant STRANGER = address(0x57a);

    Forwarder public immutable FORWARDER = new Forwarder();
    Participants public immutable PARTICIPANTS = new Participants(address(this));
    Keys public immutable KEYS = new Keys(address(FORWARDER));
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
    Fulfilments public immutable FULFILMENTS = new Fulfilments(address(FORWARDER), ORDERS, RECORDS);
    Claims public immutable CLAIMS = new Claims(address(FORWARDER), PATIENTS, POLICIES, VISITS, RECORDS);

    address[] private _wallets;
    mapping(address wallet => uint256 privateKey) internal keyOfWallet;

    /// @notice What happened how often, to show that the interesting states are reached.
    mapping(string what => uint256) public count;
    /// @notice The first act that was taken or refused against the model.
    string public surprise;
    /// @notice How many acts there were.
    uint256 public acts;

    constructor() {
        // Away from zero, so that terms may have begun before.
        VM.warp(365 days);
        for (uint256 i = 0; i < WALLETS; ++i) {
            _wallets.push(VM.addr(walletKey(i)));
            keyOfWallet[wallet(i)] = walletKey(i);
        }
        PARTICIPANTS.accredit(VM.addr(REGISTRY_KEY), Role.CivilRegistry, type(uint48).max, 0);
        for (uint256 i = 0; i < INSURERS; ++i) turnInsurer(i);
        PARTICIPANTS.accredit(AUTHORITY, Role.HealthAuthority, type(uint48).max, 0);
        _accreditHospital();
        for (uint256 i = 0; i < DOCTORS; ++i) _accreditDoctor(doctorOf(i));
        // Two patients to begin with, so that a run needn't wait for its first.
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 commitment = keccak256(abi.encode("first", i));
            bytes memory signature = signAttestation(
                address(PATIENTS),
                REGISTRY_KEY,
                wallet(i),
                personTag(i),
                commitment,
                0,
                DEADLINE
            );
            VM.prank(wallet(i));
            PatientId id = PATIENTS.register(
                IPatients.Attestation(VM.addr(REGISTRY_KEY), personTag(i), commitment, 0, DEADLINE),
                0,
                signature
            );
            _setPatient(id, personTag(i), wallet(i));
        }
    }

    /// @notice An insurer is accredited, or revoked.
    function turnInsurer(uint256 seed) public {
        address account = insurer(seed);
        if (PARTICIPANTS.roleOf(account) == Role.None) {
            PARTICIPANTS.accredit(account, Role.Insurer, type(uint48).max, 0);
        } else {
            PARTICIPANTS.revoke(account);
        }
        ++count["turnInsurer"];
    }

    // -------- what there is to choose among --------

    function walletKey(uint256 seed) public pure returns (uint256) {
        return 0xa11ce + (seed % WALLETS);
    }

    function wallet(uint256 seed) public view returns (address) {
        return _wallets[seed % WALLETS];
    }

    function doctorOf(uint256 seed) public pure returns (address) {
        return address(uint160(0xd0c0 + (seed % DOCTORS)));
    }

    function insurerKey(uint256 seed) public pure returns (uint256) {
        return INSURER_KEY + (seed % INSURERS);
    }

    function insurer(uint256 seed) public pure returns (address) {
        return VM.addr(insurerKey(seed));
    }

    /// @notice A doctor in two of three cases, else some patient's wallet.
    function author(uint256 seed) public view returns (address) {
        return seed % 3 == 2 ? wallet(seed / 3) : doctorOf(seed / 3);
    }

    function patient(uint256 seed) public view returns (PatientId) {
        return patients[seed % patients.length];
    }

    function personTag(uint256 seed) public pure returns (bytes32) {
        return keccak256(abi.encode("person", seed % PERSONS));
    }

    function scope(uint256 seed) public pure returns (ScopeId) {
        return ScopeId.wrap(bytes32(1 + (seed % SCOPES)));
    }

    /// @notice One of five keys, or zero.
    function scopeKey(uint256 seed) public pure returns (bytes32) {
        return bytes32(seed % 6);
    }

    /// @notice One of three copies of a policy: the same wording or the same schedule may come in two of them.
    function copy(uint256 seed) public pure returns (bytes32 wording, bytes32 schedule) {
        seed %= 3;
        return (bytes32(seed / 2), bytes32(seed % 2));
    }

    // -------- acting --------

    /// @dev Mostly the patient's own controller, else anybody.
    function _caller(uint256 patientSeed, uint256 seed) internal view returns (address) {
        return _callerFor(patient(patientSeed), seed);
    }

    function _callerFor(PatientId patientId, uint256 seed) internal view returns (address) {
        address controller = controllerInModel[patientId];
        return seed % 4 == 0 || controller == address(0) ? wallet(seed / 4) : controller;
    }

    function _tried(
        address caller,
        address target,
        bool expected,
        string memory what,
        bytes memory call
    ) internal returns (bool success) {
        // Every third act comes in a batch, which must make no difference.
        if (++acts % 3 == 0) {
            IForwarder.Call[] memory calls = new IForwarder.Call[](1);
            calls[0] = IForwarder.Call(target, call);
            (target, call) = (address(FORWARDER), abi.encodeCall(IForwarder.batch, (calls)));
        }
        VM.prank(caller);
        (success, ) = target.call(call);
        if (success != expected && bytes(surprise).length == 0) surprise = what;
        ++count[string.concat(what, success ? "" : " refused")];
    }

    function _accreditHospital() internal {
        VM.prank(AUTHORITY);
        PARTICIPANTS.accredit(HOSPITAL, Role.Hospital, type(uint48).max, 0);
    }

    function _accreditDoctor(address doctor) internal {
        if (PARTICIPANTS.roleOf(HOSPITAL) == Role.None) return;
        VM.prank(HOSPITAL);
        PARTICIPANTS.accredit(doctor, Role.Doctor, type(uint48).max, 0);
    }

    function _terms(
        uint256 patientSeed,
        uint256 scopeSeed,
        uint256 granteeSeed,
        uint8 rights,
        uint24 time
    ) internal view returns (IConsents.Terms memory) {
        uint48 until = uint48(block.timestamp + (time % 2 days));
        bytes32 subject = ScopeId.unwrap(scope(scopeSeed));
        return IConsents.Terms(patient(patientSeed), subject, author(granteeSeed), rights % 5, until, 0);
    }

    function _isSound(IConsents.Terms memory terms) internal view returns (bool) {
        return terms.rights >= 1 && terms.rights <= 3 && terms.until > block.timestamp;
    }

    /// @dev Nonces are few, so that some are used again.
    function _entries(uint256 length, uint256 seed) internal pure returns (IRecords.Entry[] memory entries) {
        entries = new IRecords.Entry[](length == 0 ? 1 : length);
        for (uint256 i = 0; i < entries.length; ++i) {
            entries[i] = IRecords.Entry(
                uint64((seed + i) % 512),
                uint64(seed),
                bytes32(seed),
                keccak256(abi.encode(seed, i))
            );
        }
    }
}
