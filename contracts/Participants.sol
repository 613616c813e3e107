// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Accreditation, IParticipants, Role} from "./interfaces/IParticipants.sol";

/// @title Participants
/// @notice See {IParticipants}.
contract Participants is IParticipants {
    /// @inheritdoc IParticipants
    address public immutable ROOT;

    mapping(address account => Accreditation) private _accreditations;

    constructor(address root) {
        ROOT = root;
    }

    // -------- actions --------

    /// @inheritdoc IParticipants
    function accredit(address account, Role role, uint48 until, bytes32 profile) external {
        if (!_mayAccredit(msg.sender, role)) revert MayNotAccredit(msg.sender, role);
        if (account == ROOT || account == address(0)) revert NotAccreditable(account);
        if (until <= block.timestamp) revert ExpiryInPast(until);

        Accreditation memory held = _accreditations[account];
        if (held.role != Role.None && held.parent != msg.sender && roleOf(account) != Role.None) {
            revert AlreadyAccredited(account, held.parent);
        }

        uint16 parentGeneration = _accreditations[msg.sender].generation;
        bool renewal = held.parent == msg.sender && held.role == role && held.parentGeneration == parentGeneration;
        uint16 generation = renewal ? held.generation : held.generation + 1;
        _accreditations[account] = Accreditation(msg.sender, role, until, generation, parentGeneration);

        emit Accredited(account, msg.sender, role, until, profile);
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
    function roleOf(address account) public view returns (Role role) {
        Accreditation memory held = _accreditations[account];
        role = held.role;
        // Roles descend strictly from parent to child, so this walks at most three steps.
        while (true) {
            // slither-disable-next-line timestamp
            if (held.role == Role.None || held.until <= block.timestamp) return Role.None;
            if (held.parent == ROOT) return role;
            uint16 parentGeneration = held.parentGeneration;
            held = _accreditations[held.parent];
            if (held.generation != parentGeneration) return Role.None;
        }
    }

    /// @inheritdoc IParticipants
    function accreditationOf(address account) external view returns (Accreditation memory) {
        return _accreditations[account];
    }

    // -------- internals --------

    function _revoke(address account) private {
        Accreditation storage held = _accreditations[account];
        if (held.role == Role.None) revert NotAccredited(account);

        held.role = Role.None;

        emit AccreditationRevoked(account, msg.sender);
    }

    function _mayAccredit(address parent, Role role) private view returns (bool) {
        if (parent == ROOT) return role == Role.CivilRegistry || role == Role.HealthAuthority || role == Role.Insurer;
        if (role < Role.Hospital) return false;
        Role parentRole = roleOf(parent);
        return parentRole == Role.HealthAuthority || (parentRole == Role.Hospital && role != Role.Hospital);
    }

    function _isAbove(address ancestor, address account) private view returns (bool) {
        address parent = account;
        // Three roles below the root, so at most three steps up.
        for (uint256 i = 0; i < 3; ++i) {
            parent = _accreditations[parent].parent;
            if (parent == ancestor) return true;
        }
        return false;
    }
}
