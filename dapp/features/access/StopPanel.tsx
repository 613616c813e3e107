/** Stopping somebody's access: which of it, what that can and can't do, who will know, sign. */
import { Button, Checkbox } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { PatientId } from "../../../sdk/index.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { nameOf, type Granted } from "../../lib/access.js";
import { useVoucherName } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, plain } from "../../lib/text.js";
import css from "./access.module.css";
import { discloseStop, stop } from "./stopAccess.js";

/** Below the row of the person whose access is to be stopped. */
export function StopPanel({
  patientId,
  granted,
  onClose,
}: {
  patientId: PatientId;
  granted: Granted;
  onClose: () => void;
}) {
  const session = useOpenSession();
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") onClose();
  });
  const { accesses, grantee, participant } = granted;
  const [kept, setKept] = useState<readonly string[]>([]);
  const name = nameOf(participant, grantee);
  const chosen = accesses.filter(({ grant }) => !kept.includes(grant.subject));
  const organisation = useVoucherName(participant);
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "stop", grantee, chosen.map(({ grant }) => grant.subject), organisation],
    queryFn: () => discloseStop(chosen, name, organisation),
  });
  return (
    <div className={ui.panel}>
      {accesses.length > 1 && (
        <fieldset className={css.choices}>
          <legend>What to stop</legend>
          {accesses.map(({ grant, label }) => (
            <Checkbox
              key={grant.subject}
              label={label ? capital(plain(label)) : "One document"}
              checked={!kept.includes(grant.subject)}
              onChange={({ currentTarget }) =>
                setKept(
                  currentTarget.checked ? kept.filter((each) => each !== grant.subject) : [...kept, grant.subject],
                )
              }
            />
          ))}
        </fieldset>
      )}
      <h3>Before you sign: who will know what</h3>
      {disclosure && (
        <WhoWillKnow disclosure={disclosure} grantee={name} organisation={organisation ?? "Organisation"} />
      )}
      <div className={ui.foot}>
        <p className={ui.footNote}>
          Stopping can&apos;t undo what was opened before: copies may have been kept. You can share again at any time.
        </p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="danger"
            disabled={chosen.length === 0}
            onClick={() => {
              onClose();
              void stop(session, patientId, chosen);
            }}
          >
            Stop access
          </Button>
        </div>
      </div>
    </div>
  );
}
