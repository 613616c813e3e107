// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, VisitId} from "./Types.sol";

/// @notice What names a visit. `VisitId` is its hash, so whoever shows the key proves whose visit it is, and where.
struct VisitKey {
    PatientId patientId;
    // The hospital that the patient's permit is for.
    address hospital;
    // Chosen at random by the patient; a permit is used once.
    uint64 nonce;
}

/// @notice Where a visit stands.
enum VisitStatus {
    // No permit of this name was used.
    None,
    // The patient withdrew the permit before it was used.
    Withdrawn,
    // Members may write now.
    Open,
    // Closed by hospital or patient, or its time is over.
    Ended
}

/// @title Visits: a patient's permit, and what a hospital does with it
/// @notice The patient signs a permit for one hospital, which travels as a QR (002-24, 002-41). With it the hospital opens
/// the visit, the token TKN_D of seed 002 (002-14), and assigns the doctors and laboratories that it accredited (002-25).
/// Members may append records of this visit, while it is open; closing it ends that from the same block on (003-07).
interface IVisits {
    // -------- types --------

    /// @notice What the patient signs; the EIP-712 type `Permit` has these fields and a deadline.
    struct Permit {
        PatientId patientId;
        // H, what `Patients.hashOf` says now (002-41); a permit dies with the profile that it was made for.
        bytes32 hash;
        // The only account that can use it.
        address hospital;
        // Used once; with patient and hospital it makes the visit's id.
        uint64 nonce;
        // The visit ends before this time, Unix seconds, if nobody closes it earlier.
        uint48 until;
        // sha2-256 digest of the CID of the visit's keys, sealed to the hospital.
        bytes32 sealedKey;
    }

    /// @notice A visit: one slot.
    struct Visit {
        // Block time of the opening; 0 unless it was opened.
        uint48 openedAt;
        // Members may write before this time, Unix seconds: the permit's, or the block that closed the visit.
        uint48 end;
        // Whether the permit was withdrawn unused.
        bool isWithdrawn;
    }

    // -------- errors --------

    /// @notice The permit is for `hospital`, and `caller` is somebody else.
    error NotPermitted(address hospital, address caller);
    /// @notice `account` is not accredited as a hospital now.
    error NotHospital(address account);
    /// @notice The permit was used or withdrawn: the visit stands as `status`.
    error PermitUsed(VisitId visitId, VisitStatus status);
    /// @notice The patient's H was `signed` when the permit was made and is `current` now.
    error StaleHash(bytes32 signed, bytes32 current);
    /// @notice The visit would already have ended.
    error VisitEndInPast(uint48 until);
    /// @notice The visit stands as `status`, not open.
    error VisitNotOpen(VisitId visitId, VisitStatus status);
    /// @notice `account` has no role now that `hospital` itself gave it.
    error NotOfHospital(address hospital, address account);
    /// @notice `account` isn't assigned to the visit.
    error NotAssigned(VisitId visitId, address account);
    /// @notice `account` is neither the visit's hospital nor acts for its patient.
    error NotPartyOfVisit(VisitId visitId, address account);

    // -------- events --------

    /// @notice A sealed permit waits for `hospital` on IPFS: how a code that is typed finds what a QR would have named.
    /// Anybody can say so; what counts is the patient's signature inside.
    /// @param permit sha2-256 digest of the CID of the object
    event PermitAnnounced(address indexed hospital, bytes32 permit);
    /// @notice The patient withdrew a permit before it was used.
    event PermitWithdrawn(VisitId indexed visitId, address indexed hospital, PatientId indexed patientId);
    /// @notice A visit began. `sealedKey` is the permit's.
    event VisitOpened(
        VisitId indexed visitId,
        address indexed hospital,
        PatientId indexed patientId,
        uint64 nonce,
        uint48 until,
        bytes32 sealedKey
    );
    /// @notice `account` may act in the visit. `sealedKey` is the sha2-256 digest of the CID of what it may know, sealed to it;
    /// zero for nothing.
    event MemberAssigned(
        VisitId indexed visitId,
        address indexed account,
        PatientId indexed patientId,
        bytes32 sealedKey
    );
    /// @notice `account` may no longer act in the visit.
    event MemberRemoved(VisitId indexed visitId, address indexed account, PatientId indexed patientId);
    /// @notice The visit ended, by its hospital or by whoever acts for the patient.
    event VisitClosed(VisitId indexed visitId, address indexed hospital, PatientId indexed patientId, address by);

    // -------- actions --------

    /// @notice Tells a hospital where a sealed permit is, for a code to be typed.
    function announce(address hospital, bytes32 permit) external;

    /// @notice Opens a visit, as the hospital, with the signature of the account that acts for the patient over
    /// `Permit(bytes32 patientId,bytes32 hash,address hospital,uint64 nonce,uint48 until,bytes32 sealedKey,uint256 deadline)`.
    function open(Permit calldata permit, uint256 deadline, bytes calldata signature) external;

    /// @notice Opens a visit, as the patient, without a signature: the direct form.
    function openDirectly(Permit calldata permit) external;

    /// @notice Withdraws a permit that wasn't used, as the patient.
    function withdraw(VisitKey calldata key) external;

    /// @notice Assigns an account that the hospital itself accredited, as the hospital; again, to hand it a new sealed key.
    /// Reverts with `Deregistered` once the patient is none.
    function assign(VisitKey calldata key, address account, bytes32 sealedKey) external;

    /// @notice Takes an assignment back, as the hospital.
    function unassign(VisitKey calldata key, address account) external;

    /// @notice Ends the visit, as the hospital or as the patient. All rights in it end in this block.
    function close(VisitKey calldata key) external;

    // -------- views --------

    /// @notice The stored visit; zeroes when unknown.
    function visitOf(VisitId visitId) external view returns (Visit memory);

    /// @notice Where the visit stands now, whatever became of patient and hospital: see `isMember`.
    function statusOf(VisitId visitId) external view returns (VisitStatus);

    /// @notice Whether `account` may act in the visit now: it is open, its patient is one still, its hospital is accredited as
    /// one, and the account is the hospital, or assigned by it and accredited by it in any role.
    function isMember(VisitKey calldata key, address account) external view returns (bool);
}
