// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IClaims, Terms} from "../../contracts/interfaces/IClaims.sol";
import {VisitId} from "../../contracts/interfaces/Types.sol";
import {ClaimsHandler} from "./helpers/ClaimsHandler.sol";
import {ClaimsWorld} from "./helpers/ClaimsWorld.sol";

/// @title ClaimsTest
/// @notice What must hold of claims and of the money in the ledger after any acts of anybody; told in docs/invariants.md.
contract ClaimsTest {
    ClaimsHandler private _handler;

    function setUp() external {
        // Few visits, so that acts meet each other.
        _handler = new ClaimsHandler(24);
    }

    /// @dev Read by the runner: only the handler is called at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice All promises, each checked after every call of the run.
    function invariant_everyPromiseHolds() external view {
        _everyActIsTakenOrRefusedAsInTheModel();
        uint256[2] memory approved = _everyClaimIsAsPromised();
        _noPolicyPaysMoreThanItsTermsGive();
        for (uint256 i = 0; i < _handler.TOKENS(); ++i) {
            address token = _handler.token(i);
            _whatIsPaidIsWhatWasDecided(token, approved[i]);
            _theLedgerOwesNoMoreThanItHolds(token);
        }
    }

    function _everyActIsTakenOrRefusedAsInTheModel() private view {
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    /// @dev Paid <= approved <= covered <= billed; nothing before an approval, and nothing twice. Returns what is approved of
    /// each token.
    function _everyClaimIsAsPromised() private view returns (uint256[2] memory approved) {
        for (uint256 i = 0; i < _handler.visitCount(); ++i) {
            (VisitId visitId, ClaimsWorld.ClaimModel memory model) = _handler.visitAt(i);
            IClaims.Claim memory claim = _handler.CLAIMS().claimOf(visitId);
            require(claim.status == model.status && claim.isAsked == model.isAsked, "another status");
            require(claim.since == model.since && claim.bill == model.bill, "another bill, or another clock");
            require(claim.amount == model.amount && claim.approved == model.approved, "other amounts");
            require(claim.approved <= model.covered && model.covered <= claim.amount, "more approved than covered");
            require(model.settlements <= 1, "paid twice for a visit");
            if (claim.approved == 0) continue;
            require(model.settlements == 1, "approved without having been paid");
            address token = _handler.policyAt(model.policy).cover.terms.token;
            approved[token == _handler.token(0) ? 0 : 1] += claim.approved;
        }
    }

    function _noPolicyPaysMoreThanItsTermsGive() private view {
        for (uint256 i = 0; i < _handler.policyCount(); ++i) {
            ClaimsWorld.PolicyModel memory model = _handler.policyAt(i);
            Terms memory terms = model.cover.terms;
            IClaims.Spent memory spent = _handler.CLAIMS().spentOf(_handler.policyId(i));
            require(spent.deductible == model.deductible && spent.paid == model.paid, "otherwise spent");
            require(spent.paid <= terms.limit, "more paid than the limit");
            require(spent.deductible <= terms.deductible, "more of the deductible than there is");
        }
    }

    function _whatIsPaidIsWhatWasDecided(address token, uint256 approved) private view {
        require(_handler.decided(token) == approved, "decided and not approved");
        require(_handler.credited(token) == approved, "more or less credited than decided");
    }

    function _theLedgerOwesNoMoreThanItHolds(address token) private view {
        uint256 owed = 0;
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            address account = _handler.account(i);
            uint256 balance = _handler.CLAIMS().balanceOf(token, account);
            require(balance == _handler.balances(token, account), "another balance");
            owed += balance;
        }
        require(owed <= IERC20(token).balanceOf(address(_handler.CLAIMS())), "more owed than held");
    }

    /// @notice The handler isn't idle: a plain run of it comes by every state that the invariants are about.
    function test_theHandlerReachesEveryStatus() external {
        // Room for many visits: each is paid once, and a world in which all are paid stands still.
        _handler = new ClaimsHandler(400);
        for (uint256 i = 0; i < 6000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            _act(seed % 24, seed >> 8, seed >> 40, seed >> 72, seed >> 104);
        }
        string[9] memory acts = [
            "submit",
            "confirm",
            "dispute",
            "ask",
            "answer",
            "withdrawClaim",
            "decide",
            "deposit",
            "withdraw"
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            require(_handler.count(acts[i]) > 1, acts[i]);
            string memory refused = string.concat(acts[i], " refused");
            // A deposit is refused by the token alone.
            require(i == 7 || _handler.count(refused) > 1, refused);
        }
        string[7] memory reached = [
            "submit anew",
            "deny",
            "approve",
            "approve nothing",
            "reach the limit",
            "supersede",
            "cancel"
        ];
        for (uint256 i = 0; i < reached.length; ++i) require(_handler.count(reached[i]) > 0, reached[i]);
        require(_handler.count("deregister") == 1, "deregister");
        require(bytes(_handler.surprise()).length == 0, _handler.surprise());
    }

    /// @notice Never one unit more than is covered, exactly: with parts of a unit, the policy would give at least what is
    /// paid, and less than one unit more. Nothing is spent twice, and nothing runs over.
    function testFuzz_neverPaysMoreThanIsCoveredExactly(
        uint128 deductible,
        uint16 coPayment,
        uint128 limit,
        uint128 first,
        uint128 paidBefore,
        uint96 eligible
    ) external view {
        coPayment %= 10_001;
        Terms memory terms = Terms(address(0), deductible, coPayment, limit);
        IClaims.Spent memory spent = IClaims.Spent(first, paidBefore);
        (uint256 kept, uint256 paid) = _handler.CLAIMS().coverageOf(terms, spent, eligible);

        uint256 left = limit < paidBefore ? 0 : limit - paidBefore;
        uint256 open = deductible < first ? 0 : deductible - first;
        require(kept == Math.min(eligible, open), "another part of the deductible");
        // In ten-thousandths of a unit.
        uint256 exact = Math.min((eligible - kept) * (10_000 - coPayment), left * 10_000);
        require(paid * 10_000 <= exact, "more paid than covered");
        require(exact < (paid + 1) * 10_000, "a whole unit less than covered");
    }

    /// @notice Billing in two pieces never brings more than billing at once.
    function testFuzz_piecesBringNoMoreThanTheWhole(
        uint96 deductible,
        uint16 coPayment,
        uint96 limit,
        uint96 one,
        uint96 other
    ) external view {
        Terms memory terms = Terms(address(0), deductible, coPayment, limit);
        IClaims.Spent memory spent = IClaims.Spent(0, 0);
        (, uint256 whole) = _handler.CLAIMS().coverageOf(terms, spent, uint256(one) + other);
        (uint256 kept, uint256 paid) = _handler.CLAIMS().coverageOf(terms, spent, one);
        spent = IClaims.Spent(uint128(kept), uint128(paid));
        (, uint256 rest) = _handler.CLAIMS().coverageOf(terms, spent, other);
        require(paid + rest <= whole, "pieces brought more");
    }

    /// @notice Any terms and amounts have an answer: what is out of bounds gives less, and nothing reverts.
    function testFuzz_everyTermsHaveACoverage(
        Terms memory terms,
        IClaims.Spent memory spent,
        uint256 eligible
    ) external view {
        (uint256 kept, uint256 paid) = _handler.CLAIMS().coverageOf(terms, spent, eligible);
        require(kept <= eligible && paid <= eligible - kept, "more than was billed");
    }

    function _act(uint256 which, uint256 a, uint256 b, uint256 c, uint256 d) private {
        if (which == 0) _handler.insure(a, b, c, d);
        else if (which == 1) _handler.attend(a, b, uint24(c));
        else if (which == 2) _handler.leave(a);
        else if (which < 7) _handler.submit(a, b, c, d, a >> 16, uint8(b >> 16));
        else if (which < 10) _handler.review(a, b, uint8(c));
        else if (which < 14) _handler.decide(a, b, uint8(c), uint8(d), uint8(c >> 8));
        else if (which == 14) _handler.answer(a, uint8(b));
        else if (which < 17) _handler.withdrawClaim(a, uint8(b));
        else if (which < 19) _handler.deposit(a, b, c);
        else if (which == 19) _handler.withdraw(a, b, c);
        else if (which == 20) _handler.cancel(a);
        else if (which == 21) _handler.deregister(uint8(a));
        else _handler.pass(uint32(a));
    }
}
