/** Set up: an account that has no key yet gets one, with a passphrase that will open its backup. */
import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { Page } from "../../components/Page.js";
import { MIN_LENGTH, PassphraseField } from "../../components/PassphraseField.js";
import { Card } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useOpenSession, useSession } from "../../lib/session.js";
import { useTransactions } from "../../lib/transactions.js";
import css from "./connect.module.css";
import { setUpAccount } from "./setUp.js";

/** Asks for a new passphrase, twice. */
export function SetUpScreen() {
  const session = useOpenSession();
  const { setRoot } = useSession();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const { data: disclosure } = useReaderQuery(["opened", "disclosure", "key", session.account], ({ discloseKey }) =>
    Promise.resolve(discloseKey({ account: session.account, backup: true })),
  );
  const transactions = useTransactions("account/setup");
  const settingUp = useMutation({
    mutationFn: () => setUpAccount(session, passphrase),
    onSuccess: setRoot,
  });
  const differs = again.length > 0 && again !== passphrase;

  return (
    <Page
      title="Set up this account"
      sentence="It has no key yet, so nothing can be sealed to it. Making one takes a passphrase and one signature."
    >
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            settingUp.mutate();
          }}
        >
          <PassphraseField
            className={css.field}
            account={session.account}
            isNew
            value={passphrase}
            onChange={setPassphrase}
          />
          <PasswordInput
            className={css.field}
            label="The same again"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={differs && "The two differ."}
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ "aria-label": "Show the repeated passphrase" }}
          />
          <h2>Before you sign: who will know what</h2>
          {disclosure && <WhoWillKnow disclosure={disclosure} grantee="Who writes to you" organisation="The storage" />}
          <div>
            <Button
              type="submit"
              loading={settingUp.isPending}
              disabled={passphrase.length < MIN_LENGTH || passphrase !== again}
            >
              Make my key
            </Button>
          </div>
        </form>
      </Card>
      <TransactionNotices transactions={transactions} />
      <p className={css.hint}>
        Want a record of your own? <Link to="/register">Register</Link> instead: that makes the key, too.
      </p>
    </Page>
  );
}
