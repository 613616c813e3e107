/** One document, opened in a visit. */
import { useParams } from "react-router";

import type { RecordId, VisitAccess, VisitId } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { OpenedDocument, useOpened } from "../../components/record/OpenedDocument.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { SkeletonRows } from "../../components/Rows.js";
import { nameOf } from "../../lib/access.js";
import { isSalusFailure, problemOf } from "../../lib/errors.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, plain, short } from "../../lib/text.js";
import { useVisitAccess } from "../../lib/visits.js";
import { Left } from "./Left.js";
import { useVisit } from "./useVisit.js";

/** The document's own page. It closes with the visit. */
export default function VisitDocumentPage() {
  const { visitId, recordId } = useParams() as { visitId: VisitId; recordId: RecordId };
  const visit = useVisit(visitId);
  const access = useVisitAccess(visitId);
  const isOut = visit.data?.status === "ended" || isSalusFailure(access.error, "NOT_IN_VISIT");
  if (visit.data && isOut) return <Left visit={visit.data} name={access.data?.name ?? null} />;
  if (access.data) return <Shown access={access.data} recordId={recordId} />;
  const failed = [visit, access].find((each) => problemOf(each) !== null);
  return (
    <Page back={{ to: `/today/${visitId}`, label: "The visit" }} title="Document">
      {failed ? (
        <ErrorNotice error={failed.error} retry={() => void failed.refetch()} />
      ) : (
        <SkeletonRows label="the document" />
      )}
    </Page>
  );
}

function Shown({ access, recordId }: { access: VisitAccess; recordId: RecordId }) {
  const { account } = useOpenSession();
  const shown = useOpened(recordId, access);
  const opened = shown.opened.data;
  const { data: author = null } = useParticipant(opened?.record.author);
  const name = access.name === "" ? `Patient ${short(access.visit.patientId)}` : plain(access.name);
  const by =
    opened &&
    (opened.record.author === account ? "you" : plain(author ? nameOf(author, author.account) : "the patient"));
  return (
    <Page
      back={{ to: `/today/${access.visitId}`, label: name }}
      title={opened ? recordTitle(opened.manifest) : "Document"}
      sentence={
        opened &&
        `${name}'s. Added by ${by ?? ""}, ${clock(opened.record.time)}. Opened on this device, as long as the visit lasts.`
      }
    >
      <OpenedDocument {...shown} />
    </Page>
  );
}
