/** What is paid of bills under a policy, in plain words; the same for everyone who looks at it. */
import type { Hex, Terms } from "../../sdk/index.js";
import { problemOf } from "../lib/errors.js";
import { useReaderQuery } from "../lib/queries.js";
import { ErrorNotice } from "./Notice.js";
import { SkeletonRows } from "./Rows.js";

/** What names a policy's terms: its reference is their hash, its public object has them. */
export interface Termed {
  ref: Hex;
  offer: Hex;
}

/** To whom the words are said. */
export type Audience = "patient" | "other";

/** The terms in words, with the token's address; null for a policy without. @throws NO_TERMS when they aren't the policy's */
export function useTermsWords(policy: Termed | undefined, to: Audience) {
  return useReaderQuery(
    ["opened", "terms", policy?.ref, policy?.offer, to],
    async ({ describeTerms, termsOf, tokenInfo }, reader) => {
      if (!policy) throw new RangeError("no policy");
      const salted = await termsOf(reader, policy);
      if (!salted) return null;
      const { terms } = salted;
      return { words: describeTerms(terms, await tokenInfo(reader.chain, terms.token), to), token: terms.token };
    },
    policy !== undefined,
  );
}

/** The same of terms that are at hand. */
export function useWordsOf(terms: Terms | null, to: Audience) {
  return useReaderQuery(
    ["opened", "terms in words", terms && { ...terms, deductible: `${terms.deductible}`, limit: `${terms.limit}` }, to],
    async ({ describeTerms, tokenInfo }, { chain }) =>
      terms && describeTerms(terms, await tokenInfo(chain, terms.token), to),
    terms !== null,
  );
}

/** The terms of a policy, or that it has none. */
export function TermsWords({ policy, to }: { policy: Termed; to: Audience }) {
  const terms = useTermsWords(policy, to);
  if (problemOf(terms) !== null) return <ErrorNotice error={terms.error} retry={() => void terms.refetch()} />;
  if (terms.isPending) return <SkeletonRows rows={1} label="what is paid" />;
  if (!terms.data) {
    return <p>It has no terms for claims: no bill can be put to it through Salus. Its wording says how it pays.</p>;
  }
  return (
    <>
      <p>
        <strong>{terms.data.words}</strong>
      </p>
      <p>
        Every bill is settled by these, on the chain. They begin anew with each version of the policy. The currency is
        the token <span className="digest">{terms.data.token}</span>.
      </p>
    </>
  );
}
