/** Orders of a laboratory or a pharmacy: scan one, go on with one, see where all of them stand. */
import { useNavigate } from "react-router";

import type { Order } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { isSettled, orderIcon, orderKind, OrderMark } from "../../components/record/OrderMark.js";
import { Empty, Row, RowIcon, SkeletonRows } from "../../components/Rows.js";
import { Scan } from "../../components/scan/Scan.js";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { nameOf } from "../../lib/access.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useParticipant, useReaderQuery } from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, count, day, plain, short } from "../../lib/text.js";
import { useOrders } from "../../lib/visits.js";
import { findOrder } from "./fulfilling.js";
import { useOrderName } from "./opened.js";
import type { OrderPlace } from "./place.js";

/** One page for both places. */
export function OrdersPage({ place }: { place: OrderPlace }) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const orders = useOrders({ fulfiller: session.account });
  const asked = useAsked();
  const all = orders.data?.filter(({ role }) => role === place.role) ?? [];
  const own = all.filter(({ fulfiller }) => fulfiller === session.account);
  const open = own.filter((order) => !isSettled(order));
  const past = all.filter((order) => !open.includes(order));
  const waiting = asked.data?.filter((order) => order.role === place.role && !isSettled(order)) ?? [];
  // What waits comes first; with nothing to do, the way to something.
  const todo = (
    <Section title="To do">
      {orders.isPending && <SkeletonRows label={place.many} />}
      {orders.data && open.length === 0 && <Empty>{place.empty}</Empty>}
      {open.length > 0 && <OrderRows label="To do" place={place} orders={open} />}
    </Section>
  );
  return (
    <Page
      title={place.name}
      sentence={
        orders.data &&
        (open.length === 0
          ? `No ${place.many} wait for you.`
          : `${capital(count(open.length, place.many.slice(0, -1)))} ${open.length === 1 ? "waits" : "wait"} for you.`)
      }
    >
      {identity && identity.participant?.role !== place.role && (
        <Notice
          tone="attention"
          title={`This place is for accredited ${place.role === "pharmacy" ? "pharmacies" : "laboratories"}.`}
        >
          The contract refuses everybody else, so nothing can be carried out with this account.
        </Notice>
      )}
      {open.length > 0 && todo}
      <Section title={`Scan ${place.one}`}>
        <Scan
          kind="order"
          find={(typed) => findOrder(session, place.role, typed)}
          onCode={(code) => {
            loadSdk().then(
              ({ decodeCode }) => navigate(`${place.at}/${decodeCode(code, "order")}`),
              () => undefined,
            );
          }}
        />
      </Section>
      {problemOf(orders) !== null && <ErrorNotice error={orders.error} retry={() => void orders.refetch()} />}
      {waiting.length > 0 && (
        <Section title="You asked for" hint="Each opens by itself as soon as the patient chooses you.">
          <OrderRows label="You asked for" place={place} orders={waiting} />
        </Section>
      )}
      {open.length === 0 && todo}
      {past.length > 0 && (
        <Section title="Done and over">
          <OrderRows label="Done and over" place={place} orders={past} />
        </Section>
      )}
    </Page>
  );
}

/** Orders that this account asked to be chosen for, and isn't. */
function useAsked() {
  const { account } = useOpenSession();
  return useReaderQuery<Order[]>(["chain", "orders asked for", account], async ({ ordersOf }, reader) =>
    (await ordersOf(reader, { requester: account })).filter(({ fulfiller }) => fulfiller !== account).toReversed(),
  );
}

function OrderRows({ label, place, orders }: { label: string; place: OrderPlace; orders: readonly Order[] }) {
  return (
    <VirtualRows
      label={label}
      items={orders}
      keyOf={({ orderId }) => orderId}
      estimate={() => 77}
      render={(order, placement) => <OrderRow key={order.orderId} order={order} place={place} placement={placement} />}
    />
  );
}

function OrderRow({ order, place, placement }: { order: Order; place: OrderPlace; placement: Placement }) {
  const { account } = useOpenSession();
  const { orderId, key, role, until, fulfiller } = order;
  const { data: doctor = null } = useParticipant(key.author);
  const { data: name } = useOrderName(orderId, fulfiller === account);
  return (
    <Row
      {...placement}
      icon={<RowIcon icon={orderIcon(role)} />}
      what={name ?? `${orderKind(role)} ${short(orderId)}`}
      detail={`Ordered by ${plain(nameOf(doctor, key.author))}, until ${day(until)}`}
      to={`${place.at}/${orderId}`}
      side={<OrderMark order={order} />}
    />
  );
}
