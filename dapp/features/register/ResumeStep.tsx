/** Going on with a registration that was begun here: its passphrase opens what was kept. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { Page } from "../../components/Page.js";
import { PassphraseField } from "../../components/PassphraseField.js";
import { Card } from "../../components/Rows.js";
import { isSalusFailure } from "../../lib/errors.js";
import type { OwnSession } from "../../lib/heavy.js";
import { Discard } from "./Discard.js";
import { open, type Enrolling } from "./enrolling.js";
import css from "./register.module.css";
import { Refusal } from "./Refusal.js";

/** Asks for the passphrase, or gives the registration up. */
export function ResumeStep({
  session,
  onOpen,
  onDiscard,
}: {
  session: OwnSession;
  onOpen: (enrolling: Enrolling) => void;
  onDiscard: () => void;
}) {
  const [passphrase, setPassphrase] = useState("");
  const opening = useMutation({ mutationFn: () => open(session, passphrase, true), onSuccess: onOpen });
  const isWrong = isSalusFailure(opening.error, "WRONG_PASSPHRASE");
  return (
    <Page
      title="Go on where you left"
      sentence="You began to register here. What you have done is kept on this device, sealed under your passphrase."
    >
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            opening.mutate();
          }}
        >
          <PassphraseField
            className={css.field}
            account={session.account}
            description="The one that you chose when you began."
            isWrong={isWrong}
            value={passphrase}
            onChange={setPassphrase}
          />
          <div className={css.actions}>
            <Button type="submit" loading={opening.isPending} disabled={passphrase === ""}>
              Go on
            </Button>
            <Button variant="subtle" component={Link} to="/connect">
              Not you? Switch
            </Button>
          </div>
          {opening.isPending && (
            <p className={css.hint} role="status">
              Opening it takes a few seconds, on purpose: it makes guessing slow.
            </p>
          )}
        </form>
      </Card>
      {opening.error && !isWrong && <Refusal error={opening.error} retry={() => opening.mutate()} />}
      <Discard session={session} onDiscard={onDiscard} />
    </Page>
  );
}
