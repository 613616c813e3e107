/** Accepting an offer by dropping one's own copy: it must be the insurer's, to the bit. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Comparison, IssuedPolicy, Schedule } from "../../../sdk/index.js";
import { FileDrop } from "../../components/FileDrop.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useOpenSession } from "../../lib/session.js";
import { plain } from "../../lib/text.js";
import { accept, compareCopies, disclose, type OwnCopies } from "./acceptPolicy.js";
import css from "./insurance.module.css";

type Part = Comparison["part"];
interface Copy {
  name: string;
  bytes: Uint8Array;
}

/** Drop, compare, see who will know, sign. */
export function AcceptPanel({
  policy,
  insurerName,
  schedule,
}: {
  policy: IssuedPolicy;
  insurerName: string;
  schedule: Schedule | undefined;
}) {
  const session = useOpenSession();
  const [copies, setCopies] = useState<Partial<Record<Part, Copy>>>({});
  const own: OwnCopies | null = copies.wording
    ? { wording: copies.wording.bytes, ...(copies.schedule ? { schedule: copies.schedule.bytes } : {}) }
    : null;
  const compared = useQuery({
    // What was dropped is told apart by its time, not by its bytes.
    queryKey: [
      "opened",
      "compared",
      policy.policyId,
      copies.wording?.name,
      copies.wording?.bytes.length,
      copies.schedule?.name,
      copies,
    ],
    queryKeyHashFn: () => `compared ${policy.policyId} ${hashOf(copies.wording)} ${hashOf(copies.schedule)}`,
    enabled: own !== null && schedule !== undefined,
    queryFn: () => (own ? compareCopies(policy, own, schedule) : []),
  });
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "accept", policy.policyId, insurerName],
    queryFn: () => disclose(policy, insurerName),
  });
  const take =
    (part: Part) =>
    ([file]: File[]) => {
      if (!file) return;
      void file.arrayBuffer().then((buffer) => {
        setCopies((before) => ({ ...before, [part]: { name: file.name, bytes: new Uint8Array(buffer) } }));
      });
    };
  const isEqual = compared.data?.every(({ equal }) => equal) ?? false;

  return (
    <Section
      title="Accept it with your own copy"
      hint="Drop the file that the insurer gave to you. Both must be the same to the bit, or the contract refuses."
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
          hint="Without one, you accept the schedule that is shown above."
          onFiles={take("schedule")}
        />
        {compared.error && <ErrorNotice error={compared.error} />}
        {compared.data?.map(({ part, equal, copy, anchored }) =>
          equal ? (
            <Notice key={part} tone="brand" title={`Your ${part} is the insurer's, to the bit.`} live="status" />
          ) : (
            <Notice key={part} tone="danger" title={`Your ${part} isn't the insurer's.`} live="alert">
              They differ by at least one bit, so this can&apos;t be accepted. Nothing was sent. Ask {insurerName} which
              of the two is right.
              <br />
              <span className="digest">
                yours {copy}
                <br />
                insurer&apos;s {anchored}
              </span>
            </Notice>
          ),
        )}
        {isEqual && disclosure && (
          <>
            <h3>Before you sign: who will know what</h3>
            <WhoWillKnow disclosure={disclosure} grantee={insurerName} organisation="Those you share with" />
            <div className={ui.foot}>
              <p className={ui.footNote}>Once accepted, neither you nor the insurer can alter it.</p>
              <Button onClick={() => own && void accept(session, policy, own)}>Accept the policy</Button>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}

const numbers = new WeakMap<Uint8Array, number>();
let last = 0;

/** A number for these bytes, the same for the same array. */
function hashOf(copy: Copy | undefined): number {
  if (!copy) return 0;
  const known = numbers.get(copy.bytes) ?? ++last;
  numbers.set(copy.bytes, known);
  return known;
}
