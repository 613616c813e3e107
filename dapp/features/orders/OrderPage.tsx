/** One order: asked for until the patient agrees, then opened, carried out and reported (002-26 to 002-31, 002-40). */
import { useParams } from "react-router";

import type { OpenedOrder, Order, RecordId } from "../../../sdk/index.js";
import { DocumentView } from "../../components/document/DocumentView.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Interrupted } from "../../components/record/Interrupted.js";
import { recordTopic } from "../../components/record/publishDocument.js";
import { OrderMark } from "../../components/record/OrderMark.js";
import { Reports } from "../../components/record/Reports.js";
import { Card, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { nameOf } from "../../lib/access.js";
import { isSalusFailure, problemOf } from "../../lib/errors.js";
import { useParticipant } from "../../lib/queries.js";
import { capital, day, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { Attach } from "./Attach.js";
import { DispensePanel } from "./DispensePanel.js";
import { orderTopic } from "./fulfilling.js";
import { NotYours } from "./NotYours.js";
import { patientOf, useOpenedOrder, useOrder } from "./opened.js";
import { Over } from "./Over.js";
import { BENCH, COUNTER, type OrderPlace } from "./place.js";
import { ReportPanel } from "./ReportPanel.js";

/** An order at the laboratory's bench. */
export function BenchOrderPage() {
  return <OrderPage place={BENCH} />;
}

/** An order at the pharmacy's counter. */
export function CounterOrderPage() {
  return <OrderPage place={COUNTER} />;
}

function OrderPage({ place }: { place: OrderPlace }) {
  const orderId = useParams().orderId as RecordId;
  const order = useOrder(orderId);
  const opened = useOpenedOrder(orderId);
  const back = { to: place.at, label: place.name };
  if (order.data && (order.data.state === "over" || order.data.state === "cancelled")) {
    return <Over place={place} order={order.data} />;
  }
  if (order.data && isSalusFailure(opened.error, "ORDER_NOT_YOURS"))
    return <NotYours place={place} order={order.data} />;
  if (order.data && opened.data) return <Opened place={place} order={order.data} opened={opened.data} />;
  const failed = [order, opened].find((each) => problemOf(each) !== null);
  return (
    <Page back={back} title={`${capital(place.one.slice(2))} ${short(orderId)}`}>
      {failed ? (
        <ErrorNotice error={failed.error} retry={() => void failed.refetch()} />
      ) : (
        <SkeletonRows label={place.one} />
      )}
    </Page>
  );
}

function Opened({ place, order, opened }: { place: OrderPlace; order: Order; opened: OpenedOrder }) {
  const { author, orderId, patientId, until } = order;
  const { data: doctor = null } = useParticipant(author);
  const ofOrder = useTransactions(orderTopic(orderId));
  // What is gone on with is told where it was offered.
  const ofPatient = useTransactions(recordTopic(patientId));
  const transactions = [...ofOrder, ...ofPatient].filter(({ status }) => status.state !== "final");
  const patient = patientOf(opened);
  return (
    <Page
      back={{ to: place.at, label: place.name }}
      title={`${plain(opened.manifest.title ?? capital(place.one.slice(2)), 120)} for ${patient}`}
      sentence={`Ordered by ${plain(nameOf(doctor, author))}, until ${day(until)}. ${place.limits}`}
      action={<OrderMark order={order} />}
    >
      <Section title="What is ordered">
        <DocumentView content={opened.content} fileName={opened.manifest.fileName} />
      </Section>
      <TransactionNotices transactions={transactions} />
      {/* What is on its way is in the journal as well: it mustn't be offered to be sent once more. */}
      {!transactions.some(isUnderWay) && <Interrupted patientId={patientId} report={place.report} />}
      {place.role === "laboratory" ? (
        <ReportPanel order={order} opened={opened} />
      ) : (
        <DispensePanel order={order} opened={opened} />
      )}
      {order.reports.length > 0 && (
        <Section title={place.role === "laboratory" ? "Your reports" : "What was handed over"}>
          <Card>
            <Reports order={order} />
          </Card>
        </Section>
      )}
      {place.role === "laboratory" && (
        <Section title="Files">
          <Attach opened={opened} />
        </Section>
      )}
    </Page>
  );
}
