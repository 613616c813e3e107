/** The commands of `salus policy` that look and compare: most need no account. */
import { Command } from "commander";
import { isHexString } from "ethers";

import {
  compareSchedule,
  compareWording,
  diffText,
  findPolicies,
  insurerRecord,
  lookUpFile,
  policiesOf,
  policyById,
  policyInTransaction,
  readSchedule,
  readWording,
  SalusError,
  titleOrNull,
  verifyPolicy,
  versionsOf,
  type Comparison,
  type DiffClause,
  type IssuedPolicy,
  type PolicyId,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError, EXIT } from "../errors.js";
import { readBytes, writeWhole } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime, printable, table } from "../output.js";
import { linesOf, paysOf, termsDifference } from "./policy-terms.js";

interface CopyOptions {
  wording?: string;
  schedule?: string;
}

interface ShowOptions {
  transaction?: string;
  wordingOut?: string;
  scheduleOut?: string;
}

// -------- verify --------

export function verifyPolicyCommand(run: Run): Command {
  return new Command("verify")
    .argument("<what>", "a policy's id, the id of a transaction that was about it, or a file that may be its wording")
    .option("--wording <file>", "a copy of the wording; anyone can check it")
    .option("--schedule <file>", "a copy of the schedule; the patient can check it")
    .description(
      "Check a policy against the chain and the storage, and copies of it to the bit. Exit code 1 when not genuine.",
    )
    .action((what: string, copies: CopyOptions) => run((context) => verify(context, what, copies)));
}

async function verify(context: Context, what: string, copies: CopyOptions): Promise<number> {
  const reader = await context.reader();
  const isCompared = copies.wording !== undefined || copies.schedule !== undefined;
  const policies = isHexString(what, 32)
    ? (await findPolicies(reader, hex32("policy", what))).policies
    : (await lookUpFile(reader, await readBytes(what))).policies;
  const [policy] = policies;
  if (isCompared) {
    if (!policy || policies.length > 1) throw new CliError("USAGE", { reason: "name one policy to compare with" });
    return compare(context, policy, copies);
  }
  const found = await Promise.all(
    policies.map(async ({ policyId, status, insurer, patientId }) => {
      const { checks } = await verifyPolicy(reader, policyId);
      return { policyId, status, insurer, patientId, genuine: checks.every(({ ok }) => ok), checks };
    }),
  );
  const isGenuine = found.length > 0 && found.every(({ genuine }) => genuine);
  context.output.result({ known: found.length > 0, genuine: isGenuine, policies: found }, () =>
    found.length === 0
      ? "The chain knows no policy with this wording. It may have been altered, if only by one bit."
      : found
          .map(({ policyId, status, checks }) =>
            [
              facts([
                ["policy", policyId],
                ["status", status],
              ]),
              table(
                ["CHECK", "", "DETAIL"],
                checks.map(({ name, ok, detail }) => [name, ok ? "ok" : "FAILED", detail]),
              ),
            ].join("\n"),
          )
          .join("\n\n"),
  );
  return isGenuine ? EXIT.ok : EXIT.refused;
}

async function compare(context: Context, policy: IssuedPolicy, { wording, schedule }: CopyOptions): Promise<number> {
  const parts: Comparison[] = [];
  if (wording !== undefined) parts.push(compareWording(policy, await readBytes(wording)));
  if (schedule !== undefined) {
    const { salt } = await readSchedule(await context.unlocked(), policy);
    parts.push(compareSchedule(policy, await readBytes(schedule), salt));
  }
  const equal = parts.every((part) => part.equal);
  context.output.result({ policyId: policy.policyId, equal, status: policy.status, parts }, () =>
    table(
      ["PART", "", "YOUR COPY", "ANCHORED"],
      parts.map(({ part, equal, copy, anchored }) => [part, equal ? "equal" : "DIFFERS", copy, anchored]),
    ),
  );
  return equal ? EXIT.ok : EXIT.refused;
}

// -------- versions and what differs --------

export function versionsCommand(run: Run): Command {
  return new Command("versions")
    .argument("<policy>", "any of its versions")
    .description("List the versions of a policy, oldest first, those too that weren't accepted.")
    .action((id: string) =>
      run(async (context) => {
        const versions = await versionsOf(await context.reader(), hex32("policy", id));
        context.output.result(versions.map(plain), () =>
          table(
            ["STATUS", "FROM", "UNTIL", "ACCEPTED", "POLICY", "FOLLOWS"],
            versions.map(({ status, from, end, acceptedAt, policyId, previous }) => [
              status,
              isoTime(from),
              isoTime(end),
              acceptedAt > 0 ? isoTime(acceptedAt) : "",
              policyId,
              previous ?? "",
            ]),
          ),
        );
        return undefined;
      }),
    );
}

export function diffCommand(run: Run): Command {
  return new Command("diff")
    .argument("<policy>", "the later version")
    .argument("[other]", "the version to compare with; the one before without it")
    .option("--schedule", "compare the schedules, as the patient; the wordings without it")
    .description(
      "Show what differs between two versions of a policy, clause by clause. Exit code 1 when something does.",
    )
    .action((id: string, other: string | undefined, options: { schedule?: boolean }) =>
      run((context) => diff(context, hex32("policy", id), other, options.schedule === true)),
    );
}

async function diff(context: Context, id: PolicyId, other: string | undefined, ofSchedules: boolean): Promise<number> {
  const reader = await context.reader();
  const after = await policyById(reader, id);
  if (other === undefined && after.previous === null) {
    throw new CliError("USAGE", { reason: "this is a first version: name another policy to compare with" });
  }
  const before = await policyById(reader, other === undefined ? (after.previous ?? id) : hex32("policy", other));
  const read = async (policy: IssuedPolicy) =>
    ofSchedules ? readSchedule(await context.unlocked(), policy) : readWording(reader, policy);
  const texts = [await read(before), await read(after)].map(({ bytes }) => textOf(bytes));
  const [old, next] = texts;
  if (old === undefined || next === undefined) throw new RangeError("two texts");
  const part = ofSchedules ? "schedule" : "wording";
  const { clauses, changes } = diffText(old, next);
  const differing = clauses.filter(({ kind }) => kind !== "same");
  const terms = await termsDifference(reader, before, after);
  const value = { before: before.policyId, after: after.policyId, part, changes, clauses: differing, terms };
  context.output.result(value, () =>
    [...(differing.length === 0 ? [`The ${part} reads the same.`] : differing.map(lineOf)), ...linesOf(terms)].join(
      "\n",
    ),
  );
  return changes === 0 && !terms.differ ? EXIT.ok : EXIT.refused;
}

/** The text of a file. @throws INVALID_INPUT for what isn't text, such as a PDF */
function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (/[\0\ufffd]/.test(text) || text.startsWith("%PDF-")) {
    throw new SalusError("INVALID_INPUT", {
      argument: "wording",
      reason: "no text: keep both by policy show and read them",
    });
  }
  return text;
}

/** A clause as `wdiff` writes it: [-removed-] and {+added+} words. */
function lineOf({ kind, before, after }: DiffClause): string {
  const mark = { same: " ", changed: "~", added: "+", removed: "-" }[kind];
  const words = (side: DiffClause["before"], open: string, close: string) =>
    printable(
      side.map(({ text, isChanged }) => (isChanged && kind === "changed" ? `${open}${text}${close}` : text)).join(""),
    );
  if (kind === "removed") return `${mark} ${words(before, "", "")}`;
  if (kind === "added") return `${mark} ${words(after, "", "")}`;
  return `- ${words(before, "[-", "-]")}\n+ ${words(after, "{+", "+}")}`;
}

// -------- an insurer's record --------

export function recordCommand(run: Run): Command {
  return new Command("record")
    .argument("<insurer>", "an account or a persona")
    .description("Show how an insurer has dealt with its policies, as everyone can see.")
    .action((who: string) =>
      run(async (context) => {
        const record = await insurerRecord(await context.reader(), await context.account(who));
        const { insurer, issued, accepted, amended, cancelled, offers, mismatches } = record;
        context.output.result(record, () =>
          facts([
            ["insurer", insurer],
            ["policies issued", issued],
            ["accepted", accepted],
            ["changes and renewals proposed", amended.proposed],
            ["of these accepted", amended.accepted],
            ["ended early by the insurer", cancelled.byInsurer],
            ["ended early by the patient", cancelled.byPatient],
            ["offers withdrawn", offers.withdrawn],
            ["offers declined", offers.declined],
            ["policies with a mismatch reported", mismatches.policies],
            ["reports", mismatches.reports.length],
          ]),
        );
        return undefined;
      }),
    );
}

// -------- show --------

export function showCommand(run: Run): Command {
  return new Command("show")
    .argument("[policy]", "the policy's id; without it all of yours are listed")
    .option("--transaction <id>", "the policy that a transaction issued or accepted")
    .option("--wording-out <file>", "keep the insurer's wording")
    .option("--schedule-out <file>", "keep the insurer's schedule, as the patient")
    .description("Show a policy, or list yours.")
    .action((id: string | undefined, options: ShowOptions) => run((context) => show(context, id, options)));
}

async function show(context: Context, id: string | undefined, options: ShowOptions): Promise<undefined> {
  if (id === undefined && options.transaction === undefined) return list(context);
  const reader = await context.reader();
  const policyId =
    options.transaction === undefined
      ? hex32("policy", id ?? "")
      : await policyInTransaction(reader.chain, hex32("transaction", options.transaction));
  const policy = await policyById(reader, policyId);
  if (options.wordingOut) await writeWhole(options.wordingOut, (await readWording(reader, policy)).bytes);
  if (options.scheduleOut) {
    const { bytes } = await readSchedule(await context.unlocked(), policy);
    await writeWhole(options.scheduleOut, bytes, { isPrivate: true });
  }
  const value = { title: await titleOrNull(reader, policy), pays: await paysOf(reader, policy), ...plain(policy) };
  context.output.result(value, () => facts(Object.entries(value).map(([name, fact]) => [name, fact ?? ""])));
}

/** The policies of the acting account, as insurer or as patient. */
async function list(context: Context): Promise<undefined> {
  const reader = await context.reader();
  const { address } = await context.identity();
  const issued = await policiesOf(reader.chain, { insurer: address });
  const policies =
    issued.length > 0 ? issued : await policiesOf(reader.chain, { patientId: await context.patient(undefined) });
  const titles = await Promise.all(policies.map((policy) => titleOrNull(reader, policy)));
  context.output.result(
    policies.map((policy, i) => ({ title: titles[i], ...plain(policy) })),
    () =>
      table(
        ["STATUS", "PLAN", "FROM", "UNTIL", "POLICY"],
        policies.map((each, i) => [each.status, titles[i] ?? "", isoTime(each.from), isoTime(each.end), each.policyId]),
      ),
  );
}

function plain({ policyId, status, insurer, patientId, previous, ...rest }: IssuedPolicy) {
  const { from, until, end, issuedAt, acceptedAt, wording, schedule, digest, transactionHash } = rest;
  return {
    policyId,
    status,
    insurer,
    patientId,
    previous,
    from: isoTime(from),
    until: isoTime(until),
    end: isoTime(end),
    issued: isoTime(issuedAt),
    accepted: acceptedAt > 0 ? isoTime(acceptedAt) : null,
    wording,
    schedule,
    digest,
    transaction: transactionHash,
  };
}
