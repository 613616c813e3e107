/**
 * The end of a registration: one transaction that registers the pseudonym, publishes the key, opens the drawers, and
 * carries and accepts the policy, all or none (IForwarder.sol). What is stored before it is unpinned when it is refused.
 */
import { sendBatch, waitFor, type Call, type Chain, type SendOptions } from "../adapters/chain.js";
import { encodeOpenScopes } from "../adapters/consents.js";
import type { Drafts } from "../adapters/drafts.js";
import { tryCalls } from "../adapters/dry-run.js";
import { encodePublishKey, keyOf } from "../adapters/keys.js";
import { blockTime, eventsOf } from "../adapters/logs.js";
import { encodeRegister } from "../adapters/patients.js";
import { encodeAcceptPolicy, encodeIssueBySig, policiesInTransaction } from "../adapters/policies.js";
import { toHex } from "../core/bytes.js";
import { computeCid } from "../core/cid.js";
import { openWith } from "../core/envelope.js";
import { accountKeys, scopeIdOf, scopeKeys } from "../core/keys.js";
import { isSalusError, SalusError } from "../errors.js";
import { SCOPE_LABELS, type Hex } from "../types.js";
import { keep, lineOf, type DraftLine } from "./enrolment-draft.js";
import type { Enrolled, Enrolment, Proof } from "./enrolment-state.js";
import { profileIn, sealProfile } from "./registration.js";
import type { Session } from "./session.js";
import { storedFor } from "./stored.js";

/** Seconds that a signature must still count when a transaction is sent: blocks don't come at once. */
const MARGIN_S = 60;

/**
 * Registers. Can be called again after any failure or crash; what has arrived isn't sent twice.
 * @throws SignatureExpired (`part` is "attestation" or "offer": renew it), PersonAlreadyRegistered, KEY_EXISTS,
 * SIGNATURE_REJECTED, INSUFFICIENT_FUNDS, IPFS_UNREACHABLE, STORAGE_FULL, CHAIN_UNREACHABLE; INVALID_INPUT before "confirm"
 */
export async function enrol(enrolment: Enrolment, options: SendOptions = {}): Promise<Enrolled> {
  const current = await settled(enrolment);
  const arrived = current.enrolled ?? (await arrivalOf(current));
  if (arrived) return finish(current, arrived);
  const { session, proof, cover, backup } = current;
  if (current.step !== "confirm" || !proof) {
    throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: `the step "${current.step}" comes first` });
  }
  await checkLifetime(session.chain, "attestation", proof.attestation.deadline);
  if (cover) await checkLifetime(session.chain, "offer", cover.offer.deadline);
  await checkKey(current);
  const next = await withProfile(current, proof);
  try {
    await send(next, callsOf(next, proof, await digestsOf(next.profile, backup)), options);
  } catch (error) {
    // Another tab may have been faster, or the wallet sent the same under another number.
    if (isSalusError(error, "CHAIN_UNREACHABLE") || !(await arrivalOf(next))) throw error;
  }
  const enrolled = await arrivalOf(next);
  if (!enrolled) throw new SalusError("TRANSACTION_FAILED", { reason: "no registration in it" });
  return finish(next, enrolled);
}

/**
 * Gives a registration up: what was stored for it is unpinned and the draft removed. Needs no passphrase. If it turns out
 * to have arrived on the chain, or was begun elsewhere or can't be read, only the draft is removed.
 * @throws CHAIN_UNREACHABLE, IPFS_UNREACHABLE: the draft stays then
 */
export async function discardEnrolment(session: Session, drafts: Drafts): Promise<void> {
  const draft = await drafts.load();
  const line = draft && readableLine(draft, session);
  if (line?.profile && !(await hasArrived(session, line))) {
    const { profile, backup } = await digestsOf(line.profile, line.backup);
    await session.store.unpin(profile);
    if (backup) await session.store.unpin(backup);
  }
  await drafts.remove();
}

/** The registration as the chain has it by now, if a transaction was sent: "done", or as it was before sending. */
export async function settled(enrolment: Enrolment): Promise<Enrolment> {
  const { session, transaction } = enrolment;
  if (enrolment.step === "done" || !transaction) return enrolment;
  await waitOut(session.chain, transaction);
  const enrolled = await arrivalOf(enrolment);
  return enrolled ? { ...enrolment, step: "done", enrolled } : keep({ ...enrolment, transaction: null });
}

/** What the chain has of the registration, or null when it hasn't arrived. */
export async function arrivalOf({ session, proof, backup }: Enrolment): Promise<Enrolled | null> {
  if (!proof) return null;
  const { chain, account } = session;
  const { patientId } = proof;
  const [event] = await eventsOf(chain, chain.patients, chain.patients.filters.PatientRegistered(patientId, account));
  if (!event) return null;
  const transaction = event.transactionHash as Hex;
  const [policyId = null] = await policiesInTransaction(chain, transaction);
  return {
    account,
    patientId,
    patientHash: event.args.hash as Hex,
    transaction,
    policyId,
    backup: backup && { cid: (await computeCid(backup)).cid, file: backup },
  };
}

/** A new key must not take the place of one that the account has got meanwhile. @throws KEY_EXISTS, WRONG_ROOT */
export async function checkKey({ session, backup }: Enrolment): Promise<void> {
  const { chain, account, root } = session;
  const key = await keyOf(chain, account);
  const isOwn = key?.publicKey === toHex(accountKeys(root).publicKey);
  if (backup && key) throw new SalusError("KEY_EXISTS", { account });
  if (!backup && !isOwn) throw new SalusError("WRONG_ROOT", { account });
}

/** Passes if a signature counts long enough to be sent. @throws SignatureExpired with the `part` to renew */
export async function checkLifetime(chain: Chain, part: "attestation" | "offer", deadline: number): Promise<void> {
  if ((await blockTime(chain)) + MARGIN_S > deadline) throw new SalusError("SignatureExpired", { part, deadline });
}

// -------- steps --------

type WithProfile = Enrolment & { profile: Uint8Array };

/** Stores and sends. From the wallet's answer on, the draft knows the transaction. */
async function send(enrolment: WithProfile, calls: readonly Call[], options: SendOptions): Promise<void> {
  const { session, profile, backup } = enrolment;
  const { chain, signer, store, account } = session;
  // Before anything leaves the device, and with a reason that wallets seldom pass on.
  await tryCalls(chain, account, calls);
  let noted: Promise<unknown> | undefined;
  const noting: SendOptions = {
    onStatus: (status) => {
      // The note spares a later run a second transaction. The chain refuses that anyway, so a failing note is no failure.
      if (status.state === "sent") noted = Promise.allSettled([keep({ ...enrolment, transaction: status.hash })]);
      options.onStatus?.(status);
    },
  };
  try {
    const objects = backup ? [profile, backup] : [profile];
    await storedFor(store, objects, () => sendBatch(chain, signer, calls, noting), { isNew: true });
  } finally {
    // Nobody may remove the draft while it's being written.
    await noted;
  }
}

function callsOf(
  { session, cover }: Pick<Enrolment, "session" | "cover">,
  { attestation, patientId }: Proof,
  { profile, backup }: { profile: Hex; backup: Hex | null },
): Call[] {
  const { root } = session;
  const scopes = SCOPE_LABELS.map((label) => {
    const scope = scopeIdOf(root, label);
    return { scope, publicKey: toHex(scopeKeys(root, scope, 0).publicKey) };
  });
  const copyOf = (part: "wording" | "schedule") => cover?.comparisons.find((each) => each.part === part)?.copy;
  const [wording, schedule] = [copyOf("wording"), copyOf("schedule")];
  return [
    encodeRegister(attestation, profile),
    ...(backup ? [encodePublishKey(toHex(accountKeys(root).publicKey), backup)] : []),
    encodeOpenScopes(patientId, scopes),
    ...(cover && wording && schedule
      ? [encodeIssueBySig(cover.offer), encodeAcceptPolicy(cover.offer, { wording, schedule })]
      : []),
  ];
}

/** The registration with its sealed profile, kept before it is stored, so that whoever gives it up can unpin it. */
async function withProfile(enrolment: Enrolment, { identity }: Proof): Promise<WithProfile> {
  const { session, salt, cover, profile } = enrolment;
  const wanted = { identity, salt, insuranceCard: cover?.card };
  if (profile && (await saysTheSame(session.root, profile, wanted))) return { ...enrolment, profile };
  if (profile) await session.store.unpin((await computeCid(profile)).digest);
  const sealed = await sealProfile(session.root, wanted, wanted.insuranceCard);
  await keep({ ...enrolment, profile: sealed });
  return { ...enrolment, profile: sealed };
}

async function saysTheSame(
  root: Uint8Array,
  sealed: Uint8Array,
  { identity, salt, insuranceCard }: { identity: Proof["identity"]; salt: Hex; insuranceCard: string | undefined },
): Promise<boolean> {
  const had = profileIn(await openWith(sealed, accountKeys(root).secretKey));
  const fields = ["nationalId", "name", "birthDate"] as const;
  return (
    had.salt === salt &&
    had.insuranceCard === insuranceCard &&
    fields.every((field) => had.identity[field] === identity[field])
  );
}

/** After the chain has it: what it names must be there, whatever the way here thought of it. */
async function finish({ session, drafts, profile, backup }: Enrolment, enrolled: Enrolled): Promise<Enrolled> {
  for (const bytes of [profile, backup]) if (bytes) await session.store.add(bytes);
  await drafts.remove();
  return enrolled;
}

async function digestsOf(
  profile: Uint8Array,
  backup: Uint8Array | null,
): Promise<{ profile: Hex; backup: Hex | null }> {
  return { profile: (await computeCid(profile)).digest, backup: backup && (await computeCid(backup)).digest };
}

/** Waits until a transaction has come to an end, whichever. @throws CHAIN_UNREACHABLE */
async function waitOut(chain: Chain, transaction: Hex): Promise<void> {
  await waitFor(chain, transaction).catch((error: unknown) => {
    if (!isSalusError(error) || error.code === "CHAIN_UNREACHABLE") throw error;
  });
}

/** A draft's line; null when it can't be read or is another account's, so that nothing can be said of what it stored. */
function readableLine(draft: Uint8Array, { account, chain }: Session): DraftLine | null {
  try {
    return lineOf(draft, account, chain);
  } catch (error) {
    if (isSalusError(error, "DRAFT_DAMAGED", "DRAFT_ELSEWHERE")) return null;
    throw error;
  }
}

/** Whether the chain names the profile that a draft stored. */
async function hasArrived({ chain, account }: Session, { profile, transaction }: DraftLine): Promise<boolean> {
  if (!profile) return false;
  if (transaction) await waitOut(chain, transaction);
  const { digest } = await computeCid(profile);
  const { filters } = chain.patients;
  const registered = await eventsOf(chain, chain.patients, filters.PatientRegistered(undefined, account));
  return registered.some(({ args }) => args.profile === digest);
}
