/** `salus list`: the records that the acting account may open, or the patients who share something with it. */
import { Command } from "commander";

import {
  grantsOf,
  isSalusError,
  patientOf,
  patientsControlledBy,
  readableRecords,
  readManifest,
  SalusError,
  sharingPatients,
  type AnchoredRecord,
  type Manifest,
  type PatientId,
  type Session,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import type { Run } from "../main.js";
import { isoTime, table } from "../output.js";

/** At most this many documents are opened at a time. */
const PARALLEL = 8;

export function listCommand(run: Run): Command {
  return new Command("list")
    .description(
      "List the records that you may open, with what each says of itself. Without a record of your own: the patients who share with you.",
    )
    .option("--patient <patient>", "whose; your own by default")
    .action(({ patient }: { patient?: string }) =>
      run(async (context) => {
        const session = await context.unlocked();
        const own = await patientsControlledBy(session.chain, session.account);
        if (patient === undefined && own.length === 0) await listPatients(context, session);
        else await listRecords(context, session, await context.patient(patient, session));
      }),
    );
}

async function listPatients({ output }: Context, session: Session): Promise<void> {
  const patients = await sharingPatients(session);
  const value = patients.map(({ patientId, name, drawers, records }) => ({
    patientId,
    name,
    drawers: drawers.map(({ label, grant }) => ({ label, rights: grant.rights, until: isoTime(grant.until) })),
    records: records.map(({ recordId, grant }) => ({ recordId, until: isoTime(grant.until) })),
  }));
  output.result({ patients: value }, () =>
    table(
      ["PATIENT", "NAME", "SHARES"],
      value.map(({ patientId, name, drawers, records }) => [
        patientId,
        name ?? "",
        [
          ...drawers.map(({ label, rights }) => `${label} (${rights})`),
          ...(records.length > 0 ? [`${records.length} single`] : []),
        ].join(", "),
      ]),
    ),
  );
}

/** A record with its manifest, or with the code of the error that keeps it shut. */
type Listed = { record: AnchoredRecord; manifest: Manifest } | { record: AnchoredRecord; error: string };

async function listRecords({ output }: Context, session: Session, patientId: PatientId): Promise<void> {
  const records = await readableRecords(session, patientId);
  if (records.length === 0) await refuseWithoutGrant(session, patientId);
  const listed: Listed[] = [];
  for (let start = 0; start < records.length; start += PARALLEL) {
    listed.push(
      ...(await Promise.all(records.slice(start, start + PARALLEL).map((record) => describe(session, record)))),
    );
  }
  const value = listed.map((each) => {
    const { recordId, author, time } = each.record;
    const base = { recordId, author, time: isoTime(time) };
    if ("error" in each) return { ...base, error: each.error };
    const { title, fileName, mediaType, size } = each.manifest;
    return { ...base, title: title ?? null, fileName, mediaType, size };
  });
  output.result({ patientId, records: value }, () =>
    table(
      ["TIME", "DOCUMENT", "TYPE", "BYTES", "RECORD"],
      value.map((each) =>
        "error" in each
          ? [each.time, `(${each.error})`, "", "", each.recordId]
          : [each.time, each.title ?? each.fileName, each.mediaType, String(each.size), each.recordId],
      ),
    ),
  );
}

/** An empty list must not look like an empty record to somebody who may not see it. @throws NO_ACCESS */
async function refuseWithoutGrant(session: Session, patientId: PatientId): Promise<void> {
  if ((await patientOf(session.chain, patientId))?.controller === session.account) return;
  const grants = await grantsOf(session.chain, { patientId, grantee: session.account });
  if (!grants.some(({ state }) => state === "active")) throw new SalusError("NO_ACCESS", { patientId });
}

/** One damaged document must not hide the others. */
async function describe(session: Session, record: AnchoredRecord): Promise<Listed> {
  try {
    return { record, manifest: await readManifest(session, record.recordId) };
  } catch (error) {
    if (!isSalusError(error)) throw error;
    return { record, error: error.code };
  }
}
