// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {OrderKey} from "./IOrders.sol";
import {PatientId, RecordId, ScopeId} from "./Types.sol";
import {VisitKey} from "./IVisits.sol";

/// @title Records: the append-only, hash-chained list of a patient's documents
/// @notice The chain holds digests of encrypted documents on IPFS, never content (001-05 to 001-09, 003-08, 003-09,
/// 003-14, 004-06, 004-12). A record costs one slot: its anchor, the hash of all that the event says. The patient's head
/// chains the anchors, so a record that is missing, reordered or altered shows (003-15).
interface IRecords {
    // -------- types --------

    /// @notice One document, as its author appends it.
    struct Entry {
        // Chosen at random by the author; with author and context it makes the record id, see {RecordId}.
        uint64 nonce;
        // Bytes of the payload, to bound a download.
        uint64 size;
        // sha2-256 digest of the CID of the payload, the encrypted document.
        bytes32 payload;
        // sha2-256 digest of the CID of the header, which opens the payload for the scope's key.
        bytes32 header;
    }

    // -------- errors --------

    /// @notice `author` is neither the patient nor an accredited participant with a write grant for the scope.
    error NotAuthor(PatientId patientId, ScopeId scope, address author);
    /// @notice `author` may not write under this visit or order now. Nobody may under an order whose record isn't anchored.
    error NotAuthorIn(bytes32 context, address author);
    /// @notice The document is sealed to `given`, but the scope's key is `current` (zero: the scope isn't open).
    error StaleScopeKey(bytes32 given, bytes32 current);
    /// @notice This author has anchored a record under this nonce already.
    error RecordExists(RecordId recordId);
    /// @notice A batch holds 1 to `MAX_BATCH` entries.
    error InvalidBatch(uint256 length);

    // -------- events --------

    /// @notice A record was appended. `time` is the block's, Unix seconds. The anchor is
    /// keccak256(abi.encode(recordId, author, scope, scopeKey, payload, header, size, time)).
    event RecordAppended(
        PatientId indexed patientId,
        address indexed author,
        RecordId indexed recordId,
        ScopeId scope,
        bytes32 scopeKey,
        bytes32 payload,
        bytes32 header,
        uint64 size,
        uint64 time
    );

    /// @notice The record that was just appended was written under a visit (its id) or an order (its record's id), and has
    /// this nonce, which a bill or a report names it by.
    event RecordWrittenUnder(bytes32 indexed context, RecordId indexed recordId, uint64 nonce);

    // -------- actions --------

    /// @notice Appends one record, as the patient or as an accredited participant with a write grant for the scope.
    /// A participant's document must be sealed to the scope's present key, so that nobody else can write to a key that
    /// the patient has moved away from. The patient's own isn't held against it: that look-up costs 5,000 gas of 67,000
    /// and would guard patients only from their own devices, which know the key. `appendBatch` asks for everyone.
    /// The anchor holds `scopeKey` in any case, so a reader sees a record whose key wasn't the scope's.
    /// @param scopeKey the public key that the document is sealed to
    function append(PatientId patientId, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external;

    /// @notice Appends several records of one scope, all or none.
    /// @param scopeKey the public key that the documents are sealed to; must be the scope's present one
    function appendBatch(PatientId patientId, ScopeId scope, bytes32 scopeKey, Entry[] calldata entries) external;

    /// @notice Appends one record of a visit, as one of its members (002-26), to any scope of the patient that is open.
    /// @param scopeKey as for `appendBatch`
    function appendInVisit(VisitKey calldata visit, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external;

    /// @notice Appends one record under an order, as whoever carries it out (002-31, 002-40). The order's own record must be
    /// anchored, so that nobody is ordered something afterwards.
    /// @param scopeKey as for `appendBatch`
    function appendForOrder(OrderKey calldata order, ScopeId scope, bytes32 scopeKey, Entry calldata entry) external;

    // -------- views --------

    /// @notice The most entries of a batch.
    function MAX_BATCH() external view returns (uint256);

    /// @notice The record's anchor; zero when unknown.
    function anchorOf(RecordId recordId) external view returns (bytes32);

    /// @notice The patient's head: keccak256(abi.encode(previous head, anchor)), starting from zero.
    function headOf(PatientId patientId) external view returns (bytes32);

    /// @notice The id of the record that `author` appends for the patient under `nonce`, as the patient or with a grant.
    function recordIdOf(PatientId patientId, address author, uint64 nonce) external pure returns (RecordId);
}
