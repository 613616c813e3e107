/** Unlock: the passphrase opens the account's key on this device. */
import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
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
          {/* For password managers: whose passphrase this is. */}
          <input type="text" name="username" autoComplete="username" value={session.account} readOnly hidden />
          <PasswordInput
            className={css.field}
            label="Passphrase"
            description={persona && "You are trying Salus as an invented person, so it's filled in."}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={isWrong && "This passphrase doesn't open it. Check capital letters and spaces, and try again."}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ "aria-label": "Show the passphrase" }}
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
