/** One of my documents. */
import { Button } from "@mantine/core";
import { Link, useParams } from "react-router";

import type { RecordId } from "../../../sdk/index.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { OpenedDocument, useOpened } from "../../components/record/OpenedDocument.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { Pill, Row, Rows } from "../../components/Rows.js";
import { byGrantee, canOpen, nameOf } from "../../lib/access.js";
import { useIdentity } from "../../lib/identity.js";
import { useAccesses, useDrawers, useParticipant } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { capital, day, plain, short, untilWords } from "../../lib/text.js";

/** A document of the patient's own record. */
export default function DocumentPage() {
  const recordId = useParams().recordId as RecordId;
  const { connected } = useSession();
  const { data: identity } = useIdentity();
  const { data: accesses = [] } = useAccesses(identity?.patientId);
  const { data: drawers = [] } = useDrawers(identity?.patientId);
  const shown = useOpened(recordId);
  const opened = shown.opened.data;
  const { data: author } = useParticipant(opened?.record.author);

  const label = drawers.find(({ scope }) => scope === opened?.record.scope)?.label;
  const subjects = [opened?.record.scope, recordId];
  const readers = byGrantee(accesses.filter((access) => canOpen(access) && subjects.includes(access.grant.subject)));
  const by =
    opened?.record.author === connected?.account ? "you" : plain(author?.name ?? short(opened?.record.author ?? ""));
  return (
    <Page
      back={{ to: "/record", label: "Your record" }}
      title={opened ? recordTitle(opened.manifest) : "Document"}
      sentence={
        opened &&
        `Added by ${by} on ${day(opened.record.time)}${label ? `, in ${capital(label)}` : ""}. ${
          readers.length === 0
            ? "Only you can open it."
            : `You and ${readers.length === 1 ? "one more" : readers.length} can open it.`
        }`
      }
      action={
        opened && (
          <Button component={Link} to={`/access/share?record=${recordId}`}>
            Share this
          </Button>
        )
      }
    >
      <OpenedDocument {...shown} />
      {readers.length > 0 && (
        <Section title="Who can open it">
          <Rows label="Who can open it">
            {readers.map(({ grantee, participant, accesses: own }) => (
              <Row
                key={grantee}
                icon={<Avatar name={nameOf(participant, grantee)} />}
                what={<PersonName name={participant?.name ?? null} id={grantee} source="accredited" />}
                detail={own[0] && capital(untilWords(own[0].grant.until))}
                side={<Pill>{own[0]?.label ? `all of ${own[0].label}` : "this document"}</Pill>}
              />
            ))}
          </Rows>
        </Section>
      )}
    </Page>
  );
}
