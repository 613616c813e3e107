/** `salus order`: test lists and prescriptions, and who carries them out (002-26 to 002-31, 002-40, 003-14). */
import { join } from "node:path";

import { Command } from "commander";

import {
  cancelOrder,
  chainTime,
  chooseFulfiller,
  decodeCode,
  encodeCode,
  enterVisit,
  openOrder,
  orderById,
  ordersOf,
  placeOrder,
  reportOnOrder,
  requestOrder,
  type FulfillerRole,
  type Order,
  type Receipt,
  type RecordId,
  type ReportStatus,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError } from "../errors.js";
import { localFileName, writeWhole } from "../files.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { facts, isoTime, table } from "../output.js";
import { parseEnd, type EndOptions } from "../time.js";
import { readDocument, type DocumentOptions } from "./upload.js";

interface PlaceOptions extends DocumentOptions, EndOptions {
  role: string;
  scope: string;
  fills: string;
  fulfiller?: string;
}

interface ListOptions {
  patient?: string;
  visit?: string;
  author?: string;
  fulfiller?: string;
  requester?: string;
}

interface ReportOptions extends DocumentOptions {
  status: string;
  scope?: string;
}

const ROLES: readonly string[] = ["laboratory", "pharmacy"] satisfies FulfillerRole[];
const STATUSES: readonly string[] = ["partial", "final", "corrected"] satisfies ReportStatus[];

export function orderCommand(run: Run): Command {
  const order = new Command("order").description("Order tests and medicines in a visit, and carry orders out.");
  order.addCommand(placeCommand(run));
  order.addCommand(chooseCommand(run));
  order.addCommand(shortCommand(run, "request", "Ask to be chosen for an order, as a laboratory or pharmacy."));
  order.addCommand(shortCommand(run, "cancel", "Cancel an order, as its patient, or its doctor in the open visit."));
  order.addCommand(openCommand(run));
  order.addCommand(reportCommand(run));
  order.addCommand(listCommand(run));
  order.addCommand(showCommand(run));
  return order;
}

function placeCommand(run: Run): Command {
  return new Command("place")
    .argument("<visit>", "the visit's id")
    .argument("<file>", "the test list or prescription")
    .requiredOption("--role <role>", "laboratory or pharmacy")
    .option("--scope <drawer>", "the drawer that the order itself goes into", "visits")
    .option("--fills <number>", "how often it may be carried out", "1")
    .option("--for <duration>", "how long it may be carried out; 30d by default")
    .option("--until <date>", "until when")
    .option("--fulfiller <account>", "somebody assigned to the visit; the patient chooses without")
    .option("--title <title>", "what people call it")
    .option("--type <media type>", "media type, when the file's name doesn't tell")
    .description("Order something in a visit, as one of its doctors, and print the order's code.")
    .action((id: string, file: string, options: PlaceOptions) =>
      run(async (context) => {
        const role = oneOf("role", options.role, ROLES) as FulfillerRole;
        checkLabels([options.scope]);
        if (!/^[1-9]\d{0,2}$/.test(options.fills)) {
          throw new CliError("USAGE", { fills: options.fills, reason: "it must be a number from 1 to 255" });
        }
        const document = await readDocument(file, options);
        const session = await context.unlocked();
        const fulfiller = options.fulfiller === undefined ? undefined : await context.account(options.fulfiller);
        const until = parseEnd(options, await chainTime(session.chain), "30d");
        const access = await enterVisit(session, hex32("visit", id));
        const request = { drawer: options.scope, document, role, fills: Number(options.fills), until, fulfiller };
        const { recordId: orderId, receipt } = await placeOrder(session, access, request);
        done(context, "ordered", { orderId, code: encodeCode("order", orderId), fulfiller }, receipt);
      }),
    );
}

function chooseCommand(run: Run): Command {
  return new Command("choose")
    .argument("<order>", "the order's id or code")
    .argument("<account>", "a laboratory or pharmacy: address, or persona on the local chain")
    .description("Choose who carries an order out, as its patient, or its doctor among the visit's staff.")
    .action((order: string, who: string) =>
      run(async (context) => {
        const orderId = idOf(order);
        const fulfiller = await context.account(who);
        const receipt = await chooseFulfiller(await context.unlocked(), orderId, fulfiller);
        done(context, "chosen", { orderId, fulfiller }, receipt);
      }),
    );
}

function shortCommand(run: Run, name: "request" | "cancel", description: string): Command {
  return new Command(name)
    .argument("<order>", "the order's id or code")
    .description(description)
    .action((order: string) =>
      run(async (context) => {
        const orderId = idOf(order);
        const session = await context.session();
        const receipt = await (name === "request" ? requestOrder(session, orderId) : cancelOrder(session, orderId));
        done(context, name === "request" ? "asked" : "cancelled", { orderId }, receipt);
      }),
    );
}

function openCommand(run: Run): Command {
  return new Command("open")
    .argument("<order>", "the order's id or code")
    .option("--out <folder>", "folder to write the document to, under its own name")
    .option("--force", "overwrite the file")
    .description("Open an order, as the laboratory or pharmacy that was chosen for it.")
    .action((order: string, { out, force }: { out?: string; force?: boolean }) =>
      run(async (context) => {
        const opened = await openOrder(await context.unlocked(), idOf(order));
        const { orderId, patientName, manifest, content } = opened;
        const file = out === undefined ? null : join(out, localFileName(manifest.fileName));
        if (file) await writeWhole(file, content, { isPrivate: true, replace: force });
        const { title, fileName, mediaType, size } = manifest;
        const scopes = opened.drawers.map(({ label }) => label);
        const document = { title: title ?? null, fileName, mediaType, size, file };
        context.output.result({ ...valueOf(opened.order), patientName, scopes, ...document }, () =>
          facts([
            ["order", orderId],
            ["patient", patientName],
            ["document", title ?? fileName],
            ["type", mediaType],
            ["results go into", scopes.join(", ")],
            ["file", file ?? "not kept: name a folder with --out"],
          ]),
        );
      }),
    );
}

function reportCommand(run: Run): Command {
  return new Command("report")
    .argument("<order>", "the order's id or code")
    .argument("<file>", "the report, or the note of what was dispensed")
    .option("--status <status>", "partial, final or corrected", "final")
    .option("--scope <drawer>", "the drawer that it goes into, of those that order open names")
    .option("--title <title>", "what people call it")
    .option("--type <media type>", "media type, when the file's name doesn't tell")
    .description("Report on an order, or dispense, as whoever was chosen for it.")
    .action((order: string, file: string, options: ReportOptions) =>
      run(async (context) => {
        const status = oneOf("status", options.status, STATUSES) as ReportStatus;
        const document = await readDocument(file, options);
        const session = await context.unlocked();
        const opened = await openOrder(session, idOf(order));
        const { onProgress, stop } = context.output.progress("storing");
        const where = options.scope === undefined ? {} : { drawer: options.scope };
        const { recordId, receipt } = await reportOnOrder(session, opened, document, status, {
          onProgress,
          ...where,
        }).finally(stop);
        done(context, "reported", { orderId: opened.orderId, recordId, status }, receipt);
      }),
    );
}

function listCommand(run: Run): Command {
  return new Command("list")
    .option("--patient <patient>", "of a patient")
    .option("--visit <visit>", "of a visit")
    .option("--author <account>", "by a doctor")
    .option("--fulfiller <account>", "that somebody carries out")
    .option("--requester <account>", "that somebody asked to be chosen for")
    .description("List orders: of whom you name, else those of your own record. Anyone may ask.")
    .action((options: ListOptions) =>
      run(async (context) => {
        const { visit, author, fulfiller, requester } = options;
        const others = [visit, author, fulfiller, requester].some((each) => each !== undefined);
        const orders = await ordersOf(await context.reader(), {
          ...(options.patient !== undefined || !others ? { patientId: await context.patient(options.patient) } : {}),
          ...(visit === undefined ? {} : { visitId: hex32("visit", visit) }),
          ...(author === undefined ? {} : { author: await context.account(author) }),
          ...(fulfiller === undefined ? {} : { fulfiller: await context.account(fulfiller) }),
          ...(requester === undefined ? {} : { requester: await context.account(requester) }),
        });
        context.output.result({ orders: orders.map(valueOf) }, () =>
          table(
            ["FOR", "STATE", "DONE", "UNTIL", "ORDER"],
            orders.map(({ role, state, done: times, fills, until, orderId }) => [
              role,
              state,
              `${times} of ${fills}`,
              isoTime(until),
              orderId,
            ]),
          ),
        );
      }),
    );
}

function showCommand(run: Run): Command {
  return new Command("show")
    .argument("<order>", "the order's id or code")
    .description("Show where an order stands, who asked for it and what was reported. Anyone may ask.")
    .action((order: string) =>
      run(async (context) => {
        const found = await orderById(await context.reader(), idOf(order));
        const { orderId, role, state, done: times, fills, until, fulfiller, requests, reports } = found;
        context.output.result(valueOf(found), () =>
          facts([
            ["order", orderId],
            ["code", encodeCode("order", orderId)],
            ["for a", role],
            ["state", `${state}, ${times} of ${fills}`],
            ["until", isoTime(until)],
            ["carried out by", fulfiller ?? "nobody yet"],
            ...requests.map((account) => ["asked", account] as const),
            ...reports.map(({ recordId, status }) => [status, recordId] as const),
          ]),
        );
      }),
    );
}

/** An order named by its id or by what its QR says. @throws USAGE, CODE_MALFORMED, CODE_OF_OTHER_KIND */
function idOf(order: string): RecordId {
  return /:/.test(order) ? decodeCode(order, "order") : hex32("order", order);
}

function oneOf(what: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new CliError("USAGE", { [what]: value, reason: `it must be one of ${known.join(", ")}` });
}

function done(
  { output }: Context,
  what: string,
  value: { orderId: RecordId } & Record<string, string | undefined>,
  receipt: Receipt | null,
): void {
  const { orderId, ...others } = value;
  const transaction = receipt?.hash ?? null;
  output.result({ ...value, transaction }, () =>
    facts([
      [what, orderId],
      ...Object.entries(others).flatMap(([name, each]) => (each === undefined ? [] : [[name, each] as const])),
      ["transaction", transaction ?? "sent by an earlier call"],
    ]),
  );
}

function valueOf(order: Order) {
  const { orderId, patientId, visitId, author, role, state, fills, done: times, until, fulfiller, requests } = order;
  const reports = order.reports.map(({ recordId, by, status, previous }) => ({ recordId, by, status, previous }));
  const code = encodeCode("order", orderId);
  const stands = { role, state, fills, done: times, until: isoTime(until), fulfiller, requests, reports };
  return { orderId, code, patientId, visitId, author, ...stands, transaction: order.transactionHash };
}
