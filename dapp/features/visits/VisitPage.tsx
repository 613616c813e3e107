/** One visit of the patient's, from the code to its end. */
import { useState } from "react";
import { Link, useParams } from "react-router";

import type { VisitId } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { useIdentity } from "../../lib/identity.js";
import { usePendingPermits, useVisits } from "../../lib/visits.js";
import { PermitView } from "./PermitView.js";
import { VisitView } from "./VisitView.js";

/** The code as long as it waits; the visit once the hospital has opened it, without anybody doing anything here. */
export default function VisitPage() {
  const visitId = useParams().visitId as VisitId;
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const visits = useVisits(patientId ? { patientId } : null);
  const pending = usePendingPermits(patientId);
  // Once shown, a code stays until its visit is there: the two lists may come one after the other.
  const [shown, setShown] = useState<string | null>(null);
  const visit = visits.data?.find((each) => each.visitId === visitId);
  const given = pending.data?.find((each) => each.visitId === visitId);
  if (given && shown !== visitId) setShown(visitId);

  if (visit) return <VisitView visit={visit} wasWaiting={shown === visitId} />;
  if (given) return <PermitView given={given} />;
  const back = { to: "/visits", label: "Visits" };
  const error = visits.error ?? pending.error;
  if (error) {
    return (
      <Page back={back} title="Visit">
        <ErrorNotice error={error} retry={() => void Promise.all([visits.refetch(), pending.refetch()])} />
      </Page>
    );
  }
  if (!visits.data || !pending.data) {
    return (
      <Page back={back} title="Visit">
        <SkeletonRows label="the visit" />
      </Page>
    );
  }
  return (
    <Page back={back} title="No visit">
      <Notice title="This code wasn't used, and works no more." live="status">
        It was withdrawn, its time is over, or it was made on another device.{" "}
        <Link to="/visits/new">Make a new one</Link> when you go to a hospital.
      </Notice>
    </Page>
  );
}
