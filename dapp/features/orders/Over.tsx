/** An order whose time is over, or that was cancelled: said in words, with what was done on it. */
import { IconClockX } from "@tabler/icons-react";

import type { Order } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Reports } from "../../components/record/Reports.js";
import { Card } from "../../components/Rows.js";
import { capital, day, short } from "../../lib/text.js";
import type { OrderPlace } from "./place.js";

/** The end of an order. */
export function Over({ place, order }: { place: OrderPlace; order: Order }) {
  const isCancelled = order.state === "cancelled";
  return (
    <Page
      back={{ to: place.at, label: place.name }}
      title={`${capital(place.one.slice(2))} ${short(order.orderId)}`}
      sentence="Nothing can be opened or reported here any more."
    >
      <Notice
        tone="attention"
        icon={IconClockX}
        live="alert"
        title={isCancelled ? "This order was cancelled." : `This order was valid until ${day(order.until)}.`}
      >
        {isCancelled
          ? "The patient or the doctor took it back. Reports that were given stay in the patient's record."
          : "Its time is over. Reports that were given stay in the patient's record. More needs a new order."}
      </Notice>
      {order.reports.length > 0 && (
        <Section title="What was done on it">
          <Card>
            <Reports order={order} />
          </Card>
        </Section>
      )}
    </Page>
  );
}
