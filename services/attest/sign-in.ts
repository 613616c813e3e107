/**
 * Signing in by EIP-4361 (002-42): a message for this page, this service, this chain and one nonce, signed by an account or
 * a contract wallet (ERC-1271). A patient names the pseudonym and H, which must be the chain's.
 */
import { randomBytes } from "node:crypto";

import { Contract, getAddress, hashMessage, verifyMessage } from "ethers";
import { SiweMessage } from "siwe";
import { Type, type Static } from "typebox";

import { isSalusError, patientOf, SalusError, type Address, type Hex, type PatientId } from "../../sdk/index.js";
import { route, type Route, type SignedInAs } from "./route.js";
import { NonceAnswer, SignedIn, SignInAnswer, SignInRequest } from "./schemas.js";
import type { Service } from "./service.js";
import { dropSession, openSession, sessionOf, spendNonce, storeNonce } from "./sessions.js";

/** Seconds from the nonce to the signature, and of a session: the longest that a message may ask for. */
const LIFETIME = 15 * 60;
/** Seconds that the clocks of a page and this service may differ. */
const SKEW = 60;
/** 128 bits in the letters that EIP-4361 allows. */
const NONCE_BYTES = 16;

export const signInRoutes: readonly Route[] = [
  route({
    method: "POST",
    url: "/v1/sign-in/nonce",
    summary: "A number for one sign-in",
    answer: NonceAnswer,
    refusals: [],
    async handle({ db, now }) {
      const nonce = randomBytes(NONCE_BYTES).toString("hex");
      const expiresAt = now() + LIFETIME;
      await storeNonce(db, nonce, { now: now(), expiresAt });
      return { nonce, expiresAt };
    },
  }),
  route({
    method: "POST",
    url: "/v1/sign-in",
    summary: "Signs in by an EIP-4361 message",
    body: SignInRequest,
    answer: SignInAnswer,
    refusals: ["SIGN_IN_REFUSED", "H_UNKNOWN", "CHAIN_UNREACHABLE"],
    async handle(service, { body, caller }) {
      const { db, audit, now, tag } = service;
      const message = parse(body.message);
      const question = {
        action: "sign-in",
        subject: tag("account", message.address),
        caller,
        account: message.address,
      } as const;
      try {
        const signedIn = await verify(service, message, body);
        await audit.append(question, "issued", now());
        return { token: await openSession(db, signedIn, now()), ...signedIn };
      } catch (error) {
        if (isSalusError(error, "SIGN_IN_REFUSED", "H_UNKNOWN")) await audit.append(question, error.code, now());
        throw error;
      }
    },
  }),
  route({
    method: "GET",
    url: "/v1/sign-in",
    summary: "Who is signed in",
    answer: SignedIn,
    refusals: ["SIGN_IN_REQUIRED"],
    secured: true,
    handle: requireSession,
  }),
  route({
    method: "DELETE",
    url: "/v1/sign-in",
    summary: "Makes the token worthless",
    answer: Type.Null(),
    status: 204,
    refusals: [],
    secured: true,
    async handle({ db }, { token }) {
      if (token !== null) await dropSession(db, token);
      return null;
    },
  }),
];

/** Who sent this token. @throws SIGN_IN_REQUIRED */
export async function requireSession(
  { db, now }: Pick<Service, "db" | "now">,
  { token }: { token: string | null },
): Promise<SignedInAs> {
  const session = token === null ? null : await sessionOf(db, token, now());
  if (!session) throw new SalusError("SIGN_IN_REQUIRED");
  return session;
}

/** A message whose every field is there. */
interface Message extends SiweMessage {
  address: Address;
}

/** Only the one spelling counts: what the person was shown is what is checked. @throws SIGN_IN_REFUSED */
function parse(text: string): Message {
  try {
    const message = new SiweMessage(text);
    if (message.prepareMessage() === text && getAddress(message.address) === message.address) return message as Message;
  } catch {
    // Whatever the parser says quotes the message.
  }
  throw new SalusError("SIGN_IN_REFUSED");
}

/** @throws SIGN_IN_REFUSED, H_UNKNOWN, CHAIN_UNREACHABLE */
async function verify(
  service: Service,
  message: Message,
  { message: text, signature }: Static<typeof SignInRequest>,
): Promise<SignedInAs> {
  const { db, now, isOwnPage, publicUrl, session } = service;
  const expiresAt = Math.floor(Date.parse(message.expirationTime ?? "") / 1_000);
  const acceptable =
    isOwnPage(message.domain) &&
    message.uri.replace(/\/+$/, "") === publicUrl() &&
    message.chainId === session.chain.deployment.chainId &&
    isNow(message, expiresAt, now());
  // Spent before the signature is looked at: nobody tries twice with the same number.
  if (!acceptable || !(await spendNonce(db, message.nonce, now()))) throw new SalusError("SIGN_IN_REFUSED");
  if (!(await isSignedBy(service, message.address, text, signature as Hex))) throw new SalusError("SIGN_IN_REFUSED");
  return { account: message.address, patientId: await patientNamed(service, message), expiresAt };
}

/** Whether the message is neither over, nor ahead of its time, nor good for longer than a session may be. */
function isNow({ issuedAt, notBefore }: Message, expiresAt: number, now: number): boolean {
  const from = Math.max(Date.parse(issuedAt ?? ""), notBefore === undefined ? 0 : Date.parse(notBefore)) / 1_000;
  // A comparison with what isn't a time is false.
  return expiresAt > now && expiresAt <= now + LIFETIME + SKEW && from <= now + SKEW;
}

const WALLET = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];
/** What a contract wallet answers when it agrees (ERC-1271). */
const AGREED = "0x1626ba7e";

/** Not `SiweMessage.verify`: that one writes signatures it can't read to the process's standard error. */
async function isSignedBy({ session }: Service, account: Address, text: string, signature: Hex): Promise<boolean> {
  try {
    if (verifyMessage(text, signature) === account) return true;
  } catch {
    // No signature of an account: perhaps a contract wallet's.
  }
  const { provider } = session.chain;
  try {
    if ((await provider.getCode(account)) === "0x") return false;
    const wallet = new Contract(account, WALLET, provider);
    const answer: unknown = await wallet.getFunction("isValidSignature")(hashMessage(text), signature);
    return answer === AGREED;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && ["CALL_EXCEPTION", "BAD_DATA"].includes(String(cause.code)))
      return false;
    throw new SalusError("CHAIN_UNREACHABLE", {}, { cause });
  }
}

/** The patient that the message names, if any. @throws H_UNKNOWN unless the account controls it and H is the present one */
async function patientNamed({ session }: Service, { resources = [], address }: Message): Promise<PatientId | null> {
  if (resources.length === 0) return null;
  const [patient, h] = resources.map((resource) => /^urn:salus:(?:patient|h):(0x[0-9a-f]{64})$/.exec(resource)?.[1]);
  const isPair = resources.length === 2 && resources[0]?.includes("patient") && resources[1]?.includes(":h:");
  if (!isPair || patient === undefined || h === undefined) throw new SalusError("SIGN_IN_REFUSED");
  const stored = await patientOf(session.chain, patient as PatientId).catch((error: unknown) => {
    if (isSalusError(error, "Deregistered", "UnknownPatient")) return null;
    throw error;
  });
  if (stored?.controller !== address || stored.hash !== h) throw new SalusError("H_UNKNOWN");
  return stored.patientId;
}
