/** A code comes in: what it permits is read and tried against the chain, shown, and used. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

import type { ReadPermit } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Card, Facts } from "../../components/Rows.js";
import { Scan } from "../../components/scan/Scan.js";
import ui from "../../components/ui.module.css";
import { PersonName } from "../../components/Person.js";
import { isSalusFailure } from "../../lib/errors.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { and, capital, clock, plain } from "../../lib/text.js";
import css from "./desk.module.css";
import { open } from "./openVisit.js";

/** Scanning until there is a permit, then what it says. */
export function Arrival() {
  const session = useOpenSession();
  const reading = useMutation({
    mutationFn: async (code: string) => (await loadSdk()).readPermit(session, code),
  });
  const find = async (short: string) => (await loadSdk()).findPermit(session, short);
  if (reading.data) return <Permitted permit={reading.data} onLeave={reading.reset} />;
  return (
    <>
      {reading.error && <Refusal error={reading.error} />}
      {reading.isPending && <p role="status">Reading what the patient permits.</p>}
      <Scan kind="visit" onCode={(code) => reading.mutate(code)} find={find} refusal={Refusal} />
    </>
  );
}

/** What is refused for every signature in general words, in those of a code. */
function Refusal({ error }: { error: unknown }) {
  if (isSalusFailure(error, "SignatureExpired", "VisitEndInPast")) {
    return (
      <Notice tone="danger" title="This code's time is over." live="alert">
        Nothing was opened. Ask the patient for a new one.
      </Notice>
    );
  }
  return <ErrorNotice error={error} />;
}

function Permitted({ permit, onLeave }: { permit: ReadPermit; onLeave: () => void }) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // What was pressed before is gone; a screen reader reads on here.
  useEffect(() => heading.current?.focus(), []);
  const opening = useMutation({ mutationFn: () => open(session, permit) });
  // Goes on to the visit only as long as this is shown: whoever has left for something else isn't called away from it.
  const openNow = () =>
    opening.mutate(undefined, {
      onSuccess: (visitId) => {
        if (visitId) void navigate(`/desk/${visitId}`);
      },
    });
  const { patientName, readable, until, deadline, visit } = permit;
  const isNamed = patientName !== "";
  return (
    <Card tone="brand">
      <div className={css.permit}>
        <h3 ref={heading} tabIndex={-1} className={css.name}>
          <PersonName name={isNamed ? patientName : null} id={visit.patientId} source="decrypted" /> permits a visit
          here
        </h3>
        <Facts
          facts={[
            ["Name in the permit", isNamed ? plain(patientName) : "None"],
            [
              "May be read",
              readable.length === 0
                ? "Only what is written in this visit"
                : capital(and(readable.map((label) => plain(label)))),
            ],
            ["The visit ends", `${clock(until)}, unless it is closed sooner`],
            ["The code works until", clock(deadline)],
          ]}
        />
        <p>
          <strong>
            {isNamed
              ? "Ask for an identity document, and compare the name on it with the name in the permit."
              : "No identity document can be compared with this permit: it has no name."}
          </strong>{" "}
          {isNamed
            ? "Open the visit only if they are the same."
            : "Open the visit only if the patient makes the code before your eyes."}{" "}
          The code may be a photo of somebody else&apos;s.
        </p>
        <p className={css.hint}>
          The permit has no birth date and no photo, so it can&apos;t tell two people of the same name apart. Opening
          uses the code up, and everyone can see that the pseudonym is in a visit at this hospital.
        </p>
        <div className={ui.actions}>
          <Button loading={opening.isPending} onClick={openNow}>
            Open the visit
          </Button>
          <Button variant="default" disabled={opening.isPending} onClick={onLeave}>
            Not this one
          </Button>
        </div>
      </div>
    </Card>
  );
}
