/** Terms for claims as an insurer fills them in: what is missing, and what they come to. */
import type * as Sdk from "../../../sdk/index.js";
import type { Address, IssuedPolicy, Reader, Terms, TokenInfo } from "../../../sdk/index.js";
import { useReaderQuery } from "../../lib/queries.js";

/** The fields of the form, as they are typed. */
export interface TermsFields {
  /** Whether bills can be put to the policy at all. */
  isBillable: boolean;
  deductible: string;
  /** Per cent. */
  share: string;
  limit: string;
  token: string;
}

/** What the fields come to. */
export interface DraftTerms {
  /** Null as long as something is missing or wrong. */
  terms: Terms | null;
  /** The terms in words, as the patient will read them. */
  words: string | null;
  token: TokenInfo | null;
  problems: Partial<Record<"deductible" | "share" | "limit" | "token", string>>;
}

/** No terms yet. */
export const NO_TERMS_YET: TermsFields = { isBillable: false, deductible: "", share: "", limit: "", token: "" };

/** The fields of the version before: a change begins with what stands. */
export async function termsBefore(
  { formatAmount, termsOf, tokenInfo }: Pick<typeof Sdk, "formatAmount" | "termsOf" | "tokenInfo">,
  reader: Reader,
  policy: Pick<IssuedPolicy, "ref" | "offer">,
): Promise<TermsFields> {
  const salted = await termsOf(reader, policy);
  if (!salted) return NO_TERMS_YET;
  const { token, deductible, coPayment, limit } = salted.terms;
  const { decimals } = await tokenInfo(reader.chain, token);
  const typed = (amount: bigint) => formatAmount(amount, { symbol: "", decimals }).replaceAll(",", "").trim();
  return {
    isBillable: true,
    deductible: typed(deductible),
    share: String(coPayment / 100),
    limit: typed(limit),
    token,
  };
}

/** Basis points of "10" or "7.5"; null for what is no share. */
export function shareOf(percent: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(percent.trim());
  if (!match) return null;
  const share = Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return share <= 10_000 ? share : null;
}

/** What the fields come to: the chain is asked what the token calls itself. */
export function useDraftTerms(fields: TermsFields) {
  const { isBillable, deductible, share, limit, token } = fields;
  return useReaderQuery(
    ["disclosure", "draft terms", deductible, share, limit, token],
    async ({ describeTerms, isSalusError, parseAmount, tokenInfo }, { chain }): Promise<DraftTerms> => {
      const problems: DraftTerms["problems"] = {};
      const refused = (error: unknown): null => {
        if (isSalusError(error, "INVALID_INPUT")) return null;
        throw error;
      };
      const info = token === "" ? null : await tokenInfo(chain, token as Address).catch(refused);
      if (!info) {
        if (token !== "") problems.token = "There is no token at this address.";
        return { terms: null, words: null, token: null, problems };
      }
      const amountOf = (name: "deductible" | "limit", text: string) => {
        if (text.trim() === "") return null;
        try {
          return parseAmount(text, info);
        } catch (error) {
          refused(error);
          problems[name] = `Write an amount, with at most ${info.decimals} decimals.`;
          return null;
        }
      };
      const [first, most, coPayment] = [amountOf("deductible", deductible), amountOf("limit", limit), shareOf(share)];
      if (coPayment === null && share.trim() !== "") problems.share = "Write 0 to 100.";
      if (first === null || most === null || coPayment === null)
        return { terms: null, words: null, token: info, problems };
      const terms = { token: info.token, deductible: first, coPayment, limit: most };
      return { terms, words: describeTerms(terms, info), token: info, problems };
    },
    isBillable,
  );
}
