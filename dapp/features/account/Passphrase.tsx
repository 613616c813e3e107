/** Changing the passphrase of the backup. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { Section } from "../../components/Page.js";
import { MIN_LENGTH, PassphraseField } from "../../components/PassphraseField.js";
import { Card } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import css from "./account.module.css";
import { changePassphrase } from "./changePassphrase.js";

/** A new passphrase, and one signature. */
export function Passphrase() {
  const session = useOpenSession();
  const [passphrase, setPassphrase] = useState("");
  const { data: disclosure } = useReaderQuery(["opened", "disclosure", "key", session.account], ({ discloseKey }) =>
    Promise.resolve(discloseKey({ account: session.account, backup: true })),
  );
  const transactions = useTransactions("account/passphrase");
  return (
    <Section
      title="Your passphrase"
      hint="It opens the backup of your key. Copies that others made of the old backup still open with the old one."
    >
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            void changePassphrase(session, passphrase).then((isDone) => {
              if (isDone) setPassphrase("");
            });
          }}
        >
          <PassphraseField
            className={css.grow}
            account={session.account}
            label="New passphrase"
            description={`At least ${MIN_LENGTH} characters; four random words are good.`}
            isNew
            value={passphrase}
            onChange={setPassphrase}
          />
          {passphrase.length >= MIN_LENGTH && disclosure && (
            <div className={css.wide}>
              <h3>Before you sign: who will know what</h3>
              <WhoWillKnow disclosure={disclosure} grantee="Who writes to you" organisation="The storage" />
            </div>
          )}
          <Button
            type="submit"
            variant="default"
            disabled={passphrase.length < MIN_LENGTH}
            loading={transactions.some(isUnderWay)}
          >
            Change it
          </Button>
        </form>
      </Card>
      <TransactionNotices transactions={transactions} />
    </Section>
  );
}
