/** `salus permit`: lets a hospital open a visit, by a code (002-24, 002-41). */
import { Command } from "commander";

import {
  announcePermit,
  disclosePermit,
  discloseWithdrawal,
  drawerByLabel,
  givePermit,
  participantOf,
  pendingPermits,
  preparePermit,
  readableRecords,
  SalusError,
  shortId,
  withdrawPermit,
  type Address,
  type Disclosure,
  type Drawer,
  type GivenPermit,
  type PreparedPermit,
  type Session,
} from "../../../sdk/index.js";
import { hex32 } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { facts, isoTime, table } from "../output.js";
import { confirm } from "../password.js";
import { parseDuration } from "../time.js";

interface GiveOptions {
  scope?: string[];
  valid: string;
  for: string;
  announce?: boolean;
  yes?: boolean;
}

export function permitCommand(run: Run): Command {
  const permit = new Command("permit").description("Permit a hospital to open a visit of yours, by a code.");
  permit.addCommand(giveCommand(run));
  permit.addCommand(listCommand(run));
  permit.addCommand(withdrawCommand(run));
  return permit;
}

function giveCommand(run: Run): Command {
  return new Command("give")
    .argument("<hospital>", "address, or persona on the local chain")
    .option("--scope <drawer...>", "drawers that the visit may read; it can write to all")
    .option("--valid <duration>", "how long the hospital can open the visit", "1h")
    .option("--for <duration>", "how long the visit lasts at most, from now", "1d")
    .option("--announce", "make the short code work as well, by a transaction that everyone sees")
    .option("--yes", "don't ask, after showing who will know what")
    .description("Sign a permit for one visit at one hospital, as the patient, and print its code.")
    .action((name: string, options: GiveOptions) =>
      run(async (context) => {
        const labels = checkLabels(options.scope ?? []);
        const [validFor, lasts] = [parseDuration(options.valid), parseDuration(options.for)];
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const hospital = await context.account(name);
        const drawers = await Promise.all(labels.map((label) => drawerByLabel(session, patientId, label)));
        const prepared = await preparePermit(session, { patientId, hospital, drawers, validFor, lasts });

        const isAnnounced = options.announce === true;
        const disclosure = await disclose(session, prepared, drawers, isAnnounced);
        const hospitalName = await nameOf(session, hospital);
        context.output.note(wordsOf(disclosure, { grantee: hospitalName, organisation: "Others it involves" }));
        await confirm("Sign this permit?", options.yes);
        const given = await givePermit(session, prepared, await context.permits());
        const receipt = isAnnounced ? await announcePermit(session, given) : null;
        const transaction = receipt?.hash ?? null;
        const value = { ...valueOf(given), readable: prepared.readable, disclosure, transaction };
        context.output.result(value, () =>
          facts([
            ["permit for", hospitalName],
            ["code", given.code],
            ...(isAnnounced ? [["to type", given.shortCode] as const] : []),
            ["visit", given.visitId],
            ["can be used until", isoTime(given.deadline)],
            ["visit ends by", isoTime(given.until)],
          ]),
        );
      }),
    );
}

function listCommand(run: Run): Command {
  return new Command("list")
    .description("List the permits that you have given on this device and that can be used still.")
    .action(() =>
      run(async (context) => {
        const session = await context.unlocked();
        const pending = await pendingPermits(session, await context.permits());
        context.output.result({ permits: pending.map(valueOf) }, () =>
          table(
            ["UNTIL", "HOSPITAL", "TO TYPE", "VISIT"],
            pending.map(({ deadline, hospital, shortCode, visitId }) => [
              isoTime(deadline),
              hospital,
              shortCode,
              visitId,
            ]),
          ),
        );
      }),
    );
}

function withdrawCommand(run: Run): Command {
  return new Command("withdraw")
    .argument("<visit>", "the visit's id, from permit list")
    .option("--yes", "don't ask, after showing who will know what")
    .description("Make a permit worthless that wasn't used.")
    .action((id: string, { yes }: { yes?: boolean }) =>
      run(async (context) => {
        const visitId = hex32("visit", id);
        const session = await context.unlocked();
        const kept = await context.permits();
        const given = (await pendingPermits(session, kept)).find((each) => each.visitId === visitId);
        if (!given) throw new SalusError("VISIT_UNKNOWN", { visitId });
        const hospitalName = await nameOf(session, given.hospital);
        const disclosure = discloseWithdrawal(given.visit, { hospitalName });
        context.output.note(wordsOf(disclosure, { grantee: hospitalName, organisation: "The storage" }));
        await confirm("Withdraw it?", yes);
        const { hash } = await withdrawPermit(session, given, kept);
        context.output.result({ visitId, disclosure, transaction: hash }, () =>
          facts([
            ["withdrawn", visitId],
            ["transaction", hash],
          ]),
        );
      }),
    );
}

/** Who will know what, from the very permit that will be signed. */
async function disclose(
  session: Session,
  prepared: PreparedPermit,
  drawers: readonly Drawer[],
  isAnnounced: boolean,
): Promise<Disclosure> {
  const { patientId, hospital } = prepared.permit;
  const scopes = new Set(drawers.map(({ scope }) => scope));
  const records = await readableRecords(session, patientId);
  return disclosePermit(prepared, {
    hospitalName: await nameOf(session, hospital),
    documents: records.filter(({ scope }) => scopes.has(scope)).length,
    isAnnounced,
    formatTime: isoTime,
  });
}

function valueOf({ visitId, hospital, code, shortCode, deadline, until }: GivenPermit) {
  return { visitId, hospital, code, shortCode, deadline: isoTime(deadline), until: isoTime(until) };
}

async function nameOf(session: Session, account: Address): Promise<string> {
  return (await participantOf(session, account))?.name ?? shortId(account);
}
