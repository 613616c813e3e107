/** What an account has in the claims' ledger: an insurer pays in and claims are paid from it, the others take out (000-19). */
import { TextInput } from "@mantine/core";
import { IconCoins } from "@tabler/icons-react";
import { useState } from "react";

import type { Address } from "../../../sdk/index.js";
import { useFunds, type Money } from "../../lib/claims.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { problemOf } from "../../lib/errors.js";
import { useOpenSession } from "../../lib/session.js";
import { isUnderWay, transact, useTransactions } from "../../lib/transactions.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../Expander.js";
import { ErrorNotice } from "../Notice.js";
import { Row, RowIcon, Rows, SkeletonRows } from "../Rows.js";
import { SignPanel, useDisclosure } from "../SignPanel.js";
import { TransactionNotices } from "../TransactionNotice.js";
import ui from "../ui.module.css";
import css from "./claim.module.css";

type Way = "deposit" | "collect";

/** Moves money, in or out. */
function move(session: OwnSession, way: Way, token: Address, amount: bigint): Promise<unknown> {
  const title = way === "deposit" ? "Paying in" : "Taking out";
  return transact({ topic: `funds/${token}`, title, account: session.account }, async ({ onStatus }) => {
    const { collectFunds, depositFunds } = await loadSdk();
    const act = way === "deposit" ? depositFunds : collectFunds;
    return act(session, { token, amount }, { onStatus });
  });
}

/** The row, with what can be done. */
export function FundsRow({ money, isInsurer }: { money: Money; isInsurer: boolean }) {
  const { account } = useOpenSession();
  const { token } = money.token;
  const funds = useFunds(token, account);
  const deposit = useExpander();
  const collect = useExpander();
  const transactions = useTransactions(`funds/${token}`);
  const isBusy = transactions.some(isUnderWay);
  if (problemOf(funds) !== null) return <ErrorNotice error={funds.error} retry={() => void funds.refetch()} />;
  if (!funds.data) return <SkeletonRows rows={1} label="what is there" />;
  const { deposited, held } = funds.data;
  return (
    <>
      <TransactionNotices transactions={transactions} />
      <Rows label="Money">
        <Row
          icon={<RowIcon icon={IconCoins} />}
          what={isInsurer ? `${money.sum(deposited)} to pay claims from` : `${money.sum(deposited)} to take out`}
          detail={`${money.sum(held)} in your wallet`}
          side={
            <div className={ui.actions}>
              {isInsurer && (
                <ExpanderButton expander={deposit} variant="default" disabled={isBusy || held === 0n}>
                  Pay in
                </ExpanderButton>
              )}
              <ExpanderButton expander={collect} variant="default" disabled={isBusy || deposited === 0n}>
                Take out
              </ExpanderButton>
            </div>
          }
          under={
            <>
              <ExpanderPanel expander={deposit} label="Pay in" className={css.panel}>
                <Move way="deposit" money={money} most={held} onClose={deposit.close} />
              </ExpanderPanel>
              <ExpanderPanel expander={collect} label="Take out" className={css.panel}>
                <Move way="collect" money={money} most={deposited} onClose={collect.close} />
              </ExpanderPanel>
            </>
          }
        />
      </Rows>
    </>
  );
}

function Move({ way, money, most, onClose }: { way: Way; money: Money; most: bigint; onClose: () => void }) {
  const session = useOpenSession();
  const [text, setText] = useState("");
  const amount = text.trim() === "" && way === "collect" ? most : money.parse(text);
  const isRight = amount !== null && amount > 0n && amount <= most;
  const disclosure = useDisclosure(
    `funds ${way}`,
    isRight ? { account: session.account, amount: String(amount) } : undefined,
    ({ discloseFunds }, given) =>
      discloseFunds(way, { account: given.account, amount: BigInt(given.amount), token: money.token }),
  );
  return (
    <SignPanel
      disclosure={disclosure}
      who={way === "deposit" ? "The claims' ledger" : "Others"}
      note={
        way === "deposit"
          ? "Your wallet asks twice: to let the ledger take this sum, and to pay it in."
          : "It goes to your own wallet."
      }
      missing={isRight ? null : `An amount above zero, at most ${money.sum(most)}.`}
      keep="Not now"
      act={way === "deposit" ? "Pay it in" : "Take it out"}
      onClose={onClose}
      onSign={() => isRight && void move(session, way, money.token.token, amount)}
    >
      <TextInput
        label={`Amount in ${money.token.symbol}`}
        description={way === "collect" ? "All of it unless you write less." : undefined}
        inputMode="decimal"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        error={text.trim() !== "" && !isRight && `A number such as 120.50, at most ${money.sum(most)}.`}
      />
    </SignPanel>
  );
}
