// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Participants} from "../../contracts/Participants.sol";
import {Accreditation, Role} from "../../contracts/interfaces/IParticipants.sol";
import {PackedAccreditation, pack} from "../../contracts/utils/PackedAccreditation.sol";
import {ParticipantsHandler} from "./helpers/ParticipantsHandler.sol";

/// @title ParticipantsTest
/// @notice What must hold of the tree of accreditations after any acts of anybody; told in docs/invariants.md.
contract ParticipantsTest {
    ParticipantsHandler private _handler;
    Participants private _participants;

    function setUp() external {
        _handler = new ParticipantsHandler();
        _participants = _handler.PARTICIPANTS();
    }

    /// @dev Read by the runner: only the handler is called at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice All promises, each checked after every call of the run.
    function invariant_everyPromiseHolds() external view {
        _everyRoleIsThatOfTheModel();
        _aRevokedBranchHasNoRole();
        _everyRoleHangsFromTheRootByDescendingRoles();
        _theRootHoldsNoRole();
        _everyActIsTakenOrRefusedAsInTheModel();
    }

    function _everyActIsTakenOrRefusedAsInTheModel() private view {
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    function _everyRoleIsThatOfTheModel() private view {
        for (uint256 i = 0; i <= _handler.ACTORS(); ++i) {
            address account = _handler.actor(i);
            require(_participants.roleOf(account) == _handler.roleInModel(account), "role differs from the model");
        }
    }

    function _aRevokedBranchHasNoRole() private view {
        for (uint256 i = 1; i <= _handler.ACTORS(); ++i) {
            address account = _handler.actor(i);
            if (!_handler.isCutOff(account)) continue;
            require(_participants.roleOf(account) == Role.None, "a branch outlived its revocation");
        }
    }

    function _everyRoleHangsFromTheRootByDescendingRoles() private view {
        for (uint256 i = 1; i <= _handler.ACTORS(); ++i) {
            address account = _handler.actor(i);
            if (_participants.roleOf(account) == Role.None) continue;
            Accreditation memory held = _participants.accreditationOf(account);
            uint256 steps = 1;
            while (held.parent != _participants.ROOT()) {
                Accreditation memory above = _participants.accreditationOf(held.parent);
                require(above.role != Role.None && above.role < held.role, "roles don't descend");
                require(above.until > block.timestamp, "an expired parent");
                require(above.generation == held.parentGeneration, "another generation's parent");
                held = above;
                require(++steps <= 3, "deeper than three");
            }
        }
    }

    function _theRootHoldsNoRole() private view {
        require(_participants.roleOf(_participants.ROOT()) == Role.None, "the root holds a role");
    }

    /// @notice The handler isn't idle: a plain run of it comes by every state that the invariants are about.
    function test_theHandlerReachesEveryState() external {
        for (uint256 i = 0; i < 3000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            (uint256 a, uint256 b, uint8 c, uint8 d) = (seed >> 8, seed >> 72, uint8(seed >> 136), uint8(seed >> 144));
            if (seed % 8 < 5) _handler.accredit(a, b, c, d, uint48(seed >> 152));
            else if (seed % 8 == 5) _handler.revoke(a, b);
            else if (seed % 64 == 6) _handler.renounce(a);
            else if (seed % 64 == 14) _handler.regrow(a);
            else if (seed % 64 == 22 || seed % 64 == 30) _handler.sign(a, b, c, d, uint48(seed >> 152));
            else if (seed % 64 == 38 || seed % 64 == 46) _handler.signAndCarry(a, b, c, d, uint48(seed >> 152));
            else if (seed % 64 == 54 || seed % 64 == 62) _handler.carry(a, c);
            else if (seed % 8 == 7) _handler.pass(uint24(a));
        }
        string[12] memory states = [
            "accredit",
            "accredit refused",
            "renewed",
            "renewed after its end",
            "taken over",
            "accredited anew",
            "revoked",
            "revoked with a branch",
            "renounce",
            "regrown",
            "carry",
            "carry refused"
        ];
        for (uint256 i = 0; i < states.length; ++i) require(_handler.count(states[i]) > 1, states[i]);
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    function testFuzz_packsAndUnpacksEveryAccreditation(
        address parent,
        uint8 role,
        uint48 until,
        uint16 generation,
        uint16 parentGeneration,
        uint8 revision
    ) external pure {
        Role held = Role(role % 8);
        Accreditation memory fields = Accreditation(parent, held, until, generation, parentGeneration, revision);
        PackedAccreditation word = pack(fields);
        require(keccak256(abi.encode(word.unpack())) == keccak256(abi.encode(fields)), "a field was lost");
        fields.role = Role.None;
        require(
            keccak256(abi.encode(word.withoutRole().unpack())) == keccak256(abi.encode(fields)),
            "more than the role went"
        );
    }
}
