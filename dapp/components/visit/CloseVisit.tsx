/** Ending a visit, by the patient or by the hospital: what it means, who will know, sign (003-07). */
import type { Visit } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import { useSessionQuery } from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { transact } from "../../lib/transactions.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../Expander.js";
import { Card } from "../Rows.js";
import { SignPanel, useDisclosure } from "../SignPanel.js";
import ui from "../ui.module.css";

/** Changes of one visit; its page shows them. */
export const visitTopic = (visitId: string) => `visits/${visitId}`;

function close(session: OwnSession, { visitId }: Visit): Promise<unknown> {
  const about = { topic: visitTopic(visitId), title: "Closing the visit", account: session.account };
  return transact(about, async ({ onStatus }) => (await loadSdk()).closeVisit(session, visitId, { onStatus }));
}

/**
 * The button with what is said before.
 * @param props.name of the hospital
 * @param props.means what it means now for who closes, as sentences
 */
export function CloseVisit({
  visit,
  name,
  means,
  isBusy,
}: {
  visit: Visit;
  name: string;
  means: string;
  isBusy: boolean;
}) {
  const expander = useExpander();
  return (
    <Card>
      <div className={ui.foot}>
        <p className={ui.footNote}>{means}</p>
        <ExpanderButton expander={expander} variant="default" color="danger" disabled={isBusy}>
          Close the visit
        </ExpanderButton>
      </div>
      <ExpanderPanel expander={expander} label="Close the visit" className={ui.panel}>
        <Closing visit={visit} name={name} onClose={expander.close} />
      </ExpanderPanel>
    </Card>
  );
}

function Closing({ visit, name, onClose }: { visit: Visit; name: string; onClose: () => void }) {
  const session = useOpenSession();
  const readable = useReadable(visit);
  const by = readable.data && { patientId: visit.key.patientId, readable: readable.data };
  const disclosure = useDisclosure("visit end", by, ({ discloseVisitEnd }, given) =>
    discloseVisitEnd(given, { hospitalName: name }),
  );
  return (
    <SignPanel
      question="Close it now?"
      disclosure={disclosure}
      error={readable.error ?? disclosure.error}
      who={name}
      note="There is no undo: going on needs a new code from the patient."
      keep="Keep it open"
      act="Close it now"
      isDanger
      onClose={onClose}
      onSign={() => void close(session, visit)}
    />
  );
}

/** Labels of the drawers that a visit may read, for its patient and its hospital. */
export function useReadable({ visitId }: Pick<Visit, "visitId">, isEnabled = true) {
  return useSessionQuery(
    ["opened", "readable in", visitId],
    ({ readableIn }, session) => readableIn(session, visitId),
    isEnabled,
  );
}
