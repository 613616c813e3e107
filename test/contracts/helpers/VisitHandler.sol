// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {OrderActs} from "./OrderActs.sol";
import {PatientActs} from "./PatientActs.sol";

/// @title VisitHandler
/// @notice Patients, hospitals, their staff and strangers act at random in visits, rightly and wrongly. Before each act the
/// model says whether it must be taken; after it, the model keeps what the contracts must agree with.
contract VisitHandler is OrderActs, PatientActs {}
