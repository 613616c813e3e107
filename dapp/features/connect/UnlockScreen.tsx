/** Unlock: the passphrase opens the account's key on this device. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { PassphraseField } from "../../components/PassphraseField.js";
import { Card } from "../../components/Rows.js";
import { useConfig } from "../../lib/connection.js";
import { isSalusFailure } from "../../lib/errors.js";
import { useOpenSession, useSession } from "../../lib/session.js";
import css from "./connect.module.css";
import { unlockAccount } from "./unlock.js";

/** Asks for the passphrase. */
export function UnlockScreen() {
  const session = useOpenSession();
  const { setRoot, connected } = useSession();
  const { personas } = useConfig();
  const persona = personas.find(({ account }) => account.toLowerCase() === session.account.toLowerCase());
  const [passphrase, setPassphrase] = useState(persona?.passphrase ?? "");
  const unlocking = useMutation({
    mutationFn: (given: string) => unlockAccount(session, given),
    onSuccess: setRoot,
  });
  const isWrong = isSalusFailure(unlocking.error, "WRONG_PASSPHRASE");

  return (
    <Page
      title={persona ? `Welcome, ${persona.name}` : "Unlock your account"}
      sentence="Your passphrase opens your key on this device. It's never sent anywhere, and it's forgotten when you leave."
    >
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            unlocking.mutate(passphrase);
          }}
        >
          <PassphraseField
            className={css.field}
            account={session.account}
            description={persona && "You are trying Salus as an invented person, so it's filled in."}
            isWrong={isWrong}
            value={passphrase}
            onChange={setPassphrase}
          />
          <div className={css.actions}>
            <Button type="submit" loading={unlocking.isPending}>
              Unlock
            </Button>
            <Button variant="subtle" component={Link} to="/connect">
              {`Not ${persona?.name ?? connected?.wallet.info.name ?? "you"}? Switch`}
            </Button>
          </div>
          {unlocking.isPending && (
            <p className={css.hint} role="status">
              Opening your key takes a few seconds, on purpose: it makes guessing slow.
            </p>
          )}
        </form>
      </Card>
      {unlocking.error && !isWrong && (
        <ErrorNotice error={unlocking.error} retry={() => unlocking.mutate(passphrase)} />
      )}
    </Page>
  );
}
