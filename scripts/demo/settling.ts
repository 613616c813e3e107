/** Step 15 of seed 002 (002-33): the bill, from the visit's end to the money in the doctor's account. */
import {
  billablePolicies,
  claimOf,
  closeVisit,
  collectFunds,
  confirmClaim,
  decideClaim,
  fundsOf,
  prepareBill,
  SalusError,
  submitBill,
  visitRecords,
  type VisitId,
} from "../../sdk/index.js";
import type { Player } from "./people.js";
import type { Patient } from "./registering.js";
import type { Tell } from "./story.js";

/** Who has a part in it. */
interface Parties {
  patient: Patient;
  hospital: Player;
  doctor: Player;
  insurer: Player;
}

/**
 * The visit ends, the hospital bills, the patient looks, the insurer decides and pays.
 * @throws NotCovered when no policy of the patient's covers the visit
 */
export async function settle(
  { patient, hospital, doctor, insurer }: Parties,
  visitId: VisitId,
  tell: Tell,
): Promise<void> {
  const closed = await closeVisit(hospital.session, visitId);
  const [cover] = await billablePolicies(hospital.session, visitId);
  if (!cover) throw new SalusError("NotCovered", { visitId });
  const records = (await visitRecords(hospital.session, visitId)).map(({ recordId }) => recordId);
  const prepared = await prepareBill(hospital.session, {
    visitId,
    policyId: cover.policy.policyId,
    ...cover.span,
    items: [
      { code: "consultation", text: "Consultation, internal medicine", quantity: 1, unitPrice: 6_500n },
      { code: "laboratory", text: "Three tests in serum", quantity: 3, unitPrice: 900n },
    ],
    records,
    doctor: doctor.session.account,
    doctorShare: 4_000,
  });
  const billed = await submitBill(hospital.session, prepared);
  tell({
    step: "15",
    who: hospital.persona.name,
    what: "closes the visit and sends the bill U_B to the insurer",
    transactions: [closed.hash, billed.hash],
    facts: { billed: String(prepared.bill.amount) },
  });

  const confirmed = await confirmClaim(patient.session, await claimOf(patient.session, visitId));
  tell({
    step: "15",
    who: patient.persona.name,
    what: "looks at the bill and confirms it",
    transactions: [confirmed.hash],
  });

  const claim = await claimOf(insurer.session, visitId);
  const decided = await decideClaim(insurer.session, claim, { eligible: claim.amount, reason: 0 });
  const { approved, fee } = await claimOf(insurer.session, visitId);
  tell({
    step: "15",
    who: insurer.persona.name,
    what: "approves it: what the terms give is paid in the same transaction",
    transactions: [decided.hash],
    facts: { paid: String(approved), "to doctor": String(fee) },
  });
  const { token } = prepared.terms;
  for (const { session, persona } of [hospital, doctor]) {
    const { deposited } = await fundsOf(session, token, session.account);
    if (deposited === 0n) continue;
    const collected = await collectFunds(session, { token });
    tell({
      step: "15",
      who: persona.name,
      what: "collects what is theirs",
      transactions: [collected.receipt.hash],
      facts: { amount: String(collected.amount) },
    });
  }
}
