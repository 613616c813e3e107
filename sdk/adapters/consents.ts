/** `Consents`: scopes, and who may read or write them until when (IConsents.sol). */
import type { Signer } from "ethers";

import { Consents__factory } from "../../typechain-types/index.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId, Rights, ScopeId } from "../types.js";
import { send, sendCall, type Call, type Chain, type Receipt, type SendOptions } from "./chain.js";
import { blockTime, byPosition, eventsOf, positionOf, type LogPosition } from "./logs.js";
import { guard } from "./refusal.js";

/** No end: the largest time that a grant can hold. */
export const FOREVER = 2 ** 48 - 1;

/** A drawer's key in one epoch. */
export interface ScopeKey extends LogPosition {
  patientId: PatientId;
  scope: ScopeId;
  epoch: number;
  publicKey: Hex;
  /** Digest of the CID of the epoch's secret sealed to the remaining grantees; null for none. */
  keyring: Hex | null;
}

/** What a grant says, `Terms` in IConsents.sol. This object is shown before it is signed. */
export interface GrantTerms {
  patientId: PatientId;
  /** A scope or one record. */
  subject: Hex;
  grantee: Address;
  rights: Rights;
  /** Unix seconds; `FOREVER` for no end. */
  until: number;
  /** Digest of the CID of the key sealed to the grantee. */
  sealedKey: Hex;
}

/** The latest grant of a subject to a grantee and where it stands now. */
export interface Grant extends GrantTerms, LogPosition {
  state: "active" | "expired" | "revoked";
}

const RIGHTS: readonly Rights[] = ["read", "write", "read and write"];
const ZERO = `0x${"0".repeat(64)}`;

/** Terms as the contract takes them, and as the EIP-712 type has them. */
export const encodeTerms = (terms: GrantTerms) => ({ ...terms, rights: RIGHTS.indexOf(terms.rights) + 1 });

const abi = Consents__factory.createInterface();

/** Opens drawers, all or none. */
export function encodeOpenScopes(patientId: PatientId, scopes: readonly { scope: ScopeId; publicKey: Hex }[]): Call {
  const calls = scopes.map(({ scope, publicKey }) =>
    abi.encodeFunctionData("openScope", [patientId, scope, publicKey]),
  );
  return { contract: "consents", data: abi.encodeFunctionData("multicall", [calls]) as Hex };
}

/** Opens drawers in one transaction. @throws NotController, ZeroScopeKey, ScopeExists */
export async function sendOpenScopes(
  chain: Chain,
  signer: Signer,
  patientId: PatientId,
  scopes: readonly { scope: ScopeId; publicKey: Hex }[],
  options?: SendOptions,
): Promise<Receipt> {
  return sendCall(chain, signer, encodeOpenScopes(patientId, scopes), options);
}

/** Grants, all or none, in one transaction. @throws NotController, InvalidRights, GrantExpiryInPast */
export async function sendGrants(
  chain: Chain,
  signer: Signer,
  terms: readonly GrantTerms[],
  options?: SendOptions,
): Promise<Receipt> {
  const calls = terms.map((each) => abi.encodeFunctionData("grant", [encodeTerms(each)]));
  return sendCalls(chain, signer, calls, options);
}

/**
 * Revokes grants and moves drawers to their next epoch, all or none, in one transaction. Each rotation names the epoch
 * that its key is of: the contract only counts, and a key under another number would be lost.
 * @throws NotController, NoGrant, UnknownScope, SameScopeKey
 */
export async function sendRevocations(
  chain: Chain,
  signer: Signer,
  patientId: PatientId,
  revocations: readonly { subject: Hex; grantee: Address }[],
  rotations: readonly { scope: ScopeId; epoch: number; publicKey: Hex; keyring: Hex | null }[],
  options?: SendOptions,
): Promise<Receipt> {
  const calls = [
    ...revocations.map(({ subject, grantee }) => abi.encodeFunctionData("revoke", [patientId, subject, grantee])),
    ...rotations.map(({ scope, publicKey, keyring }) =>
      abi.encodeFunctionData("rotateScope", [patientId, scope, publicKey, keyring ?? ZERO]),
    ),
  ];
  const checkEpochs = async () => {
    for (const { scope, epoch, publicKey } of rotations) {
      if ((await scopeOf(chain, patientId, scope))?.epoch !== epoch - 1)
        throw new SalusError("SameScopeKey", { publicKey });
    }
  };
  return sendCalls(chain, signer, calls, options, checkEpochs);
}

/** Carries a grant that the patient's controller signed. @throws SignatureExpired, InvalidSignature, InvalidRights, GrantExpiryInPast */
export async function sendGrantBySig(
  chain: Chain,
  signer: Signer,
  terms: GrantTerms,
  deadline: number,
  signature: Hex,
  options?: SendOptions,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const contract = chain.consents.connect(signer);
  return send(chain, sender, () => contract.grantBySig(encodeTerms(terms), deadline, signature), options);
}

/** Makes the signer's grants and revocations that nobody has carried yet worthless. */
export async function sendCancelSignatures(chain: Chain, signer: Signer, options?: SendOptions): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  return send(chain, sender, () => chain.consents.connect(signer).cancelSignatures(), options);
}

/** The next nonce of a signer of grants and revocations. */
export async function consentNonceOf(chain: Chain, signer: Address): Promise<bigint> {
  return guard(() => chain.consents.nonces(signer));
}

/** The drawer's present key and epoch, or null when it isn't open. */
export async function scopeOf(
  chain: Chain,
  patientId: PatientId,
  scope: ScopeId,
): Promise<{ publicKey: Hex; epoch: number } | null> {
  const { publicKey, epoch } = await guard(() => chain.consents.scopeOf(patientId, scope));
  return publicKey === ZERO ? null : { publicKey: publicKey as Hex, epoch: Number(epoch) };
}

/** Every key that the patient's drawers had, or those of one drawer, oldest first. */
export async function scopeKeysOf(chain: Chain, patientId: PatientId, scope?: ScopeId): Promise<ScopeKey[]> {
  const filter = chain.consents.filters.ScopeKeyChanged(patientId, scope);
  return (await eventsOf(chain, chain.consents, filter)).map((log) => ({
    ...positionOf(log),
    patientId,
    scope: log.args.scope as ScopeId,
    epoch: Number(log.args.epoch),
    publicKey: log.args.publicKey as Hex,
    keyring: log.args.keyring === ZERO ? null : (log.args.keyring as Hex),
  }));
}

/** The latest grant of each subject to each grantee, oldest first, by any of patient, subject and grantee. */
export async function grantsOf(
  chain: Chain,
  by: { patientId?: PatientId; subject?: Hex; grantee?: Address },
): Promise<Grant[]> {
  const { filters } = chain.consents;
  const [granted, revoked, left, now] = await Promise.all([
    eventsOf(chain, chain.consents, filters.Granted(by.patientId, by.subject, by.grantee)),
    eventsOf(chain, chain.consents, filters.GrantRevoked(by.patientId, by.subject, by.grantee)),
    eventsOf(chain, chain.patients, chain.patients.filters.PatientDeregistered(by.patientId)),
    blockTime(chain),
  ]);
  // The contract takes no grant of a patient who has left for one.
  const gone = new Set(left.map(({ args }) => args.patientId));
  const key = (args: { patientId: string; subject: string; grantee: string }) =>
    `${args.patientId}/${args.subject}/${args.grantee}`;
  const revokedAt = new Map(revoked.map((log) => [key(log.args), positionOf(log)]));
  const latest = new Map<string, Grant>();
  for (const log of granted) {
    const position = positionOf(log);
    const revocation = revokedAt.get(key(log.args));
    const until = Number(log.args.until);
    const isRevoked = gone.has(log.args.patientId) || (revocation && byPosition(revocation, position) > 0);
    latest.delete(key(log.args));
    latest.set(key(log.args), {
      ...position,
      patientId: log.args.patientId as PatientId,
      subject: log.args.subject as Hex,
      grantee: log.args.grantee as Address,
      rights: RIGHTS[Number(log.args.rights) - 1] ?? "read",
      until,
      sealedKey: log.args.sealedKey as Hex,
      state: isRevoked ? "revoked" : until <= now ? "expired" : "active",
    });
  }
  return [...latest.values()];
}

/** Whether the contract grants `rights` over `subject` to `grantee` now. */
export async function isGranted(
  chain: Chain,
  patientId: PatientId,
  subject: Hex,
  grantee: Address,
  rights: Rights,
): Promise<boolean> {
  return guard(() => chain.consents.isGranted(patientId, subject, grantee, RIGHTS.indexOf(rights) + 1));
}

/** @param check runs when it is this transaction's turn, right before the wallet is asked */
async function sendCalls(
  chain: Chain,
  signer: Signer,
  calls: string[],
  options?: SendOptions,
  check?: () => Promise<void>,
): Promise<Receipt> {
  const sender = (await signer.getAddress()) as Address;
  const request = async () => {
    await check?.();
    return chain.consents.connect(signer).multicall(calls);
  };
  return send(chain, sender, request, options);
}
