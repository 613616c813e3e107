/** Participants: accreditation with a public profile, and the name that it gives an account (002-39). */
import * as v from "valibot";

import { accreditationOf, listAccredited, sendAccredit, type Accreditation } from "../adapters/participants.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { utf8 } from "../core/bytes.js";
import { parseJson } from "../core/json.js";
import type { Address, Role } from "../types.js";
import type { Reader, Session } from "./session.js";
import { storedFor } from "./stored.js";

/** What a participant shows everyone, in plain JSON on IPFS. */
export interface PublicProfile {
  v: 1;
  name: string;
  /** For instance "Cardiology". */
  department?: string;
}

/** An accredited account with its name, or without when IPFS doesn't have the profile. */
export interface Participant extends Accreditation {
  name: string | null;
  department: string | null;
}

const PublicProfileSchema = v.strictObject({
  v: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  department: v.optional(v.pipe(v.string(), v.maxLength(120))),
});

/** Accredits `account` below the session's account. @throws MayNotAccredit, AlreadyAccredited, ExpiryInPast, MANIFEST_MALFORMED (name) */
export async function accredit(
  session: Session,
  {
    account,
    role,
    until,
    name,
    department,
  }: { account: Address; role: Role; until: number; name: string; department?: string },
  options?: SendOptions,
): Promise<Receipt> {
  const profile = utf8(JSON.stringify({ v: 1, name, department } satisfies PublicProfile));
  parseJson(PublicProfileSchema, profile, "public profile");
  return storedFor(session.store, [profile], ([digest]) =>
    sendAccredit(session.chain, session.signer, { account, role, until, profile: digest }, options),
  );
}

/** The accreditation and name of an account, or null when it never had any. @throws CHAIN_UNREACHABLE */
export async function participantOf(reader: Reader, account: Address): Promise<Participant | null> {
  const accreditation = await accreditationOf(reader.chain, account);
  return accreditation && withName(reader, accreditation);
}

/** Everyone accredited now, with names. @throws CHAIN_UNREACHABLE */
export async function listParticipants(reader: Reader): Promise<Participant[]> {
  return Promise.all((await listAccredited(reader.chain)).map((accreditation) => withName(reader, accreditation)));
}

/** A name that can't be had is no reason to fail: the account stands for itself then. */
async function withName({ store }: Reader, accreditation: Accreditation): Promise<Participant> {
  try {
    const profile = parseJson(PublicProfileSchema, await store.get(accreditation.profile), "public profile");
    return { ...accreditation, name: profile.name, department: profile.department ?? null };
  } catch {
    return { ...accreditation, name: null, department: null };
  }
}
