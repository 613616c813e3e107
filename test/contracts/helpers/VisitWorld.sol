// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Role} from "../../../contracts/interfaces/IParticipants.sol";
import {VisitId} from "../../../contracts/interfaces/Types.sol";
import {IVisits, VisitKey} from "../../../contracts/interfaces/IVisits.sol";
import {CareWorld} from "./CareWorld.sol";
import {VM} from "./Vm.sol";

/// @title VisitWorld
/// @notice Two hospitals, and staff that moves between them; and the model of visits, written from the interfaces' promises.
abstract contract VisitWorld is CareWorld {
    struct VisitModel {
        VisitKey key;
        uint48 openedAt;
        uint48 end;
        bool isWithdrawn;
        // How often the contract took an opening.
        uint256 openings;
        // When a record was last written under it.
        uint48 lastWritten;
        // Whoever was ever assigned.
        address[] assigned;
    }

    /// @dev A record of a visit, which may become an order.
    struct Written {
        VisitId visitId;
        address author;
        uint64 nonce;
    }

    uint256 public constant HOSPITALS = 2;
    uint256 public constant STAFF = 6;
    // Permits of one patient for one hospital.
    uint256 private constant NONCES = 64;
    // What acts mostly choose among is recent.
    uint256 private constant RECENT = 6;
    address internal constant OTHER_HOSPITAL = address(0x406);

    VisitId[] public visitIds;
    mapping(VisitId => VisitModel) internal visits;
    mapping(VisitId => mapping(address account => bool)) internal isAssigned;
    Written[] internal written;
    // Records that were taken under a visit out of its time, or from nobody of it.
    uint256 public wronglyWritten;

    constructor() {
        VM.prank(AUTHORITY);
        PARTICIPANTS.accredit(OTHER_HOSPITAL, Role.Hospital, type(uint48).max, 0);
        for (uint256 i = 0; i < STAFF; ++i) _accreditStaff(staff(i), hospital(i), roleOfStaff(i));
        // So that a run needn't wait for its first visit, nor for its first drawer.
        for (uint256 i = 0; i < 2; ++i) {
            VM.prank(wallet(i));
            CONSENTS.openScope(patient(i), scope(0), scopeKey(1));
            scopes[patient(i)][scope(0)].key = scopeKey(1);
            VisitKey memory key = VisitKey(patient(i), hospital(i), 0);
            uint48 until = uint48(block.timestamp + 12 hours);
            bytes32 hash = PATIENTS.hashOf(key.patientId);
            VM.prank(wallet(i));
            VISITS.openDirectly(IVisits.Permit(key.patientId, hash, key.hospital, 0, until, 0));
            _setOpened(key, until);
            for (uint256 j = i; j < STAFF; j += 2) {
                VM.prank(key.hospital);
                VISITS.assign(key, staff(j), 0);
                _setAssigned(_visitIdOf(key), staff(j));
            }
        }
    }

    // -------- what there is to choose among --------

    function hospital(uint256 seed) public pure returns (address) {
        return seed % HOSPITALS == 0 ? HOSPITAL : OTHER_HOSPITAL;
    }

    /// @notice Two doctors, two laboratories, two pharmacies.
    function staff(uint256 seed) public pure returns (address) {
        seed %= STAFF;
        return seed < DOCTORS ? doctorOf(seed) : address(uint160(0x57aff0 + seed));
    }

    function roleOfStaff(uint256 seed) public pure returns (Role) {
        seed %= STAFF;
        if (seed < 2) return Role.Doctor;
        return seed < 4 ? Role.Laboratory : Role.Pharmacy;
    }

    function visitCount() external view returns (uint256) {
        return visitIds.length;
    }

    // -------- what happens besides --------

    /// @dev Somebody of the staff is revoked, every fourth time, or comes back: to either hospital, or to the authority itself;
    /// sometimes in another role.
    function turnStaff(uint256 seed, uint256 parentSeed, uint256 roleSeed) external {
        address account = staff(seed);
        ++count["turnStaff"];
        if (PARTICIPANTS.roleOf(account) == Role.None) {
            address parent = parentSeed % 8 == 0 ? AUTHORITY : hospital(parentSeed);
            if (PARTICIPANTS.roleOf(parent) == Role.None) return;
            _accreditStaff(account, parent, roleOfStaff(roleSeed % 8 == 0 ? roleSeed / 8 : seed));
        } else if (parentSeed % 4 == 0) {
            PARTICIPANTS.revoke(account);
        }
    }

    /// @dev A hospital, and with it its staff, is revoked, every eighth time, or taken back; once in a while as a health
    /// authority, which has a branch as well.
    function turnHospital(uint256 seed, uint256 roleSeed) external {
        address account = hospital(seed);
        bool isNone = PARTICIPANTS.roleOf(account) == Role.None;
        if (!isNone && roleSeed % 8 != 0) return;
        ++count["turnHospital"];
        if (!isNone) {
            PARTICIPANTS.revoke(account);
        } else if (roleSeed % 8 == 1) {
            PARTICIPANTS.accredit(account, Role.HealthAuthority, type(uint48).max, 0);
        } else {
            VM.prank(AUTHORITY);
            PARTICIPANTS.accredit(account, Role.Hospital, type(uint48).max, 0);
            // Half of those who are left without a role come along.
            for (uint256 i = 0; i < STAFF; ++i) {
                bool comes = (roleSeed >> (8 + i)) % 2 == 0 && PARTICIPANTS.roleOf(staff(i)) == Role.None;
                if (comes) _accreditStaff(staff(i), account, roleOfStaff(i));
            }
        }
    }

    // -------- the model --------

    function _accreditStaff(address account, address parent, Role role) private {
        // Those whom the world above has put below another hospital.
        if (PARTICIPANTS.roleOf(account) != Role.None) PARTICIPANTS.revoke(account);
        VM.prank(parent);
        PARTICIPANTS.accredit(account, role, type(uint48).max, 0);
    }

    function _visitIdOf(VisitKey memory key) internal pure returns (VisitId) {
        return VisitId.wrap(keccak256(abi.encode(key)));
    }

    /// @dev Mostly a visit that there is, a recent one, and open.
    function _visit(uint256 seed) internal view returns (VisitKey memory) {
        if (seed % 16 == 0) return VisitKey(patient(seed / 16), hospital(seed / 32), uint64(seed / 64) % 4);
        uint256 index = _recent(visitIds.length, seed / 16);
        if (seed % 8 == 1) return visits[visitIds[index]].key;
        for (uint256 i = 0; i < RECENT && index > 0 && !_isOpen(visits[visitIds[index]]); ++i) --index;
        return visits[visitIds[index]].key;
    }

    /// @dev Mostly a permit that wasn't used.
    function _permitKey(
        uint256 patientSeed,
        uint256 hospitalSeed,
        uint256 nonceSeed
    ) internal view returns (VisitKey memory key) {
        key = VisitKey(patient(patientSeed), hospital(hospitalSeed), uint64(nonceSeed / 8) % 4);
        for (uint256 i = 0; i < NONCES && nonceSeed % 8 != 0; ++i) {
            VisitModel storage model = visits[_visitIdOf(key)];
            if (model.openedAt == 0 && !model.isWithdrawn) break;
            key.nonce = (key.nonce + 1) % uint64(NONCES);
        }
    }

    /// @dev One of `length`, mostly of the last.
    function _recent(uint256 length, uint256 seed) internal pure returns (uint256) {
        uint256 span = seed % 4 == 0 || length < RECENT ? length : RECENT;
        return length - 1 - ((seed / 4) % span);
    }

    function _isOpen(VisitModel storage model) internal view returns (bool) {
        return model.openedAt != 0 && model.end > block.timestamp;
    }

    function _isStaff(address of_, address account) internal view returns (bool) {
        return PARTICIPANTS.roleOf(account) != Role.None && PARTICIPANTS.accreditationOf(account).parent == of_;
    }

    function _isMember(VisitKey memory key, address account) internal view returns (bool) {
        VisitId visitId = _visitIdOf(key);
        if (!_isOpen(visits[visitId]) || isDeregistered[key.patientId]) return false;
        if (PARTICIPANTS.roleOf(key.hospital) != Role.Hospital) return false;
        return account == key.hospital || (isAssigned[visitId][account] && _isStaff(key.hospital, account));
    }

    /// @dev Mostly a member: the hospital, one who was assigned, often a doctor, or anybody of the staff.
    function _memberFor(VisitKey memory key, uint256 seed) internal view returns (address) {
        address[] storage assigned = visits[_visitIdOf(key)].assigned;
        if (seed % 8 == 0) return key.hospital;
        if (seed % 8 == 1 || assigned.length == 0) return staff(seed / 8);
        for (uint256 i = 0; i < assigned.length; ++i) {
            address account = assigned[(seed / 8 + i) % assigned.length];
            bool isWanted = seed % 2 == 0 || PARTICIPANTS.roleOf(account) == Role.Doctor;
            if (isWanted && _isMember(key, account)) return account;
        }
        return assigned[(seed / 8) % assigned.length];
    }

    function _known(VisitKey memory key) internal returns (VisitModel storage model) {
        model = visits[_visitIdOf(key)];
        if (model.key.hospital != address(0)) return model;
        model.key = key;
        visitIds.push(_visitIdOf(key));
    }

    function _setOpened(VisitKey memory key, uint48 until) internal {
        VisitModel storage model = _known(key);
        (model.openedAt, model.end) = (uint48(block.timestamp), until);
        ++model.openings;
    }

    function _setAssigned(VisitId visitId, address account) internal {
        isAssigned[visitId][account] = true;
        visits[visitId].assigned.push(account);
    }
}
