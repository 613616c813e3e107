/** `salus policy`: insurance that both sides have hashed. What changes something is here; what looks, in policy-views.ts. */
import { basename } from "node:path";

import { Command } from "commander";

import {
  acceptPolicy,
  cancelPolicy,
  chainTime,
  issuePolicy,
  mismatchOf,
  policyById,
  readTitle,
  readWording,
  reportMismatch,
  termsOf,
  type IssuedPolicy,
  type PolicyDraft,
  type PolicyFile,
  type Session,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError } from "../errors.js";
import { mediaTypeOf, readBytes } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { parseDuration, parseEnd, parseTime, type EndOptions } from "../time.js";
import { diffCommand, recordCommand, showCommand, verifyPolicyCommand, versionsCommand } from "./policy-views.js";
import { readTerms } from "./policy-terms.js";

interface IssueOptions extends EndOptions {
  patient: string;
  wording: string;
  schedule: string;
  terms?: string;
  title?: string;
  from?: string;
}

interface NextOptions extends EndOptions {
  schedule: string;
  wording?: string;
  terms?: string;
  title?: string;
  from?: string;
}

interface CopyOptions {
  wording?: string;
  schedule?: string;
}

export function policyCommand(run: Run): Command {
  const policy = new Command("policy").description("Issue, amend, accept, end, verify and compare insurance policies.");
  policy.addCommand(issueCommand(run));
  policy.addCommand(nextCommand(run, "amend"));
  policy.addCommand(nextCommand(run, "renew"));
  policy.addCommand(acceptCommand(run));
  policy.addCommand(cancelCommand(run));
  policy.addCommand(reportCommand(run));
  policy.addCommand(verifyPolicyCommand(run));
  policy.addCommand(versionsCommand(run));
  policy.addCommand(diffCommand(run));
  policy.addCommand(recordCommand(run));
  policy.addCommand(showCommand(run));
  return policy;
}

function issueCommand(run: Run): Command {
  return new Command("issue")
    .requiredOption("--patient <patient>", "the insured")
    .requiredOption("--wording <file>", "the policy's wording; public")
    .requiredOption("--schedule <file>", "whose policy, which card, which sums; encrypted to the patient")
    .option("--terms <file>", "JSON with token, deductible, coPayment and limit, by which bills are paid; public")
    .option("--title <name>", "the plan's name; public")
    .option("--from <date>", "when it begins; now by default")
    .option("--for <duration>", "how long from now, such as 1y (the default)")
    .option("--until <date>", "when it ends")
    .description("Offer a policy to a patient, as an insurer.")
    .action((options: IssueOptions) =>
      run(async (context) => {
        const session = await context.session();
        const now = await chainTime(session.chain);
        const from = options.from === undefined ? now : parseTime(options.from);
        const until = parseEnd(options, now, "1y");
        const patientId = await context.patient(options.patient, session);
        const [wording, schedule] = [await readPolicyFile(options.wording), await readPolicyFile(options.schedule)];
        const terms = options.terms === undefined ? undefined : await readTerms(options.terms);
        await offer(context, session, { patientId, title: options.title, wording, schedule, terms, from, until });
      }),
    );
}

/** An amendment begins now and ends as the one before; a renewal begins where that one ends. */
function nextCommand(run: Run, name: "amend" | "renew"): Command {
  const isRenewal = name === "renew";
  return new Command(name)
    .argument("<policy>", "the version before, which the patient has accepted")
    .requiredOption("--schedule <file>", "the schedule; it is sealed to the patient, so Salus can't read the last one")
    .option("--wording <file>", "the wording; as before without it")
    .option("--terms <file>", "by which bills are paid, as for issue; as before without it")
    .option("--title <name>", "the plan's name; as before without it")
    .option("--from <date>", isRenewal ? "when it begins; at the end of the one before" : "when it begins; now")
    .option("--for <duration>", isRenewal ? "how long; as long as before" : "how long from now")
    .option("--until <date>", isRenewal ? "when it ends" : "when it ends; as before without it")
    .description(
      isRenewal
        ? "Offer to go on after a policy's end, as its insurer. Nothing goes on unless the patient accepts."
        : "Propose a change to an accepted policy, as its insurer. Nothing changes unless the patient accepts.",
    )
    .action((id: string, options: NextOptions) =>
      run(async (context) => {
        const session = await context.session();
        const before = await policyById(session, hex32("policy", id));
        const wording = options.wording ? await readPolicyFile(options.wording) : await readWording(session, before);
        await offer(context, session, {
          patientId: before.patientId,
          previous: before.policyId,
          title: options.title ?? (await readTitle(session, before)),
          wording,
          schedule: await readPolicyFile(options.schedule),
          terms: options.terms === undefined ? (await termsOf(session, before))?.terms : await readTerms(options.terms),
          ...termOf(options, before, isRenewal, await chainTime(session.chain)),
        });
      }),
    );
}

function termOf(options: NextOptions, before: IssuedPolicy, isRenewal: boolean, now: number) {
  const start = isRenewal ? Math.max(before.end, now) : now;
  const from = options.from === undefined ? start : parseTime(options.from);
  if (!isRenewal && options.for === undefined && options.until === undefined) return { from, until: before.until };
  if (options.until !== undefined) return { from, until: parseEnd(options, now) };
  const length = options.for === undefined ? before.until - before.from : parseDuration(options.for);
  return { from, until: (isRenewal ? from : now) + length };
}

async function offer(context: Context, session: Session, draft: PolicyDraft): Promise<void> {
  const { policyId, receipt } = await issuePolicy(session, draft);
  const { patientId, previous, from, until } = draft;
  const term = { from: isoTime(from), until: isoTime(until) };
  const value = { policyId, patientId, ...(previous ? { previous } : {}), ...term, transaction: receipt.hash };
  context.output.result(value, () =>
    facts([
      ["policy", policyId],
      ...(previous ? [["follows", previous] as const] : []),
      ["from", term.from],
      ["until", term.until],
      ["transaction", receipt.hash],
    ]),
  );
}

function acceptCommand(run: Run): Command {
  return new Command("accept")
    .argument("<policy>", "the policy's id")
    .requiredOption("--wording <file>", "your copy of the wording")
    .option("--schedule <file>", "your copy of the schedule; the insurer's, which policy show keeps, without it")
    .description("Accept an offer, as the patient. Refused unless your copy and the insurer's are equal, to the bit.")
    .action((id: string, { wording, schedule }: CopyOptions & { wording: string }) =>
      run(async (context) => {
        const policyId = hex32("policy", id);
        const own = {
          wording: await readBytes(wording),
          schedule: schedule === undefined ? undefined : await readBytes(schedule),
        };
        const { hash } = await acceptPolicy(await context.unlocked(), policyId, own);
        context.output.result({ policyId, transaction: hash }, () =>
          facts([
            ["accepted", policyId],
            ["transaction", hash],
          ]),
        );
      }),
    );
}

function cancelCommand(run: Run): Command {
  return new Command("cancel")
    .argument("<policy>", "the policy's id")
    .option("--from <date>", "when an accepted policy ends; as early as you may without it")
    .description(
      "Decline or withdraw an offer at once, or end an accepted policy: the patient at any time, the insurer with 30 days' notice.",
    )
    .action((id: string, { from }: { from?: string }) =>
      run(async (context) => {
        const policyId = hex32("policy", id);
        const session = await context.session();
        const { hash } = await cancelPolicy(session, policyId, {
          from: from === undefined ? undefined : parseTime(from),
        });
        const { end, status } = await policyById(session, policyId);
        context.output.result({ policyId, status, end: isoTime(end), transaction: hash }, () =>
          facts([
            ["ended", policyId],
            ["in force until", isoTime(end)],
            ["transaction", hash],
          ]),
        );
      }),
    );
}

function reportCommand(run: Run): Command {
  return new Command("report")
    .argument("<policy>", "the policy's id")
    .option("--wording <file>", "the copy of the wording that you were given; the insurer's stored one without it")
    .option("--schedule <file>", "the copy of the schedule that you were given; the insurer's stored one without it")
    .description(
      "Tell everyone, as the patient, that your copy isn't what the insurer anchored: an event on the chain with both digests, for good.",
    )
    .action((id: string, { wording, schedule }: CopyOptions) =>
      run(async (context) => {
        if (wording === undefined && schedule === undefined) {
          throw new CliError("USAGE", { reason: "name the copy that differs with --wording or --schedule" });
        }
        const policyId = hex32("policy", id);
        const session = await context.unlocked();
        const own = {
          ...(wording === undefined ? {} : { wording: await readBytes(wording) }),
          ...(schedule === undefined ? {} : { schedule: await readBytes(schedule) }),
        };
        const { insurers, patients } = await mismatchOf(session, await policyById(session, policyId), own);
        const { hash } = await reportMismatch(session, policyId, own);
        context.output.result({ policyId, insurers, patients, transaction: hash }, () =>
          facts([
            ["reported", policyId],
            ["insurer's", insurers],
            ["yours", patients],
            ["transaction", hash],
          ]),
        );
      }),
    );
}

async function readPolicyFile(path: string): Promise<PolicyFile> {
  const bytes = await readBytes(path);
  const fileName = basename(path);
  return { bytes, fileName, mediaType: mediaTypeOf(fileName, bytes) };
}
