/** Offering a policy to a pseudonym, or a next version of one: files, term, who will know what, sign. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import type { IssuedPolicy, PatientId, PolicyFile, PolicyId } from "../../../sdk/index.js";
import { FileDrop } from "../../components/FileDrop.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useIdentity } from "../../lib/identity.js";
import { useController, useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { bytes, day, plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { draftOf, initialFields, policyFile, problemsOf, useOfferDisclosure, type Fields } from "./draft.js";
import { offer } from "./issuePolicy.js";
import css from "./insurance.module.css";
import { NO_TERMS_YET, termsBefore, useDraftTerms, type TermsFields } from "./draftTerms.js";
import { ScheduleForm } from "./ScheduleForm.js";
import { TermsForm, useOwnTokens } from "./TermsForm.js";

/** What a next version follows. */
interface Before {
  policy: IssuedPolicy;
  title: string;
  wording: PolicyFile;
  terms: TermsFields;
}

/** The form; with `?follows=<policy>&as=change|renewal` for a next version. */
export default function IssuePage() {
  const [search] = useSearchParams();
  const follows = search.get("follows") as PolicyId | null;
  const isRenewal = search.get("as") === "renewal";
  const before = useReaderQuery(
    ["opened", "followed", follows],
    async (sdk, reader): Promise<Before> => {
      const { policyById, readTitle, readWording } = sdk;
      const policy = await policyById(reader, follows ?? "0x");
      const [title, wording, terms] = await Promise.all([
        readTitle(reader, policy),
        readWording(reader, policy),
        termsBefore(sdk, reader, policy),
      ]);
      return { policy, title, wording, terms };
    },
    follows !== null,
  );
  if (follows === null) return <Form key="new" isRenewal={false} />;
  if (before.error) return <ErrorNotice error={before.error} retry={() => void before.refetch()} />;
  if (!before.data) return <SkeletonRows label="the version before" />;
  return <Form key={`${follows} ${String(isRenewal)}`} before={before.data} isRenewal={isRenewal} />;
}

function Form({ before, isRenewal }: { before?: Before; isRenewal: boolean }) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const insurerName = identity?.participant?.name ?? short(session.account);
  const [fields, setFields] = useState<Fields>(() =>
    initialFields(before?.policy, isRenewal, before?.title ?? "", before?.terms ?? NO_TERMS_YET),
  );
  const { data: tokens = [] } = useOwnTokens(session.account);
  const termsFields = {
    ...fields.terms,
    token: fields.terms.token === "" ? (tokens[0]?.token ?? "") : fields.terms.token,
  };
  const { data: written } = useDraftTerms(termsFields);
  const set = (changes: Partial<Fields>) => setFields((others) => ({ ...others, ...changes }));
  const problems = problemsOf(fields);
  const draft = draftOf(fields, {
    before: before?.policy,
    kept: before?.wording,
    insurerName,
    isRenewal,
    terms: written?.terms ?? null,
  });
  const { data: disclosure } = useOfferDisclosure(draft, insurerName);
  const transactions = useTransactions("insurance/issue");
  const isBusy = transactions.some(isUnderWay);
  const isUnknown = useIsUnknown(fields.patient);
  const back = before
    ? { to: `/insurance/${before.policy.policyId}`, label: before.title }
    : { to: "/insurance", label: "Insurance" };

  return (
    <Page back={back} title={titleOf(before, isRenewal)} sentence={sentenceOf(before, isRenewal)}>
      {/* What was offered before is told at the desk. */}
      <TransactionNotices transactions={transactions.filter(({ status }) => status.state !== "final")} />
      <Section title="For whom, and which plan">
        <div className={css.form}>
          <TextInput
            label="The patient's pseudonym"
            description="0x and 64 more characters. The patient finds it under Account."
            value={fields.patient}
            readOnly={before !== undefined}
            onChange={({ currentTarget }) => set({ patient: currentTarget.value })}
            error={problems.patient ?? (isUnknown && "The chain knows no such patient.")}
            spellCheck={false}
            autoComplete="off"
          />
          <TextInput
            label="The plan's name"
            description="Everyone can read it."
            maxLength={120}
            value={fields.title}
            onChange={({ currentTarget }) => set({ title: currentTarget.value })}
          />
        </div>
      </Section>
      <Section title="The wording" hint="Public: everyone can read it, and compare their copy with it.">
        {before && (
          <SegmentedControl
            aria-label="Which wording"
            style={{ alignSelf: "flex-start" }}
            data={[
              { value: "keep", label: "As before" },
              { value: "new", label: "Another file" },
            ]}
            value={fields.keepsWording ? "keep" : "new"}
            onChange={(value) => set({ keepsWording: value === "keep" })}
          />
        )}
        {fields.keepsWording && before ? (
          <p>{`${plain(before.wording.fileName)}, ${bytes(before.wording.bytes.length)}, to the bit.`}</p>
        ) : (
          <FileDrop
            label={fields.wording ? `The wording: ${plain(fields.wording.fileName)}` : "Drop the wording"}
            hint={fields.wording ? bytes(fields.wording.bytes.length) : "The very file that you hand to the patient."}
            onFiles={([file]) => file && void policyFile(file).then((wording) => set({ wording }))}
          />
        )}
      </Section>
      <Section
        title="The schedule"
        hint="Who is insured and with which card. Sealed to the patient before it leaves this device."
      >
        <SegmentedControl
          aria-label="How to give the schedule"
          style={{ alignSelf: "flex-start" }}
          data={[
            { value: "file", label: "A file" },
            { value: "form", label: "Fill in a form" },
          ]}
          value={fields.scheduleBy}
          onChange={(value) => set({ scheduleBy: value === "form" ? "form" : "file" })}
        />
        {fields.scheduleBy === "file" ? (
          <FileDrop
            label={fields.scheduleFile ? `The schedule: ${plain(fields.scheduleFile.fileName)}` : "Drop the schedule"}
            hint={
              fields.scheduleFile
                ? bytes(fields.scheduleFile.bytes.length)
                : "For instance a FHIR Coverage, JSON, text or a PDF."
            }
            onFiles={([file]) => file && void policyFile(file).then((scheduleFile) => set({ scheduleFile }))}
          />
        ) : (
          <ScheduleForm fields={fields.form} onChange={(form) => set({ form })} />
        )}
      </Section>
      <Section
        title="What is paid of bills"
        hint="The patient accepts it with the policy, and the contract pays by it: neither side can alter it alone."
      >
        <TermsForm fields={termsFields} written={written} tokens={tokens} onChange={(terms) => set({ terms })} />
      </Section>
      <Section title="Its term">
        <div className={css.pair}>
          <TextInput
            type="date"
            label="First day"
            value={fields.from}
            onChange={({ currentTarget }) => set({ from: currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Last day"
            value={fields.until}
            onChange={({ currentTarget }) => set({ until: currentTarget.value })}
            error={problems.until}
          />
        </div>
      </Section>
      {!draft && (
        <Notice title="Something is still missing.">
          A pseudonym, the plan&apos;s name, both files and the term make a policy. Then you see who will know what.
        </Notice>
      )}
      {draft && disclosure && (
        <Section title="Before you sign: who will know what">
          <WhoWillKnow disclosure={disclosure} grantee={`Patient ${short(draft.patientId)}`} organisation="Storage" />
          <div className={ui.foot}>
            <p className={ui.footNote}>
              {before
                ? `Nothing changes unless the patient accepts. You can withdraw it until then.`
                : "It binds nobody unless the patient accepts. You can withdraw it until then."}
            </p>
            <Button
              disabled={isBusy || isUnknown}
              onClick={() =>
                void offer(session, draft).then((policyId) => policyId && navigate(`/insurance/${policyId}`))
              }
            >
              {before ? (isRenewal ? "Offer the renewal" : "Propose the change") : "Offer the policy"}
            </Button>
          </div>
        </Section>
      )}
    </Page>
  );
}

/** Whether the chain has answered that nobody has this pseudonym. */
function useIsUnknown(patient: string): boolean {
  const id = patient.trim().toLowerCase();
  const isId = /^0x[0-9a-f]{64}$/.test(id);
  const { data } = useController((isId ? id : `0x${"0".repeat(64)}`) as PatientId);
  return isId && data === null;
}

function titleOf(before: Before | undefined, isRenewal: boolean): string {
  if (!before) return "Offer a policy";
  return isRenewal ? "Offer a renewal" : "Propose a change";
}

function sentenceOf(before: Before | undefined, isRenewal: boolean): string {
  if (!before) return "The patient compares your files with their own copies, to the bit, and accepts or doesn't.";
  const { policy, title } = before;
  return isRenewal
    ? `${plain(title)} ends on ${day(policy.end)}. It doesn't go on unless the patient accepts this.`
    : `${plain(title)} stands as it is until the patient accepts this. Silence is refusal.`;
}
