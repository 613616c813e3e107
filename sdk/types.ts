/** Nouns that all of the SDK shares. Digests, ids and keys are 32 bytes as lower-case hex with 0x. */

/** Bytes as lower-case hex with 0x. */
export type Hex = `0x${string}`;

/** A checksummed account address (EIP-55). */
export type Address = Hex;

/** A patient's pseudonym, `PatientId` in Types.sol. */
export type PatientId = Hex;

/** A drawer of one patient's record, `ScopeId` in Types.sol. */
export type ScopeId = Hex;

/** A record, `RecordId` in Types.sol. */
export type RecordId = Hex;

/** A policy, `PolicyId` in Types.sol. */
export type PolicyId = Hex;

/** A visit, `VisitId` in Types.sol. */
export type VisitId = Hex;

/** `enum Role` of IParticipants.sol, in its order. */
export const ROLES = [
  "none",
  "civil registry",
  "health authority",
  "insurer",
  "hospital",
  "laboratory",
  "pharmacy",
  "doctor",
] as const;
export type Role = (typeof ROLES)[number];

/** The drawers that Salus offers. The chain sees only opaque ids of them, different for each patient. */
export const SCOPE_LABELS = [
  "laboratory",
  "medication",
  "imaging",
  "visits",
  "mental health",
  "insurance",
  "documents",
] as const;
export type ScopeLabel = (typeof SCOPE_LABELS)[number];

/** What a grant allows. */
export type Rights = "read" | "write" | "read and write";

/** Progress of long work. `done` and `total` are bytes unless the function says otherwise. */
export type OnProgress = (done: number, total: number) => void;
