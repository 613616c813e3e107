/** A registration on its way: what it is made of. How it is kept between the steps is in enrolment-draft.ts. */
import type { Drafts } from "../adapters/drafts.js";
import type { SignedAttestation } from "../adapters/patients.js";
import type { SignedOffer } from "../adapters/policies.js";
import type { Evidence } from "../adapters/services.js";
import type { Identity } from "../core/attestation.js";
import type { Terms } from "../core/terms.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import type { Comparison } from "./policy.js";
import type { Session } from "./session.js";

/** What comes next: prove who you are, show the card, compare the policy, look at all of it and send, nothing. */
export type EnrolmentStep = "identity" | "insurance" | "policy" | "confirm" | "done";

/** Who the civil registry says that the person is. */
export interface Proof {
  identity: Identity;
  attestation: SignedAttestation;
  registryName: string;
  evidence: readonly Evidence[];
  /** The pseudonym that the account will have. */
  patientId: PatientId;
}

/** One of the insurer's files. */
export interface CoverFile {
  fileName: string;
  mediaType: string;
  /** Bytes of the file as it is read. */
  size: number;
}

/** What the insurer offers. */
export interface Cover {
  insurerName: string;
  /** Number of the insurance card. */
  card: string;
  /** The plan's name. */
  title: string;
  offer: SignedOffer;
  policyId: PolicyId;
  /** What is paid of bills; null when the policy has no terms. */
  terms: Terms | null;
  wording: CoverFile;
  schedule: CoverFile & {
    /** Salt of the schedule's digest. */
    salt: Hex;
    /** sha2-256 of the schedule as it is read: tells whether a renewed offer has the same one. */
    content: Hex;
  };
  /** The person's own copies against the insurer's; empty before `comparePolicy`. */
  comparisons: readonly Comparison[];
}

/** A registration that is done. */
export interface Enrolled {
  account: Address;
  patientId: PatientId;
  /** Seed 002's H. */
  patientHash: Hex;
  /** The one transaction that registered, published the key, opened the drawers and accepted the policy. */
  transaction: Hex;
  policyId: PolicyId | null;
  /** The backup of the account root that the registration made; null when the account had a key before. */
  backup: { cid: string; file: Uint8Array } | null;
}

/** A registration at one step. Each function of enrolment.ts takes one, changes nothing in it, and returns the next. */
export interface Enrolment {
  readonly step: EnrolmentStep;
  /** The account at work, with its root: a new one until `enrol`, unless the account had one. */
  readonly session: Session & { root: Uint8Array };
  readonly drafts: Drafts;
  /** The backup of a new root under the passphrase; null when the account had published a key before. */
  readonly backup: Uint8Array | null;
  /** Salt of the commitment. */
  readonly salt: Hex;
  /** Null before `identify`. */
  readonly proof: Proof | null;
  /** Null before `insure`, and for whom goes on without insurance. */
  readonly cover: Cover | null;
  /** The sealed profile, once `enrol` has begun. */
  readonly profile: Uint8Array | null;
  /** The transaction that was sent, if one was. */
  readonly transaction: Hex | null;
  /** The result, at the step "done". */
  readonly enrolled: Enrolled | null;
}

/** Who the person was proved to be. @throws INVALID_INPUT before `identify` */
export function proofOf({ proof }: Enrolment): Proof {
  if (!proof) throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: "prove who you are first" });
  return proof;
}
