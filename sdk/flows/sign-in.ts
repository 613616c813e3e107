/** Signing in to a service with the wallet, by EIP-4361; a patient shows H with it (002-42). */
import { patientOf } from "../adapters/patients.js";
import { guard } from "../adapters/refusal.js";
import { checkService, type Service, type SignedIn } from "../adapters/services.js";
import { SalusError } from "../errors.js";
import type { Hex, PatientId } from "../types.js";
import type { Session } from "./session.js";

/** A sign-in to one service. Keep it in memory only: whoever has the token is signed in. */
export interface ServiceSession extends SignedIn {
  service: Service;
  token: string;
}

/** Where one signs in from, and as whom. */
export interface SignInRequest {
  /** Host, and port if any, of the page that asks; the service's own for a program. */
  domain: string;
  /** Signs in as this patient, whose present H the service compares with the chain's. */
  patientId?: PatientId | undefined;
}

/** Seconds within which the service must have got the signature. */
const LIFETIME_S = 600;

/**
 * Signs in. The message is for this page, service, chain and account only, and once.
 * @throws SERVICE_MISMATCH, SIGNATURE_REJECTED, SIGN_IN_REFUSED, H_UNKNOWN, UnknownPatient, SERVICE_UNREACHABLE
 */
export async function signIn(
  { chain, signer, account }: Pick<Session, "chain" | "signer" | "account">,
  service: Service,
  { domain, patientId }: SignInRequest,
): Promise<ServiceSession> {
  const { name } = await checkService(chain, service);
  const patient = patientId === undefined ? null : await patientOf(chain, patientId);
  if (patientId !== undefined && !patient) throw new SalusError("UnknownPatient", { patientId });
  const { nonce } = await service.signInNonce();
  // Loaded when first used: pages that never sign in needn't carry its grammar.
  const { SiweMessage } = await import("siwe");
  const now = Date.now();
  const message = new SiweMessage({
    domain,
    address: account,
    statement: `Sign in to ${plain(name)}. This sends no transaction and costs nothing.`,
    uri: service.url,
    version: "1",
    chainId: chain.deployment.chainId,
    nonce,
    issuedAt: new Date(now).toISOString(),
    expirationTime: new Date(now + LIFETIME_S * 1_000).toISOString(),
    ...(patient ? { resources: [`urn:salus:patient:${patient.patientId}`, `urn:salus:h:${patient.hash}`] } : {}),
  }).prepareMessage();
  const signature = (await guard(() => signer.signMessage(message))) as Hex;
  const signedIn = await service.signIn(message, signature);
  if (signedIn.account !== account || signedIn.patientId !== (patientId ?? null)) {
    throw new SalusError("SERVICE_ANSWER_INVALID", { service: new URL(service.url).host, field: "account" });
  }
  return { service, ...signedIn };
}

/** Makes the sign-in worthless, here and at the service. */
export async function signOut({ service, token }: ServiceSession): Promise<void> {
  await service.signOut(token);
}

/** A service's name within a message, which the grammar keeps to printable ASCII on one line. */
function plain(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?");
}
