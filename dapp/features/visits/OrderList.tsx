/** What was ordered in a visit: each with its own code, who asks to carry it out, and who was chosen (002-26 to 002-29). */
import type { Visit } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { Empty, Rows, SkeletonRows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { useOrders } from "../../lib/visits.js";
import { OrderRow } from "./OrderRow.js";

/** The section. Orders outlive the visit, so they are shown after its end, too. */
export function OrderList({ visit: { visitId, status } }: { visit: Visit }) {
  const orders = useOrders({ visitId });
  if (status === "ended" && orders.data?.length === 0) return null;
  return (
    <Section title="Orders">
      {problemOf(orders) !== null && <ErrorNotice error={orders.error} retry={() => void orders.refetch()} />}
      {orders.isPending && <SkeletonRows rows={1} label="orders" />}
      {orders.data?.length === 0 && (
        <Empty>
          Test lists and prescriptions will be listed here, each with a code to show at a laboratory or pharmacy. There
          is none yet.
        </Empty>
      )}
      {orders.data && orders.data.length > 0 && (
        <Rows label="Orders">
          {orders.data.map((order) => (
            <OrderRow key={order.orderId} order={order} />
          ))}
        </Rows>
      )}
    </Section>
  );
}
