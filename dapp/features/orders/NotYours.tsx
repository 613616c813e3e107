/** An order that this account wasn't chosen for: it may ask, and waits; the page opens by itself when the patient agrees. */
import { Button } from "@mantine/core";
import { IconCheck, IconLock } from "@tabler/icons-react";

import type { Order } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { useDisclosure } from "../../components/SignPanel.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useIdentity } from "../../lib/identity.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { ask, orderTopic } from "./fulfilling.js";
import { BENCH, COUNTER, type OrderPlace } from "./place.js";

/** What can be done with somebody else's order, or nobody's. */
export function NotYours({ place, order }: { place: OrderPlace; order: Order }) {
  const session = useOpenSession();
  const { orderId, fulfiller, requests, role, state } = order;
  const transactions = useTransactions(orderTopic(orderId)).filter(({ status }) => status.state !== "final");
  const { data: identity } = useIdentity();
  const accountName = identity && plain(identity.participant?.name ?? short(session.account));
  const by = accountName === undefined ? undefined : { patientId: order.patientId, accountName };
  const { data: disclosure } = useDisclosure("asking", by, (sdk, given) => sdk.discloseRequest(given, given));
  const hasAsked = requests.includes(session.account);
  const title = `${capital((role === "pharmacy" ? COUNTER : BENCH).one.slice(2))} ${short(orderId)}`;
  if (role !== place.role || state === "done") {
    return (
      <Page back={{ to: place.at, label: place.name }} title={title} sentence="Nothing of it can be opened here.">
        <Notice
          tone="attention"
          icon={IconLock}
          live="status"
          title={
            state === "done"
              ? "It was carried out already."
              : `This is ${role === "pharmacy" ? "a prescription" : "a test list"}: it is for a ${role}.`
          }
        >
          {state === "done"
            ? "The contract takes no more than was ordered. If something is missing, the doctor orders anew."
            : `The contract refuses a ${place.role}. The patient shows it at a ${role}.`}
        </Notice>
      </Page>
    );
  }
  return (
    <Page
      back={{ to: place.at, label: place.name }}
      title={title}
      sentence="The code names this order and opens nothing. Whoever carries it out is chosen by the patient, or by their doctor in the visit."
    >
      <TransactionNotices transactions={transactions} />
      {hasAsked ? (
        <Notice tone="brand" icon={IconCheck} live="status" title="You have asked. The patient decides.">
          This page opens by itself as soon as they choose you. You may leave it: the order stays in your list.
        </Notice>
      ) : (
        <Section
          title="Before you sign: who will know what"
          hint={
            fulfiller === null
              ? "Nobody was chosen yet."
              : "Somebody else was chosen. The patient can still change that, and choose you."
          }
        >
          {disclosure ? (
            <WhoWillKnow disclosure={disclosure} grantee="You" organisation="The storage" />
          ) : (
            <SkeletonRows rows={1} label="who will know what" />
          )}
          <div>
            <Button disabled={!disclosure || transactions.some(isUnderWay)} onClick={() => void ask(session, orderId)}>
              Ask to be chosen
            </Button>
          </div>
        </Section>
      )}
    </Page>
  );
}
