/** A hospital's side of a claim: bill a visit, answer the insurer, take the bill back (002-15, 002-33). */
import { sendCall, type Receipt, type SendOptions } from "../adapters/chain.js";
import { billedRecordsOf, visitKeyOf } from "../adapters/billed-visits.js";
import { encodeAnswer, encodeSubmit, encodeWithdrawClaim, spentOf, type Bill } from "../adapters/claims.js";
import { tryCalls } from "../adapters/dry-run.js";
import { blockTime } from "../adapters/logs.js";
import { policiesOf, type IssuedPolicy } from "../adapters/policies.js";
import { tokenInfo } from "../adapters/token.js";
import { visitStateOf } from "../adapters/visits.js";
import { fromUtf8 } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { claim as fhirClaim, sumOf, writeFhir, type BillItem } from "../core/fhir/index.js";
import { coverageOf, feeOf, type Coverage, type Terms, type TokenInfo } from "../core/terms.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, PolicyId, RecordId, VisitId } from "../types.js";
import { currencyOf, sealForParties, sealNote } from "./claim-documents.js";
import type { Claim } from "./claim.js";
import { nameOf } from "./participants.js";
import { policyById } from "./policy.js";
import { termsOf } from "./policy-files.js";
import type { Reader, Session } from "./session.js";
import { sendNaming } from "./stored.js";

/** What a hospital bills. */
export interface BillDraft {
  visitId: VisitId;
  policyId: PolicyId;
  /** What was done; the amount is their sum, in the smallest unit of the policy's token. */
  items: readonly BillItem[];
  /** Documents of the visit that show it, 1 to 20. */
  records: readonly RecordId[];
  /** Who gets a part of what is paid. */
  doctor?: Address | null | undefined;
  /** The doctor's part in basis points. */
  doctorShare?: number | undefined;
  /** When the service began, Unix seconds; when the visit did unless given. */
  from?: number | undefined;
  /** When it ended, Unix seconds; when the visit did unless given. */
  until?: number | undefined;
}

/** A bill that is ready to be looked at and sent. */
export interface PreparedBill {
  visitId: VisitId;
  policyId: PolicyId;
  /** What the contract is sent. */
  bill: Bill;
  /** The sealed document that it names. */
  document: Uint8Array;
  terms: Terms;
  token: TokenInfo;
  /** What the terms would give now if the insurer acknowledged all of it. */
  estimate: Coverage & {
    /** Of what is paid, the doctor's part. */
    fee: bigint;
  };
}

/** A policy that a visit could be billed to. */
export interface BillablePolicy {
  policy: IssuedPolicy;
  terms: Terms;
  /** What of the visit it covers, Unix seconds, the last one with it: a bill's `from` and `until` lie within. */
  span: { from: number; until: number };
}

/**
 * The policies of a visit's patient that were in force during the visit, or a part of it, and have terms: what a hospital can
 * bill to. The contract asks that a policy covers the service that is billed, not the whole visit. Those that cover more of
 * the visit come first.
 * @throws VISIT_UNKNOWN, CHAIN_UNREACHABLE, IPFS_UNREACHABLE; when the storage gives the terms of none, what it failed with:
 * CONTENT_UNAVAILABLE, CID_MISMATCH, IPFS_REFUSED
 */
export async function billablePolicies(reader: Reader, visitId: VisitId): Promise<BillablePolicy[]> {
  const { patientId } = await visitKeyOf(reader.chain, visitId);
  const { openedAt, end } = await visitStateOf(reader.chain, visitId);
  const policies = await policiesOf(reader.chain, { patientId });
  const covering = policies.flatMap((policy) => {
    const from = Math.max(openedAt, policy.from, policy.acceptedAt);
    const until = Math.min(end, policy.end - 1);
    return policy.acceptedAt !== 0 && from <= until ? [{ policy, span: { from, until } }] : [];
  });
  covering.sort((a, b) => lengthOf(b.span) - lengthOf(a.span));
  const found: BillablePolicy[] = [];
  const failures: SalusError[] = [];
  for (const { policy, span } of covering) {
    try {
      const salted = await termsOf(reader, policy);
      if (salted) found.push({ policy, terms: salted.terms, span });
    } catch (error) {
      if (!isSalusError(error) || isSalusError(error, "IPFS_UNREACHABLE", "CHAIN_UNREACHABLE")) throw error;
      // What the insurer itself stored wrong is none to bill to. What the storage fails to give now may be the one.
      if (!isSalusError(error, "NO_TERMS", "MANIFEST_MALFORMED")) failures.push(error);
    }
  }
  const [failure] = failures;
  if (found.length === 0 && failure) throw failure;
  return found;
}

const lengthOf = ({ from, until }: BillablePolicy["span"]): number => until - from;

/**
 * Writes and seals a bill, and asks the node whether the contract would take it. Stores and sends nothing.
 * @throws VISIT_UNKNOWN, UnknownPolicy, NO_TERMS, NotOfVisit, FHIR_INVALID, INVALID_INPUT (items, amounts), NO_PUBLISHED_KEY,
 * and what the contract would refuse with: NotHospitalOfVisit, VisitNotEnded, BilledTooLate, AlreadyBilled, InvalidAmount,
 * InvalidShare, InvalidRecords, OutsideVisit, NotCovered
 */
export async function prepareBill(session: Session, draft: BillDraft): Promise<PreparedBill> {
  const { chain, account } = session;
  const { visitId, policyId, items, doctorShare = 0 } = draft;
  const doctor = draft.doctor ?? null;
  const [visit, state, policy, time] = await Promise.all([
    visitKeyOf(chain, visitId),
    visitStateOf(chain, visitId),
    policyById(session, policyId),
    blockTime(chain),
  ]);
  const salted = await termsOf(session, policy);
  if (!salted) throw new SalusError("NO_TERMS", { policyId });
  const [token, records, spent] = await Promise.all([
    tokenInfo(chain, salted.terms.token),
    billedRecordsOf(chain, visitId, draft.records),
    spentOf(chain, policyId),
  ]);
  const { from = state.openedAt, until = state.end } = draft;
  const party = async (each: Address) => ({ account: each, name: await nameOf(session, each) });
  const [hospital, insurer, doctorParty] = await Promise.all([
    party(visit.hospital),
    party(policy.insurer),
    doctor === null ? undefined : party(doctor),
  ]);
  const resource = fhirClaim({
    visitId,
    patientId: visit.patientId,
    policyId,
    hospital,
    insurer,
    doctor: doctorParty,
    items,
    records: draft.records,
    from,
    until,
    time,
    currency: currencyOf(token),
  });
  const { content } = await writeFhir(resource);
  const document = await sealForParties(session, visit, policy.insurer, JSON.parse(fromUtf8(content)) as object);
  const amount = sumOf(items);
  const bill: Bill = {
    visit,
    cover: { insurer: policy.insurer, ...salted },
    amount,
    from,
    until,
    doctor,
    doctorShare,
    records,
    document: (await computeCid(document)).digest,
  };
  await tryCalls(chain, account, [encodeSubmit(chain, bill)]);
  const estimate = coverageOf(salted.terms, spent, amount);
  return {
    visitId,
    policyId,
    bill,
    document,
    terms: salted.terms,
    token,
    estimate: { ...estimate, fee: feeOf(estimate.paid, doctorShare) },
  };
}

/** Stores the sealed bill and sends it, as the hospital. @throws as `prepareBill`, IPFS_UNREACHABLE, SIGNATURE_REJECTED */
export async function submitBill(
  session: Session,
  { bill, document }: PreparedBill,
  options?: SendOptions,
): Promise<Receipt> {
  return sendNaming(session, document, () => encodeSubmit(session.chain, bill), options);
}

/** Answers what the insurer asks, in words. @throws NothingAsked, WrongStatus, NotHospitalOfVisit, INVALID_INPUT */
export async function answerClaim(
  session: Session,
  claim: Claim,
  text: string,
  options?: SendOptions,
): Promise<Receipt> {
  const note = await sealNote(session, claim, "answered", text);
  return sendNaming(session, note, (digest) => encodeAnswer(session.chain, claim.key, digest), options);
}

/** Takes the bill back before the decision; a right one may follow. @throws WrongStatus, NotHospitalOfVisit */
export async function withdrawClaim(session: Session, claim: Claim, options?: SendOptions): Promise<Receipt> {
  const { chain, signer } = session;
  return sendCall(chain, signer, encodeWithdrawClaim(chain, claim.key), options);
}
