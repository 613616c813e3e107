/** `salus grant`: gives an account access to drawers or single records, until a time. */
import { Command } from "commander";

import {
  chainTime,
  discloseGrant,
  drawerByLabel,
  grant,
  participantOf,
  prepareGrant,
  recordsOf,
  shortId,
  type Address,
  type Disclosure,
  type GrantContext,
  type GrantTerms,
  type Hex,
  type PatientId,
  type RecordId,
  type Rights,
  type Session,
} from "../../../sdk/index.js";
import { hex32 } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { CliError } from "../errors.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { confirm } from "../password.js";
import { parseEnd, type EndOptions } from "../time.js";

interface Options extends EndOptions {
  scope?: string[];
  record?: string[];
  rights: string;
  yes?: boolean;
}

const RIGHTS: Readonly<Record<string, Rights>> = { read: "read", write: "write", both: "read and write" };

export function grantCommand(run: Run): Command {
  return new Command("grant")
    .description("Give an account access to drawers or single records of yours, until a time.")
    .argument("<grantee>", "address, or persona on the local chain")
    .option("--scope <drawer...>", "the drawers")
    .option("--record <id...>", "single records, for reading")
    .option("--rights <rights>", "read, write or both", "read")
    .option("--for <duration>", "how long, such as 30d")
    .option("--until <date>", "until when, or never")
    .option("--yes", "don't ask, after showing who will know what")
    .action((name: string, options: Options) =>
      run(async (context) => {
        const rights = RIGHTS[options.rights];
        if (!rights) throw new CliError("USAGE", { rights: options.rights, reason: "it must be read, write or both" });
        const labels = checkLabels(options.scope ?? []);
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const grantee = await context.account(name);
        const until = parseEnd(options, await chainTime(session.chain));
        const drawers = await Promise.all(labels.map((label) => drawerByLabel(session, patientId, label)));
        const records: RecordId[] = (options.record ?? []).map((id) => hex32("record", id));
        const prepared = await prepareGrant(session, { patientId, grantee, drawers, records, rights, until });

        const names = new Map<Hex, string>(drawers.map(({ scope, label }) => [scope, label]));
        const disclosure = await disclose(session, { patientId, grantee, terms: prepared.terms, names });
        context.output.note(wordsOf(disclosure));
        await confirm("Grant this?", options.yes);
        const { hash } = await grant(session, prepared);
        const value = {
          patientId,
          grantee,
          scopes: labels,
          records,
          rights,
          until: isoTime(until),
          disclosure,
          transaction: hash,
        };
        context.output.result(value, () =>
          facts([
            ["granted to", grantee],
            ["rights", rights],
            ["until", isoTime(until)],
            ["transaction", hash],
          ]),
        );
      }),
    );
}

type Subject = GrantContext["subjects"] extends ReadonlyMap<Hex, infer S> ? S : never;

interface Shown {
  patientId: PatientId;
  grantee: Address;
  terms: readonly GrantTerms[];
  /** The drawers' labels, by scope. */
  names: ReadonlyMap<Hex, string>;
}

/** Who will know what, from the very terms that will be signed. */
async function disclose(session: Session, { patientId, grantee, terms, names }: Shown): Promise<Disclosure> {
  const [participant, anchored] = await Promise.all([
    participantOf(session, grantee),
    recordsOf(session.chain, { patientId }),
  ]);
  const parent = participant && (await participantOf(session, participant.parent));
  const subjects = new Map<Hex, Subject>();
  for (const { subject } of terms) {
    const label = names.get(subject);
    const documents = anchored.filter(({ scope }) => scope === subject).length;
    if (label === undefined)
      subjects.set(subject, { kind: "document", name: `document ${shortId(subject)}`, documents: 1 });
    else subjects.set(subject, { kind: "drawer", name: label, documents });
  }
  return discloseGrant(terms, {
    granteeName: participant?.name ?? shortId(grantee),
    organisationName: participant ? (parent?.name ?? shortId(participant.parent)) : undefined,
    subjects,
    formatUntil: (until) => (isoTime(until) === "no end" ? "without an end" : `until ${isoTime(until)}`),
  });
}
