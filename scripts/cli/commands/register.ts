/**
 * `salus register`: registers with a civil registry's service, and with an insurer's if one is named. What is done is kept,
 * sealed, beside the journal: the same command goes on after whatever went wrong. Nothing personal is on the command line.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { Command } from "commander";

import {
  beginEnrolment,
  comparePolicy,
  connectInsurer,
  connectRegistry,
  discardEnrolment,
  discloseEnrolment,
  enrol,
  hasDraft,
  identify,
  insure,
  isSalusError,
  keyOf,
  recoverySheet,
  renewAttestation,
  renewOffer,
  resumeEnrolment,
  SalusError,
  withoutInsurance,
  type Drafts,
  type Enrolled,
  type Enrolment,
  type Session,
} from "../../../sdk/index.js";
import { fileDrafts } from "../../../sdk/node.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { CliError } from "../errors.js";
import { readBytes, readJson, writeWhole } from "../files.js";
import { keepBackup } from "../keystore.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { askLine, confirm } from "../password.js";
import { PERSON_SCHEMA } from "../schemas.js";
import { requestCommand, submitCommand } from "./register-offline.js";

interface RegisterOptions {
  registry?: string;
  insurer?: string;
  idFile?: string;
  photo?: string;
  cardFile?: string;
  policy?: string;
  schedule?: string;
  sheet?: string;
  yes?: boolean;
}

export function registerCommand(run: Run): Command {
  const group = new Command("register")
    .description("Register as a patient. What was begun is gone on with by the same command.")
    .option("--registry <url>", "the civil registry's service")
    .option("--insurer <url>", "the insurer's service; without it you register without insurance")
    .option(
      "--id-file <file>",
      "JSON with nationalId, birthDate and, if you have one, insuranceCard; asked for otherwise",
    )
    .option("--photo <file>", "your face, JPEG or PNG, if the registry wants to see it")
    .option("--card-file <file>", "a text file with the number of your insurance card")
    .option("--policy <file>", "your own copy of the policy's wording")
    .option("--schedule <file>", "your own copy of the policy's schedule; without it you accept the insurer's")
    .option("--sheet <file>", "where to put the recovery sheet, to be printed")
    .option("--yes", "don't ask before sending")
    .action((options: RegisterOptions) => run((context) => registerWith(context, options)));

  group
    .command("status")
    .description("Show how far a registration is that was begun. Nothing is sent.")
    .action(() => run(status));
  group
    .command("discard")
    .option("--yes", "don't ask")
    .description("Give a registration up that was begun: nothing of it stays here or on IPFS.")
    .action((options: { yes?: boolean }) => run((context) => discard(context, options)));
  return group.addCommand(requestCommand(run)).addCommand(submitCommand(run));
}

async function registerWith(context: Context, options: RegisterOptions): Promise<undefined> {
  if (options.sheet && (await stat(options.sheet).catch(() => null))) {
    throw new CliError("FILE_EXISTS", { file: options.sheet });
  }
  const { session, drafts, password, keystore } = await atWork(context);
  let enrolment = (await hasDraft(drafts))
    ? await resumeEnrolment(session, drafts, password)
    : await beginEnrolment(session, drafts, password);
  if (enrolment.step === "identity") enrolment = await proveIdentity(enrolment, options);
  if (enrolment.step === "insurance") enrolment = await showCard(context, enrolment, options);
  if (enrolment.step === "policy") enrolment = await compare(context, enrolment, options);
  if (enrolment.step === "confirm") {
    const titles = { grantee: "The registry and the insurer", organisation: "The storage" };
    context.output.note(wordsOf(discloseEnrolment(enrolment), titles));
    await confirm("Register?", options.yes);
  }
  const enrolled = await send(enrolment, options);
  if (keystore && enrolled.backup) await keepBackup(session, session.account, keystore);
  const { chainId, contracts } = session.chain.deployment;
  const sheet = recoverySheet({ ...enrolled, chainId, patients: contracts.patients });
  if (options.sheet) await writeWhole(options.sheet, sheet, { isPrivate: true });
  const { account, patientId, patientHash, transaction, policyId } = enrolled;
  const value = { account, patientId, patientHash, transaction, policyId, sheet: options.sheet ?? null };
  context.output.result({ ...value, backup: enrolled.backup?.cid ?? null }, () =>
    facts([
      ["account", account],
      ["patient", patientId],
      ["H", patientHash],
      ["transaction", transaction],
      ["policy", policyId ?? "none"],
      ["recovery sheet", options.sheet ?? "not written: name a file with --sheet next time"],
    ]),
  );
}

async function status(context: Context): Promise<undefined> {
  const { session, drafts, password } = await atWork(context);
  const { step, proof, cover, transaction, enrolled } = await resumeEnrolment(session, drafts, password);
  const value = {
    step,
    account: session.account,
    registry: proof?.registryName ?? null,
    attestedUntil: proof && isoTime(proof.attestation.deadline),
    insurer: cover?.insurerName ?? null,
    offeredUntil: cover && isoTime(cover.offer.deadline),
    transaction: enrolled?.transaction ?? transaction,
  };
  context.output.result(value, () =>
    facts(Object.entries(value).map(([name, each]) => [name, each === null ? "none" : each])),
  );
}

async function discard(context: Context, { yes }: { yes?: boolean }): Promise<undefined> {
  const session = await context.session();
  const drafts = await draftsOf(context, session);
  if (!(await hasDraft(drafts))) throw new SalusError("NO_DRAFT", { account: session.account });
  await confirm("Give the registration up that was begun?", yes);
  await discardEnrolment(session, drafts);
  context.output.result({ account: session.account, discarded: true }, () => "Nothing of it is left.");
}

// -------- steps --------

async function atWork(context: Context) {
  const locked = await context.session();
  const { password, keystore } = await context.identity();
  const session: Session = (await keyOf(locked.chain, locked.account)) ? await context.unlocked() : locked;
  return { session, drafts: await draftsOf(context, locked), password, keystore };
}

async function draftsOf(context: Context, { account }: Session): Promise<Drafts> {
  return fileDrafts(join(await context.journals(), `${account}.registration`));
}

async function proveIdentity(enrolment: Enrolment, options: RegisterOptions): Promise<Enrolment> {
  const person = options.idFile
    ? await readJson(options.idFile, PERSON_SCHEMA)
    : {
        nationalId: await asked("id-file", "National id"),
        birthDate: await asked("id-file", "Birth date, like 1990-05-17"),
      };
  return identify(enrolment, registryOf(options), { ...person, photo: await photoOf(options) });
}

async function showCard(context: Context, enrolment: Enrolment, options: RegisterOptions): Promise<Enrolment> {
  if (options.insurer === undefined) {
    context.output.note("No insurer is named with --insurer: this registers without insurance.");
    return withoutInsurance(enrolment);
  }
  const insurer = connectInsurer(options.insurer);
  const card = await cardOf(options);
  return insure(enrolment, insurer, { card, domain: new URL(insurer.url).host });
}

async function cardOf({ cardFile, idFile }: RegisterOptions): Promise<string> {
  if (cardFile) {
    const [line = ""] = new TextDecoder().decode(await readBytes(cardFile)).split(/\r?\n/, 1);
    if (line.trim() === "" || line.length > 120) throw new CliError("FILE_INVALID", { file: cardFile });
    return line.trim();
  }
  const inFile = idFile ? (await readJson(idFile, PERSON_SCHEMA)).insuranceCard : undefined;
  return inFile ?? asked("card-file", "Number of the insurance card");
}

async function compare(context: Context, enrolment: Enrolment, options: RegisterOptions): Promise<Enrolment> {
  const wording = await readBytes(
    options.policy ?? (await asked("policy", "File with your copy of the policy's wording")),
  );
  const schedule = options.schedule ? await readBytes(options.schedule) : undefined;
  const compared = await comparePolicy(enrolment, { wording, schedule });
  const differing = compared.cover?.comparisons.find(({ equal }) => !equal);
  if (differing) {
    const { part, copy, anchored } = differing;
    throw new SalusError("POLICY_COPIES_DIFFER", { part, yours: copy, insurers: anchored });
  }
  if (!schedule) context.output.note("Without --schedule you accept the insurer's schedule as it is.");
  return compared;
}

/** Sends; what has expired on the way is asked for again, without asking the person. */
async function send(enrolment: Enrolment, options: RegisterOptions, renewals = 2): Promise<Enrolled> {
  try {
    return await enrol(enrolment);
  } catch (error) {
    if (!isSalusError(error, "SignatureExpired") || renewals === 0) throw error;
    return send(await renewed(enrolment, String(error.details["part"]), options), options, renewals - 1);
  }
}

async function renewed(enrolment: Enrolment, part: string, options: RegisterOptions): Promise<Enrolment> {
  if (part === "attestation") return renewAttestation(enrolment, registryOf(options), await photoOf(options));
  const insurer = connectInsurer(options.insurer ?? missing("insurer"));
  const next = await renewOffer(enrolment, insurer, { domain: new URL(insurer.url).host });
  // Other files than those that were compared: the person must compare anew, by the same command.
  if (next.step === "policy")
    throw new SalusError("INSURER_COPY_DIFFERS", { reason: "the insurer offers other files now" });
  return next;
}

function registryOf({ registry }: RegisterOptions) {
  return connectRegistry(registry ?? missing("registry"));
}

async function photoOf({ photo }: RegisterOptions): Promise<Uint8Array | undefined> {
  return photo === undefined ? undefined : readBytes(photo);
}

/** What the person types on a terminal. @throws USAGE without one */
async function asked(option: string, question: string): Promise<string> {
  return (await askLine(question)) ?? missing(option);
}

function missing(option: string): never {
  throw new CliError("USAGE", { reason: `--${option} is missing` });
}
