/** One change on its way: the same words and states for all of them. */
import { Button } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHandStop,
  IconHourglass,
  IconReplace,
  IconWallet,
  type Icon,
} from "@tabler/icons-react";

import { reassuring } from "../lib/errors.js";
import { dismiss, isUnderWay, type Transaction, type TransactionStatus } from "../lib/transactions.js";
import { bytes, plain } from "../lib/text.js";
import { Progress } from "./Bars.js";
import { Notice } from "./Notice.js";
import type { Tone } from "./Rows.js";
import css from "./ui.module.css";

interface Words {
  icon: Icon;
  tone?: Tone;
  title: string;
  text: string;
}

/** What each state says. */
function wordsOf(status: TransactionStatus, title: string): Words {
  switch (status.state) {
    case "preparing":
      return status.total
        ? {
            icon: IconHourglass,
            title: `${title}: storing the sealed file`,
            text: `${bytes(status.done ?? 0)} of ${bytes(status.total)}. You may leave this page.`,
          }
        : { icon: IconHourglass, title: `${title}: getting ready`, text: "Sealing on this device." };
    case "wallet":
      return {
        icon: IconWallet,
        tone: "attention",
        title: `${title}: your wallet asks you`,
        text: "Look at your wallet and confirm there.",
      };
    case "rejected":
      return {
        icon: IconHandStop,
        title: `${title}: not signed`,
        text: "You declined in your wallet. Nothing was sent.",
      };
    case "sent":
      return {
        icon: IconClock,
        title: `${title}: signed and sent`,
        text: "Waiting for its place on the chain. You may leave this page.",
      };
    case "slow":
      return {
        icon: IconClock,
        tone: "attention",
        title: `${title}: taking longer than usual`,
        text: "The chain is busy. It goes on by itself; you may leave or reload this page.",
      };
    case "replaced":
      return { icon: IconReplace, tone: "attention", title: status.failure.what, text: status.failure.next };
    case "failed":
      return {
        icon: IconCircleX,
        tone: "danger",
        title: `${title}: ${status.failure.what}`,
        text: reassuring(status.failure.next),
      };
    case "final":
      return {
        icon: IconCircleCheck,
        tone: "brand",
        title: `${title}: done`,
        text: status.blockNumber === null ? "It was done before." : `Final in block ${status.blockNumber}.`,
      };
  }
}

/** The state of a change, with what can be done about it. */
export function TransactionNotice({ transaction }: { transaction: Transaction }) {
  const { status, id, retry, title } = transaction;
  const { icon, tone, title: heading, text } = wordsOf(status, title);
  const isAgain = status.state === "rejected" || status.state === "failed" || status.state === "replaced";
  const details = status.state === "failed" || status.state === "replaced" ? status.failure : null;
  return (
    <Notice
      icon={icon}
      tone={tone}
      title={heading}
      live="status"
      action={
        <>
          {status.state === "preparing" && status.total !== undefined && (
            <Progress done={status.done ?? 0} total={status.total} label={heading} />
          )}
          {details && (
            <details>
              <summary>Details</summary>
              <p className="digest">
                {[
                  details.code,
                  ...Object.entries(details.details).map(([name, value]) => `${name}: ${plain(String(value))}`),
                ]
                  .filter(Boolean)
                  .join(", ")}
              </p>
            </details>
          )}
          <div className={css.actions}>
            {isAgain && retry && (
              <Button variant="default" onClick={retry}>
                Try again
              </Button>
            )}
            {!isUnderWay(transaction) && (
              <Button variant={isAgain ? "subtle" : "default"} onClick={() => dismiss(id)}>
                {isAgain ? "Leave it" : "All right"}
              </Button>
            )}
            {"hash" in status && status.hash !== null && (
              <details>
                <summary>Proof</summary>
                <p className="digest">Transaction {status.hash}</p>
              </details>
            )}
          </div>
        </>
      }
    >
      {text}
    </Notice>
  );
}

/** All changes of a topic. */
export function TransactionNotices({ transactions }: { transactions: readonly Transaction[] }) {
  return transactions.map((transaction) => <TransactionNotice key={transaction.id} transaction={transaction} />);
}
