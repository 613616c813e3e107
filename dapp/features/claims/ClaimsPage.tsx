/** The insurer's claims desk: what waits for a decision, totals, what there is to pay from (002-33, 004-19). */
import { IconFileInvoice } from "@tabler/icons-react";
import { useState } from "react";

import type { Claim } from "../../../sdk/index.js";
import { ClaimMark } from "../../components/claim/ClaimMark.js";
import { FundsRow } from "../../components/claim/Funds.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Empty, Facts, Card, Row, RowIcon, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { nameOf } from "../../lib/access.js";
import { useClaims, useMoney, useTokens } from "../../lib/claims.js";
import { problemOf } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useParticipant } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, count, day, plain, short } from "../../lib/text.js";

/** A list that takes longer than this to look through gets a search field. */
const SEARCHABLE = 8;

/** The place "Claims", for insurers; others are told so. */
export default function ClaimsPage() {
  const { data: identity } = useIdentity();
  if (!identity) return <SkeletonRows label="your account" />;
  if (identity.participant?.role !== "insurer") {
    return (
      <Page title="Claims" sentence="Claims are decided by accredited insurers, and this account isn't one now.">
        <Notice title="A patient finds the bill in its visit, a hospital at its desk.">
          Each is told under Inbox when there is something to do.
        </Notice>
      </Page>
    );
  }
  return <Desk />;
}

function Desk() {
  const { account } = useOpenSession();
  const claims = useClaims({ insurer: account });
  const [query, setQuery] = useState("");
  const all = claims.data ?? [];
  const found = all.filter(
    ({ key, visitId }) => query === "" || matches(query, `${short(key.patientId)} ${key.patientId} ${visitId}`),
  );
  const lists = [
    { title: "Waiting for you", claims: found.filter(isDue) },
    { title: "Waiting for others", claims: found.filter((claim) => claim.isOpen && !isDue(claim)) },
    { title: "Decided", claims: found.filter(({ isOpen }) => !isOpen) },
  ].filter(({ claims }) => claims.length > 0);
  return (
    <Page title="Claims" sentence={claims.data && sentenceOf(all)}>
      {problemOf(claims) !== null && <ErrorNotice error={claims.error} retry={() => void claims.refetch()} />}
      {claims.isPending && <SkeletonRows label="claims" />}
      {claims.data?.length === 0 && (
        <Empty>Bills that hospitals send you will be listed here, those that wait for you first.</Empty>
      )}
      {all.length > SEARCHABLE && <Search label="Search by pseudonym or visit" value={query} onChange={setQuery} />}
      {all.length > 0 && lists.length === 0 && <Empty>No claim fits. Try a part of a pseudonym.</Empty>}
      {lists.map(({ title, claims }) => (
        <Section key={title} title={title}>
          <VirtualRows
            label={title}
            items={claims}
            keyOf={({ visitId }) => visitId}
            estimate={() => 77}
            render={(claim, placement) => <ClaimRow key={claim.visitId} claim={claim} placement={placement} />}
          />
        </Section>
      ))}
      {all.length > 0 && <Totals claims={all} />}
    </Page>
  );
}

/** Whether the insurer can, and should, do something now. */
function isDue({ isOpen, isAsked, status, reviewUntil }: Claim): boolean {
  return isOpen && !isAsked && status !== "disputed" && reviewUntil === null;
}

function sentenceOf(claims: readonly Claim[]): string {
  const due = claims.filter(isDue);
  if (due.length === 0) return "No claim waits for you now.";
  const overdue = due.filter(({ isOverdue }) => isOverdue).length;
  const late =
    overdue === 0 ? "" : ` ${overdue === due.length ? "All" : overdue.toLocaleString()} overdue, for everyone to see.`;
  return `${capital(count(due.length, "claim"))} ${due.length === 1 ? "waits" : "wait"} for your decision.${late}`;
}

function ClaimRow({ claim, placement }: { claim: Claim; placement: Placement }) {
  const { data: money } = useMoney(claim.policyId);
  const { data: hospital = null } = useParticipant(claim.key.hospital);
  const { decideBy, isOpen, from } = claim;
  return (
    <Row
      {...placement}
      icon={<RowIcon icon={IconFileInvoice} {...(claim.isOverdue ? { tone: "danger" as const } : {})} />}
      what={`${money ? money.sum(claim.amount) : "A bill"} from ${plain(nameOf(hospital, claim.key.hospital))}`}
      detail={`Patient ${short(claim.key.patientId)} · treated ${day(from)}${isOpen && decideBy !== null ? ` · decide by ${day(decideBy)}` : ""}`}
      side={<ClaimMark claim={claim} side="insurer" />}
      to={`/claims/${claim.visitId}`}
    />
  );
}

/** What all of it comes to; claims of several policies may be in several tokens. */
function Totals({ claims }: { claims: readonly Claim[] }) {
  const tokens = useTokens([...new Set(claims.map(({ policyId }) => policyId))]);
  return (
    <Section title="Totals">
      {tokens.error && <ErrorNotice error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <SkeletonRows rows={1} label="totals" />}
      {tokens.data?.map(({ token, policyId, policies }) => (
        <TotalsOf
          key={token}
          claims={claims.filter((claim) => policies.includes(claim.policyId))}
          policyId={policyId}
        />
      ))}
    </Section>
  );
}

function TotalsOf({ claims, policyId }: { claims: readonly Claim[]; policyId: Claim["policyId"] }) {
  const money = useMoney(policyId);
  if (money.error) return <ErrorNotice error={money.error} retry={() => void money.refetch()} />;
  if (!money.data) return <SkeletonRows rows={1} label="totals" />;
  const { sum } = money.data;
  const total = (some: readonly Claim[], of: (claim: Claim) => bigint) =>
    some.reduce((before, claim) => before + of(claim), 0n);
  const open = claims.filter(({ isOpen }) => isOpen);
  const facts: [string, string][] = [
    ["Billed", sum(total(claims, ({ amount }) => amount))],
    ["Waiting", sum(total(open, ({ amount }) => amount))],
    ["Paid", sum(total(claims, ({ approved }) => approved))],
  ];
  return (
    <>
      <Card>
        <Facts facts={facts} />
      </Card>
      <FundsRow money={money.data} isInsurer />
    </>
  );
}
