/** A visit's workspace: who is here, what came in, what to write, order and prescribe, and the record (002-24, 002-25). */
import { useCallback } from "react";
import { useParams } from "react-router";

import type { Visit, VisitAccess, VisitId } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { nameOf } from "../../lib/access.js";
import { isSalusFailure, problemOf } from "../../lib/errors.js";
import { ManifestSource, useParticipant, type ReadManifest } from "../../lib/queries.js";
import { and, capital, clock, plain, short } from "../../lib/text.js";
import { useVisitAccess } from "../../lib/visits.js";
import { Left } from "./Left.js";
import { OrderSection } from "./OrderSection.js";
import { useVisit } from "./useVisit.js";
import { VisitTimeline } from "./VisitTimeline.js";
import { WriteSection } from "./WriteSection.js";

/** One visit of the doctor who looks. */
export default function VisitPage() {
  const visitId = useParams().visitId as VisitId;
  const visit = useVisit(visitId);
  const access = useVisitAccess(visitId);
  const isOut = visit.data?.status === "ended" || isSalusFailure(access.error, "NOT_IN_VISIT");
  if (visit.data && isOut) return <Left visit={visit.data} name={access.data?.name ?? null} />;
  if (visit.data && access.data) return <Workspace visit={visit.data} access={access.data} />;
  const failed = [visit, access].find((each) => problemOf(each) !== null);
  return (
    <Page back={{ to: "/today", label: "Today" }} title="Visit">
      {failed ? (
        <ErrorNotice error={failed.error} retry={() => void failed.refetch()} />
      ) : (
        <SkeletonRows label="the visit" />
      )}
    </Page>
  );
}

function Workspace({ visit, access }: { visit: Visit; access: VisitAccess }) {
  const { key, openedAt, until } = visit;
  const { data: hospital = null } = useParticipant(key.hospital);
  const readable = access.drawers.filter(({ canRead }) => canRead).map(({ label }) => capital(plain(label)));
  // The visit is entered once, not anew for each document of a long list.
  const read = useCallback<ReadManifest>(
    async ({ readManifestInVisit, recordById }, session, recordId) =>
      readManifestInVisit(session, access, await recordById(session, recordId)),
    [access],
  );
  const house = plain(nameOf(hospital, key.hospital));
  return (
    <Page
      back={{ to: "/today", label: "Today" }}
      title={access.name === "" ? `Patient ${short(key.patientId)}` : plain(access.name)}
      sentence={`At ${house} since ${clock(openedAt)}, until ${clock(until)} at the latest. You may read ${
        readable.length > 0 ? `${and(readable)}, and what is written in this visit` : "what is written in this visit"
      }.`}
    >
      <WriteSection access={access} hospital={house} openedAt={openedAt} />
      <ManifestSource value={read}>
        <OrderSection access={access} />
        <Section title="Record">
          <VisitTimeline access={access} />
        </Section>
      </ManifestSource>
    </Page>
  );
}
