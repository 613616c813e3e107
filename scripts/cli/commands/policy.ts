/** `salus policy`: insurance that both sides have hashed. */
import { basename } from "node:path";

import { Command } from "commander";

import {
  acceptPolicy,
  chainTime,
  compareSchedule,
  compareWording,
  issuePolicy,
  policiesOf,
  policyById,
  policyInTransaction,
  readSchedule,
  readWording,
  type Comparison,
  type IssuedPolicy,
  type PolicyFile,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError, EXIT } from "../errors.js";
import { mediaTypeOf, readBytes, writeWhole } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime, table } from "../output.js";
import { parseEnd, parseTime, type EndOptions } from "../time.js";

interface IssueOptions extends EndOptions {
  patient: string;
  wording: string;
  schedule: string;
  from?: string;
}

interface CopyOptions {
  wording?: string;
  schedule?: string;
}

interface ShowOptions {
  transaction?: string;
  wordingOut?: string;
  scheduleOut?: string;
}

export function policyCommand(run: Run): Command {
  const policy = new Command("policy").description("Issue, accept, verify and show insurance policies.");

  policy
    .command("issue")
    .requiredOption("--patient <patient>", "the insured")
    .requiredOption("--wording <file>", "the policy's wording; public")
    .requiredOption("--schedule <file>", "whose policy, which card, which sums; encrypted to the patient")
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
        const { policyId, receipt } = await issuePolicy(session, { patientId, wording, schedule, from, until });
        const value = { policyId, patientId, from: isoTime(from), until: isoTime(until), transaction: receipt.hash };
        context.output.result(value, () =>
          facts([
            ["policy", policyId],
            ["transaction", receipt.hash],
          ]),
        );
      }),
    );

  policy
    .command("accept")
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

  policy
    .command("verify")
    .argument("<policy>", "the policy's id")
    .option("--wording <file>", "a copy of the wording; anyone can check it")
    .option("--schedule <file>", "a copy of the schedule; the patient can check it")
    .description("Compare copies with what the insurer anchored, to the bit. Exit code 1 when one differs.")
    .action((id: string, copies: CopyOptions) => run((context) => verify(context, id, copies)));

  policy
    .command("show")
    .argument("[policy]", "the policy's id; without it all of yours are listed")
    .option("--transaction <id>", "the policy that a transaction issued or accepted")
    .option("--wording-out <file>", "keep the insurer's wording")
    .option("--schedule-out <file>", "keep the insurer's schedule, as the patient")
    .description("Show a policy, or list yours.")
    .action((id: string | undefined, options: ShowOptions) => run((context) => show(context, id, options)));
  return policy;
}

async function verify(context: Context, id: string, { wording, schedule }: CopyOptions): Promise<number> {
  if (wording === undefined && schedule === undefined) {
    throw new CliError("USAGE", { reason: "name a copy with --wording or --schedule" });
  }
  const policy = await policyById(await context.reader(), hex32("policy", id));
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
  context.output.result(plain(policy), () =>
    facts(Object.entries(plain(policy)).map(([name, value]) => [name, value ?? ""])),
  );
}

/** The policies of the acting account, as insurer or as patient. */
async function list(context: Context): Promise<undefined> {
  const { chain } = await context.reader();
  const { address } = await context.identity();
  const issued = await policiesOf(chain, { insurer: address });
  const policies =
    issued.length > 0 ? issued : await policiesOf(chain, { patientId: await context.patient(undefined) });
  context.output.result(policies.map(plain), () =>
    table(
      ["STATUS", "FROM", "UNTIL", "POLICY"],
      policies.map((each) => [each.status, isoTime(each.from), isoTime(each.until), each.policyId]),
    ),
  );
}

function plain({ policyId, status, insurer, patientId, ...rest }: IssuedPolicy) {
  const { from, until, issuedAt, acceptedAt, wording, schedule, digest, transactionHash } = rest;
  return {
    policyId,
    status,
    insurer,
    patientId,
    from: isoTime(from),
    until: isoTime(until),
    issued: isoTime(issuedAt),
    accepted: acceptedAt > 0 ? isoTime(acceptedAt) : null,
    wording,
    schedule,
    digest,
    transaction: transactionHash,
  };
}

async function readPolicyFile(path: string): Promise<PolicyFile> {
  const bytes = await readBytes(path);
  const fileName = basename(path);
  return { bytes, fileName, mediaType: mediaTypeOf(fileName, bytes) };
}
