/** A bill that is ready: what comes of it, who will know what, sign. */
import type { Address } from "../../../sdk/index.js";
import { bill } from "../../components/claim/acts.js";
import css from "../../components/claim/claim.module.css";
import { Section } from "../../components/Page.js";
import { Card, Facts } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { nameOf } from "../../lib/access.js";
import type { Money } from "../../lib/claims.js";
import { useParticipants } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain } from "../../lib/text.js";

/** The section. @param onClose goes back to the form; @param onBilled is told once the bill is on the chain */
export function PreparedBill({
  prepared,
  money,
  onClose,
  onBilled,
}: {
  prepared: Parameters<typeof bill>[1];
  money: Money;
  onClose: () => void;
  onBilled: () => void;
}) {
  const session = useOpenSession();
  const { data: participants = [] } = useParticipants();
  const nameAt = (account: Address) =>
    plain(nameOf(participants.find((each) => each.account === account) ?? null, account));
  const { bill: sent, estimate } = prepared;
  const names = { hospitalName: nameAt(sent.visit.hospital), insurerName: nameAt(sent.cover.insurer) };
  const disclosure = useDisclosure(
    "bill",
    { document: sent.document, ...names, doctor: sent.doctor === null ? "" : nameAt(sent.doctor) },
    ({ discloseBill }, { doctor, hospitalName, insurerName }) =>
      discloseBill(sent, { hospitalName, insurerName, token: money.token }, doctor),
  );
  return (
    <Section title={`The bill: ${money.sum(sent.amount)}`}>
      <Card>
        <div className={css.form}>
          <Facts
            facts={[
              ["Deductible", money.sum(estimate.deductible)],
              ["Co-payment", money.sum(estimate.coPayment)],
              ["The policy would pay now", money.sum(estimate.paid)],
              ...(estimate.fee > 0n ? [["Of it to the doctor", money.sum(estimate.fee)] as const] : []),
              ["Left for the patient", money.sum(sent.amount - estimate.paid)],
            ]}
          />
          <SignPanel
            disclosure={disclosure}
            who={`The patient and ${names.insurerName}`}
            note="You can take it back until the insurer decides."
            keep="Change it"
            act="Send the bill"
            onClose={onClose}
            onSign={() => void bill(session, prepared, onBilled)}
          />
        </div>
      </Card>
    </Section>
  );
}
