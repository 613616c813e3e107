/** Measures what each act costs, on a fresh chain and with the same bytes every time, so that the figures never move by themselves. */
import { type BaseContract, getBytes, hexlify, id, type TransactionResponse } from "ethers";

import { deployed, Role, type Signer, ZERO } from "./fixture.js";
import { CLAIM_BOUNDS, measureClaims } from "./measure-claims.js";
import { measureVisits, VISIT_BOUNDS } from "./measure-visits.js";
import {
  type Offer,
  signAccreditation,
  signGrant,
  signOffer,
  signRevocation,
  signRotation,
  type Terms,
} from "./signing.js";

/** What an act may cost at most, and what the best peer takes for its like, where there is one. */
export interface Bound {
  limit?: number;
  peer?: { gas: number; what: string };
}

/** The acts that the project has promised a limit for. The peers' figures were measured on one node with the same method. */
export const BOUNDS: Readonly<Record<string, Bound>> = {
  "Register a patient": { limit: 140_000, peer: { gas: 46_120, what: "a role bit, no attestation" } },
  "Accredit a participant": { limit: 54_000 },
  "Accredit a hospital by an authority": { limit: 54_000 },
  "Accredit an authority by the root": { limit: 54_000 },
  "Open a scope": { limit: 57_000 },
  "Append a record by the patient": { limit: 65_000, peer: { gas: 102_373, what: "a record at #50" } },
  "Append a patient's first record": { limit: 82_000 },
  "Append a record by the patient at record 1,000": { limit: 65_000 },
  "Append a record by a doctor": { limit: 82_000 },
  "Append a record by a doctor at record 1,000": { limit: 82_000 },
  "Append in a batch of 50 (each)": { limit: 31_000 },
  "Grant a scope with expiry": {
    limit: 59_000,
    peer: { gas: 139_996, what: "with expiry; 46,222 for a bool without" },
  },
  "Grant by signature": { limit: 76_000 },
  "Grant by a signer's first signature": { limit: 93_000 },
  "Revoke a grant": { limit: 37_000, peer: { gas: 22_614, what: "a bool" } },
  "Issue a policy": { limit: 92_000 },
  "Issue a policy by signature": { limit: 98_000 },
  "Issue a policy's next version": { limit: 114_000 },
  // 5,300 of it are for asking whether the insurer is accredited now: an offer must not outlive the right to make it.
  "Accept a policy": { limit: 46_000 },
  "Accept a policy's next version": { limit: 56_000 },
  "Cancel a policy": { limit: 39_000 },
  "Accredit by signature": { limit: 64_000 },
  Deregister: { limit: 36_000 },
  // A key, seven drawers and a policy; nothing but the one transaction's own cost is saved, and it is one for the patient.
  "Register, set up and insure in one transaction": { limit: 500_000 },
  ...VISIT_BOUNDS,
  ...CLAIM_BOUNDS,
};

/** How far the cost of an append may drift between a patient's second and thousandth record. */
export const DRIFT = 200;

/** Pairs of acts that must cost the same up to `DRIFT`. */
export const STEADY: readonly (readonly [string, string])[] = [
  ["Append a record by the patient", "Append a record by the patient at record 1,000"],
  ["Append a record by a doctor", "Append a record by a doctor at record 1,000"],
];

// The year 2100; of the same bytes on every day.
const DEADLINE = 4_102_444_800n;

/** Words without a zero byte, since calldata's zero bytes are cheaper than others. */
function words() {
  let count = 0;
  return () => hexlify(getBytes(id(`word ${count++}`)).map((byte) => byte || 1));
}

/** Gas of each act, by its sentence. */
export async function measureGas(): Promise<Record<string, number>> {
  const world = await deployed();
  const { root, registry, authority, hospital, doctor, insurer, amina, bashir, stranger, relayer } = world;
  const { forwarder, participants, keys, patients, policies, consents, records, attest } = world;
  const word = words();
  const entry = () => ({ nonce: BigInt(word()) >> 192n, size: 5_000n, payload: word(), header: word() });
  const gas: Record<string, number> = {};
  const measure = async (sentence: string, sent: Promise<TransactionResponse>, share = 1) => {
    const receipt = await (await sent).wait();
    gas[sentence] = Math.round(Number(receipt!.gasUsed) / share);
  };
  const person = () => ({ personTag: word(), commitment: word(), deadline: DEADLINE });
  const register = async (controller: Signer, send: (sent: Promise<TransactionResponse>) => Promise<unknown>) => {
    const { attestation, signature } = await attest(controller.address, person());
    const profile = word();
    const call = patients.connect(controller).register;
    const patientId = await call.staticCall(attestation, profile, signature);
    await send(call(attestation, profile, signature));
    return patientId;
  };

  const spare = Array.from({ length: 3 }, () => `0x${word().slice(-40)}`) as [string, string, string];
  await measure(
    "Accredit an authority by the root",
    participants.connect(root).accredit(spare[0], Role.HealthAuthority, DEADLINE, word()),
  );
  await measure(
    "Accredit a hospital by an authority",
    participants.connect(authority).accredit(spare[1], Role.Hospital, DEADLINE, word()),
  );
  await measure(
    "Accredit a participant",
    participants.connect(hospital).accredit(spare[2], Role.Doctor, DEADLINE, word()),
  );
  await measure("Revoke a participant and the whole branch", participants.connect(authority).revoke(spare[1]));
  await measure("Publish a key", keys.connect(amina).publish(word(), word()));

  // Bashir goes first, so that no figure is a contract's very first use.
  const other = await register(bashir, async (sent) => (await sent).wait());
  const patientId = await register(amina, (sent) => measure("Register a patient", sent));
  await measure("Replace a profile", patients.connect(amina).updateProfile(patientId, word()));

  const [scope, key] = [word(), word()];
  await measure("Open a scope", consents.connect(amina).openScope(patientId, scope, key));
  const terms = (grantee: string): Terms => ({
    patientId,
    subject: scope,
    grantee,
    rights: 3,
    until: DEADLINE,
    sealedKey: word(),
  });
  await measure("Grant a scope with expiry", consents.connect(amina).grant(terms(doctor.address)));
  for (const [nonce, grantee] of [stranger.address, registry.address].entries()) {
    const granted = terms(grantee);
    const signature = await signGrant(consents, amina, granted, BigInt(nonce), DEADLINE);
    const sentence = nonce === 0 ? "Grant by a signer's first signature" : "Grant by signature";
    await measure(sentence, consents.connect(relayer).grantBySig(granted, DEADLINE, signature));
  }
  await measure("Revoke a grant", consents.connect(amina).revoke(patientId, scope, stranger));
  const revoked = { patientId, subject: scope, grantee: registry.address };
  const signature = await signRevocation(consents, amina, revoked, 2n, DEADLINE);
  await measure(
    "Revoke by signature",
    consents.connect(relayer).revokeBySig(patientId, scope, registry, DEADLINE, signature),
  );

  const append = (author: Signer) => records.connect(author).append(patientId, scope, key, entry());
  const batch = (author: Signer, length: number) =>
    records.connect(author).appendBatch(patientId, scope, key, Array.from({ length }, entry));
  await measure("Append a patient's first record", append(amina));
  await measure("Append a record by the patient", append(amina));
  await measure("Append a record by a doctor", append(doctor));
  await measure("Append in a batch of 50 (each)", batch(amina, 50), 50);
  // 53 so far: up to 998, so that the next two are around the thousandth.
  for (let count = 53; count < 998; count += 63) await batch(amina, 63);
  await measure("Append a record by a doctor at record 1,000", append(doctor));
  await measure("Append a record by the patient at record 1,000", append(amina));

  const [ref, wording, schedule] = [word(), word(), word()];
  const first: Offer = {
    patientId,
    ref,
    previousRef: ZERO,
    wording,
    schedule,
    from: 1n,
    until: DEADLINE,
    offer: word(),
  };
  const next = () => ({ ...first, ref: word(), previousRef: ref });
  const policy = (offer: Offer) => ({ insurer, patientId: offer.patientId, ref: offer.ref });
  await measure("Issue a policy", policies.connect(insurer).issue(first));
  await measure("Accept a policy", policies.connect(amina).accept(policy(first), wording, schedule));
  await measure("Report a mismatch", policies.connect(amina).reportMismatch(policy(first), schedule, wording));
  const [amendment, declined] = [next(), next()];
  await measure("Issue a policy's next version", policies.connect(insurer).issue(amendment));
  await policies.connect(insurer).issue(declined);
  await measure("Decline an offer", policies.connect(amina).cancel(policy(declined), 0n));
  await measure("Accept a policy's next version", policies.connect(amina).accept(policy(amendment), wording, schedule));
  await measure("Cancel a policy", policies.connect(amina).cancel(policy(amendment), 0n));
  const signOffered = async (offer: Offer) =>
    [insurer.address, offer, 1n, DEADLINE, await signOffer(policies, insurer, offer, 1n, DEADLINE)] as const;
  const signed = await signOffered({ ...first, ref: word() });
  await measure("Issue a policy by signature", policies.connect(relayer).issueBySig(...signed));

  const { interface: calls } = consents;
  await consents.connect(amina).rotateScope(patientId, scope, word(), word());
  await measure("Rotate a scope", consents.connect(amina).rotateScope(patientId, scope, word(), word()));
  await measure(
    "Revoke a grant and rotate the scope in one call",
    consents
      .connect(amina)
      .multicall([
        calls.encodeFunctionData("revoke", [patientId, scope, doctor.address]),
        calls.encodeFunctionData("rotateScope", [patientId, scope, word(), word()]),
      ]),
  );
  await measure("Cancel signatures", consents.connect(amina).cancelSignatures());

  const licensed = {
    account: stranger.address,
    role: Role.Hospital,
    until: DEADLINE,
    profile: word(),
    held: await participants.heldBy(stranger, authority),
  };
  const licence = await signAccreditation(participants, authority, licensed, 1n, DEADLINE);
  await measure(
    "Accredit by signature",
    participants.connect(stranger).accreditBySig(authority, licensed, 1n, DEADLINE, licence),
  );

  const { attestation, signature: attested } = await attest(relayer.address, person());
  const newcomer = await patients.patientIdOf(relayer, attestation.commitment);
  const opening = Array.from({ length: 7 }, () => calls.encodeFunctionData("openScope", [newcomer, word(), word()]));
  const offered = await signOffered({ ...first, patientId: newcomer, ref: word() });
  const act = async (target: BaseContract, name: string, args: readonly unknown[]) => ({
    target: await target.getAddress(),
    data: target.interface.encodeFunctionData(name, args),
  });
  const batched = [
    await act(patients, "register", [attestation, word(), attested]),
    await act(keys, "publish", [word(), word()]),
    await act(consents, "multicall", [opening]),
    await act(policies, "issueBySig", offered),
    await act(policies, "accept", [{ ...policy(offered[1]), insurer: insurer.address }, wording, schedule]),
  ];
  await measure("Register, set up and insure in one transaction", forwarder.connect(relayer).batch(batched));

  const measuring = { world, measure, word, entry, deadline: DEADLINE, patientId: other };
  await measureVisits(measuring);
  await measureClaims(measuring);

  const moved = { patientId, from: amina.address, to: stranger.address, nonce: 0n, deadline: DEADLINE };
  const agreed = await signRotation(patients, stranger, moved);
  await measure(
    "Move a patient to another wallet",
    patients.connect(amina).rotateController(patientId, stranger, DEADLINE, agreed),
  );
  await measure("Deregister", patients.connect(stranger).deregister(patientId));
  return gas;
}
