/** What is done seldom: the recovery sheet, moving to another wallet, signed grants that wait, giving the record up. */
import { Button } from "@mantine/core";
import { IconDoorExit, IconFileText, IconSignature, IconTransfer } from "@tabler/icons-react";
import { useState } from "react";

import { Section } from "../../components/Page.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { useOpenSession } from "../../lib/session.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import css from "./account.module.css";
import { cancelSignatures } from "./cancelSignatures.js";

/** For a registered patient whose key is open. */
export function Further() {
  return (
    <Section title="Recover, move, leave">
      <Rows label="Recover, move, leave">
        <Row
          icon={<RowIcon icon={IconFileText} />}
          what="Your recovery sheet"
          detail="To print and keep: where things are, and the backup of your key."
          to="/account/recovery"
        />
        <Row
          icon={<RowIcon icon={IconTransfer} />}
          what="Move to another wallet"
          detail="A new phone, or a wallet that you trust more. Your record stays the same."
          to="/account/move"
        />
        <SignedGrants />
        <Row
          icon={<RowIcon icon={IconDoorExit} tone="danger" />}
          what="Give your record up"
          detail="For good. It can't be undone."
          to="/account/leave"
        />
      </Rows>
    </Section>
  );
}

/** Grants that were signed here and that nobody has carried to the chain yet. */
function SignedGrants() {
  const session = useOpenSession();
  const [isAsking, setAsking] = useState(false);
  const transactions = useTransactions("account/signatures");
  const isBusy = transactions.some(isUnderWay);
  return (
    <Row
      icon={<RowIcon icon={IconSignature} />}
      what="Grants that you signed and nobody has used yet"
      detail="If you gave somebody a signed grant to carry and have thought better of it, make all of them worthless."
      side={
        !isAsking && (
          <Button variant="default" loading={isBusy} onClick={() => setAsking(true)}>
            Make them worthless
          </Button>
        )
      }
      under={
        <>
          {isAsking && (
            <div className={css.actions}>
              <p className={css.hint}>
                Everyone sees that you did it, not what they were. Access that counts already stays; stop that under
                Access.
              </p>
              <Button
                onClick={() => {
                  setAsking(false);
                  void cancelSignatures(session);
                }}
              >
                Sign it
              </Button>
              <Button variant="subtle" onClick={() => setAsking(false)}>
                Keep them
              </Button>
            </div>
          )}
          <TransactionNotices transactions={transactions} />
        </>
      }
    />
  );
}
