/** `salus visit`: opens a visit with a patient's code, and works in it (002-24 to 002-26, 003-07). */
import { Command } from "commander";

import {
  assignMember,
  closeVisit,
  enterVisit,
  findPermit,
  openVisit,
  ordersOf,
  publishInVisit,
  readPermit,
  roleOf,
  unassignMember,
  visitById,
  visitRecords,
  visitsOf,
  type Receipt,
  type Session,
  type Visit,
  type VisitId,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { facts, isoTime, table } from "../output.js";
import { readDocument, type DocumentOptions } from "./upload.js";

interface WriteOptions extends DocumentOptions {
  scope: string;
}

interface ListOptions {
  patient?: string;
  hospital?: string;
  member?: string;
}

export function visitCommand(run: Run): Command {
  const visit = new Command("visit").description("Open a visit with a patient's code, and work in it.");
  visit.addCommand(codeCommand(run, "read"));
  visit.addCommand(codeCommand(run, "open"));
  visit.addCommand(memberCommand(run, "assign"));
  visit.addCommand(memberCommand(run, "unassign"));
  visit.addCommand(writeCommand(run));
  visit.addCommand(listCommand(run));
  visit.addCommand(showCommand(run));
  visit.addCommand(closeCommand(run));
  return visit;
}

function codeCommand(run: Run, name: "read" | "open"): Command {
  return new Command(name)
    .argument("<code>", "what the patient's QR says, or the short code to type")
    .description(
      name === "open"
        ? "Open a visit, as the hospital that the code is for."
        : "Show what a code permits, as the hospital that it is for. Sends nothing.",
    )
    .action((code: string) =>
      run(async (context) => {
        const session = await context.unlocked();
        const permit = await readPermit(session, /:/.test(code) ? code : await findPermit(session, code));
        const { visitId, patientName, readable, writable } = permit;
        const times = { deadline: isoTime(permit.deadline), until: isoTime(permit.until) };
        const receipt = name === "open" ? (await openVisit(session, permit)).receipt : null;
        const { patientId } = permit.visit;
        const shown = { visitId, patientId, patientName, readable, writable, ...times };
        context.output.result({ ...shown, transaction: receipt?.hash ?? null }, () =>
          facts([
            ["patient", patientName],
            ["visit", visitId],
            ["may read", readable.join(", ") || "nothing from before"],
            ["ends by", times.until],
            receipt ? ["transaction", receipt.hash] : ["can be opened until", times.deadline],
          ]),
        );
      }),
    );
}

function memberCommand(run: Run, name: "assign" | "unassign"): Command {
  return new Command(name)
    .argument("<visit>", "the visit's id")
    .argument("<account>", "somebody whom the hospital itself accredited: address, or persona on the local chain")
    .description(
      name === "assign"
        ? "Assign somebody to a visit, as its hospital. A doctor gets the visit's keys; a laboratory or pharmacy orders only."
        : "Take an assignment back, as the hospital.",
    )
    .action((id: string, who: string) =>
      run(async (context) => {
        const visitId = hex32("visit", id);
        const account = await context.account(who);
        const receipt =
          name === "assign"
            ? await assignMember(await context.unlocked(), visitId, account)
            : await unassignMember(await context.session(), visitId, account);
        done(context, name === "assign" ? "assigned" : "removed", { visitId, account }, receipt);
      }),
    );
}

function writeCommand(run: Run): Command {
  return new Command("write")
    .argument("<visit>", "the visit's id")
    .argument("<file>", "the document")
    .requiredOption("--scope <drawer>", "into which drawer of the patient")
    .option("--title <title>", "what people call it")
    .option("--type <media type>", "media type, when the file's name doesn't tell")
    .description("Write a document of a visit, as its hospital or one of its doctors.")
    .action((id: string, file: string, options: WriteOptions) =>
      run(async (context) => {
        const visitId = hex32("visit", id);
        checkLabels([options.scope]);
        const document = await readDocument(file, options);
        const session = await context.unlocked();
        const access = await enterVisit(session, visitId);
        const { onProgress, stop } = context.output.progress("storing");
        const { recordId, receipt } = await publishInVisit(session, access, options.scope, document, {
          onProgress,
        }).finally(stop);
        done(context, "written", { visitId, recordId, scope: options.scope }, receipt);
      }),
    );
}

function listCommand(run: Run): Command {
  return new Command("list")
    .option("--patient <patient>", "of a patient: pseudonym, account or persona")
    .option("--hospital <account>", "at a hospital")
    .option("--member <account>", "to which somebody was assigned")
    .description("List visits: yours, as patient, hospital or member, unless you name somebody. Anyone may ask.")
    .action((options: ListOptions) =>
      run(async (context) => {
        const visits = await visitsOf(await context.reader(), await wanted(context, options));
        context.output.result({ visits: visits.map(valueOf) }, () =>
          table(
            ["OPENED", "STATUS", "HOSPITAL", "PATIENT", "VISIT"],
            visits.map((visit) => [
              isoTime(visit.openedAt),
              visit.status,
              visit.key.hospital,
              visit.key.patientId,
              visit.visitId,
            ]),
          ),
        );
      }),
    );
}

/** Whose visits, in the role that the acting account has. */
async function wanted(context: Context, { patient, hospital, member }: ListOptions) {
  if (patient !== undefined || hospital !== undefined || member !== undefined) {
    return {
      ...(patient === undefined ? {} : { patientId: await context.patient(patient) }),
      ...(hospital === undefined ? {} : { hospital: await context.account(hospital) }),
      ...(member === undefined ? {} : { member: await context.account(member) }),
    };
  }
  const session: Session = await context.session();
  const role = await roleOf(session.chain, session.account);
  if (role === "hospital") return { hospital: session.account };
  return role === "none" ? { patientId: await context.patient(undefined, session) } : { member: session.account };
}

function showCommand(run: Run): Command {
  return new Command("show")
    .argument("<visit>", "the visit's id")
    .description("Show a visit: who is in it, what was written and ordered. Anyone may ask; titles aren't shown.")
    .action((id: string) =>
      run(async (context) => {
        const visitId = hex32("visit", id);
        const reader = await context.reader();
        const [visit, records, orders] = await Promise.all([
          visitById(reader, visitId),
          visitRecords(reader, visitId),
          ordersOf(reader, { visitId }),
        ]);
        const written = records.map(({ recordId, author, time }) => ({ recordId, author, time: isoTime(time) }));
        const ordered = orders.map(({ orderId, role, state, fulfiller }) => ({ orderId, role, state, fulfiller }));
        context.output.result({ ...valueOf(visit), records: written, orders: ordered }, () =>
          facts([
            ["visit", visitId],
            ["patient", visit.key.patientId],
            ["hospital", visit.key.hospital],
            ["status", visit.status],
            ["opened", isoTime(visit.openedAt)],
            [visit.status === "open" ? "ends by" : "ended", isoTime(visit.end)],
            ...visit.members.map(({ account, removed }) => [removed ? "removed" : "member", account] as const),
            ...written.map(({ recordId, author }) => ["record", `${recordId} by ${author}`] as const),
            ...ordered.map(({ orderId, role, state }) => ["order", `${orderId} for a ${role}, ${state}`] as const),
          ]),
        );
      }),
    );
}

function closeCommand(run: Run): Command {
  return new Command("close")
    .argument("<visit>", "the visit's id")
    .description("End a visit, as its hospital or its patient. All rights in it end in that block.")
    .action((id: string) =>
      run(async (context) => {
        const visitId: VisitId = hex32("visit", id);
        const receipt = await closeVisit(await context.session(), visitId);
        context.output.note(
          "If it could read drawers, the patient should give these new keys now: salus scopes close.",
        );
        done(context, "closed", { visitId }, receipt);
      }),
    );
}

function done(
  { output }: Context,
  what: string,
  value: { visitId: VisitId; account?: string; recordId?: string; scope?: string },
  receipt: Receipt | null,
): void {
  const transaction = receipt?.hash ?? null;
  output.result({ ...value, transaction }, () =>
    facts([
      [what, value.account ?? value.recordId ?? value.visitId],
      ...(value.account || value.recordId ? [["visit", value.visitId] as const] : []),
      ["transaction", transaction ?? "sent by an earlier call"],
    ]),
  );
}

function valueOf({ visitId, key, status, openedAt, until, end, closedBy, members, transactionHash }: Visit) {
  const times = { openedAt: isoTime(openedAt), until: isoTime(until), end: isoTime(end) };
  const shown = members.map(({ account, since, removed }) => ({ account, since: isoTime(since), removed }));
  const { patientId, hospital } = key;
  return { visitId, patientId, hospital, status, ...times, closedBy, members: shown, transaction: transactionHash };
}
