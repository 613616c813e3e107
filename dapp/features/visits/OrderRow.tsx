/** One order: its code, who asks to carry it out, choosing somebody, and cancelling it. */
import { Button } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";

import type { Address, Order, Participant } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { PersonName } from "../../components/Person.js";
import { PersonSearch } from "../../components/PersonSearch.js";
import { isSettled, orderIcon, orderKind, OrderMark } from "../../components/record/OrderMark.js";
import { Reports } from "../../components/record/Reports.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { nameOf } from "../../lib/access.js";
import { useManifest, useParticipant } from "../../lib/queries.js";
import { clock, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { OrderCode } from "./OrderCode.js";
import { CancelPanel, ChoosePanel } from "./OrderPanels.js";
import { orderTopic } from "./orders.js";
import css from "./visits.module.css";

/** Who carries out an order, as a word. */
const WHO = { laboratory: "a laboratory", pharmacy: "a pharmacy" } as const;

/** The row with its panels. */
export function OrderRow({ order }: { order: Order }) {
  const { data: manifest } = useManifest(order.orderId);
  const { data: author = null } = useParticipant(order.key.author);
  const { data: fulfiller = null } = useParticipant(order.fulfiller);
  const transactions = useTransactions(orderTopic(order.orderId));
  const isBusy = transactions.some(isUnderWay);
  const title = manifest ? recordTitle(manifest) : orderKind(order.role);
  const by = plain(nameOf(author, order.key.author));
  const who = order.fulfiller
    ? `${plain(nameOf(fulfiller, order.fulfiller))} carries it out.`
    : `Nobody carries it out yet. Show its code at ${WHO[order.role]}, or choose one.`;
  return (
    <Row
      icon={<RowIcon icon={orderIcon(order.role)} {...(isSettled(order) ? {} : { tone: "brand" as const })} />}
      what={title}
      detail={`Ordered by ${by}, until ${clock(order.until)}. ${isSettled(order) ? "" : who}`}
      side={<OrderMark order={order} />}
      under={
        <div className={css.rows}>
          {order.reports.length > 0 && <Reports order={order} linkTo={({ recordId }) => `/record/${recordId}`} />}
          {!isSettled(order) && <Requests order={order} isBusy={isBusy} />}
          <Actions order={order} title={title} isBusy={isBusy} />
          <TransactionNotices transactions={transactions} />
        </div>
      }
    />
  );
}

/** Those who ask to be chosen. An order's id is public: who asks need not have been shown its code. */
function Requests({ order, isBusy }: { order: Order; isBusy: boolean }) {
  const open = order.requests.filter((account) => account !== order.fulfiller);
  if (open.length === 0) return null;
  return (
    <Rows label="Asks to carry it out" tone="attention">
      {open.map((account) => (
        <RequestRow key={account} order={order} account={account} isBusy={isBusy} />
      ))}
    </Rows>
  );
}

function RequestRow({ order, account, isBusy }: { order: Order; account: Address; isBusy: boolean }) {
  const { data: participant = null } = useParticipant(account);
  const expander = useExpander();
  const name = plain(nameOf(participant, account));
  const earlier = order.chosen.includes(account) ? " Could open the order when it was chosen before." : "";
  return (
    <Row
      icon={<RowIcon icon={IconUserQuestion} tone="attention" />}
      what={<PersonName name={participant?.name ?? null} id={account} source="accredited" />}
      detail={`Asks to carry it out. Anybody accredited can ask: compare the name with where you are.${earlier}`}
      side={
        <ExpanderButton expander={expander} variant="default" disabled={isBusy}>
          Review {name}
        </ExpanderButton>
      }
      under={
        <ExpanderPanel expander={expander} label={`Choose ${name}`} className={css.panel}>
          <ChoosePanel order={order} account={account} participant={participant} onClose={expander.close} />
        </ExpanderPanel>
      }
    />
  );
}

function Actions({ order, title, isBusy }: { order: Order; title: string; isBusy: boolean }) {
  const code = useExpander();
  const choosing = useExpander();
  const cancelling = useExpander();
  const [chosen, setChosen] = useState<{ account: Address; participant: Participant | null } | null>(null);
  const closeChoosing = () => {
    setChosen(null);
    choosing.close();
  };
  const read = (
    <Button component={Link} variant="default" to={`/record/${order.orderId}`}>
      Read it
    </Button>
  );
  if (isSettled(order)) return <div className={ui.actions}>{read}</div>;
  return (
    <>
      <div className={ui.actions}>
        {read}
        <ExpanderButton expander={code} variant="default">
          {code.isOpen ? "Hide its code" : "Show its code"}
        </ExpanderButton>
        <ExpanderButton expander={choosing} variant="default" disabled={isBusy}>
          {order.fulfiller ? "Choose another" : `Choose ${WHO[order.role]}`}
        </ExpanderButton>
        <ExpanderButton expander={cancelling} variant="subtle" color="danger" disabled={isBusy}>
          Cancel it
        </ExpanderButton>
      </div>
      <ExpanderPanel expander={code} label={`The code of ${title}`} className={css.panel}>
        <OrderCode order={order} title={title} />
      </ExpanderPanel>
      <ExpanderPanel expander={choosing} label={`Choose ${WHO[order.role]}`} className={css.panel}>
        {chosen ? (
          <ChoosePanel order={order} {...chosen} onClose={closeChoosing} />
        ) : (
          <PersonSearch
            roles={[order.role]}
            canPaste={false}
            onChoose={(account, participant) => setChosen({ account, participant })}
          />
        )}
      </ExpanderPanel>
      <ExpanderPanel expander={cancelling} label="Cancel the order" className={css.panel}>
        <CancelPanel order={order} onClose={cancelling.close} />
      </ExpanderPanel>
    </>
  );
}
