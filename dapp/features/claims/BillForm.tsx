/** Writing a bill: which policy, what was done, which documents show it, the doctor's part. */
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import type { Address, BillablePolicy, PolicyId, RecordId, Visit } from "../../../sdk/index.js";
import css from "../../components/claim/claim.module.css";
import { EMPTY_BILL, readBill, type BillDraft } from "../../components/fhir/drafts.js";
import { BillItemsForm } from "../../components/fhir/BillItemsForm.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { orderKind } from "../../components/record/OrderMark.js";
import { Card, Facts, SkeletonRows } from "../../components/Rows.js";
import { nameOf } from "../../lib/access.js";
import { useMoney, type Money } from "../../lib/claims.js";
import { useDraft } from "../../lib/drafts.js";
import { useParticipant, useParticipants, usePolicyTitle, useReaderQuery } from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, plain, short } from "../../lib/text.js";
import { useOrders, useVisitRecords } from "../../lib/visits.js";
import { PreparedBill } from "./PreparedBill.js";

/** The most documents of a bill, `MAX_RECORDS` of Claims.sol. */
const MOST_DOCUMENTS = 20;
const WHOLE = 10_000;

/** The form. @param isAnew an earlier bill was denied or taken back */
export function BillForm({ visit, isAnew }: { visit: Visit; isAnew: boolean }) {
  const { visitId } = visit;
  const policies = useReaderQuery(["chain", "billable", visitId], ({ billablePolicies }, reader) =>
    billablePolicies(reader, visitId),
  );
  const titles = useReaderQuery(
    ["opened", "titles to bill", policies.data?.map(({ policy }) => policy.policyId)],
    ({ readTitle }, reader) => Promise.all((policies.data ?? []).map(({ policy }) => readTitle(reader, policy))),
    policies.data !== undefined && policies.data.length > 1,
  );
  const [chosen, setChosen] = useState<PolicyId | null>(null);
  const policy = policies.data?.find((each) => each.policy.policyId === chosen) ?? policies.data?.[0];
  const money = useMoney(policy?.policy.policyId);
  // As long as there is something to show, a form that is being filled in isn't taken away by what fails behind it.
  if (policies.error && !policies.data) {
    return <ErrorNotice error={policies.error} retry={() => void policies.refetch()} />;
  }
  if (money.error) return <ErrorNotice error={money.error} retry={() => void money.refetch()} />;
  if (policies.data && !policy) {
    return (
      <Notice title="No policy can be billed for this visit.">
        None that the patient had accepted, with terms for claims, was in force at any time of the visit; or its terms
        aren't those that were accepted. Settle the bill with them directly.
      </Notice>
    );
  }
  if (!policies.data || !policy || !money.data) return <SkeletonRows rows={2} label="what covers the visit" />;
  return (
    <>
      <Section title={isAnew ? "Bill it anew" : "Which policy"}>
        {policies.data.length > 1 && (
          <Select
            label="Policy"
            data={policies.data.map(({ policy: { policyId } }, at) => ({
              value: policyId,
              label: [titles.data?.[at], short(policyId)].flatMap((part) => (part ? plain(part) : [])).join(", "),
            }))}
            value={policy.policy.policyId}
            allowDeselect={false}
            onChange={(value) => setChosen(value)}
          />
        )}
        <Covering visit={visit} policy={policy} money={money.data} />
      </Section>
      <Writing key={policy.policy.policyId} visit={visit} policy={policy} money={money.data} />
    </>
  );
}

function Covering({
  visit: { openedAt, end },
  policy: { policy, span },
  money,
}: {
  visit: Visit;
  policy: BillablePolicy;
  money: Money;
}) {
  const { data: insurer = null } = useParticipant(policy.insurer);
  const { data: title } = usePolicyTitle(policy);
  const isPart = span.from > openedAt || span.until < end;
  return (
    <Card>
      <Facts
        facts={[
          ["Policy", plain(title ?? short(policy.policyId))],
          ["Insurer", plain(nameOf(insurer, policy.insurer))],
          ["Terms", money.words.other],
          ...(isPart ? [["Covers", `${clock(span.from)} to ${clock(span.until)}`] as const] : []),
        ]}
      />
      {isPart && <p>That is less than the visit. Bill what was done in that time.</p>}
    </Card>
  );
}

/** Something that was written in the visit, by what is known without opening it. */
interface Written {
  recordId: RecordId;
  name: string;
}

function useWritten(visit: Visit): Written[] | null {
  const records = useVisitRecords(visit.visitId);
  const orders = useOrders({ visitId: visit.visitId });
  const { data: participants } = useParticipants();
  if (!records.data || !orders.data) return null;
  const by = (account: Address) =>
    plain(nameOf(participants?.find((each) => each.account === account) ?? null, account));
  const kinds = new Map(orders.data.map(({ orderId, role }) => [orderId, orderKind(role)]));
  const reports = orders.data.flatMap((order) =>
    order.reports.map((report) => ({
      recordId: report.recordId,
      name: `${order.role === "pharmacy" ? "Dispensing" : "Laboratory report"} by ${by(report.by)}`,
    })),
  );
  const documents = records.data.map(({ recordId, author, time }) => ({
    recordId,
    name: `${kinds.get(recordId) ?? "Document"} by ${by(author)}, ${clock(time)}`,
  }));
  return [...documents, ...reports];
}

function Writing({ visit, policy, money }: { visit: Visit; policy: BillablePolicy; money: Money }) {
  const session = useOpenSession();
  const { visitId, members } = visit;
  const { data: participants = [] } = useParticipants();
  const written = useWritten(visit);
  const kept = useDraft<BillDraft>(`visit/${visitId}/bill`);
  const draft = kept.value ?? EMPTY_BILL;
  const [isChecked, setChecked] = useState(false);
  const [left, setLeft] = useState<readonly RecordId[]>([]);
  const [doctor, setDoctor] = useState<Address | null>(null);
  const [share, setShare] = useState("");

  const items = readBill(draft, money).written;
  const records = (written ?? []).map(({ recordId }) => recordId).filter((recordId) => !left.includes(recordId));
  const doctors = members.flatMap(({ account }) => {
    const participant = participants.find((each) => each.account === account);
    return participant?.role === "doctor" ? [{ value: account, label: plain(nameOf(participant, account)) }] : [];
  });
  const doctorShare = shareIn(share);
  const missing = missingOf({ hasItems: items !== null, documents: records.length, doctor, doctorShare });

  const preparing = useMutation({
    mutationFn: async (typed: BillDraft) => {
      const { prepareBill } = await loadSdk();
      return prepareBill(session, {
        visitId,
        policyId: policy.policy.policyId,
        ...policy.span,
        items: readBill(typed, money).written?.items ?? [],
        records,
        ...(doctor === null ? {} : { doctor, doctorShare: doctorShare ?? 0 }),
      });
    },
  });
  // Another tab may have gone on typing: what is signed is what stands here.
  const prepared = JSON.stringify(preparing.variables) === JSON.stringify(draft) ? preparing.data : undefined;
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      preparing.reset();
      set(value);
    };
  };
  if (kept.value === undefined) return <SkeletonRows rows={2} label="what you have written" />;
  return (
    <>
      <Section title="What was done" hint="Sealed to the patient, the insurer and you; the sum stands open.">
        <BillItemsForm value={draft} onChange={change(kept.keep)} isChecked={isChecked} money={money} />
      </Section>
      <Section
        title="Which documents show it"
        hint="The bill names them by their ids. The insurer opens only those that the patient lets it open."
      >
        {written === null ? (
          <SkeletonRows rows={2} label="what was written" />
        ) : written.length === 0 ? (
          <Notice title="Nothing was written in this visit.">A bill names at least one document.</Notice>
        ) : (
          <Card>
            <Checkbox.Group
              aria-label="Documents of the visit"
              value={records}
              onChange={change((values: string[]) =>
                setLeft(written.map(({ recordId }) => recordId).filter((recordId) => !values.includes(recordId))),
              )}
            >
              {written.map(({ recordId, name }) => (
                <Checkbox key={recordId} my={8} value={recordId} label={name} />
              ))}
            </Checkbox.Group>
          </Card>
        )}
      </Section>
      {doctors.length > 0 && (
        <Section title="The doctor's part" hint="Goes to the doctor in the same moment in which the insurer pays you.">
          <div className={css.form}>
            <Select
              label="Doctor"
              placeholder="Nobody"
              data={doctors}
              value={doctor}
              clearable
              onChange={change((value: string | null) => setDoctor(value as Address | null))}
            />
            {doctor !== null && (
              <TextInput
                label="Part of what is paid, in %"
                inputMode="decimal"
                value={share}
                onChange={({ currentTarget }) => change(setShare)(currentTarget.value)}
                error={isChecked && doctorShare === null && "A number from 0.01 to 100."}
              />
            )}
          </div>
        </Section>
      )}
      {preparing.error && <ErrorNotice error={preparing.error} retry={() => preparing.mutate(draft)} />}
      {prepared ? (
        <PreparedBill prepared={prepared} money={money} onClose={preparing.reset} onBilled={kept.drop} />
      ) : (
        <Card>
          <p>{isChecked && missing !== null ? missing : "You see what comes of it before you sign."}</p>
          <Button
            mt={12}
            loading={preparing.isPending}
            onClick={() => {
              setChecked(true);
              if (missing === null) preparing.mutate(draft);
            }}
          >
            Look at the bill
          </Button>
        </Card>
      )}
    </>
  );
}

/** Basis points of "12.5" per cent; null for what is no share. */
function shareIn(text: string): number | null {
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(text.trim())) return null;
  const share = Math.round(Number(text.trim().replace(",", ".")) * 100);
  return share >= 1 && share <= WHOLE ? share : null;
}

function missingOf({
  hasItems,
  documents,
  doctor,
  doctorShare,
}: {
  hasItems: boolean;
  documents: number;
  doctor: Address | null;
  doctorShare: number | null;
}): string | null {
  if (!hasItems) return "Some items aren't filled in.";
  if (documents === 0) return "Choose at least one document.";
  if (documents > MOST_DOCUMENTS) return `A bill names at most ${MOST_DOCUMENTS} documents.`;
  return doctor !== null && doctorShare === null ? "Write the doctor's part, or choose nobody." : null;
}
