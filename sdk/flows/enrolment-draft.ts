/**
 * How a registration is kept between its steps: a line that says whose it is and what it has stored or sent, all of it
 * public or ciphertext, and behind it everything else, sealed to the account's own key. The key's root is in the line,
 * under the passphrase, unless the account had one before. So nothing can be read from a draft without the passphrase, and
 * it can be given up without.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { base64 } from "@scure/base";
import * as v from "valibot";

import type { Chain } from "../adapters/chain.js";
import { openBackup } from "../core/backup.js";
import { pseudonymOf } from "../core/attestation.js";
import { concat, fromUtf8, toHex, utf8 } from "../core/bytes.js";
import { openWith, sealTo } from "../core/envelope.js";
import { Hex32, paddedJson, parseJson } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import { policyIdOf } from "../core/policy.js";
import { TermsSchema, termsToJson } from "../core/terms.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import type { Enrolment } from "./enrolment-state.js";

const VERSION = 2;
const NEWLINE = 0x0a;

const Base64 = v.pipe(
  v.string(),
  v.maxLength(16_384),
  v.check((text) => isBase64(text)),
  v.transform((text) => base64.decode(text)),
);
const address = v.custom<Address>((value) => typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value));
const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
const decimal = v.pipe(v.string(), v.regex(/^\d{1,78}$/));
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const signature = v.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-fA-F]{2}){1,4096}$/.test(value));

const LineSchema = v.strictObject({
  v: v.literal(VERSION),
  account: address,
  chainId: v.number(),
  genesis: Hex32,
  patients: address,
  backup: v.nullable(Base64),
  profile: v.nullable(Base64),
  transaction: v.nullable(Hex32),
});

/** What a draft says without the passphrase. */
export type DraftLine = v.InferOutput<typeof LineSchema>;

const file = { fileName: text(255), mediaType: text(120), size: time };
const BodySchema = v.strictObject({
  v: v.literal(VERSION),
  /** sha2-256 of the line, so that it can't be exchanged. */
  line: Hex32,
  step: v.picklist(["identity", "insurance", "policy", "confirm"]),
  salt: Hex32,
  proof: v.nullable(
    v.strictObject({
      identity: v.strictObject({ nationalId: text(120), name: text(120), birthDate: text(10) }),
      attestation: v.strictObject({
        registry: address,
        personTag: Hex32,
        commitment: Hex32,
        nonce: decimal,
        deadline: time,
        signature,
      }),
      registryName: text(120),
      evidence: v.array(v.picklist(["database", "face"])),
    }),
  ),
  cover: v.nullable(
    v.strictObject({
      insurerName: text(120),
      card: text(120),
      title: text(120),
      offer: v.strictObject({
        insurer: address,
        patientId: Hex32,
        ref: Hex32,
        previousRef: Hex32,
        wording: Hex32,
        schedule: Hex32,
        from: time,
        until: time,
        offer: Hex32,
        nonce: decimal,
        deadline: time,
        signature,
      }),
      terms: v.nullable(TermsSchema),
      wording: v.strictObject(file),
      schedule: v.strictObject({ ...file, salt: Hex32, content: Hex32 }),
      comparisons: v.array(
        v.strictObject({
          part: v.picklist(["wording", "schedule"]),
          equal: v.boolean(),
          copy: Hex32,
          anchored: Hex32,
        }),
      ),
    }),
  ),
});

/** Keeps the registration as it is now; returns it. */
export async function keep(enrolment: Enrolment): Promise<Enrolment> {
  const { step, session, drafts, backup, profile, transaction, salt, proof, cover } = enrolment;
  if (step === "done") throw new SalusError("INVALID_INPUT", { argument: "enrolment", reason: "it is done" });
  const line = utf8(
    JSON.stringify({
      v: VERSION,
      ...placeOf(session.account, session.chain),
      backup: backup && base64.encode(backup),
      profile: profile && base64.encode(profile),
      transaction,
    }),
  );
  const body = {
    v: VERSION,
    line: toHex(sha256(line)),
    step,
    salt,
    // What can be computed isn't kept.
    proof: proof && { ...proof, patientId: undefined },
    cover: cover && { ...cover, terms: cover.terms && termsToJson(cover.terms), policyId: undefined },
  };
  const sealed = await sealTo(paddedJson(body), [accountKeys(session.root).publicKey]);
  await drafts.save(concat(line, Uint8Array.of(NEWLINE), sealed));
  return enrolment;
}

/**
 * A draft's line, if it is this account's on this chain.
 * @throws DRAFT_DAMAGED, DRAFT_ELSEWHERE with the field that differs
 */
export function lineOf(draft: Uint8Array, account: Address, chain: Pick<Chain, "deployment">): DraftLine {
  const value = jsonOf(draft.subarray(0, endOf(draft)));
  const version = v.safeParse(v.object({ v: v.number() }), value);
  if (version.success && version.output.v !== VERSION) throw new SalusError("DRAFT_ELSEWHERE", { field: "version" });
  const line = v.safeParse(LineSchema, value);
  if (!line.success) throw new SalusError("DRAFT_DAMAGED", { field: v.getDotPath(line.issues[0]) ?? "line" });
  for (const [field, expected] of Object.entries(placeOf(account, chain))) {
    if (line.output[field as keyof DraftLine] !== expected) throw new SalusError("DRAFT_ELSEWHERE", { field });
  }
  return line.output;
}

/** The root in a draft's line, or null when the account had one before. @throws WRONG_PASSPHRASE, DRAFT_DAMAGED */
export async function rootIn({ backup }: DraftLine, passphrase: string): Promise<Uint8Array | null> {
  if (!backup) return null;
  return openBackup(backup, passphrase).catch((cause: unknown) => {
    if (isSalusError(cause, "WRONG_PASSPHRASE")) throw cause;
    throw new SalusError("DRAFT_DAMAGED", { field: "backup" }, { cause });
  });
}

/** What is sealed in a draft, with what can be computed of it. @throws DRAFT_DAMAGED */
export async function bodyOf(
  draft: Uint8Array,
  account: Address,
  root: Uint8Array,
): Promise<Pick<Enrolment, "step" | "salt" | "proof" | "cover">> {
  const end = endOf(draft);
  try {
    const opened = await openWith(draft.subarray(end + 1), accountKeys(root).secretKey);
    const { step, salt, proof, cover, line } = parseJson(BodySchema, opened, "draft");
    if (line !== toHex(sha256(draft.subarray(0, end)))) throw new RangeError("another line");
    return {
      step,
      salt,
      proof: proof && { ...proof, patientId: pseudonymOf(account, proof.attestation.commitment) },
      cover: cover && { ...cover, policyId: policyIdOf(cover.offer) },
    };
  } catch (cause) {
    throw new SalusError("DRAFT_DAMAGED", { field: "body" }, { cause });
  }
}

function placeOf(account: Address, { deployment }: Pick<Chain, "deployment">) {
  const { chainId, genesisHash, contracts } = deployment;
  return { account, chainId, genesis: genesisHash, patients: contracts.patients };
}

function endOf(draft: Uint8Array): number {
  const end = draft.indexOf(NEWLINE);
  if (end < 0) throw new SalusError("DRAFT_DAMAGED", { field: "line" });
  return end;
}

function jsonOf(line: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(line));
  } catch (cause) {
    throw new SalusError("DRAFT_DAMAGED", { field: "line" }, { cause });
  }
}

function isBase64(text: string): boolean {
  try {
    base64.decode(text);
    return true;
  } catch {
    return false;
  }
}
