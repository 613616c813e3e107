/**
 * The attestation services: civil registry, insurer, health authority (002-01, 002-17 to 002-23, 002-34, 002-39). One HTTP
 * API with three faces, which any organisation may serve by its own program. Nothing that a service answers is believed
 * because it answers: its form is checked here, and what it signs is checked by the flows against the chain.
 */
import { base64 } from "@scure/base";

import type { Identity } from "../core/attestation.js";
import { SalusError } from "../errors.js";
import type { Address, Hex, PatientId } from "../types.js";
import type { Chain } from "./chain.js";
import type { SignedAccreditation } from "./participants.js";
import type { SignedAttestation } from "./patients.js";
import type { SignedOffer } from "./policies.js";
import { request, type Call } from "./services-http.js";
import {
  AccreditationAnswerSchema,
  AttestationAnswerSchema,
  InfoSchema,
  NonceSchema,
  NothingSchema,
  OfferAnswerSchema,
  SignedInSchema,
  SignedInWithTokenSchema,
} from "./services-schemas.js";

/** What a service is. */
export type ServiceFace = "registry" | "insurer" | "authority";

/** What a service says about itself. */
export interface ServiceInfo {
  face: ServiceFace;
  name: string;
  /** The account that signs its attestations. */
  account: Address;
  chainId: number;
  contracts: { patients: Address; participants: Address; policies: Address };
  /** A registry's: whether it wants a photo of everyone, or of those whose photo it has. */
  photo?: "required" | "when on file" | undefined;
}

/** How a registry made sure. */
export type Evidence = "database" | "face";

/** What a person tells a civil registry. It goes there and nowhere else. */
export interface AttestationRequest {
  controller: Address;
  nationalId: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  /** 32 random bytes of the commitment. */
  salt: Hex;
  /** JPEG or PNG. */
  photo?: Uint8Array | undefined;
}

/** A registry's answer: what it signed, and the person as its record has them. */
export interface AttestationAnswer {
  attestation: SignedAttestation;
  identity: Identity;
  evidence: Evidence[];
}

/** What a person tells an insurer. */
export interface OfferRequest {
  /** Left out by whom the chain knows already. */
  attestation?: SignedAttestation | undefined;
  identity: Identity;
  salt: Hex;
  /** The number of the insurance card. */
  card: string;
  /** X25519 public key that the schedule is to be sealed to. */
  publicKey: Hex;
}

/** A sign-in as the service keeps it. */
export interface SignedIn {
  account: Address;
  patientId: PatientId | null;
  /** Unix seconds. */
  expiresAt: number;
}

/** What all faces do. Everything throws SERVICE_UNREACHABLE, SERVICE_BUSY, SERVICE_ANSWER_INVALID, TOO_MANY_ATTEMPTS. */
export interface Service {
  readonly face: ServiceFace;
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** @throws SERVICE_MISMATCH when it has another face */
  info(): Promise<ServiceInfo>;
  /** A number for one sign-in. */
  signInNonce(): Promise<{ nonce: string; expiresAt: number }>;
  /** Signs in by an EIP-4361 message. @throws SIGN_IN_REFUSED, H_UNKNOWN */
  signIn(message: string, signature: Hex): Promise<SignedIn & { token: string }>;
  /** Who is signed in with the token. @throws SIGN_IN_REQUIRED */
  signedIn(token: string): Promise<SignedIn>;
  /** Makes the token worthless. */
  signOut(token: string): Promise<void>;
}

/** A civil registry. */
export interface RegistryService extends Service {
  /** @throws NOT_VERIFIED, FACE_MISMATCH, NO_PHOTO_ON_FILE, PHOTO_REQUIRED and the other refusals of a photo */
  attest(request: AttestationRequest): Promise<AttestationAnswer>;
}

/** An insurer. */
export interface InsurerService extends Service {
  /** @throws SIGN_IN_REQUIRED, CARD_NOT_VERIFIED, ATTESTATION_REFUSED */
  offer(token: string, request: OfferRequest): Promise<SignedOffer>;
}

/** A health authority. */
export interface AuthorityService extends Service {
  /** @throws SIGN_IN_REQUIRED, LICENCE_NOT_VERIFIED, LICENCE_IN_USE */
  accredit(token: string, licence: { licence: string; code: string }): Promise<SignedAccreditation>;
}

/** Options of a connection. `patience` is the milliseconds that an answer may take, 30,000 unless given. */
export interface ServiceOptions {
  patience?: number;
}

/** A civil registry at `url`. Asks nothing yet. @throws INVALID_INPUT for an address that isn't http(s) */
export function connectRegistry(url: string, options?: ServiceOptions): RegistryService {
  const { service, call } = connect("registry", url, options);
  return {
    ...service,
    async attest({ photo, ...person }) {
      const body = { ...person, ...(photo ? { photo: base64.encode(photo) } : {}) };
      return call("POST", "/v1/attestations", AttestationAnswerSchema, { body });
    },
  };
}

/** An insurer at `url`. Asks nothing yet. @throws INVALID_INPUT for an address that isn't http(s) */
export function connectInsurer(url: string, options?: ServiceOptions): InsurerService {
  const { service, call } = connect("insurer", url, options);
  return { ...service, offer: (token, body) => call("POST", "/v1/offers", OfferAnswerSchema, { body, token }) };
}

/** A health authority at `url`. Asks nothing yet. @throws INVALID_INPUT for an address that isn't http(s) */
export function connectAuthority(url: string, options?: ServiceOptions): AuthorityService {
  const { service, call } = connect("authority", url, options);
  return {
    ...service,
    async accredit(token, body) {
      const answer = await call("POST", "/v1/accreditations", AccreditationAnswerSchema, { body, token });
      return answer.accreditation;
    },
  };
}

/**
 * Passes if the service works for this deployment, and returns what it says of itself.
 * @throws SERVICE_MISMATCH with the field that differs
 */
export async function checkService({ deployment }: Pick<Chain, "deployment">, service: Service): Promise<ServiceInfo> {
  const info = await service.info();
  if (info.chainId !== deployment.chainId) {
    throw new SalusError("SERVICE_MISMATCH", { field: "chainId", expected: deployment.chainId, found: info.chainId });
  }
  for (const name of ["patients", "participants", "policies"] as const) {
    const [expected, found] = [deployment.contracts[name], info.contracts[name]];
    if (expected !== found) throw new SalusError("SERVICE_MISMATCH", { field: name, expected, found });
  }
  return info;
}

function connect(face: ServiceFace, address: string, options: ServiceOptions = {}): { service: Service; call: Call } {
  const url = serviceUrl(address);
  const call: Call = (method, path, schema, content) => request(method, `${url}${path}`, schema, content, options);
  const service: Service = {
    face,
    url,
    async info() {
      const info = await call("GET", "/v1/service", InfoSchema);
      if (info.face !== face)
        throw new SalusError("SERVICE_MISMATCH", { field: "face", expected: face, found: info.face });
      return info;
    },
    signInNonce: () => call("POST", "/v1/sign-in/nonce", NonceSchema, { body: {} }),
    signIn: (message, signature) =>
      call("POST", "/v1/sign-in", SignedInWithTokenSchema, { body: { message, signature } }),
    signedIn: (token) => call("GET", "/v1/sign-in", SignedInSchema, { token }),
    signOut: (token) => call("DELETE", "/v1/sign-in", NothingSchema, { token }),
  };
  return { service, call };
}

/** This machine. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws INVALID_INPUT */
function serviceUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new SalusError("INVALID_INPUT", { argument: "url", reason: "not an address of a service" });
  }
  // A national id and a photo go there: nobody on the way may read them.
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw new SalusError("INVALID_INPUT", { argument: "url", reason: "a service elsewhere must be reached by https" });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
