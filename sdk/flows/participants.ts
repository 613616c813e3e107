/** Participants: accreditation with a public profile, and the name that it gives an account (002-39). */
import * as v from "valibot";

import { accreditationTree } from "../adapters/accreditations.js";
import type { Receipt, SendOptions } from "../adapters/chain.js";
import type { ContentStore } from "../adapters/ipfs.js";
import { blockTime } from "../adapters/logs.js";
import { accreditationOf, sendAccredit, type Accreditation } from "../adapters/participants.js";
import { standingOf } from "../core/accreditation.js";
import { utf8 } from "../core/bytes.js";
import { shortId } from "../core/disclosure.js";
import { parseJson } from "../core/json.js";
import type { Address, Hex, Role } from "../types.js";
import type { Reader, Session } from "./session.js";
import { storedFor } from "./stored.js";

/** What a participant shows everyone, in plain JSON on IPFS. */
export interface PublicProfile {
  v: 1;
  name: string;
  /** For instance "Cardiology". */
  department?: string | undefined;
}

/** What a parent says of an account when it accredits it. */
export interface AccreditationTerms {
  account: Address;
  role: Role;
  /** Valid before this time, Unix seconds. */
  until: number;
  name: string;
  department?: string | undefined;
}

/** What a profile tells, or nulls when IPFS doesn't have it. */
export interface Named {
  name: string | null;
  department: string | null;
}

/** An accredited account with its name, or without when IPFS doesn't have the profile. */
export interface Participant extends Accreditation, Named {}

const PublicProfileSchema = v.strictObject({
  v: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  department: v.optional(v.pipe(v.string(), v.maxLength(120))),
});

/** Accredits `account` below the session's account. @throws MayNotAccredit, AlreadyAccredited, ExpiryInPast, MANIFEST_MALFORMED (name) */
export async function accredit(
  session: Session,
  { account, role, until, ...profile }: AccreditationTerms,
  options?: SendOptions,
): Promise<Receipt> {
  return storedFor(session.store, [profileBytes(profile)], ([digest]) =>
    sendAccredit(session.chain, session.signer, { account, role, until, profile: digest }, options),
  );
}

/** The accreditation and name of an account, or null when it never had any. @throws CHAIN_UNREACHABLE */
export async function participantOf(reader: Reader, account: Address): Promise<Participant | null> {
  const accreditation = await accreditationOf(reader.chain, account);
  return accreditation && withName(reader, accreditation);
}

/** What whoever accredited the account calls it, or the account itself, shortened. @throws CHAIN_UNREACHABLE */
export async function nameOf(reader: Reader, account: Address): Promise<string> {
  return (await participantOf(reader, account))?.name ?? shortId(account);
}

/** Everyone accredited now, with names, in the order in which they first were. @throws CHAIN_UNREACHABLE */
export async function listParticipants(reader: Reader): Promise<Participant[]> {
  const [tree, time] = await Promise.all([accreditationTree(reader.chain), blockTime(reader.chain)]);
  const valid = [...tree.accounts.values()].filter((held) => standingOf(tree, held, time).state === "valid");
  return Promise.all(
    valid.map(({ account, parent, role, until, profile }) =>
      withName(reader, { account, parent, role, until, profile, valid: true }),
    ),
  );
}

/** A public profile as it is stored. @throws MANIFEST_MALFORMED */
export function profileBytes({ name, department }: Pick<AccreditationTerms, "name" | "department">): Uint8Array {
  const bytes = utf8(JSON.stringify({ v: 1, name, department } satisfies PublicProfile));
  parseJson(PublicProfileSchema, bytes, "public profile");
  return bytes;
}

/** The profile with this digest. @throws CONTENT_UNAVAILABLE, IPFS_UNREACHABLE, MANIFEST_MALFORMED */
export async function profileOf(store: ContentStore, digest: Hex): Promise<Named & { name: string }> {
  const { name, department } = parseJson(PublicProfileSchema, await store.get(digest), "public profile");
  return { name, department: department ?? null };
}

/** What is said by `digest`. A name that can't be had is no reason to fail: the account stands for itself then. */
export async function withName<T extends { profile: Hex }>({ store }: Reader, held: T): Promise<T & Named> {
  const known = names.get(store) ?? new Map<Hex, Promise<Named>>();
  names.set(store, known);
  let asked = known.get(held.profile);
  if (!asked) {
    asked = profileOf(store, held.profile);
    known.set(held.profile, asked);
    if (known.size > MOST_NAMES) known.delete(known.keys().next().value ?? held.profile);
  }
  try {
    return { ...held, ...(await asked) };
  } catch {
    known.delete(held.profile);
    return { ...held, name: null, department: null };
  }
}

/** What a digest says never changes, so each profile is fetched once a store: a tree has thousands, and is read often. */
const names = new WeakMap<ContentStore, Map<Hex, Promise<Named>>>();
const MOST_NAMES = 20_000;
