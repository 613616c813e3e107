/** What this doctor has ordered in a visit: where each order stands, the reports that came in, and taking one back. */
import { IconFileCheck } from "@tabler/icons-react";

import type { Order, VisitAccess, VisitId } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { isSettled, orderIcon, orderKind, OrderMark } from "../../components/record/OrderMark.js";
import { Reports } from "../../components/record/Reports.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { nameOf } from "../../lib/access.js";
import { problemOf } from "../../lib/errors.js";
import { useManifest, useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, day, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useOrders } from "../../lib/visits.js";
import { Asking, askingFor } from "./Asking.js";
import { cancel, orderTopic } from "./ordering.js";
import css from "./today.module.css";

/** This doctor's orders in a visit, newest first. */
function useOwnOrders(visitId: VisitId) {
  const { account } = useOpenSession();
  const orders = useOrders({ visitId });
  return { orders, own: orders.data?.filter(({ author }) => author === account) ?? [] };
}

/** The section, as soon as there is an order. */
export function OrderSection({ access }: { access: VisitAccess }) {
  const { orders, own } = useOwnOrders(access.visitId);
  if (problemOf(orders) !== null) return <ErrorNotice error={orders.error} retry={() => void orders.refetch()} />;
  if (own.length === 0) return null;
  return (
    <Section title="Your orders">
      <Rows label="Your orders">
        {own.map((order) => (
          <OrderRow key={order.orderId} order={order} access={access} />
        ))}
      </Rows>
    </Section>
  );
}

/** Where the orders stand, without what is in them: after the visit. */
export function OrderStates({ visitId }: { visitId: VisitId }) {
  const { own } = useOwnOrders(visitId);
  if (own.length === 0) return null;
  return (
    <Section title="Your orders" hint="They stay valid until their own end. What comes in goes to the patient.">
      <Rows label="Your orders">
        {own.map((order) => (
          <Row
            key={order.orderId}
            icon={<RowIcon icon={orderIcon(order.role)} />}
            what={orderKind(order.role)}
            detail={<OrderDetail order={order} />}
            side={<OrderMark order={order} />}
          />
        ))}
      </Rows>
    </Section>
  );
}

function OrderDetail({ order: { role, fulfiller, until } }: { order: Order }) {
  const { data: chosen = null } = useParticipant(fulfiller);
  const who = fulfiller ? `With ${plain(nameOf(chosen, fulfiller))}` : `The patient chooses a ${role}`;
  return `${who}, until ${day(until)}`;
}

function OrderRow({ order, access }: { order: Order; access: VisitAccess }) {
  const { orderId, role, reports } = order;
  const { data: manifest } = useManifest(orderId);
  const transactions = useTransactions(orderTopic(orderId)).filter(({ status }) => status.state !== "final");
  const expander = useExpander();
  const hasMore = reports.length + askingFor(order).length + transactions.length > 0 || expander.isOpen;
  return (
    <Row
      icon={
        <RowIcon
          icon={reports.length > 0 ? IconFileCheck : orderIcon(role)}
          tone={reports.length > 0 ? "brand" : undefined}
        />
      }
      what={manifest ? recordTitle(manifest) : orderKind(role)}
      detail={<OrderDetail order={order} />}
      side={
        <>
          <OrderMark order={order} />
          {!isSettled(order) && (
            <ExpanderButton
              expander={expander}
              variant="subtle"
              color="danger"
              disabled={transactions.some(isUnderWay)}
            >
              Cancel
            </ExpanderButton>
          )}
        </>
      }
      under={
        hasMore && (
          <div className={css.under}>
            {reports.length > 0 && (
              <Reports order={order} linkTo={({ recordId }) => `/today/${access.visitId}/${recordId}`} />
            )}
            <Asking order={order} access={access} />
            <TransactionNotices transactions={transactions} />
            <ExpanderPanel expander={expander} label="Cancel the order" className={ui.panel}>
              <Cancelling order={order} onClose={expander.close} />
            </ExpanderPanel>
          </div>
        )
      }
    />
  );
}

function Cancelling({ order, onClose }: { order: Order; onClose: () => void }) {
  const session = useOpenSession();
  const { data: chosen = null } = useParticipant(order.fulfiller);
  const who = order.fulfiller ? plain(nameOf(chosen, order.fulfiller)) : null;
  const { patientId, role } = order;
  const disclosure = useDisclosure("cancelling", { patientId, role, who }, (sdk, by) =>
    sdk.discloseOrderCancellation(by, { fulfillerName: by.who }),
  );
  return (
    <SignPanel
      question="Cancel it for good?"
      disclosure={disclosure}
      who={who ?? capital(role)}
      note="It can't be undone: a new order is needed then. Reports that came in stay in the record."
      keep="Keep it"
      act="Cancel the order"
      isDanger
      onClose={onClose}
      onSign={() => void cancel(session, order)}
    />
  );
}
