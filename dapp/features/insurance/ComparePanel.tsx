/** Comparing one's own copy with the insurer's, to the bit: to accept an offer, or to report that they differ. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Comparison, IssuedPolicy, OwnCopies, Schedule } from "../../../sdk/index.js";
import { FileDrop } from "../../components/FileDrop.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useOpenSession } from "../../lib/session.js";
import { plain } from "../../lib/text.js";
import { accept, compareCopies, discloseAccepting } from "./acceptPolicy.js";
import { EndPanel } from "./EndPanel.js";
import css from "./insurance.module.css";
import { ReportPanel } from "./ReportPanel.js";

type Part = Comparison["part"];
interface Copy {
  name: string;
  bytes: Uint8Array;
}

/** Drop, compare, see who will know, sign. @param before the version that an offer would take the place of */
export function ComparePanel({
  policy,
  before,
  insurerName,
  schedule,
  isBusy,
}: {
  policy: IssuedPolicy;
  before: IssuedPolicy | undefined;
  insurerName: string;
  schedule: Schedule | undefined;
  /** A change of this policy is on its way: no second one. */
  isBusy: boolean;
}) {
  const [copies, setCopies] = useState<Partial<Record<Part, Copy>>>({});
  const own: Partial<OwnCopies> = {
    ...(copies.wording ? { wording: copies.wording.bytes } : {}),
    ...(copies.schedule ? { schedule: copies.schedule.bytes } : {}),
  };
  const copiesKey = `${hashOf(copies.wording)} ${hashOf(copies.schedule)}`;
  const compared = useQuery({
    queryKey: ["opened", "compared", policy.policyId, copiesKey],
    enabled: (own.wording ?? own.schedule) !== undefined && (schedule !== undefined || !own.schedule),
    queryFn: () => compareCopies(policy, own, schedule),
  });
  const take =
    (part: Part) =>
    ([file]: File[]) => {
      if (!file) return;
      void file.arrayBuffer().then((buffer) => {
        setCopies((others) => ({ ...others, [part]: { name: file.name, bytes: new Uint8Array(buffer) } }));
      });
    };
  const isOffer = policy.status === "offered";
  const differs = compared.data?.some(({ equal }) => !equal) ?? false;
  const isEqual = own.wording !== undefined && compared.data !== undefined && !differs;

  return (
    <Section
      title={isOffer ? "Accept it with your own copy" : "Compare it with your own copy"}
      hint={
        isOffer
          ? "Drop the file that the insurer gave to you. Both must be the same to the bit, or the contract refuses."
          : "Is the file that the insurer gave to you the one that you accepted, to the bit?"
      }
    >
      <div className={css.compare}>
        <FileDrop
          label={copies.wording ? `Your wording: ${plain(copies.wording.name)}` : "Drop your copy of the wording"}
          hint="It's compared here, and sent nowhere."
          onFiles={take("wording")}
        />
        <FileDrop
          label={
            copies.schedule
              ? `Your schedule: ${plain(copies.schedule.name)}`
              : "And your copy of the schedule, if you have one"
          }
          hint={
            isOffer
              ? "Without one, you accept the schedule that is shown above."
              : "It's compared here, and sent nowhere."
          }
          onFiles={take("schedule")}
        />
        {compared.error && <ErrorNotice error={compared.error} />}
        {compared.data?.map((comparison) => (
          <Compared key={comparison.part} comparison={comparison} insurerName={insurerName} isOffer={isOffer} />
        ))}
        {differs && !isBusy && (
          <ReportPanel policy={policy} insurerName={insurerName} own={own} copiesKey={copiesKey} />
        )}
        {isOffer && !isBusy && isEqual && own.wording && (
          <Acceptance
            policy={policy}
            before={before}
            insurerName={insurerName}
            own={{ wording: own.wording, schedule: own.schedule }}
          />
        )}
        {isOffer && !isBusy && <EndPanel policy={policy} insurerName={insurerName} isInsurer={false} />}
      </div>
    </Section>
  );
}

function Compared({
  comparison: { part, equal, copy, anchored },
  insurerName,
  isOffer,
}: {
  comparison: Comparison;
  insurerName: string;
  isOffer: boolean;
}) {
  if (equal) return <Notice tone="brand" title={`Your ${part} is the insurer's, to the bit.`} live="status" />;
  return (
    <Notice tone="danger" title={`Your ${part} isn't the insurer's.`} live="alert">
      They differ by at least one bit{isOffer ? ", so this can't be accepted" : ""}. Nothing was sent. Ask {insurerName}{" "}
      which of the two is right.
      <br />
      <span className="digest">
        yours {copy}
        <br />
        insurer&apos;s {anchored}
      </span>
    </Notice>
  );
}

function Acceptance({
  policy,
  before,
  insurerName,
  own,
}: {
  policy: IssuedPolicy;
  before: IssuedPolicy | undefined;
  insurerName: string;
  own: OwnCopies;
}) {
  const session = useOpenSession();
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "accept", policy.policyId, before?.end, insurerName],
    queryFn: () => discloseAccepting(policy, insurerName, before),
  });
  if (!disclosure) return null;
  return (
    <>
      <h3>Before you sign: who will know what</h3>
      <WhoWillKnow disclosure={disclosure} grantee={insurerName} organisation="Those you share with" />
      <div className={ui.foot}>
        <p className={ui.footNote}>Once accepted, neither you nor the insurer can alter it.</p>
        <Button onClick={() => void accept(session, policy, own)}>
          {before ? "Accept the change" : "Accept the policy"}
        </Button>
      </div>
    </>
  );
}

const numbers = new WeakMap<Uint8Array, number>();
let last = 0;

/** A number for these bytes, the same for the same array: queries tell copies apart by it, not by megabytes. */
function hashOf(copy: Copy | undefined): number {
  if (!copy) return 0;
  const known = numbers.get(copy.bytes) ?? ++last;
  numbers.set(copy.bytes, known);
  return known;
}
