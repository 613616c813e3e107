/**
 * Registration that a person can do without help (002-01, 002-17 to 002-23, 002-34, 002-35): prove who you are, show the
 * card and compare the policy (enrolment-policy.ts), then `enrol` (enrol.ts): one transaction, all or none. Each step is
 * kept, sealed, on the device and can be gone on with after a crash. A step that fails changes nothing.
 */
import type { Drafts } from "../adapters/drafts.js";
import { tryCalls } from "../adapters/dry-run.js";
import { keyOf } from "../adapters/keys.js";
import { encodeRegister } from "../adapters/patients.js";
import { checkService, type AttestationAnswer, type RegistryService } from "../adapters/services.js";
import { commitmentOf, normalId, pseudonymOf } from "../core/attestation.js";
import { sealBackup } from "../core/backup.js";
import { fromHex, randomBytes, toHex } from "../core/bytes.js";
import { discloseRegistration } from "../core/disclose-enrolment.js";
import type { Disclosure } from "../core/disclosure.js";
import { newRoot } from "../core/keys.js";
import { SalusError } from "../errors.js";
import type { Hex } from "../types.js";
import { checkRoot, unlock } from "./account.js";
import { arrivalOf, checkKey, settled } from "./enrol.js";
import { bodyOf, keep, lineOf, rootIn } from "./enrolment-draft.js";
import { proofOf, type Enrolment, type Proof } from "./enrolment-state.js";
import { nameOf } from "./participants.js";
import { UNSTORED } from "./registration.js";
import { invalidAnswer, tried } from "./service-answers.js";
import type { Session } from "./session.js";

/** What a person tells the civil registry. */
export interface PersonalDetails {
  nationalId: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  /** JPEG or PNG, the face as it is now. */
  photo?: Uint8Array | undefined;
}

/** Whether a registration was begun here and isn't finished. Needs no passphrase. */
export async function hasDraft(drafts: Drafts): Promise<boolean> {
  return (await drafts.load()) !== null;
}

/**
 * Begins. An account without a key gets a new root, backed up under the passphrase; one that has a key goes on with its
 * root, which the session holds or the passphrase opens.
 * @param options `workFactor` of the backup's scrypt, 18 unless the passphrase is public anyway
 * @throws DRAFT_EXISTS, WEAK_PASSPHRASE, WRONG_PASSPHRASE, WRONG_ROOT
 */
export async function beginEnrolment(
  session: Session,
  drafts: Drafts,
  passphrase: string,
  options: { workFactor?: number } = {},
): Promise<Enrolment> {
  if (await hasDraft(drafts)) throw new SalusError("DRAFT_EXISTS", { account: session.account });
  const hasKey = (await keyOf(session.chain, session.account)) !== null;
  const root = hasKey ? await ownRoot(session, passphrase) : newRoot();
  return keep({
    step: "identity",
    session: { ...session, root },
    drafts,
    backup: hasKey ? null : await sealBackup(root, passphrase, options.workFactor),
    salt: toHex(randomBytes(32)),
    proof: null,
    cover: null,
    profile: null,
    transaction: null,
    enrolled: null,
  });
}

/**
 * Goes on where it was left. The chain is looked at first: what was sent may have arrived meanwhile.
 * @throws NO_DRAFT, WRONG_PASSPHRASE, DRAFT_DAMAGED, DRAFT_ELSEWHERE, KEY_EXISTS (the account got another key meanwhile)
 */
export async function resumeEnrolment(session: Session, drafts: Drafts, passphrase: string): Promise<Enrolment> {
  const draft = await drafts.load();
  if (!draft) throw new SalusError("NO_DRAFT", { account: session.account });
  const line = lineOf(draft, session.account, session.chain);
  const root = (await rootIn(line, passphrase)) ?? (await ownRoot(session, passphrase));
  const body = await bodyOf(draft, session.account, root);
  const { backup, profile, transaction } = line;
  const enrolment = { ...body, session: { ...session, root }, drafts, backup, profile, transaction, enrolled: null };
  const enrolled = await arrivalOf(enrolment);
  if (enrolled) return { ...enrolment, step: "done", enrolled };
  await checkKey(enrolment);
  return enrolment;
}

/**
 * Proves who the person is. The attestation is checked against the chain before it is kept, so one for another wallet,
 * chain or contract, or for a person who is registered already, is refused here. Doing it again, at any step, renews the
 * attestation; what came after stays, unless the registry's record of the person has changed.
 * @throws NOT_VERIFIED, FACE_MISMATCH and the other refusals of a photo, PersonAlreadyRegistered, NotCivilRegistry,
 * SERVICE_MISMATCH, SERVICE_ANSWER_INVALID, SERVICE_UNREACHABLE, SERVICE_BUSY, TOO_MANY_ATTEMPTS, CHAIN_UNREACHABLE
 */
export async function identify(
  enrolment: Enrolment,
  registry: RegistryService,
  { nationalId, birthDate, photo }: PersonalDetails,
): Promise<Enrolment> {
  const current = await settled(enrolment);
  if (current.step === "done") return current;
  const { session, salt } = current;
  const { account: controller, chain } = session;
  const info = await checkService(chain, registry);
  const answer = await registry.attest({ controller, nationalId, birthDate, salt, photo });
  const { identity, attestation, evidence } = answer;
  const odd = oddField(answer, info.account, { nationalId, birthDate, salt });
  if (odd) throw invalidAnswer(registry, odd);
  await tried(registry, tryCalls(chain, controller, [encodeRegister(attestation, UNSTORED)]));

  const patientId = pseudonymOf(controller, attestation.commitment);
  // A service may call itself anything: what counts is what it is accredited as.
  const registryName = await nameOf(session, info.account);
  const proof: Proof = { identity, attestation, registryName, evidence, patientId };
  // Everything after was for a pseudonym: another one has to begin there again.
  if (current.proof?.patientId === patientId) return keep({ ...current, proof });
  return keep({ ...current, proof, cover: null, step: "insurance" });
}

/** Asks for a new attestation with what is known already; only the photo must be taken anew. @throws as `identify` */
export async function renewAttestation(
  enrolment: Enrolment,
  registry: RegistryService,
  photo?: Uint8Array,
): Promise<Enrolment> {
  const { identity } = proofOf(enrolment);
  return identify(enrolment, registry, { ...identity, photo });
}

/** Who will know what by `enrol`, computed from what will be sent. */
export function discloseEnrolment(enrolment: Enrolment): Disclosure {
  return discloseRegistration(enrolment);
}

// -------- steps --------

/** The root of an account that has a key. */
async function ownRoot(session: Session, passphrase: string): Promise<Uint8Array> {
  const { account, root } = session;
  if (!root) return unlock(session, account, passphrase);
  await checkRoot(session, account, root);
  return root;
}

/** The field of a registry's answer that isn't about this person, if there is one. */
function oddField(
  { identity, attestation }: AttestationAnswer,
  registry: string,
  asked: { nationalId: string; birthDate: string; salt: Hex },
): string | null {
  if (attestation.registry !== registry) return "registry";
  if (normalId(identity.nationalId) !== normalId(asked.nationalId)) return "nationalId";
  if (identity.birthDate !== asked.birthDate) return "birthDate";
  return attestation.commitment === commitmentOf(identity, fromHex(asked.salt)) ? null : "commitment";
}
