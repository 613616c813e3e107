/** What a next version would change: the wording for everyone, the schedule for the patient alone. */
import type { IssuedPolicy } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { termOf } from "../../components/PolicyRow.js";
import { Facts, SkeletonRows } from "../../components/Rows.js";
import { useTermsWords, type Audience } from "../../components/Terms.js";
import { problemOf } from "../../lib/errors.js";
import { count, day } from "../../lib/text.js";
import { DiffView } from "./DiffView.js";
import css from "./insurance.module.css";
import { useScheduleDifference, useWordingDifference, type Difference } from "./versions.js";

/** The difference to the version before. */
export function Proposal({ before, after, isMine }: { before: IssuedPolicy; after: IssuedPolicy; isMine: boolean }) {
  const wording = useWordingDifference(before, after);
  const schedule = useScheduleDifference(before, after, isMine);
  const names = { before: "Version before", after: after.acceptedAt > 0 ? "This version" : "Proposed" };
  return (
    <Section
      title={after.acceptedAt > 0 ? "What this version changed" : "What would change"}
      hint="Compared here, on this device. Each file is checked to the bit first."
    >
      <Facts
        facts={[
          [names.before, `${termOf(before)}${before.end < before.until ? `, ends ${day(before.end)}` : ""}`],
          [names.after, termOf(after)],
        ]}
      />
      <h3 className={css.part}>Wording</h3>
      {problemOf(wording) !== null && <ErrorNotice error={wording.error} retry={() => void wording.refetch()} />}
      {wording.isPending && <SkeletonRows rows={2} label="what differs in the wording" />}
      {wording.data && <Part part="wording" difference={wording.data} names={names} />}
      <h3 className={css.part}>What is paid of bills</h3>
      <TermsPart before={before} after={after} names={names} to={isMine ? "patient" : "other"} />
      {isMine && (
        <>
          <h3 className={css.part}>Your schedule</h3>
          {problemOf(schedule) !== null && <ErrorNotice error={schedule.error} retry={() => void schedule.refetch()} />}
          {schedule.isPending && <SkeletonRows rows={1} label="what differs in your schedule" />}
          {schedule.data && <Part part="schedule" difference={schedule.data} names={names} />}
        </>
      )}
    </Section>
  );
}

/** The terms for claims, side by side if they differ. */
function TermsPart({
  before,
  after,
  names,
  to,
}: {
  before: IssuedPolicy;
  after: IssuedPolicy;
  names: { before: string; after: string };
  to: Audience;
}) {
  const [old, next] = [useTermsWords(before, to), useTermsWords(after, to)];
  for (const each of [old, next]) {
    if (problemOf(each) !== null) return <ErrorNotice error={each.error} retry={() => void each.refetch()} />;
  }
  if (old.isPending || next.isPending) return <SkeletonRows rows={1} label="what differs in the terms" />;
  if (old.data?.words === next.data?.words && old.data?.token === next.data?.token) {
    return <p>The terms are the same. What was spent begins anew.</p>;
  }
  const wordsOf = (terms: typeof old.data) =>
    terms
      ? `${terms.words}${old.data?.token === next.data?.token ? "" : ` In the token ${terms.token}.`}`
      : "No terms.";
  return (
    <Facts
      facts={[
        [names.before, wordsOf(old.data)],
        [names.after, <strong key="after">{wordsOf(next.data)}</strong>],
      ]}
    />
  );
}

function Part({
  part,
  difference,
  names,
}: {
  part: "wording" | "schedule";
  difference: Difference;
  names: { before: string; after: string };
}) {
  if (difference.kind === "same file") return <p>The {part} is the same file, to the bit.</p>;
  if (difference.kind === "no words") {
    return (
      <Notice tone="attention" title={`What differs in the ${part} can't be marked here.`}>
        One of the files isn&apos;t text, or is very long. They do differ. Open both under Versions and read them before
        you decide.
      </Notice>
    );
  }
  const { diff } = difference;
  if (diff.changes === 0) {
    return (
      <Notice title={`Every word of the ${part} is the same.`}>
        The files differ in how lines are broken, or in something that isn&apos;t text, such as pictures. Open both
        under Versions to see.
      </Notice>
    );
  }
  return (
    <>
      <p>
        <strong>{count(diff.changes, part === "wording" ? "clause" : "line")}</strong> of {diff.clauses.length}{" "}
        {diff.changes === 1 ? "differs" : "differ"}.
      </p>
      <DiffView diff={diff} names={names} />
    </>
  );
}
