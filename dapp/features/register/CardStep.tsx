/** Step 4: the insurance card, shown to the insurer that issued it; or none for now. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { Notice } from "../../components/Notice.js";
import { Card } from "../../components/Rows.js";
import type { Carried } from "../../lib/heavy-enrolment.js";
import { isSalusFailure } from "../../lib/errors.js";
import type { KnownService } from "../../lib/services.js";
import { day, plain } from "../../lib/text.js";
import { insure, remember, withoutInsurance, type StepProps } from "./enrolling.js";
import { Papers, usePapers } from "./Papers.js";
import css from "./register.module.css";
import { Refusal } from "./Refusal.js";
import { ServiceDown } from "./ServiceDown.js";
import { StepPage } from "./StepPage.js";
import { addressOf, furthestOf } from "./steps.js";

/** Asks for the card's number and whose it is. */
export function CardStep({
  enrolling,
  session,
  onChange,
  insurers,
}: StepProps & { insurers: readonly KnownService[] }) {
  const { typed, enrolment } = enrolling;
  const { cover, proof } = enrolment;
  const [card, setCard] = useState(typed.card || (cover?.card ?? ""));
  const [url, setUrl] = useState(insurers[0]?.url ?? "");
  const navigate = useNavigate();
  const papers = usePapers(session.account);
  const insurer = insurers.find((each) => each.url === url) ?? insurers[0];
  const onSuccess = async (next: Carried) => {
    onChange({ enrolment: next });
    await navigate(addressOf(furthestOf(next, true)));
  };
  const showing = useMutation({
    mutationFn: async () => {
      const next = { ...typed, card: card.trim() };
      await remember(session, enrolling, next);
      onChange({ typed: next });
      return insure(session, enrolling, insurer?.url ?? "", next.card);
    },
    onSuccess,
  });
  const leaving = useMutation({ mutationFn: () => withoutInsurance(session, enrolling), onSuccess });
  const isBusy = showing.isPending || leaving.isPending;
  const isIdentityRefused = isSalusFailure(showing.error, "ATTESTATION_REFUSED", "SignatureExpired");

  return (
    <StepPage
      step="insurance"
      back="photo"
      title="Your insurance card"
      sentence={
        proof
          ? `${plain(proof.registryName)} has confirmed that you are ${plain(proof.identity.name)}. Now your insurer offers your policy for your record.`
          : "Your insurer offers your policy for your record."
      }
    >
      {insurer && <ServiceDown service={insurer} />}
      {cover && (
        <Notice
          tone="brand"
          title={`${plain(cover.insurerName)} offers: ${plain(cover.title)}.`}
          action={
            <Button variant="default" mt={8} component={Link} to={addressOf("policy")}>
              Keep it and go on
            </Button>
          }
        >
          From {day(cover.offer.from)} to {day(cover.offer.until)}. With another card you can ask anew.
        </Notice>
      )}
      {papers && (
        <Papers name={papers.name}>
          <p className={css.hint}>Card {papers.card}.</p>
          <Button variant="default" onClick={() => setCard(papers.card)}>
            Fill it in
          </Button>
        </Papers>
      )}
      {insurer ? (
        <Card>
          <form
            className={css.form}
            onSubmit={(event) => {
              event.preventDefault();
              showing.mutate();
            }}
          >
            <NativeSelect
              className={css.field}
              label="Your insurer"
              data={insurers.map((each) => ({ value: each.url, label: plain(each.name) }))}
              value={insurer.url}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
            <TextInput
              className={css.field}
              label="Number of your card"
              description="It goes to this insurer only, and into your own sealed profile."
              value={card}
              onChange={(event) => setCard(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              maxLength={64}
              required
            />
            <div className={css.actions}>
              <Button type="submit" disabled={card.trim() === "" || leaving.isPending} loading={showing.isPending}>
                Show it to {plain(insurer.name)}
              </Button>
              <Button variant="subtle" disabled={isBusy} onClick={() => leaving.mutate()}>
                Without insurance for now
              </Button>
            </div>
            <p className={css.hint} role={showing.isPending ? "status" : undefined}>
              {showing.isPending
                ? "Your wallet may ask you to sign in. That sends nothing to the chain and costs nothing."
                : "Your wallet will ask you to sign in to the insurer. That costs nothing. You can add insurance later, too."}
            </p>
          </form>
        </Card>
      ) : (
        <Card>
          <p>No insurer is connected to this page. You can register without insurance, and add it later.</p>
          <Button mt={16} loading={leaving.isPending} onClick={() => leaving.mutate()}>
            Without insurance for now
          </Button>
        </Card>
      )}
      {(showing.error ?? leaving.error) && (
        <Refusal
          error={showing.error ?? leaving.error}
          retry={() => (showing.error ? showing : leaving).mutate()}
          actions={
            <>
              {isIdentityRefused && (
                <Button variant="default" component={Link} to={addressOf("photo")}>
                  Ask the registry anew
                </Button>
              )}
              {showing.error && (
                <Button variant="subtle" disabled={isBusy} onClick={() => leaving.mutate()}>
                  Go on without insurance
                </Button>
              )}
            </>
          }
        />
      )}
    </StepPage>
  );
}
