/** Where a report or dispensing begins. As long as one that was cut off waits, no second one is offered beside it. */
import { IconPlayerPause } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { Order } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { Notice } from "../../components/Notice.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { Card } from "../../components/Rows.js";
import { useIntents } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { isPending, isReportOn, orderTopic } from "./fulfilling.js";
import css from "./orders.module.css";
import type { OrderPlace } from "./place.js";

interface Act {
  /** The words on the button. */
  act: string;
  /** The panel's name. */
  label: string;
  children: (close: () => void) => ReactNode;
}

/** The button and its panel; while one is pending, that it is. */
export function Reporting({ order, place, ...act }: { order: Order; place: OrderPlace } & Act) {
  const intents = useIntents();
  const ofOrder = useTransactions(orderTopic(order.orderId));
  const ofPatient = useTransactions(recordTopic(order.patientId));
  const isBusy = intents.isPending || [...ofOrder, ...ofPatient].some(isUnderWay);
  if (isBusy || !intents.data?.some((intent) => isReportOn(order, intent))) return <Panel {...act} isBusy={isBusy} />;
  return (
    <Notice
      tone="attention"
      icon={IconPlayerPause}
      live="status"
      title={`A ${place.report} of this ${place.one.slice(2)} is pending.`}
    >
      It was interrupted on its way. Go on with it, or give it up, above; then the next one can be written.
    </Notice>
  );
}

function Panel({ act, label, children, isBusy }: Act & { isBusy: boolean }) {
  const expander = useExpander();
  return (
    <>
      <div>
        <ExpanderButton expander={expander} variant={expander.isOpen ? "light" : "filled"} disabled={isBusy}>
          {act}
        </ExpanderButton>
      </div>
      {expander.isOpen && (
        <Card tone="attention">
          <ExpanderPanel expander={expander} label={label} className={css.form}>
            {children(expander.close)}
          </ExpanderPanel>
        </Card>
      )}
    </>
  );
}

/** Looks into the journal itself before something is signed: another tab may have begun since the page looked. */
export function usePendingCheck(order: Order): () => Promise<boolean> {
  const session = useOpenSession();
  const queryClient = useQueryClient();
  return async () => {
    const is = await isPending(session, order);
    if (is) await queryClient.invalidateQueries({ queryKey: ["chain", "intents"] });
    return is;
  };
}
