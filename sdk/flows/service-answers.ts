/** What is wrong with an attestation service's answer that is of the right form, but not about what was asked. */
import { isSalusError, SalusError } from "../errors.js";

/** A service that signs for something else than was asked is what is wrong, not the person's wallet. */
export async function tried(service: { url: string }, attempt: Promise<void>): Promise<void> {
  await attempt.catch((error: unknown) => {
    throw isSalusError(error, "InvalidSignature") ? invalidAnswer(service, "signature", error) : error;
  });
}

/** The refusal of an answer for one of its fields. */
export function invalidAnswer({ url }: { url: string }, field: string, cause?: unknown): SalusError {
  return new SalusError("SERVICE_ANSWER_INVALID", { service: new URL(url).host, field }, { cause });
}
