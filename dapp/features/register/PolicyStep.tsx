/** Step 5: the person's own copy of the policy, compared with the insurer's to the bit (002-17 to 002-23, 002-34). */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Link, useNavigate } from "react-router";

import type { Comparison } from "../../../sdk/index.js";
import { FileDrop } from "../../components/FileDrop.js";
import { Notice } from "../../components/Notice.js";
import { SkeletonRows } from "../../components/Rows.js";
import { TermsWords } from "../../components/Terms.js";
import { day, plain } from "../../lib/text.js";
import { differenceWords } from "./difference.js";
import { compare, insurersFiles, withoutInsurance, type StepProps } from "./enrolling.js";
import { fileNameOf, Paper, Papers, usePapers } from "./Papers.js";
import css from "./register.module.css";
import { Refusal } from "./Refusal.js";
import { StepPage } from "./StepPage.js";
import { addressOf } from "./steps.js";

const DocumentView = lazy(async () => ({
  default: (await import("../../components/document/DocumentView.js")).DocumentView,
}));

type Part = Comparison["part"];
interface Copy {
  name: string;
  bytes: Uint8Array;
}

/** Takes the person's copies, and explains a difference. */
export function PolicyStep({ enrolling, session, onChange }: StepProps) {
  const { enrolment } = enrolling;
  const { cover } = enrolment;
  const [copies, setCopies] = useState<Partial<Record<Part, Copy>>>({});
  const [isReading, setReading] = useState(false);
  const navigate = useNavigate();
  const papers = usePapers(session.account);
  const insurer = plain(cover?.insurerName ?? "The insurer");
  const isDifferent = cover?.comparisons.some(({ equal }) => !equal) ?? false;
  const files = useQuery({
    queryKey: ["opened", "offer", cover?.policyId],
    enabled: cover !== null && (isDifferent || isReading),
    queryFn: () => insurersFiles(session, enrolling),
    staleTime: Infinity,
  });
  const comparing = useMutation({
    mutationFn: ({ wording, schedule }: { wording: Copy; schedule?: Copy | undefined }) =>
      compare(session, enrolling, { wording: wording.bytes, ...(schedule ? { schedule: schedule.bytes } : {}) }),
    onSuccess: (next) => onChange({ enrolment: next }),
  });
  const leaving = useMutation({
    mutationFn: () => withoutInsurance(session, enrolling),
    onSuccess: async (next) => {
      onChange({ enrolment: next });
      await navigate(addressOf("confirm"));
    },
  });
  const take = (part: Part) => async (file: File | undefined) => {
    if (!file) return;
    const next = { ...copies, [part]: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } };
    setCopies(next);
    if (next.wording) comparing.mutate({ wording: next.wording, schedule: next.schedule });
  };
  const isEqual = enrolment.step === "confirm" && cover !== null;
  if (!cover) return <WithoutInsurance />;
  // Whoever gave no schedule accepts the insurer's: that it equals itself is no news.
  const shown = cover.comparisons.filter(({ part, equal }) => part === "wording" || copies.schedule || !equal);

  return (
    <StepPage
      step="policy"
      back="insurance"
      title="Your policy"
      sentence={`${insurer} offers ${plain(cover.title)}, from ${day(cover.offer.from)} to ${day(cover.offer.until)}. It counts only if your own copy is the same, to the bit.`}
    >
      <TermsWords policy={cover.offer} to="patient" />
      <FileDrop
        label={
          copies.wording ? `Your wording: ${plain(copies.wording.name)}` : "Drop your copy of the policy's wording"
        }
        hint="The file that the insurer gave to you, unchanged. It's compared here, and sent nowhere."
        onFiles={([file]) => void take("wording")(file)}
      />
      <FileDrop
        label={
          copies.schedule
            ? `Your schedule: ${plain(copies.schedule.name)}`
            : "And your copy of the schedule, if you have one"
        }
        hint="It says who is insured. Without a copy of your own you accept the insurer's, which you can read below."
        onFiles={([file]) => void take("schedule")(file)}
      />
      {comparing.error && (
        <Refusal
          error={comparing.error}
          {...(copies.wording
            ? {
                retry: () => copies.wording && comparing.mutate({ wording: copies.wording, schedule: copies.schedule }),
              }
            : {})}
        />
      )}
      {shown.map((comparison) => (
        <Compared
          key={comparison.part}
          comparison={comparison}
          insurer={insurer}
          difference={
            copies[comparison.part] && files.data
              ? differenceWords(copies[comparison.part]?.bytes ?? new Uint8Array(), files.data[comparison.part].bytes)
              : null
          }
        />
      ))}
      {papers && (
        <Papers name={papers.name}>
          {(["wording", "schedule"] as const).map((part) => (
            <Paper
              key={part}
              label={`Use their ${part}`}
              url={papers[part]}
              fileName={fileNameOf(papers[part])}
              onUse={(file) => void take(part)(file)}
            />
          ))}
        </Papers>
      )}
      <div className={css.actions}>
        <Button disabled={!isEqual} onClick={() => void navigate(addressOf("confirm"))}>
          Go on
        </Button>
        {!isEqual && (
          <Button variant="subtle" loading={leaving.isPending} onClick={() => leaving.mutate()}>
            Without insurance for now
          </Button>
        )}
      </div>
      {leaving.error && <Refusal error={leaving.error} retry={() => leaving.mutate()} />}
      <details onToggle={(event) => setReading(event.currentTarget.open)}>
        <summary>Read what {insurer} offers</summary>
        <div className={css.body} style={{ marginBlockStart: 12 }}>
          {files.error && <Refusal error={files.error} retry={() => void files.refetch()} />}
          {isReading && files.isPending && <SkeletonRows rows={2} label="the insurer's files" />}
          {files.data && isReading && (
            <Suspense fallback={<SkeletonRows rows={2} label="the insurer's files" />}>
              <h2>The wording, public</h2>
              <DocumentView content={files.data.wording.bytes} fileName={files.data.wording.fileName} />
              <h2>Your schedule, sealed to you</h2>
              <DocumentView content={files.data.schedule.bytes} fileName={files.data.schedule.fileName} />
            </Suspense>
          )}
        </div>
      </details>
    </StepPage>
  );
}

function Compared({
  comparison: { part, equal, copy, anchored },
  insurer,
  difference,
}: {
  comparison: Comparison;
  insurer: string;
  difference: string | null;
}) {
  if (equal) return <Notice tone="brand" title={`Your ${part} is the insurer's, to the bit.`} live="status" />;
  return (
    <Notice tone="danger" title={`Your ${part} isn't the insurer's.`} live="alert">
      They differ by at least one bit, so this can&apos;t be accepted. Nothing was sent. {difference}
      <ul className={css.reasons}>
        <li>
          Is it the very file that you were given? Printing, scanning or saving it again changes it: drop the original.
        </li>
        <li>If it is, ask {insurer} which of the two is right, and show them both digests.</li>
        <li>You can register without insurance meanwhile.</li>
      </ul>
      <span className={`digest ${css.digests ?? ""}`}>
        yours {copy}
        <br />
        insurer&apos;s {anchored}
      </span>
    </Notice>
  );
}

function WithoutInsurance() {
  return (
    <StepPage
      step="policy"
      back="insurance"
      title="Your policy"
      sentence="You register without insurance, so there is nothing to compare."
    >
      <div className={css.actions}>
        <Button component={Link} to={addressOf("confirm")}>
          Go on
        </Button>
        <Button variant="default" component={Link} to={addressOf("insurance")}>
          Show a card after all
        </Button>
      </div>
    </StepPage>
  );
}
