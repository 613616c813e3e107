// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Accreditation, IParticipants, Role} from "./interfaces/IParticipants.sol";
import {PackedAccreditation, pack} from "./utils/PackedAccreditation.sol";
import {TypedSignatures} from "./utils/TypedSignatures.sol";

/// @title Participants
/// @notice See {IParticipants}.
contract Participants is IParticipants, TypedSignatures {
    bytes32 private constant ACCREDITATION_TYPEHASH = keccak256(
        "Accreditation(address account,uint8 role,uint48 until,bytes32 profile,uint256 held,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc IParticipants
    address public immutable ROOT;

    mapping(address account => PackedAccreditation) private _accreditations;

    constructor(address root) EIP712("Salus Participants", "1") {
        ROOT = root;
    }

    // -------- actions --------

    /// @inheritdoc IParticipants
    function accredit(address account, Role role, uint48 until, bytes32 profile) external {
        _accredit(msg.sender, account, role, until, profile);
    }

    /// @inheritdoc IParticipants
    function accreditBySig(
        address parent,
        Terms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (terms.account != msg.sender) revert NotAddressee(terms.account, msg.sender);
        uint256 held = heldBy(terms.account, parent);
        if (terms.held != held) revert StaleAccreditation(terms.account, terms.held, held);
        bytes32 structHash = keccak256(abi.encode(ACCREDITATION_TYPEHASH, terms, nonce, deadline));
        _checkSignature(parent, structHash, deadline, signature);

        _accredit(parent, terms.account, terms.role, terms.until, terms.profile);
    }

    /// @inheritdoc IParticipants
    function revoke(address account) external {
        if (!_isAbove(msg.sender, account)) revert NotAbove(msg.sender, account);

        _revoke(account);
    }

    /// @inheritdoc IParticipants
    function renounce() external {
        _revoke(msg.sender);
    }

    // -------- views --------

    /// @inheritdoc IParticipants
    function roleOf(address account) external view returns (Role) {
        return _roleOf(_accreditations[account]);
    }

    /// @inheritdoc IParticipants
    function accreditationOf(address account) external view returns (Accreditation memory) {
        return _accreditations[account].unpack();
    }

    /// @inheritdoc IParticipants
    function heldBy(address account, address parent) public view returns (uint256) {
        return uint256(keccak256(abi.encode(_accreditations[account], parent, _accreditations[parent].generation())));
    }

    // -------- internals --------

    function _accredit(address parent, address account, Role role, uint48 until, bytes32 profile) private {
        PackedAccreditation above = _accreditations[parent];
        if (!_mayAccredit(parent, above, role)) revert MayNotAccredit(parent, role);
        if (account == ROOT || account == address(0)) revert NotAccreditable(account);
        if (until <= block.timestamp) revert ExpiryInPast(until);
        PackedAccreditation held = _accreditations[account];
        bool sameParent = held.parent() == parent;
        if (!sameParent && _roleOf(held) != Role.None) revert AlreadyAccredited(account, held.parent());

        uint16 parentGeneration = above.generation();
        bool renewal = sameParent && held.role() == role && held.parentGeneration() == parentGeneration;
        uint16 generation = renewal ? held.generation() : held.generation() + 1;
        uint8 revision;
        unchecked {
            revision = held.revision() + 1;
        }
        _accreditations[account] = pack(Accreditation(parent, role, until, generation, parentGeneration, revision));

        emit Accredited(account, parent, role, until, profile);
    }

    function _revoke(address account) private {
        PackedAccreditation held = _accreditations[account];
        if (held.role() == Role.None) revert NotAccredited(account);

        _accreditations[account] = held.withoutRole();

        emit AccreditationRevoked(account, msg.sender);
    }

    /// @dev The role that `held` gives now. A link counts while it is neither revoked nor expired, and belongs to the
    /// parent's present generation. Such a link was made when the parent had its present role, and a role accredits
    /// only roles behind its own in the enum: so the walk ends, after three steps at most.
    function _roleOf(PackedAccreditation held) private view returns (Role role) {
        role = held.role();
        while (true) {
            if (held.role() == Role.None || held.until() <= block.timestamp) return Role.None;
            address parent = held.parent();
            if (parent == ROOT) return role;
            uint16 parentGeneration = held.parentGeneration();
            held = _accreditations[parent];
            if (held.generation() != parentGeneration) return Role.None;
        }
    }

    function _mayAccredit(address account, PackedAccreditation held, Role role) private view returns (bool) {
        if (account == ROOT) return role == Role.CivilRegistry || role == Role.HealthAuthority || role == Role.Insurer;
        if (role < Role.Hospital) return false;
        Role own = _roleOf(held);
        return own == Role.HealthAuthority || (own == Role.Hospital && role != Role.Hospital);
    }

    function _isAbove(address ancestor, address account) private view returns (bool) {
        address parent = account;
        // Three roles below the root, so at most three steps up.
        for (uint256 i = 0; i < 3; ++i) {
            parent = _accreditations[parent].parent();
            if (parent == ancestor) return true;
        }
        return false;
    }
}
