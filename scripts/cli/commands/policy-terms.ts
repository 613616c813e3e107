/** What a policy pays of bills, on a command line: read from a file, written in one sentence. */
import * as v from "valibot";

import {
  describeTerms,
  SalusError,
  termsFromJson,
  termsOf,
  tokenInfo,
  type IssuedPolicy,
  type Reader,
  type Terms,
} from "../../../sdk/index.js";
import { readJson } from "../files.js";

/**
 * Terms as a card's line carries them: amounts in the token's smallest unit, the co-payment in basis points.
 * @throws FILE_UNREADABLE, FILE_INVALID, INVALID_INPUT
 */
export async function readTerms(path: string): Promise<Terms> {
  return termsFromJson(await readJson(path, v.unknown()));
}

/** The terms in one sentence, with their token; null for none. @throws NO_TERMS when they aren't the policy's */
async function termsWords(reader: Reader, policy: IssuedPolicy): Promise<string | null> {
  const salted = await termsOf(reader, policy);
  if (!salted) return null;
  const { terms } = salted;
  return `${describeTerms(terms, await tokenInfo(reader.chain, terms.token), "other")} (${terms.token})`;
}

/** The same, or what is wrong with the terms: a fact about the policy, whose other facts are shown all the same. */
export async function paysOf(reader: Reader, policy: IssuedPolicy): Promise<string | null> {
  try {
    return await termsWords(reader, policy);
  } catch (error) {
    if (!(error instanceof SalusError) || /_UNREACHABLE$/.test(error.code)) throw error;
    return error.why;
  }
}

/** What two versions pay. */
interface TermsDifference {
  before: string | null;
  after: string | null;
  differ: boolean;
}

/** What two versions pay. @throws NO_TERMS when a version's terms aren't its own */
export async function termsDifference(reader: Reader, old: IssuedPolicy, next: IssuedPolicy): Promise<TermsDifference> {
  const [before, after] = [await termsWords(reader, old), await termsWords(reader, next)];
  return { before, after, differ: before !== after };
}

/** A difference as `diff` writes it; nothing when there is none. */
export function linesOf({ before, after, differ }: TermsDifference): string[] {
  if (!differ) return [];
  return ["", "What is paid of bills:", `- ${before ?? "no terms"}`, `+ ${after ?? "no terms"}`];
}
