/** `salus claim bill`: a hospital's bill for a visit that has ended (002-15, 002-33). */
import { Command } from "commander";
import * as v from "valibot";

import {
  billablePolicies,
  discloseBill,
  fhir,
  formatAmount,
  parseAmount,
  prepareBill,
  SalusError,
  submitBill,
  visitById,
  visitRecords,
  type BillablePolicy,
  type BillDraft,
  type PolicyId,
  type Reader,
  type VisitId,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError } from "../errors.js";
import { readJson } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { parseTime } from "../time.js";
import { agreed, nameOf, namesOf, tokenOfPolicy } from "./claim-steps.js";

interface BillOptions {
  items: string;
  policy?: string;
  record?: string[];
  doctor?: string;
  share?: string;
  from?: string;
  until?: string;
  yes?: boolean;
}

/** Lines of a bill, as a hospital's program writes them: prices as people write them. */
const ITEMS_SCHEMA = v.pipe(
  v.array(
    v.strictObject({
      code: v.picklist(fhir.CLAIM_ITEMS.map(({ code }) => code)),
      text: v.string(),
      quantity: v.pipe(v.number(), v.integer(), v.minValue(1)),
      unitPrice: v.string(),
    }),
  ),
  v.minLength(1),
);

export function billCommand(run: Run): Command {
  return new Command("bill")
    .argument("<visit>", "the visit's id; it must have ended")
    .requiredOption("--items <file>", 'JSON: [{"code":"consultation","text":"…","quantity":1,"unitPrice":"120.00"}]')
    .option("--policy <policy>", "the policy; needn't be said when only one was in force during the visit")
    .option("--record <id...>", "documents of the visit that it is for; all that were written in it without this")
    .option("--doctor <account>", "who gets a part of what is paid")
    .option("--share <per cent>", "the doctor's part, such as 40")
    .option("--from <date>", "when the service began; without it when the visit did, or the policy if later")
    .option("--until <date>", "when it ended; without it when the visit did, or the policy if sooner")
    .option("--yes", "don't ask, after showing who will know what")
    .description("Bill a visit to the patient's insurer, as its hospital.")
    .action((id: string, options: BillOptions) => run((context) => bill(context, hex32("visit", id), options)));
}

async function bill(context: Context, visitId: VisitId, options: BillOptions): Promise<undefined> {
  const session = await context.unlocked();
  const { policyId, span } = await coverIn(session, visitId, options.policy);
  const money = await tokenOfPolicy(session, policyId);
  const lines = await readJson(options.items, ITEMS_SCHEMA);
  const draft: BillDraft = {
    visitId,
    policyId,
    items: lines.map((line) => ({ ...line, unitPrice: parseAmount(line.unitPrice, money) })),
    records:
      options.record?.map((record) => hex32("record", record)) ??
      (await visitRecords(session, visitId)).map(({ recordId }) => recordId),
    doctor: options.doctor === undefined ? null : await context.account(options.doctor),
    doctorShare: options.share === undefined ? 0 : shareIn(options.share),
    from: options.from === undefined ? span?.from : parseTime(options.from),
    until: options.until === undefined ? span?.until : parseTime(options.until),
  };
  const prepared = await prepareBill(session, draft);
  const { bill: sent, token, estimate } = prepared;
  const names = await namesOf(session, sent.visit.hospital, sent.cover.insurer);
  const doctorName = sent.doctor ? await nameOf(session, sent.doctor) : "";
  const disclosure = discloseBill(sent, { ...names, token }, doctorName);
  await agreed(context, disclosure, "The patient and the insurer", "Send this bill?", options.yes);
  const { hash } = await submitBill(session, prepared);
  const value = {
    visitId,
    policyId,
    amount: `${sent.amount}`,
    from: isoTime(sent.from),
    until: isoTime(sent.until),
    estimate: Object.fromEntries(Object.entries(estimate).map(([name, part]) => [name, `${part}`])),
    records: draft.records,
    disclosure,
    transaction: hash,
  };
  context.output.result(value, () =>
    facts([
      ["billed", formatAmount(sent.amount, token)],
      ["for what was done", `${isoTime(sent.from)} to ${isoTime(sent.until)}`],
      ["paid if all is acknowledged", formatAmount(estimate.paid, token)],
      ["left to the patient", formatAmount(sent.amount - estimate.paid, token)],
      ["documents", draft.records.length],
      ["transaction", hash],
    ]),
  );
  return undefined;
}

/** The policy that is named, or the only one, and what of the visit it covers. @throws NotCovered, USAGE when there are several */
async function coverIn(
  reader: Reader,
  visitId: VisitId,
  named: string | undefined,
): Promise<{ policyId: PolicyId; span: BillablePolicy["span"] | null }> {
  await visitById(reader, visitId);
  const policies = await billablePolicies(reader, visitId);
  if (named !== undefined) {
    const policyId = hex32("policy", named);
    // Of one that can't be billed, the bill's own refusal says why.
    return { policyId, span: policies.find(({ policy }) => policy.policyId === policyId)?.span ?? null };
  }
  const [only] = policies;
  if (!only) throw new SalusError("NotCovered", { visitId });
  if (policies.length > 1) {
    throw new CliError("USAGE", { reason: "several policies were in force during the visit: name one" });
  }
  return { policyId: only.policy.policyId, span: only.span };
}

/** Basis points of "40" or "12.5". @throws USAGE */
function shareIn(percent: string): number {
  const share = Math.round(Number(percent) * 100);
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(percent) || share > 10_000) {
    throw new CliError("USAGE", { reason: "a share is 0 to 100 per cent" });
  }
  return share;
}
