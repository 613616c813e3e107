/** `salus verify`: what can be checked without any key. Exit code 1 when something isn't genuine. */
import { Command } from "commander";

import { isSalusError, lookUpFile, verifyHistory, verifyRecord, type PatientId } from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError, EXIT } from "../errors.js";
import { readBytes } from "../files.js";
import type { Run } from "../main.js";
import { facts, table } from "../output.js";

interface Options {
  record?: string;
  patient?: string;
}

export function verifyCommand(run: Run): Command {
  return new Command("verify")
    .description("Check a file, a record or a patient's whole history against the chain. Needs no account.")
    .argument("[file]", "a policy wording, a payload, a header, or both in one: what does the chain know about it?")
    .option("--record <id>", "check one record, and that the storage has it whole")
    .option("--patient <patient>", "check that a patient's records are complete, unaltered and in order")
    .action((file: string | undefined, { record, patient }: Options) =>
      run(async (context) => {
        if ([file, record, patient].filter((each) => each !== undefined).length !== 1) {
          throw new CliError("USAGE", { reason: "name one of a file, --record or --patient" });
        }
        if (file !== undefined) return verifyFile(context, file);
        if (record !== undefined) return verifyOne(context, record);
        return verifyAll(context, await context.patient(patient));
      }),
    );
}

async function verifyFile(context: Context, file: string): Promise<number> {
  const report = await lookUpFile(await context.reader(), await readBytes(file));
  const policies = report.policies.map(({ policyId, insurer, patientId, status }) => ({
    policyId,
    insurer,
    patientId,
    status,
  }));
  const records = report.records.map(({ part, record: { recordId, patientId, author } }) => ({
    part,
    recordId,
    patientId,
    author,
  }));
  const known = policies.length + records.length > 0;
  context.output.result({ file, known, sha256: report.sha256, cid: report.cid, policies, records }, () =>
    facts([
      ["sha-256", report.sha256],
      ["CID", report.cid],
      ...policies.map(({ policyId, status }) => [`wording of policy (${status})`, policyId] as const),
      ...records.map(({ part, recordId }) => [`${part} of record`, recordId] as const),
      ...(known ? [] : ([["chain", "knows nothing of this file"]] as const)),
    ]),
  );
  return known ? EXIT.ok : EXIT.refused;
}

async function verifyOne(context: Context, id: string): Promise<number> {
  const recordId = hex32("record", id);
  const checks = await verifyRecord(await context.reader(), recordId);
  const genuine = checks.every(({ ok }) => ok);
  context.output.result({ recordId, genuine, checks }, () =>
    table(
      ["CHECK", "", "DETAIL"],
      checks.map(({ name, ok, detail }) => [name, ok ? "ok" : "FAILED", detail]),
    ),
  );
  return genuine ? EXIT.ok : EXIT.refused;
}

async function verifyAll(context: Context, patientId: PatientId): Promise<number> {
  try {
    const { records, head } = await verifyHistory(await context.reader(), patientId);
    context.output.result({ patientId, genuine: true, records: records.length, head }, () =>
      facts([
        ["patient", patientId],
        ["records", `${records.length}, complete and in order`],
        ["head", head],
      ]),
    );
    return EXIT.ok;
  } catch (error) {
    if (!isSalusError(error, "ANCHOR_MISMATCH", "HEAD_MISMATCH")) throw error;
    context.output.result({ patientId, genuine: false, reason: error.code }, () => `${error.why}\n${error.how}`);
    return EXIT.refused;
  }
}
