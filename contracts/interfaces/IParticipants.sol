// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @notice What an account is accredited as. A role may only accredit roles further down its own branch:
/// the root accredits registries, authorities and insurers; a health authority accredits hospitals, laboratories,
/// pharmacies and doctors; a hospital accredits laboratories, pharmacies and doctors. So the tree is at most three deep.
enum Role {
    None,
    CivilRegistry,
    HealthAuthority,
    Insurer,
    Hospital,
    Laboratory,
    Pharmacy,
    Doctor
}

/// @notice One account's place in the tree. 256 bits: one storage slot.
struct Accreditation {
    // Who accredited the account.
    address parent;
    // As what; None when never accredited or revoked.
    Role role;
    // Valid before this time, Unix seconds.
    uint48 until;
    // Raised whenever the account is accredited anew, which can be done 65,535 times; its branch belongs to one generation.
    uint16 generation;
    // The parent's generation at the time. Differs once the parent was revoked and accredited anew.
    uint16 parentGeneration;
    // Raised whenever the account is accredited or renewed, from 255 to 0, so that the word never soon repeats itself.
    uint8 revision;
}

/// @title Participants: who is accredited as what, by whom, until when
/// @notice A tree of accreditations (000-01, 002-39). Whoever is revoked takes the whole branch along in the same
/// transaction, at the cost of one write: an account counts as accredited only while everyone above it is.
interface IParticipants {
    // -------- types --------

    /// @notice What a parent signs to accredit; the EIP-712 type `Accreditation` has these fields, a nonce and a deadline.
    struct Terms {
        // Who is accredited, and nobody else can use it.
        address account;
        Role role;
        // Valid before this time, Unix seconds.
        uint48 until;
        // sha2-256 digest of the CID of the public profile.
        bytes32 profile;
        // `heldBy` of the account and the signer at the time of signing. Whatever changed since, the signature is worthless.
        uint256 held;
    }

    // -------- errors --------

    /// @notice `account` holds no accreditation that lets it accredit as `role`.
    error MayNotAccredit(address account, Role role);
    /// @notice `account` is accredited by `parent`, who must revoke it first, or `account` must renounce.
    error AlreadyAccredited(address account, address parent);
    /// @notice The root and the zero address can't be accredited.
    error NotAccreditable(address account);
    /// @notice `until` is not in the future.
    error ExpiryInPast(uint48 until);
    /// @notice `account` is not accredited, neither validly nor lapsed.
    error NotAccredited(address account);
    /// @notice The accreditation is signed for `account`, not for `caller`.
    error NotAddressee(address account, address caller);
    /// @notice `account` was accredited, renewed or revoked, or its parent accredited anew, since this was signed.
    error StaleAccreditation(address account, uint256 signed, uint256 current);
    /// @notice `caller` stands nowhere above `account`.
    error NotAbove(address caller, address account);

    // -------- events --------

    /// @notice `parent` accredited `account`.
    /// @param profile sha2-256 digest of the CID of the participant's public profile (name, department) on IPFS.
    event Accredited(address indexed account, address indexed parent, Role indexed role, uint48 until, bytes32 profile);
    /// @notice `account` and all that it accredited lost their rights. `by` is `account` itself when it renounced.
    event AccreditationRevoked(address indexed account, address indexed by);

    // -------- actions --------

    /// @notice Accredits `account` below the caller, or renews it. A renewal by the same parent in the same role keeps
    /// the branch; anything else starts a new, empty branch.
    /// @param until valid before this time, Unix seconds; must be in the future
    /// @param profile sha2-256 digest of the CID of the public profile
    function accredit(address account, Role role, uint48 until, bytes32 profile) external;

    /// @notice Accredits or renews the caller below `parent`, who signed for it: so an authority needs to send nothing.
    /// Once, and only while nothing has changed: a revoked account can't come back by what was signed before.
    /// @param terms must name the caller as `account`
    /// @param nonce the parent's own number of this signature, which its audit names it by
    /// @param deadline the signature is valid up to this time, Unix seconds
    /// @param signature of `parent` over
    /// `Accreditation(address account,uint8 role,uint48 until,bytes32 profile,uint256 held,uint256 nonce,uint256 deadline)`
    function accreditBySig(
        address parent,
        Terms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Revokes `account` and so its whole branch. Anyone above may: the parent, its parent, the root.
    function revoke(address account) external;

    /// @notice Gives up the caller's own accreditation, for instance one that it never asked for.
    function renounce() external;

    // -------- views --------

    /// @notice The top of the tree. Its only power is to accredit and revoke.
    function ROOT() external view returns (address);

    /// @notice The role that `account` holds now; `None` if never accredited, expired, revoked, or anyone above is.
    function roleOf(address account) external view returns (Role);

    /// @notice The stored accreditation, valid or not.
    function accreditationOf(address account) external view returns (Accreditation memory);

    /// @notice Stands for what `account` holds and for the branch of `parent` that it would hang from; another number
    /// after any change, and for another parent, who may sign with the same key. Part of what `parent` signs.
    function heldBy(address account, address parent) external view returns (uint256);
}
