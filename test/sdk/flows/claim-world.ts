import {
  acceptPolicy,
  chainTime,
  claimOf,
  closeVisit,
  depositFunds,
  deployDemoEuro,
  enterVisit,
  issuePolicy,
  prepareBill,
  publishInVisit,
  submitBill,
  type Address,
  type BillDraft,
  type Claim,
  type PolicyDraft,
  type PolicyId,
  type RecordId,
  type Terms,
  type VisitId,
} from "../../../sdk/index.js";
import type { PatientSession } from "../../world.js";
import { draftFor } from "./policy-world.js";
import { note, startCareTown, visitOf, type CareTown } from "./visit-world.js";

/** The items of a bill of 200.00. */
export const ITEMS: BillDraft["items"] = [
  { code: "consultation", text: "Consultation, 30 minutes", quantity: 1, unitPrice: 12_000n },
  { code: "laboratory", text: "Blood count", quantity: 2, unitPrice: 4_000n },
];

/** What they come to. */
export const AMOUNT = 20_000n;

/** A town whose insurer pays. */
export interface ClaimTown extends CareTown {
  /** The token that claims are settled in; the insurer has all of it. */
  euro: Address;
  /** 50.00 first, then 10 %, at most 1,000.00. */
  terms: Terms;
  /** Amina's policy, accepted. */
  policyId: PolicyId;
}

/** A visit that has ended, and what was written in it. */
export interface EndedVisit {
  visitId: VisitId;
  records: RecordId[];
}

/** Starts a town in which Amina is insured, and the insurer has paid in 5,000.00. */
export async function startClaimTown(): Promise<ClaimTown> {
  const town = await startCareTown();
  const { insurer, amina, root } = town;
  const euro = await deployDemoEuro(root.signer, { holder: insurer.account, supply: 100_000_000n });
  const terms: Terms = { token: euro, deductible: 5_000n, coPayment: 1_000, limit: 100_000n };
  await depositFunds(insurer, { token: euro, amount: 500_000n });
  return { ...town, euro, terms, policyId: await insured(town, amina, { terms }) };
}

/** A policy that the patient has accepted. */
export async function insured(
  { insurer }: Pick<CareTown, "insurer">,
  patient: PatientSession,
  changes: Partial<PolicyDraft>,
): Promise<PolicyId> {
  const draft = await draftFor(patient, patient.patientId, changes);
  const { policyId } = await issuePolicy(insurer, draft);
  await acceptPolicy(patient, policyId, { wording: draft.wording.bytes });
  return policyId;
}

/** A visit in which the doctor wrote `documents` documents, closed by the hospital. */
export async function endedVisit(
  { hospital, doctor, amina }: CareTown,
  { documents = 1, patient = amina }: { documents?: number; patient?: PatientSession } = {},
): Promise<EndedVisit> {
  const visitId = await visitOf(patient, hospital, { members: [doctor] });
  const access = await enterVisit(doctor, visitId);
  const records: RecordId[] = [];
  for (let i = 0; i < documents; i++) {
    records.push((await publishInVisit(doctor, access, "visits", note(`note ${i}`))).recordId);
  }
  await closeVisit(hospital, visitId);
  return { visitId, records };
}

/** A visit and its bill. */
export async function billedVisit(town: ClaimTown, changes: Partial<BillDraft> = {}): Promise<Claim> {
  const { visitId, records } = await endedVisit(town);
  return billFor(town, { visitId, records, ...changes });
}

/** Bills a visit as its hospital. */
export async function billFor(
  town: ClaimTown,
  draft: Pick<BillDraft, "visitId" | "records"> & Partial<BillDraft>,
): Promise<Claim> {
  const { hospital, policyId } = town;
  await submitBill(hospital, await prepareBill(hospital, { policyId, items: ITEMS, ...draft }));
  return claimOf(town.reader, draft.visitId);
}

/** Lets the patient's time to look at a bill pass. */
export async function afterReview(town: ClaimTown, claim: Claim): Promise<void> {
  const now = await chainTime(town.reader.chain);
  await town.advance((claim.reviewUntil ?? now) - now + 1);
}
