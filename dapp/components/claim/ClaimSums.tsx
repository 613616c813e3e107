/** The sums of a claim: billed, what the terms take off, paid. Before the decision, what they would come to now. */
import type { Claim } from "../../../sdk/index.js";
import { usePreview, type Money } from "../../lib/claims.js";
import { plain, short } from "../../lib/text.js";
import { Card, Facts } from "../Rows.js";

/** The card. @param isPatient speaks to the patient */
export function ClaimSums({ claim, money, isPatient }: { claim: Claim; money: Money; isPatient: boolean }) {
  const preview = usePreview(claim, claim.amount);
  const { sum, token, words } = money;
  const own = isPatient ? "Left for you" : "Left for the patient";
  const facts: [string, string][] = [["Billed", sum(claim.amount)]];
  if (claim.isOpen && preview.data) {
    const { deductible, coPayment, paid } = preview.data;
    facts.push(["Deductible", sum(deductible)], ["Co-payment", sum(coPayment)]);
    facts.push(["The policy would pay", sum(paid)], [own, sum(claim.amount - paid)]);
  } else if (claim.status === "approved") {
    facts.push(["Acknowledged", sum(claim.eligible ?? 0n)], ["Paid", sum(claim.approved)]);
    facts.push([own, sum(claim.amount - claim.approved)]);
  }
  facts.push(["Terms", isPatient ? words.patient : words.other]);
  // Anybody can call a token by another one's name; its address says which it is.
  facts.push(["Paid in", `${plain(token.symbol)}, the token ${short(token.token)}`]);
  return (
    <Card>
      <Facts facts={facts} />
    </Card>
  );
}
