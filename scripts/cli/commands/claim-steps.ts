/** What the commands of `salus claim` share: showing who will know what, and naming parties and money. */
import {
  participantOf,
  policyById,
  shortId,
  termsOf,
  tokenInfo,
  type Address,
  type Disclosure,
  type PolicyId,
  type Reader,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { CliError } from "../errors.js";
import { confirm } from "../password.js";

/** Shows who will know what, and asks. */
export async function agreed(
  context: Context,
  disclosure: Disclosure,
  grantee: string,
  question: string,
  yes?: boolean,
) {
  context.output.note(wordsOf(disclosure, { grantee, organisation: "The storage" }));
  await confirm(question, yes);
}

/** The token that a policy pays in. @throws USAGE when it has no terms */
export async function tokenOfPolicy(reader: Reader, policyId: PolicyId) {
  const salted = await termsOf(reader, await policyById(reader, policyId));
  if (!salted) throw new CliError("USAGE", { reason: "the policy has no terms for claims" });
  return tokenInfo(reader.chain, salted.terms.token);
}

/** What hospital and insurer are called. */
export async function namesOf(reader: Reader, hospital: Address, insurer: Address) {
  const [hospitalName, insurerName] = await Promise.all([nameOf(reader, hospital), nameOf(reader, insurer)]);
  return { hospitalName, insurerName };
}

/** What an account is called, or the account itself, shortened. */
export async function nameOf(reader: Reader, account: Address): Promise<string> {
  return (await participantOf(reader, account))?.name ?? shortId(account);
}
