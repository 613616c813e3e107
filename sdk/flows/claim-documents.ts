/**
 * What belongs to a claim and isn't for everyone: the bill and the insurer's response (FHIR R4 Claim and ClaimResponse), and
 * the words of those who ask, answer and dispute. Each is one age file on IPFS for patient, insurer and hospital, named by
 * its event, and is held against the chain before anybody relies on it.
 */
import type { Claim as FhirClaim, ClaimResponse } from "fhir/r4";
import * as v from "valibot";

import type { DecisionEvent, NoteEvent } from "../adapters/claim-events.js";
import { NO_DOCUMENT } from "../adapters/claims.js";
import { patientOf } from "../adapters/patients.js";
import { tokenInfo } from "../adapters/token.js";
import { readFhir, secondsOf, type Currency } from "../core/fhir/index.js";
import { readClaim, readClaimResponse } from "../core/fhir/claim.js";
import { fromUtf8, utf8 } from "../core/bytes.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, paddedJson, parseJson } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import type { TokenInfo } from "../core/terms.js";
import type { VisitKey } from "../core/visit.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex, VisitId } from "../types.js";
import { sinceBill, type Claim } from "./claim.js";
import { policyById } from "./policy.js";
import { termsOf } from "./policy-files.js";
import { publicKeyOfAccount, rootOf, usableKeyOf, type Reader, type Session } from "./session.js";

/** Enough to open what was sealed to an account. */
type Opener = Reader & Pick<Session, "root">;

/** Enough to say who seals. */
type Sender = Reader & Pick<Session, "account">;

/** A bill, opened and held against the chain. */
export interface OpenedBill {
  /** As the hospital wrote it. */
  resource: FhirClaim;
  /** What was done, line by line; amounts in the token's smallest unit, their sum is what was billed. */
  items: BilledItem[];
}

/** A line of a bill. */
export interface BilledItem {
  /** Of `fhir.CLAIM_ITEMS`, or null. */
  code: string | null;
  text: string;
  quantity: number;
  unitPrice: bigint;
  net: bigint;
}

/** A response, opened and held against the chain. */
export interface OpenedResponse {
  /** As the insurer wrote it. */
  resource: ClaimResponse;
  /** What the insurer adds in words; empty for nothing. */
  note: string;
}

/** Words about a claim. */
export interface ClaimNote {
  event: NoteEvent;
  /** What was said; null for no words, and when they can't be had. */
  text: string | null;
  /** Why they can't be had. */
  problem: SalusError | null;
}

/** What an event of a claim is about, inside its sealed words, so that nobody can pass off other words for them. */
const NoteSchema = v.strictObject({
  v: v.literal(1),
  visitId: Hex32,
  /** The how-manieth bill of the visit, from 1. */
  round: v.pipe(v.number(), v.integer(), v.minValue(1)),
  kind: v.picklist(["disputed", "asked", "answered"]),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(4_000)),
});

/** The currency that FHIR's amounts are in: the token's ISO 4217 code, or XXX ("no currency") when it names none. */
export function currencyOf({ symbol, decimals }: Pick<TokenInfo, "symbol" | "decimals">): Currency {
  return { code: /[A-Z]{3}$/.exec(symbol)?.[0] ?? "XXX", decimals };
}

// -------- sealing --------

/**
 * Seals a document of a claim to those of its three parties that have a usable key. A patient who has deregistered, has moved
 * to an account without a key or publishes an impossible one can't open it, nor can an insurer or hospital without a key; that
 * mustn't stop the others from billing, asking and deciding. Of the sender's own key nothing is forgiven.
 * @throws NO_PUBLISHED_KEY (the sender's)
 */
export async function sealForParties(
  sender: Sender,
  { patientId, hospital }: Pick<VisitKey, "patientId" | "hospital">,
  insurer: Address,
  document: object,
): Promise<Uint8Array> {
  const patient = await patientOf(sender.chain, patientId);
  const accounts = new Set([...(patient ? [patient.controller] : []), insurer, hospital]);
  const keyFor = (account: Address) => (account === sender.account ? publicKeyOfAccount : usableKeyOf)(sender, account);
  const keys = await Promise.all([...accounts].map(keyFor));
  const usable = keys.filter((key) => key !== null);
  return sealTo(paddedJson(document), usable);
}

/** Seals words about a claim. @throws INVALID_INPUT without words, or with too many; as `sealForParties` */
export async function sealNote(
  sender: Sender,
  { visitId, key, insurer, round }: Pick<Claim, "visitId" | "key" | "insurer" | "round">,
  kind: NoteEvent["kind"],
  text: string,
): Promise<Uint8Array> {
  const note = v.safeParse(NoteSchema, { v: 1, visitId, round, kind, text: text.trim() });
  if (!note.success) throw new SalusError("INVALID_INPUT", { argument: "text", reason: "needs 1 to 4,000 characters" });
  return sealForParties(sender, key, insurer, note.output);
}

// -------- reading --------

/**
 * The bill, as one of its three parties. It names this visit, patient, hospital, insurer, policy and these records, its
 * items come to its total, and that is what the chain has.
 * @throws CLAIM_MISMATCH (`field` says which), FHIR_INVALID, LOCKED, NOT_A_RECIPIENT, CONTENT_UNAVAILABLE, CID_MISMATCH
 */
export async function readBill(session: Opener, claim: Claim): Promise<OpenedBill> {
  const [resource, currency] = await Promise.all([openFhir(session, claim.document), currencyOfClaim(session, claim)]);
  if (resource.resourceType !== "Claim") throw mismatch(claim, "resourceType");
  const said = readClaim(resource, currency);
  const items = said.items.map(({ unitPrice, net, ...item }) => {
    const isWhole = Number.isSafeInteger(item.quantity);
    if (!isWhole || unitPrice === null || net === null || net !== unitPrice * BigInt(item.quantity)) {
      throw mismatch(claim, "item");
    }
    return { ...item, unitPrice, net };
  });
  expectSame(claim, {
    visitId: [said.visitId, claim.visitId],
    patient: [said.patientId, claim.key.patientId],
    hospital: [said.hospital, claim.key.hospital],
    insurer: [said.insurer, claim.insurer],
    policy: [said.policyId, claim.policyId],
    amount: [said.amount, claim.amount],
    items: [items.reduce((sum, { net }) => sum + net, 0n), claim.amount],
    records: [said.records.join(), claim.records.join()],
    from: [secondsOf(said.period.start ?? undefined), claim.from],
    until: [secondsOf(said.period.end ?? undefined), claim.until],
  });
  return { resource, items };
}

/**
 * The insurer's response, as one of the three parties; null before the decision. It names this visit and what the chain says
 * that the insurer decided; what is paid of it the chain computes, and no document can say otherwise.
 * @throws as `readBill`
 */
export async function readResponse(session: Opener, claim: Claim): Promise<OpenedResponse | null> {
  const decision = sinceBill(claim).find((event): event is DecisionEvent => event.kind === "decided");
  if (!decision) return null;
  const currency = await currencyOfClaim(session, claim);
  const resource = await openFhir(session, decision.document);
  if (resource.resourceType !== "ClaimResponse") throw mismatch(claim, "resourceType");
  const said = readClaimResponse(resource, currency);
  expectSame(claim, {
    visitId: [said.visitId, claim.visitId],
    patient: [said.patientId, claim.key.patientId],
    insurer: [said.insurer, claim.insurer],
    billed: [said.billed, claim.amount],
    eligible: [said.eligible, decision.eligible],
    reason: [said.reason, decision.reason],
  });
  return { resource, note: said.note };
}

/**
 * What was said about a claim, oldest first, with earlier bills of the visit. Words that can't be had, or aren't what their
 * event says, stand with their problem; the others are shown.
 * @throws LOCKED, IPFS_UNREACHABLE
 */
export async function readNotes(session: Opener, claim: Claim): Promise<ClaimNote[]> {
  let round = 0;
  const notes: { event: NoteEvent; round: number }[] = [];
  for (const event of claim.history) {
    if (event.kind === "submitted") round += 1;
    if (event.kind === "disputed" || event.kind === "asked" || event.kind === "answered") notes.push({ event, round });
  }
  return Promise.all(
    notes.map(async (note) => {
      try {
        return { event: note.event, text: await readNote(session, claim, note), problem: null };
      } catch (error) {
        if (!isSalusError(error) || isSalusError(error, "LOCKED", "IPFS_UNREACHABLE")) throw error;
        return { event: note.event, text: null, problem: error };
      }
    }),
  );
}

/** The words of one event; null for none. @throws CLAIM_MISMATCH, MANIFEST_MALFORMED, as `readBill` */
async function readNote(
  session: Opener,
  { visitId }: Pick<Claim, "visitId">,
  { event, round }: { event: NoteEvent; round: number },
): Promise<string | null> {
  if (event.document === NO_DOCUMENT) return null;
  const note = parseJson(NoteSchema, await opened(session, event.document), "note of a claim");
  expectSame(
    { visitId },
    {
      visitId: [note.visitId, visitId],
      round: [note.round, round],
      kind: [note.kind, event.kind],
    },
  );
  return note.text;
}

async function openFhir(session: Opener, digest: Hex) {
  // JSON's spaces behind the resource are the seal's padding.
  return readFhir(utf8(fromUtf8(await opened(session, digest)).trimEnd()));
}

async function opened(session: Opener, digest: Hex): Promise<Uint8Array> {
  const { secretKey } = accountKeys(rootOf(session));
  return openWith(await session.store.get(digest), secretKey);
}

/** The token of the claim's policy, whose decimals the document's amounts have. */
async function currencyOfClaim(reader: Reader, { policyId }: Pick<Claim, "policyId">): Promise<Currency> {
  const salted = await termsOf(reader, await policyById(reader, policyId));
  if (!salted) throw new SalusError("NO_TERMS", { policyId });
  return currencyOf(await tokenInfo(reader.chain, salted.terms.token));
}

type Fact = string | bigint | number | null;

/** Passes if each document's word is the chain's. Addresses count in any case. @throws CLAIM_MISMATCH */
function expectSame(claim: { visitId: VisitId }, facts: Record<string, readonly [said: Fact, chain: Fact]>): void {
  const plain = (fact: Fact) => (typeof fact === "string" ? fact.toLowerCase() : fact);
  for (const [field, [said, chain]] of Object.entries(facts)) {
    if (plain(said) !== plain(chain)) throw mismatch(claim, field);
  }
}

function mismatch({ visitId }: { visitId: VisitId }, field: string): SalusError {
  return new SalusError("CLAIM_MISMATCH", { visitId, field });
}
