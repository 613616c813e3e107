/** One visit at the hospital's desk: who takes part, how much was written, its bill, its end (002-25, 003-07). */
import { Button } from "@mantine/core";
import { IconFileInvoice, IconFileText } from "@tabler/icons-react";
import { Link, useParams } from "react-router";

import type { Claim, Visit, VisitId } from "../../../sdk/index.js";
import { ClaimMark } from "../../components/claim/ClaimMark.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { CloseVisit, visitTopic } from "../../components/visit/CloseVisit.js";
import { useClaim } from "../../lib/claims.js";
import { problemOf } from "../../lib/errors.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, clock, count, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useOrders, useVisitNames, useVisitRecords, useVisits } from "../../lib/visits.js";
import { Staff } from "./Staff.js";

const BACK = { to: "/desk", label: "Desk" };

/** The page of a visit of this hospital's. */
export default function DeskVisitPage() {
  const visitId = useParams().visitId as VisitId;
  const { account } = useOpenSession();
  const visits = useVisits({ hospital: account });
  const visit = visits.data?.find((each) => each.visitId === visitId);
  if (visit) return <Opened visit={visit} />;
  return (
    <Page back={BACK} title="Visit">
      {visits.error ? (
        <ErrorNotice error={visits.error} retry={() => void visits.refetch()} />
      ) : visits.data ? (
        <Notice title="This hospital has no such visit." live="status">
          Check the address, or open the visit from <Link to="/desk">the desk</Link>.
        </Notice>
      ) : (
        <SkeletonRows label="the visit" />
      )}
    </Page>
  );
}

function Opened({ visit }: { visit: Visit }) {
  const { visitId, key, status, openedAt, until, end } = visit;
  const isOpen = status === "open";
  const name = useVisitNames(isOpen ? [visit] : []).get(visitId);
  const { data: own } = useParticipant(key.hospital);
  const transactions = useTransactions(visitTopic(visitId));
  const isBusy = transactions.some(isUnderWay);
  const { data: claim } = useClaim(visitId);
  const isBilled = claim && claim.status !== "denied" && claim.status !== "withdrawn";
  return (
    <Page
      back={BACK}
      title={name === undefined ? `Patient ${short(key.patientId)}` : plain(name)}
      sentence={
        isOpen
          ? `In a visit since ${clock(openedAt)}, until ${clock(until)} at the latest. Known on chain as ${short(key.patientId)}.`
          : `The visit was from ${clock(openedAt)} to ${clock(end)}. Nothing of it can be opened here any more, the name included.`
      }
      action={
        !isOpen &&
        claim !== undefined && (
          <Button component={Link} variant={isBilled ? "default" : "filled"} to={`/desk/${visitId}/bill`}>
            {isBilled ? "See the bill" : "Bill it"}
          </Button>
        )
      }
    >
      <TransactionNotices transactions={transactions} />
      <Staff visit={visit} isBusy={isBusy} />
      <Written visit={visit} claim={claim ?? null} />
      {isOpen && (
        <Section title="End the visit">
          <CloseVisit
            visit={visit}
            name={plain(own?.name ?? short(key.hospital))}
            isBusy={isBusy}
            means={`It ends by itself ${clock(until)}. Close it when the patient has left: a bill follows its end.`}
          />
        </Section>
      )}
    </Page>
  );
}

/** How much, not what: that is for those who treat the patient. */
function Written({ visit: { visitId, status }, claim }: { visit: Visit; claim: Claim | null }) {
  const records = useVisitRecords(visitId);
  const orders = useOrders({ visitId });
  const ordered = orders.data?.length ?? 0;
  const documents = (records.data?.length ?? 0) - ordered;
  return (
    <Section title="What was written">
      {problemOf(records) !== null && <ErrorNotice error={records.error} retry={() => void records.refetch()} />}
      {!records.data || !orders.data ? (
        <SkeletonRows rows={1} label="what was written" />
      ) : (
        <Rows label="What was written">
          <Row
            icon={<RowIcon icon={IconFileText} />}
            what={`${capital(count(documents, "document"))}, ${count(ordered, "order")}`}
            detail="By those who take part. The patient holds the keys; a bill names these documents by their ids."
          />
          <Row
            icon={<RowIcon icon={IconFileInvoice} {...(status === "ended" ? { tone: "brand" as const } : {})} />}
            what="The bill"
            detail={
              status === "open"
                ? "Can be written once the visit has ended."
                : "Goes to the patient first, who sees it before the insurer pays."
            }
            {...(claim ? { side: <ClaimMark claim={claim} side="hospital" /> } : {})}
            {...(status === "ended" ? { to: `/desk/${visitId}/bill` } : {})}
          />
        </Rows>
      )}
    </Section>
  );
}
