/** `salus claim`: a hospital's bill for a visit, from writing it to settling it (002-15, 002-33, 004-19). */
import { Command } from "commander";

import {
  answerClaim,
  askAboutClaim,
  claimOf,
  confirmClaim,
  decideClaim,
  discloseClaimNote,
  discloseConfirmation,
  discloseDecision,
  disputeClaim,
  fhir,
  formatAmount,
  parseAmount,
  previewDecision,
  withdrawClaim,
  type Claim,
  type Receipt,
  type VisitId,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import { CliError } from "../errors.js";
import { readBytes } from "../files.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";
import { billCommand } from "./claim-bill.js";
import { agreed, namesOf, tokenOfPolicy } from "./claim-steps.js";
import { checkedBill, claimListCommand, claimReadCommand, claimShowCommand } from "./claim-views.js";

interface DecideOptions {
  approve?: string;
  deny?: boolean;
  reason?: string;
  note?: string;
  yes?: boolean;
}

export function claimCommand(run: Run): Command {
  const claim = new Command("claim").description("Bill a visit, look at the bill, dispute, ask, decide and pay.");
  claim.addCommand(billCommand(run));
  claim.addCommand(claimListCommand(run));
  claim.addCommand(claimShowCommand(run));
  claim.addCommand(claimReadCommand(run));
  claim.addCommand(confirmCommand(run));
  claim.addCommand(sayCommand(run, "dispute"));
  claim.addCommand(sayCommand(run, "ask"));
  claim.addCommand(sayCommand(run, "answer"));
  claim.addCommand(decideCommand(run));
  claim.addCommand(withdrawCommand(run));
  return claim;
}

// -------- the hospital --------

function withdrawCommand(run: Run): Command {
  return new Command("withdraw")
    .argument("<visit>", "the visit that was billed")
    .description("Take the bill back before it is decided, as the hospital. A right one may follow.")
    .action((id: string) =>
      run(async (context) => {
        const session = await context.session();
        const claim = await claimOf(session, hex32("visit", id));
        await done(context, "withdrawn", claim, await withdrawClaim(session, claim));
      }),
    );
}

// -------- the patient --------

function confirmCommand(run: Run): Command {
  return new Command("confirm")
    .argument("<visit>", "the visit that was billed")
    .option("--yes", "don't ask, after showing who will know what")
    .description(
      "Say that the bill is right, as the patient: the insurer can pay. It takes a dispute back, too. Refused unless the bill says what the chain says.",
    )
    .action((id: string, { yes }: { yes?: boolean }) =>
      run(async (context) => {
        const session = await context.unlocked();
        const claim = await claimOf(session, hex32("visit", id));
        context.output.note(await checkedBill(session, claim));
        const disclosure = discloseConfirmation(await namesOf(session, claim.key.hospital, claim.insurer));
        await agreed(context, disclosure, "Hospital and insurer", "Say that it is right?", yes);
        await done(context, "confirmed", claim, await confirmClaim(session, claim));
      }),
    );
}

// -------- words, which no command line should hold --------

const SAYING = {
  dispute: { act: disputeClaim, kind: "disputed", by: "patient", what: "Say that the bill is wrong, and why" },
  ask: { act: askAboutClaim, kind: "asked", by: "insurer", what: "Ask the hospital about its bill" },
  answer: { act: answerClaim, kind: "answered", by: "hospital", what: "Answer what the insurer asks" },
} as const;

function sayCommand(run: Run, name: keyof typeof SAYING): Command {
  const { act, kind, by, what } = SAYING[name];
  return new Command(name)
    .argument("<visit>", "the visit that was billed")
    .requiredOption("--words <file>", "a text file; sealed to patient, insurer and hospital")
    .option("--yes", "don't ask, after showing who will know what")
    .description(`${what}, as the ${by}.`)
    .action((id: string, { words, yes }: { words: string; yes?: boolean }) =>
      run(async (context) => {
        const session = await context.session();
        const claim = await claimOf(session, hex32("visit", id));
        const text = await textIn(words);
        const disclosure = discloseClaimNote(kind, await namesOf(session, claim.key.hospital, claim.insurer));
        await agreed(context, disclosure, "The three parties", "Say this?", yes);
        await done(context, kind, claim, await act(session, claim, text));
      }),
    );
}

// -------- the insurer --------

function decideCommand(run: Run): Command {
  return new Command("decide")
    .argument("<visit>", "the visit that was billed")
    .option("--approve <amount>", "what of the bill is acknowledged, or all")
    .option("--deny", "acknowledge nothing")
    .option(
      "--reason <number>",
      `why not all of it: ${fhir.REASONS.map(({ code, text }) => `${code} ${text}`).join(" ")}`,
    )
    .option("--note <file>", "what you add in words, a text file; sealed to patient, insurer and hospital")
    .option("--yes", "don't ask, after showing who will know what")
    .description("Decide, as the insurer. What the terms give of it is paid in the same transaction.")
    .action((id: string, options: DecideOptions) => run((context) => decide(context, hex32("visit", id), options)));
}

async function decide(context: Context, visitId: VisitId, options: DecideOptions): Promise<undefined> {
  if ((options.approve === undefined) === (options.deny !== true)) {
    throw new CliError("USAGE", { reason: "say either --approve or --deny" });
  }
  const session = await (options.deny === true ? context.session() : context.unlocked());
  const claim = await claimOf(session, visitId);
  // A bill that nobody can open, or that says something else, can be denied, and not approved.
  if (options.deny !== true) context.output.note(await checkedBill(session, claim));
  const token = await tokenOfPolicy(session, claim.policyId);
  const { approve = "0" } = options;
  const eligible = approve === "all" ? claim.amount : parseAmount(approve, token);
  const reason = options.reason === undefined ? 0 : Number(options.reason);
  const reasonText = fhir.REASONS.find(({ code }) => code === reason)?.text ?? null;
  if (reason !== 0 && reasonText === null) throw new CliError("USAGE", { reason: "there is no such reason" });
  const note = options.note === undefined ? undefined : await textIn(options.note);
  const { paid, fee } = await previewDecision(session, claim, eligible);
  const names = await namesOf(session, claim.key.hospital, claim.insurer);
  const disclosure = discloseDecision({ eligible, amount: claim.amount, paid, fee, reasonText }, { ...names, token });
  await agreed(context, disclosure, "The patient and the hospital", "Decide so?", options.yes);
  const { hash } = await decideClaim(session, claim, { eligible, reason, note });
  const { status, approved, fee: share } = await claimOf(session, visitId);
  const value = { visitId, status, eligible: `${eligible}`, approved: `${approved}`, fee: `${share}`, reason };
  context.output.result({ ...value, disclosure, transaction: hash }, () =>
    facts([
      [status, visitId],
      ["acknowledged", formatAmount(eligible, token)],
      ["paid", formatAmount(approved, token)],
      ["of it to the doctor", formatAmount(share, token)],
      ["transaction", hash],
    ]),
  );
  return undefined;
}

// -------- steps --------

async function done(context: Context, what: string, { visitId }: Claim, { hash }: Receipt): Promise<void> {
  const { status } = await claimOf(await context.reader(), visitId);
  context.output.result({ visitId, status, transaction: hash }, () =>
    facts([
      [what, visitId],
      ["transaction", hash],
    ]),
  );
}

async function textIn(file: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(file));
}
