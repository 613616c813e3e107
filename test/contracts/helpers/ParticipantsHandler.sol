// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Participants} from "../../../contracts/Participants.sol";
import {IParticipants, Role} from "../../../contracts/interfaces/IParticipants.sol";
import {signAccreditation} from "./signatures.sol";
import {VM} from "./Vm.sol";

/// @title ParticipantsHandler
/// @notice Accredits, revokes and renounces at random, and keeps its own model of the tree: every accreditation is a node
/// of its own, with a link to its parent's node. No generations, no packed words: what the contract must agree with.
contract ParticipantsHandler {
    struct Node {
        address account;
        // Index of the parent's node; 0 is the root.
        uint256 parent;
        Role role;
        uint48 until;
        bool revoked;
    }

    /// @dev A signed accreditation that its account keeps, and what stood when it was signed.
    struct Kept {
        IParticipants.Terms terms;
        address parent;
        bytes signature;
        bytes32 standing;
    }

    uint256 public constant ACTORS = 6;

    uint256 private constant FIRST_KEY = 0xac000;
    uint256 private constant DEADLINE = type(uint256).max;

    Participants public immutable PARTICIPANTS = new Participants(address(this));

    /// @notice What happened how often, to show that the interesting states are reached.
    mapping(string what => uint256) public count;
    /// @notice The first act that was taken or refused against the model.
    string public surprise;

    Node[] private _nodes;
    Kept[] private _kept;
    address[] private _actors;
    mapping(address account => uint256) private _seedOf;
    // How often the account was accredited or renewed.
    mapping(address account => uint256) private _revisions;
    // The node that an account has now; 0 when none.
    mapping(address account => uint256) private _nodeOf;

    constructor() {
        _nodes.push();
        _actors.push(address(this));
        for (uint256 i = 1; i <= ACTORS; ++i) {
            _actors.push(VM.addr(FIRST_KEY + i));
            _seedOf[_actors[i]] = i;
        }
        uint48 until = uint48(block.timestamp + 1000 days);
        accredit(0, 1, 0, 1, until);
        accredit(1, 2, 0, 0, until);
        accredit(2, 3, 0, 3, until);
    }

    // -------- acts --------

    /// @dev `kind` 0 to 2 of 4: a role that the parent's own could accredit; 3: any role. Of 8 to 15, a renewal if there is
    /// something to renew.
    function accredit(uint256 parentSeed, uint256 accountSeed, uint8 kind, uint8 roleSeed, uint48 until) public {
        (address parent, address account) = (actor(parentSeed), actor(accountSeed));
        uint256 held = _nodeOf[account];
        Role role = Role(roleSeed % 8);
        if (kind % 16 > 7 && held != 0) {
            (parent, role) = (_parentOf(held), _nodes[held].role);
        } else if (kind % 4 != 3) {
            role = parent == address(this) ? Role(1 + (roleSeed % 3)) : Role(4 + (roleSeed % 4));
        }
        if (until % 8 != 7) until = uint48(block.timestamp + 1 + (until % 1000 days));

        bool expected = _isExpected(parent, account, role, until);
        if (_tried(parent, expected, "accredit", abi.encodeCall(Participants.accredit, (account, role, until, 0)))) {
            _setAccredited(parent, account, role, until);
        }
    }

    /// @dev A parent signs; the account keeps it for later. `kind` of 7: another account's signature.
    function sign(uint256 parentSeed, uint256 accountSeed, uint8 kind, uint8 roleSeed, uint48 until) public {
        // The root is a contract here, which signs nothing.
        parentSeed = 1 + (parentSeed % ACTORS);
        (address parent, address account) = (actor(parentSeed), actor(accountSeed));
        Role role = kind % 4 == 3 ? Role(roleSeed % 8) : Role(4 + (roleSeed % 4));
        if (until % 8 != 7) until = uint48(block.timestamp + 1 + (until % 1000 days));
        uint256 held = PARTICIPANTS.heldBy(account, parent);
        IParticipants.Terms memory terms = IParticipants.Terms(account, role, until, 0, held);
        uint256 key = FIRST_KEY + (kind % 8 == 7 ? 1 + (parentSeed % ACTORS) : parentSeed);
        bytes memory signature = signAccreditation(address(PARTICIPANTS), key, terms, 7, DEADLINE);
        bytes32 standing = kind % 8 == 7 ? bytes32(0) : _standing(account, parent);
        _kept.push(Kept(terms, parent, signature, standing));
    }

    function signAndCarry(uint256 parentSeed, uint256 accountSeed, uint8 kind, uint8 roleSeed, uint48 until) external {
        sign(parentSeed, accountSeed, kind, roleSeed, until);
        carry(0, 0);
    }

    /// @dev One of the last signatures that were kept is carried, perhaps again. `who` of 7: by another account.
    function carry(uint256 seed, uint8 who) public {
        if (_kept.length == 0) return;
        Kept storage kept = _kept[_kept.length - 1 - (seed % (_kept.length < 4 ? _kept.length : 4))];
        IParticipants.Terms memory terms = kept.terms;
        address carrier = who % 8 == 7 ? actor(seed) : terms.account;

        bool expected =
            carrier == terms.account &&
                kept.standing == _standing(terms.account, kept.parent) &&
                _isExpected(kept.parent, terms.account, terms.role, terms.until);
        bytes memory call = abi.encodeCall(
            Participants.accreditBySig,
            (kept.parent, terms, 7, DEADLINE, kept.signature)
        );
        if (_tried(carrier, expected, "carry", call)) {
            _setAccredited(kept.parent, terms.account, terms.role, terms.until);
        }
    }

    function revoke(uint256 callerSeed, uint256 accountSeed) public {
        (address caller, address account) = (actor(callerSeed), actor(accountSeed));
        uint256 node = _nodeOf[account];
        // Every other time the parent, so that it is about the branch and not about the right to.
        if (callerSeed % 2 == 0 && node != 0) caller = _parentOf(node);
        bool live = _isLive(node);
        uint256 children = _liveChildren(node);
        VM.prank(caller);
        try PARTICIPANTS.revoke(account) {
            if (live && !_isAncestor(caller, node)) _surprise("revoke by one who isn't above");
            _nodes[node].revoked = true;
            ++count["revoked"];
            if (children > 0) ++count["revoked with a branch"];
        } catch {
            if (live && _isAncestor(caller, node)) _surprise("revoke refused");
        }
    }

    function renounce(uint256 callerSeed) external {
        address caller = actor(callerSeed);
        uint256 node = _nodeOf[caller];
        bool expected = node != 0 && !_nodes[node].revoked;
        if (_tried(caller, expected, "renounce", abi.encodeCall(Participants.renounce, ())))
            _nodes[node].revoked = true;
    }

    /// @dev A parent is revoked, accredited again and takes its child on again: what stood below the child must not come
    /// back with it.
    function regrow(uint256 childSeed) external {
        address child = actor(childSeed);
        uint256 parent = _nodes[_nodeOf[child]].parent;
        if (parent == 0) return;
        uint256 parentSeed = _seedOf[_nodes[parent].account];
        revoke(0, parentSeed);
        accredit(0, parentSeed, 8, 0, 900 days);
        accredit(0, childSeed, 8, 0, 900 days);
        ++count["regrown"];
    }

    function pass(uint24 time) external {
        VM.warp(block.timestamp + (time % 12 days));
    }

    // -------- the model --------

    /// @notice The root for 0, else one of the actors.
    function actor(uint256 seed) public view returns (address) {
        return _actors[seed % (ACTORS + 1)];
    }

    function roleInModel(address account) public view returns (Role) {
        uint256 node = _nodeOf[account];
        return _isLive(node) ? _nodes[node].role : Role.None;
    }

    /// @notice Whether the account's own node, or one above it, was revoked or replaced.
    function isCutOff(address account) external view returns (bool) {
        uint256 node = _nodeOf[account];
        if (node == 0) return false;
        for (; node != 0; node = _nodes[node].parent) {
            if (_nodes[node].revoked || _nodeOf[_nodes[node].account] != node) return true;
        }
        return false;
    }

    /// @dev Whether an accreditation must be taken, whoever sends it.
    function _isExpected(address parent, address account, Role role, uint48 until) private view returns (bool) {
        Role own = roleInModel(parent);
        bool may =
            parent == address(this)
                ? role == Role.CivilRegistry || role == Role.HealthAuthority || role == Role.Insurer
                : role >= Role.Hospital &&
                    (own == Role.HealthAuthority || (own == Role.Hospital && role != Role.Hospital));
        uint256 held = _nodeOf[account];
        bool sameParent = held != 0 && _parentOf(held) == parent;
        return may && account != address(this) && until > block.timestamp && (sameParent || !_isLive(held));
    }

    function _setAccredited(address parent, address account, Role role, uint48 until) private {
        (uint256 held, uint256 parentNode) = (_nodeOf[account], _nodeOf[parent]);
        bool sameParent = held != 0 && _parentOf(held) == parent;
        Node storage node = _nodes[held];
        ++_revisions[account];
        if (sameParent && !node.revoked && node.role == role && node.parent == parentNode) {
            if (!_isLive(held)) ++count["renewed after its end"];
            node.until = until;
            ++count["renewed"];
        } else {
            if (held != 0 && _parentOf(held) != parent) ++count["taken over"];
            if (held != 0) ++count["accredited anew"];
            _nodeOf[account] = _nodes.length;
            _nodes.push(Node(account, parentNode, role, until, false));
        }
    }

    /// @dev All that must still be so when a signature is carried.
    function _standing(address account, address parent) private view returns (bytes32) {
        bool revoked = _nodes[_nodeOf[account]].revoked;
        return keccak256(abi.encode(_revisions[account], revoked, _nodeOf[parent]));
    }

    function _isLive(uint256 node) private view returns (bool) {
        if (node == 0) return false;
        for (; node != 0; node = _nodes[node].parent) {
            Node storage current = _nodes[node];
            if (current.revoked || current.until <= block.timestamp || _nodeOf[current.account] != node) return false;
        }
        return true;
    }

    function _isAncestor(address caller, uint256 node) private view returns (bool) {
        for (; node != 0; node = _nodes[node].parent) if (_parentOf(node) == caller) return true;
        return false;
    }

    function _liveChildren(uint256 node) private view returns (uint256 found) {
        if (node == 0) return 0;
        for (uint256 i = 1; i <= ACTORS; ++i) {
            uint256 child = _nodeOf[actor(i)];
            if (_nodes[child].parent == node && _isLive(child)) ++found;
        }
    }

    function _parentOf(uint256 node) private view returns (address) {
        uint256 parent = _nodes[node].parent;
        return parent == 0 ? address(this) : _nodes[parent].account;
    }

    function _tried(
        address caller,
        bool expected,
        string memory what,
        bytes memory call
    ) private returns (bool success) {
        VM.prank(caller);
        (success, ) = address(PARTICIPANTS).call(call);
        if (success != expected) _surprise(what);
        ++count[string.concat(what, success ? "" : " refused")];
    }

    function _surprise(string memory what) private {
        if (bytes(surprise).length == 0) surprise = what;
    }
}
