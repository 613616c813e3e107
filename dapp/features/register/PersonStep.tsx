/** Step 2: national id and birth date, as they stand on the card. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";

import { Card } from "../../components/Rows.js";
import type { KnownService } from "../../lib/services.js";
import { plain } from "../../lib/text.js";
import { remember, type StepProps } from "./enrolling.js";
import { Papers, usePapers } from "./Papers.js";
import css from "./register.module.css";
import { ServiceDown } from "./ServiceDown.js";
import { StepPage } from "./StepPage.js";
import { addressOf } from "./steps.js";

/** Asks who the person is. Nothing is sent before the photo. */
export function PersonStep({ enrolling, session, onChange, registry }: StepProps & { registry: KnownService }) {
  const { typed, enrolment } = enrolling;
  const proven = enrolment.proof?.identity;
  const [nationalId, setNationalId] = useState(typed.nationalId || (proven?.nationalId ?? ""));
  const [birthDate, setBirthDate] = useState(typed.birthDate || (proven?.birthDate ?? ""));
  const navigate = useNavigate();
  const papers = usePapers(session.account);
  const isReady = nationalId.trim() !== "" && /^\d{4}-\d\d-\d\d$/.test(birthDate);
  const goOn = async () => {
    const next = { ...typed, nationalId: nationalId.trim(), birthDate };
    await remember(session, enrolling, next);
    onChange({ typed: next });
    await navigate(addressOf("photo"));
  };
  return (
    <StepPage
      step="person"
      title="Who you are"
      sentence={`${plain(registry.name)} compares this with its own record. The chain never learns it, not even scrambled.`}
    >
      <ServiceDown service={registry} />
      {papers && (
        <Papers name={papers.name}>
          <p className={css.hint}>
            National id {papers.nationalId}, born {papers.birthDate}.
          </p>
          <Button
            variant="default"
            onClick={() => {
              setNationalId(papers.nationalId);
              setBirthDate(papers.birthDate);
            }}
          >
            Fill it in
          </Button>
        </Papers>
      )}
      <Card>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            void goOn();
          }}
        >
          <TextInput
            className={css.field}
            label="National id"
            description="The number on your identity card. Spaces and dashes don't matter."
            value={nationalId}
            onChange={(event) => setNationalId(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            maxLength={64}
            required
          />
          <TextInput
            className={css.field}
            type="date"
            label="Birth date"
            value={birthDate}
            onChange={(event) => setBirthDate(event.currentTarget.value)}
            autoComplete="bday"
            max={new Date().toISOString().slice(0, 10)}
            required
          />
          <div className={css.actions}>
            <Button type="submit" disabled={!isReady}>
              Go on
            </Button>
          </div>
        </form>
      </Card>
    </StepPage>
  );
}
