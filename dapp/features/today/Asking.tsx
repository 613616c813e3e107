/** Laboratories and pharmacies that have an order's code and ask to be chosen. The doctor may choose the visit's own. */
import { IconUserQuestion } from "@tabler/icons-react";

import type { Address, Order, VisitAccess } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { isSettled } from "../../components/record/OrderMark.js";
import { Mark } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { isIn } from "../../components/visit/Members.js";
import ui from "../../components/ui.module.css";
import { nameOf } from "../../lib/access.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain } from "../../lib/text.js";
import { choose } from "./ordering.js";
import css from "./today.module.css";
import { useVisit } from "./useVisit.js";

/** Where results of each role go, as the SDK has it. */
const USUAL: Readonly<Record<Order["role"], readonly string[]>> = {
  laboratory: ["laboratory", "imaging"],
  pharmacy: ["medication"],
};

/** Who asks. Nobody once somebody was chosen, or it is over. */
export function askingFor(order: Order): Address[] {
  return order.fulfiller === null && !isSettled(order) ? order.requests : [];
}

/** A line for each of them. */
export function Asking({ order, access }: { order: Order; access: VisitAccess }) {
  return askingFor(order).map((account) => <AskingOne key={account} order={order} account={account} access={access} />);
}

function AskingOne({ order, account, access }: { order: Order; account: Address; access: VisitAccess }) {
  const session = useOpenSession();
  const { data: participant = null } = useParticipant(account);
  const { data: visit } = useVisit(access.visitId);
  const expander = useExpander();
  const name = plain(nameOf(participant, account));
  const isOfHouse = visit !== undefined && isIn(visit, account);
  const { patientId, role } = order;
  const drawers = access.drawers.map(({ label }) => label).filter((label) => USUAL[role].includes(label));
  const by = expander.isOpen ? { patientId, role, name, drawers } : undefined;
  const disclosure = useDisclosure("choosing", by, (sdk, { name: fulfillerName, drawers: places, ...ordered }) =>
    sdk.discloseChoice(ordered, { fulfillerName, drawers: places }),
  );
  return (
    <>
      <div className={css.asking}>
        <Mark icon={IconUserQuestion} tone="attention">
          {name} asks to be chosen{isOfHouse ? "" : ". The patient decides"}
        </Mark>
        {isOfHouse && (
          <ExpanderButton expander={expander} variant="default">
            Choose {name}
          </ExpanderButton>
        )}
      </div>
      <ExpanderPanel expander={expander} label={`Choose ${name}`} className={ui.panel}>
        <SignPanel
          disclosure={disclosure}
          who={name}
          note="The patient can choose somebody else at any time."
          keep="Not now"
          act={`Choose ${name}`}
          onClose={expander.close}
          onSign={() => void choose(session, order, account)}
        />
      </ExpanderPanel>
    </>
  );
}
