// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @dev Pseudonym of a patient: keccak256(abi.encode(controller at registration, identity commitment)).
/// The caller is part of the hash, so nobody can take somebody else's pseudonym first.
type PatientId is bytes32;

/// @dev A drawer of one patient's record. Opaque: derived from the patient's account root, so the chain doesn't show
/// which drawer holds what (mental health or dental), nor that two patients have the same drawer.
type ScopeId is bytes32;

/// @dev A record: keccak256(abi.encode(context, author, nonce)). The context is what the author writes under: the patient
/// (as the patient, or with a grant), a visit, or an order, which is itself a record. Known before the document is
/// encrypted, so the document itself can name it; the author is part of the hash, so nobody else can use it first; the
/// context is, so nobody can move it to another visit or order.
type RecordId is bytes32;

/// @dev A policy: keccak256(abi.encode(insurer, patientId, reference)).
type PolicyId is bytes32;

/// @dev A visit: keccak256(abi.encode(patientId, hospital, nonce)), see `VisitKey`.
type VisitId is bytes32;
