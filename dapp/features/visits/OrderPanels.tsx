/** What is said before a patient chooses who carries an order out, or cancels it (002-28). */
import type { Address, Order, Participant } from "../../../sdk/index.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { nameOf } from "../../lib/access.js";
import { useDrawers, useParticipant, useRecords } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain } from "../../lib/text.js";
import { cancel, choose } from "./orders.js";

/** Once somebody is picked. */
export function ChoosePanel({
  order,
  account,
  participant,
  onClose,
}: {
  order: Order;
  account: Address;
  participant: Participant | null;
  onClose: () => void;
}) {
  const session = useOpenSession();
  const { data: drawers } = useDrawers(order.patientId);
  const { data: records } = useRecords(order.patientId);
  const { data: earlier } = useParticipant(order.fulfiller);
  const name = plain(nameOf(participant, account));
  const own = records?.find(({ recordId }) => recordId === order.orderId)?.scope;
  const { patientId, role } = order;
  const by = drawers &&
    own && {
      patientId,
      role,
      own,
      drawers: drawers.map(({ scope, label }) => ({ scope, label })),
      name,
      earlierName: order.fulfiller ? plain(nameOf(earlier ?? null, order.fulfiller)) : undefined,
    };
  const disclosure = useDisclosure("order choice", by, ({ discloseChoice, drawersFor }, given) =>
    discloseChoice(given, {
      fulfillerName: given.name,
      drawers: drawersFor(role, given.own, given.drawers).map(({ label }) => label),
      earlierName: given.earlierName,
    }),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      who={name}
      note="You can choose another later."
      keep="Not now"
      act={`Choose ${name}`}
      onClose={onClose}
      onSign={() => void choose(session, order, account)}
    />
  );
}

/** Before it is cancelled. */
export function CancelPanel({ order, onClose }: { order: Order; onClose: () => void }) {
  const session = useOpenSession();
  const { data: fulfiller, isPending } = useParticipant(order.fulfiller);
  const name = order.fulfiller ? plain(nameOf(fulfiller ?? null, order.fulfiller)) : null;
  const by = order.fulfiller && isPending ? undefined : { patientId: order.patientId, role: order.role, name };
  const disclosure = useDisclosure("order cancellation", by, ({ discloseOrderCancellation }, given) =>
    discloseOrderCancellation(given, { fulfillerName: given.name }),
  );
  return (
    <SignPanel
      question="Cancel it for good?"
      disclosure={disclosure}
      who={name ?? "Laboratories"}
      note="Reports that were given stay. A doctor would have to order it anew."
      keep="Keep it"
      act="Cancel the order"
      isDanger
      onClose={onClose}
      onSign={() => void cancel(session, order)}
    />
  );
}
