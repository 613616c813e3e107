/** Step 1: a passphrase, before anything else, because all that follows is kept under it. */
import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { Notice } from "../../components/Notice.js";
import { MIN_LENGTH, PassphraseField } from "../../components/PassphraseField.js";
import { Card } from "../../components/Rows.js";
import { isSalusFailure } from "../../lib/errors.js";
import type { OwnSession } from "../../lib/heavy.js";
import { open, type Enrolling } from "./enrolling.js";
import css from "./register.module.css";
import { Papers, usePapers } from "./Papers.js";
import { Refusal } from "./Refusal.js";
import { StepPage } from "./StepPage.js";
import { useConfig } from "../../lib/connection.js";

/** Asks for a new passphrase, twice; or for the present one of an account that has a key already. */
export function BeginStep({
  session,
  hasKey,
  onOpen,
}: {
  session: OwnSession;
  hasKey: boolean;
  onOpen: (enrolling: Enrolling) => void;
}) {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const papers = usePapers(session.account);
  const { personas } = useConfig();
  const persona = personas.find(({ account }) => account.toLowerCase() === session.account.toLowerCase());
  const isUnlocked = session.root !== undefined;
  const opening = useMutation({ mutationFn: () => open(session, passphrase, false), onSuccess: onOpen });
  const isWrong = isSalusFailure(opening.error, "WRONG_PASSPHRASE");
  const isClosed = hasKey && isSalusFailure(opening.error, "CONTENT_UNAVAILABLE");
  const isReady = isUnlocked || (hasKey ? passphrase !== "" : passphrase.length >= MIN_LENGTH && passphrase === again);

  return (
    <StepPage
      step="passphrase"
      title="Register"
      sentence="In about two minutes you prove who you are, once. Then your record begins, and only you can open it."
    >
      {papers && !hasKey && persona && (
        <Papers name={papers.name}>
          <p className={css.hint}>
            You are trying Salus as an invented person. At each step, their papers help you out.
          </p>
          <Button
            variant="default"
            onClick={() => {
              setPassphrase(persona.passphrase);
              setAgain(persona.passphrase);
            }}
          >
            Fill in a passphrase
          </Button>
        </Papers>
      )}
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            opening.mutate();
          }}
        >
          <p>
            You will need your <strong>national id</strong>, a <strong>camera</strong> or a photo of you, and, if you
            are insured, your <strong>insurance card</strong> and your <strong>copy of the policy</strong>. You can stop
            at any step and go on later.
          </p>
          {!isUnlocked && (
            <PassphraseField
              className={css.field}
              account={session.account}
              {...(hasKey
                ? { description: "This account has a key already. Its passphrase opens it." }
                : { isNew: true })}
              isWrong={isWrong}
              value={passphrase}
              onChange={setPassphrase}
            />
          )}
          {!hasKey && (
            <PasswordInput
              className={css.field}
              label="The same again"
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
              error={again.length > 0 && again !== passphrase && "The two differ."}
              autoComplete="new-password"
              required
              visibilityToggleButtonProps={{ "aria-label": "Show the repeated passphrase" }}
            />
          )}
          <div className={css.actions}>
            <Button type="submit" loading={opening.isPending} disabled={!isReady}>
              Begin
            </Button>
          </div>
          {opening.isPending && (
            <p className={css.hint} role="status">
              Sealing your key takes a few seconds, on purpose: it makes guessing slow.
            </p>
          )}
        </form>
      </Card>
      {isClosed && (
        <Notice
          tone="danger"
          title="The key of this account can't be opened any more."
          live="alert"
          action={
            <Button variant="default" mt={8} component={Link} to="/connect?then=/register">
              Use another wallet
            </Button>
          }
        >
          Its backup isn&apos;t stored, for instance because its record was given up. Nothing was sent. Register with
          another wallet, or with another account of this one.
        </Notice>
      )}
      {opening.error && !isWrong && !isClosed && <Refusal error={opening.error} retry={() => opening.mutate()} />}
      <p className={css.hint}>
        {hasKey ? "Not you?" : "Came to look after patients, not for a record of your own?"}{" "}
        <Link to={hasKey ? "/connect" : "/patients"}>{hasKey ? "Switch wallet" : "Set up this account only"}</Link>
      </p>
    </StepPage>
  );
}
