/** Claims as screens read them: see queries.ts for what the keys mean. */
import type { UseQueryResult } from "@tanstack/react-query";

import type {
  Address,
  Claim,
  ClaimNote,
  DecisionPreview,
  Funds,
  OpenedBill,
  OpenedResponse,
  PatientId,
  PolicyId,
  Terms,
  TokenInfo,
  VisitId,
} from "../../sdk/index.js";
import { useReaderQuery, useSessionQuery } from "./queries.js";

/** Whose claims. */
export type ClaimsBy = { insurer: Address } | { patientId: PatientId } | { hospital: Address } | { visitId: VisitId };

/** Claims, latest first. */
export function useClaims(by: ClaimsBy | null): UseQueryResult<Claim[]> {
  return useReaderQuery(["chain", "claims", by], ({ claimsOf }, reader) => claimsOf(reader, by ?? {}), by !== null);
}

/** The claim of one visit, null as long as nothing was billed. */
export function useClaim(visitId: VisitId): UseQueryResult<Claim | null> {
  return useReaderQuery(
    ["chain", "claim", visitId],
    async ({ claimsOf }, reader) => (await claimsOf(reader, { visitId }))[0] ?? null,
  );
}

/** The bill, opened and held against the chain. */
export function useBill(claim: Claim): UseQueryResult<OpenedBill> {
  const { visitId, document, round, amount, policyId, records, from, until } = claim;
  // With all that it is held against: the same document billed anew, for another amount, is checked anew.
  const against = { round, amount: String(amount), policyId, records, from, until };
  return useSessionQuery(["opened", "bill", visitId, document, against], ({ readBill }, session) =>
    readBill(session, claim),
  );
}

/** Why nobody should say yes to a bill yet, in words: it wasn't opened, or isn't what was billed. Null once it was checked. */
export function useUnchecked(claim: Claim): string | null {
  const { data, error } = useBill(claim);
  if (error) return "The bill couldn't be opened and checked: what went wrong stands above.";
  return data ? null : "The bill is still being opened and checked.";
}

/** What was said about a claim. */
export function useClaimNotes(claim: Claim): UseQueryResult<ClaimNote[]> {
  return useSessionQuery(["opened", "claim notes", claim.visitId, claim.history.length], ({ readNotes }, session) =>
    readNotes(session, claim),
  );
}

/** The insurer's response, null before its decision. */
export function useClaimResponse(claim: Claim): UseQueryResult<OpenedResponse | null> {
  return useSessionQuery(
    ["opened", "claim response", claim.visitId, claim.history.length],
    ({ readResponse }, session) => readResponse(session, claim),
    !claim.isOpen,
  );
}

/** A policy's terms, the token that they are in, and how its sums are written and read. */
export interface Money {
  terms: Terms;
  token: TokenInfo;
  /** The terms in a sentence, to the patient or about them. */
  words: Record<"patient" | "other", string>;
  /** "1,234.50 dEUR". */
  sum: (amount: bigint) => string;
  /** What a person's "1,234.50" means; null when it means nothing. */
  parse: (text: string) => bigint | null;
}

/** The money of a policy. */
export function useMoney(policyId: PolicyId | undefined): UseQueryResult<Money> {
  return useReaderQuery(
    ["opened", "money", policyId],
    async ({ describeTerms, formatAmount, parseAmount, policyById, SalusError, termsOf, tokenInfo }, reader) => {
      const salted = await termsOf(reader, await policyById(reader, policyId ?? "0x"));
      if (!salted) throw new SalusError("NO_TERMS", { policyId: policyId ?? "" });
      const { terms } = salted;
      const token = await tokenInfo(reader.chain, terms.token);
      return {
        terms,
        token,
        words: { patient: describeTerms(terms, token), other: describeTerms(terms, token, "other") },
        sum: (amount) => formatAmount(amount, token),
        parse: (text) => {
          try {
            return parseAmount(text, token);
          } catch {
            return null;
          }
        },
      };
    },
    policyId !== undefined,
  );
}

/** The tokens of these policies, each with one of its policies. Policies whose terms aren't known are left out. */
export function useTokens(
  policies: readonly PolicyId[],
): UseQueryResult<{ token: Address; policyId: PolicyId; policies: PolicyId[] }[]> {
  return useReaderQuery(
    ["opened", "tokens", policies],
    async ({ isSalusError, policyById, termsOf }, reader) => {
      const groups = new Map<Address, PolicyId[]>();
      for (const policyId of policies) {
        const salted = await termsOf(reader, await policyById(reader, policyId)).catch((error: unknown) => {
          if (isSalusError(error, "NO_TERMS", "CONTENT_UNAVAILABLE")) return null;
          throw error;
        });
        if (salted) groups.set(salted.terms.token, [...(groups.get(salted.terms.token) ?? []), policyId]);
      }
      return [...groups].flatMap(([token, each]) => (each[0] ? [{ token, policyId: each[0], policies: each }] : []));
    },
    policies.length > 0,
  );
}

/** What acknowledging this much of a bill would pay now. */
export function usePreview(claim: Claim, eligible: bigint | null): UseQueryResult<DecisionPreview> {
  return useReaderQuery(
    ["chain", "decision preview", claim.visitId, claim.since, String(eligible)],
    ({ previewDecision }, reader) => previewDecision(reader, claim, eligible ?? 0n),
    claim.isOpen && eligible !== null,
  );
}

/** What an account has of a token. */
export function useFunds(token: Address | undefined, account: Address): UseQueryResult<Funds> {
  return useReaderQuery(
    ["chain", "funds", token, account],
    ({ fundsOf }, reader) => fundsOf(reader, token ?? "0x", account),
    token !== undefined,
  );
}
