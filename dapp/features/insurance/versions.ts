/** Versions of a policy: which there are, and what a next one would change. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { IssuedPolicy, PolicyId, TextDiff } from "../../../sdk/index.js";
import { wordsOfDocument } from "../../components/document/text.js";
import { useReaderQuery, useSessionQuery } from "../../lib/queries.js";
import { count } from "../../lib/text.js";

/** What differs between two files. Without words nothing can be marked: they are to be read side by side. */
export type Difference = { kind: "same file" } | { kind: "no words" } | { kind: "words"; diff: TextDiff };

/** All versions of a policy, oldest first. */
export function useVersions(policyId: PolicyId): UseQueryResult<IssuedPolicy[]> {
  return useReaderQuery(["chain", "versions", policyId], ({ versionsOf }, reader) => versionsOf(reader, policyId));
}

/** What differs between the wordings of two versions. Anyone can see it. */
export function useWordingDifference(
  before: IssuedPolicy | undefined,
  after: IssuedPolicy | undefined,
): UseQueryResult<Difference> {
  return useReaderQuery(
    ["opened", "difference", "wording", before?.policyId, after?.policyId],
    async ({ diffText, readWording }, reader) => {
      if (!before || !after) throw new RangeError("two versions");
      if (before.wording === after.wording) return { kind: "same file" };
      const [old, next] = await Promise.all([readWording(reader, before), readWording(reader, after)]);
      return differenceOf(old.bytes, next.bytes, diffText);
    },
    before !== undefined && after !== undefined,
  );
}

/** What differs between the schedules, as the patient. Their salts differ, so the digests always do. */
export function useScheduleDifference(
  before: IssuedPolicy | undefined,
  after: IssuedPolicy | undefined,
  isMine: boolean,
): UseQueryResult<Difference> {
  return useSessionQuery(
    ["opened", "difference", "schedule", before?.policyId, after?.policyId],
    async ({ diffText, readSchedule }, session) => {
      if (!before || !after) throw new RangeError("two versions");
      const [old, next] = await Promise.all([readSchedule(session, before), readSchedule(session, after)]);
      return differenceOf(old.bytes, next.bytes, diffText);
    },
    isMine && before !== undefined && after !== undefined,
  );
}

async function differenceOf(
  before: Uint8Array,
  after: Uint8Array,
  diffText: (before: string, after: string) => TextDiff,
): Promise<Difference> {
  if (before.length === after.length && before.every((byte, i) => byte === after[i])) return { kind: "same file" };
  const [old, next] = await Promise.all([wordsOfDocument(before), wordsOfDocument(after)]);
  return old === null || next === null ? { kind: "no words" } : { kind: "words", diff: diffText(old, next) };
}

/** Whether a next version goes on where the one before ends, rather than change it on the way. */
export function isRenewal(before: IssuedPolicy, after: IssuedPolicy): boolean {
  return after.from >= before.until;
}

/** "change 2 clauses", "renew the policy and change 1 clause". Undefined differences aren't known yet. */
export function proposalWords(before: IssuedPolicy, after: IssuedPolicy, difference: Difference | undefined): string {
  const changes =
    difference?.kind === "words"
      ? difference.diff.changes > 0
        ? `change ${count(difference.diff.changes, "clause")}`
        : "change the file of the wording, and none of its words"
      : difference?.kind === "same file"
        ? null
        : "change the wording";
  if (isRenewal(before, after)) return `renew the policy${changes ? ` and ${changes}` : " with the same wording"}`;
  return changes ?? "change the schedule or the term, and leave the wording as it is";
}
