// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {PatientId, RecordId} from "../../contracts/interfaces/Types.sol";
import {VisitHandler} from "./helpers/VisitHandler.sol";

/// @title VisitsTest
/// @notice What must hold of visits, their orders and reports after any acts of anybody; told in docs/invariants.md.
contract VisitsTest {
    VisitHandler private _handler;

    function setUp() external {
        _handler = new VisitHandler();
    }

    /// @dev Read by the runner: only the handler is called at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice All promises after every call of the run; of visits and orders each time the ones whose turn it is.
    function invariant_everyPromiseHolds() external view {
        _aVisitsRightsNeverOutliveIt();
        _aPermitOpensAtMostOneVisit();
        _anOrderIsFulfilledAtMostAsOftenAsItSays();
        _everyRecordIsChained();
        _everyActIsTakenOrRefusedAsInTheModel();
    }

    function _everyActIsTakenOrRefusedAsInTheModel() private view {
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    /// @dev No record under a visit outside opening and end, nor from anybody not of it; no member after the end.
    function _aVisitsRightsNeverOutliveIt() private view {
        require(_handler.wronglyWritten() == 0, "a record was written under a visit without the right");
    }

    /// @dev And a visit is as in the model: who belongs to it, from when, until when.
    function _aPermitOpensAtMostOneVisit() private view {
        string memory fault = _handler.faultOfVisits(_handler.acts());
        require(bytes(fault).length == 0, fault);
    }

    /// @dev And its reports form one chain, back to the order itself.
    function _anOrderIsFulfilledAtMostAsOftenAsItSays() private view {
        require(_handler.wronglyReported() == 0, "a record was written under an order without the right");
        string memory fault = _handler.faultOfOrders(_handler.acts());
        require(bytes(fault).length == 0, fault);
    }

    /// @dev Records of visits and orders stand in the patient's one chain.
    function _everyRecordIsChained() private view {
        PatientId id = _handler.patient(_handler.acts());
        RecordId[] memory records = _handler.recordsOf(id);
        bytes32 head = 0;
        for (uint256 i = 0; i < records.length; ++i) {
            bytes32 anchor = _handler.RECORDS().anchorOf(records[i]);
            require(anchor == _handler.anchors(records[i]), "another anchor");
            head = keccak256(abi.encode(head, anchor));
        }
        require(_handler.RECORDS().headOf(id) == head, "another head");
    }

    /// @notice The handler isn't idle: a few plain runs of it come by every state that the invariants are about.
    function test_theHandlerReachesEveryState() external {
        VisitHandler[] memory handlers = new VisitHandler[](7);
        for (uint256 i = 0; i < 2400; ++i) {
            // In a world of their own, since patients who are gone are gone for good.
            if (i % 400 == 0) handlers[i / 400] = _handler = new VisitHandler();
            uint256 seed = uint256(keccak256(abi.encode(i)));
            (uint256 a, uint256 b, uint256 c, uint256 d) = (seed >> 8, seed >> 56, seed >> 104, seed >> 152);
            _act(seed % 32, a, b, c, d, uint24(seed >> 200));
        }
        // And one in which nobody leaves and no time passes: orders are placed, chosen for and reported on, the last after
        // visits were closed.
        handlers[6] = _handler = new VisitHandler();
        for (uint256 i = 0; i < 700; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("order", i)));
            (uint256 a, uint256 b, uint256 c, uint256 d) = (seed >> 8, seed >> 56, seed >> 104, seed >> 152);
            uint256 which = 10 + (seed % 14);
            if (which == 19) which = 23;
            _act(i > 500 && seed % 8 == 0 ? 9 : which, a, b, c, d, uint24(seed >> 200));
        }
        string[13] memory acts = [
            "open",
            "open directly",
            "withdraw",
            "assign",
            "unassign",
            "close",
            "append in a visit",
            "place",
            "choose",
            "request",
            "cancel",
            "append for an order",
            "fulfil"
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            require(_counted(handlers, acts[i]) > 1, acts[i]);
            string memory refused = string.concat(acts[i], " refused");
            require(_counted(handlers, refused) > 1, refused);
        }
        string[7] memory states = [
            "chain",
            "correct",
            "fulfil again",
            "fulfil after the visit",
            "turnStaff",
            "turnHospital",
            "deregister"
        ];
        for (uint256 i = 0; i < states.length; ++i) require(_counted(handlers, states[i]) > 0, states[i]);
    }

    function _counted(VisitHandler[] memory handlers, string memory what) private view returns (uint256 count) {
        for (uint256 i = 0; i < handlers.length; ++i) {
            require(bytes(handlers[i].surprise()).length == 0, handlers[i].surprise());
            count += handlers[i].count(what);
        }
    }

    function _act(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d, uint24 e) private {
        if (which < 3) _handler.open(a, b, c, e, uint8(d));
        else if (which == 3) _handler.openDirectly(a, b, c, d, e);
        else if (which == 4) _handler.withdraw(a, b, c, d);
        else if (which < 8) _handler.assign(a, b, c);
        else if (which == 8) _handler.unassign(a, b, c);
        else if (which == 9) _handler.close(a, b, uint8(c));
        else if (which < 14) _handler.appendInVisit(a, b, c, d);
        else if (which < 24) _order(which, a, b, c, d, e);
        else _happen(which, a, b, c, d, e);
    }

    function _order(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d, uint24 e) private {
        if (which < 17) _handler.place(a, b, c, e, uint8(d));
        else if (which == 17) _handler.choose(a, b, c);
        else if (which == 18) _handler.request(a, b);
        else if (which == 19) _handler.cancel(a, b, uint8(c / 8) % 2 == 0 ? 0 : 1);
        else if (which < 22) _handler.appendForOrder(a, b, c, d);
        else _handler.fulfil(a, b, c, uint8(d));
    }

    function _happen(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d, uint24 e) private {
        if (which == 24) _handler.register(a, b, c, uint8(e));
        else if (which == 25) _handler.deregister(a, b, uint8(c));
        else if (which == 26) _handler.openScope(a, b, c, d);
        else if (which == 27) _handler.rotateScope(a, b, c, d);
        else if (which == 28) _handler.rotateController(a, b, c, uint8(e));
        else if (which == 29) _handler.turnStaff(a, b, c);
        else if (which == 30) _handler.turnHospital(a, b);
        else _handler.pass(uint16(a));
    }
}
