// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, ScopeId} from "./Types.sol";

/// @title Consents: scopes, and who may read or write them until when
/// @notice A patient opens drawers (scopes), each with a public key that authors encrypt to, and grants a drawer or a
/// single record to an account (004-08, 004-09). A grant is refused here from the block of its revocation or expiry on;
/// moving the drawer to a new epoch closes what is written later to the keys that a former reader kept.
interface IConsents {
    // -------- types --------

    /// @notice A drawer: one slot, and a second one from its first rotation on.
    struct Scope {
        // X25519 public key of the present epoch; zero when the scope isn't open.
        bytes32 publicKey;
        // 0 when opened, one more with each rotation.
        uint64 epoch;
    }

    /// @notice A grant: one slot.
    struct Grant {
        // Valid before this time, Unix seconds.
        uint48 until;
        // Bits: 1 read, 2 write.
        uint8 rights;
    }

    /// @notice What a grant says; the EIP-712 type `Grant` has these fields, a nonce and a deadline.
    struct Terms {
        PatientId patientId;
        // A scope, or one record (then only the right to read means something).
        bytes32 subject;
        // Any account; reading asks for no accreditation.
        address grantee;
        // Bits: 1 read, 2 write.
        uint8 rights;
        // Valid before this time, Unix seconds.
        uint48 until;
        // sha2-256 digest of the CID of the key sealed to the grantee: the scope's secrets, or the record's header.
        bytes32 sealedKey;
    }

    // -------- errors --------

    /// @notice The scope is open already; rotate it instead.
    error ScopeExists(PatientId patientId, ScopeId scope);
    /// @notice The scope was never opened.
    error UnknownScope(PatientId patientId, ScopeId scope);
    /// @notice The zero key is no X25519 key.
    error ZeroScopeKey();
    /// @notice The new epoch must have a new key.
    error SameScopeKey(bytes32 publicKey);
    /// @notice `rights` must be 1 (read), 2 (write) or 3 (both).
    error InvalidRights(uint8 rights);
    /// @notice The grant would already have ended.
    error GrantExpiryInPast(uint48 until);
    /// @notice There is no such grant to revoke.
    error NoGrant(PatientId patientId, bytes32 subject, address grantee);

    // -------- events --------

    /// @notice A drawer was opened at epoch 0, or moved to a new epoch.
    /// @param publicKey X25519 public key to encrypt to from now on
    /// @param keyring sha2-256 digest of the CID of the epoch's secret sealed to the remaining grantees; zero for none
    event ScopeKeyChanged(
        PatientId indexed patientId,
        ScopeId indexed scope,
        uint64 epoch,
        bytes32 publicKey,
        bytes32 keyring
    );
    /// @notice `grantee` may use `subject` until then. Replaces an earlier grant of the same subject.
    event Granted(
        PatientId indexed patientId,
        bytes32 indexed subject,
        address indexed grantee,
        uint8 rights,
        uint48 until,
        bytes32 sealedKey
    );
    /// @notice `grantee` may no longer use `subject`.
    event GrantRevoked(PatientId indexed patientId, bytes32 indexed subject, address indexed grantee);

    // -------- actions --------

    /// @notice Opens a drawer.
    function openScope(PatientId patientId, ScopeId scope, bytes32 publicKey) external;

    /// @notice Moves a drawer to its next epoch. Send it together with `revoke` in one `multicall`.
    function rotateScope(PatientId patientId, ScopeId scope, bytes32 publicKey, bytes32 keyring) external;

    /// @notice Grants, as the patient's controller.
    function grant(Terms calldata terms) external;

    /// @notice Grants by the controller's signature over
    /// `Grant(bytes32 patientId,bytes32 subject,address grantee,uint8 rights,uint48 until,bytes32 sealedKey,uint256 nonce,uint256 deadline)`.
    function grantBySig(Terms calldata terms, uint256 deadline, bytes calldata signature) external;

    /// @notice Revokes, as the patient's controller.
    /// A grant that was signed and that nobody has carried yet could still be: `cancelSignatures` in the same `multicall`
    /// makes it worthless.
    function revoke(PatientId patientId, bytes32 subject, address grantee) external;

    /// @notice Revokes by the controller's signature over
    /// `Revocation(bytes32 patientId,bytes32 subject,address grantee,uint256 nonce,uint256 deadline)`.
    function revokeBySig(
        PatientId patientId,
        bytes32 subject,
        address grantee,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // -------- views --------

    /// @notice The drawer; zeroes when not open.
    function scopeOf(PatientId patientId, ScopeId scope) external view returns (Scope memory);

    /// @notice The public key of the drawer's present epoch; zero when not open.
    function scopeKeyOf(PatientId patientId, ScopeId scope) external view returns (bytes32);

    /// @notice The stored grant, valid or not; zeroes when there is none.
    function grantOf(PatientId patientId, bytes32 subject, address grantee) external view returns (Grant memory);

    /// @notice Whether `grantee` holds all of `rights` over `subject` now. No grant of a deregistered patient counts.
    function isGranted(
        PatientId patientId,
        bytes32 subject,
        address grantee,
        uint8 rights
    ) external view returns (bool);

    /// @notice What `author` needs to write into the drawer now: whether a grant to write stands, and the public key of the
    /// present epoch, zero when not open. One question for both, since it is asked for every record.
    function writingOf(
        PatientId patientId,
        ScopeId scope,
        address author
    ) external view returns (bool granted, bytes32 publicKey);
}
