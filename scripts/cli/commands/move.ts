/** `salus move`: hands a patient over to another account of the same person (002-44). */
import { Command } from "commander";
import { getAddress, isAddress } from "ethers";
import * as v from "valibot";

import {
  discloseMove,
  move,
  patientOf,
  prepareMove,
  SalusError,
  signMove,
  unlock,
  type Address,
  type Hex,
  type PatientId,
  type SignedMove,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { readJson, writeJson } from "../files.js";
import { keepBackup } from "../keystore.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { askPassword, confirm } from "../password.js";

const hex = (bytes: number) =>
  v.custom<Hex>((value) => typeof value === "string" && new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`).test(value));
const address = v.pipe(
  v.custom<Address>((value) => isAddress(value)),
  v.transform((value) => getAddress(value) as Address),
);

/** A move as its file holds it. */
const MOVE_SCHEMA: v.GenericSchema<unknown, SignedMove> = v.strictObject({
  patientId: hex(32),
  from: address,
  to: address,
  nonce: v.pipe(v.string(), v.regex(/^\d{1,78}$/)),
  deadline: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  signature: v.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2}){1,4096}$/.test(value)),
});

interface NextOptions {
  passphraseFile?: string;
}

export function moveCommand(run: Run): Command {
  const group = new Command("move").description(
    "Move to another wallet: prepare and sign as the next account, send as the present one.",
  );

  group
    .command("prepare")
    .argument("<patient>", "pseudonym, account or persona of the patient")
    .option("--passphrase-file <file>", "holds the passphrase of the present account's backup; asked for otherwise")
    .description("As the next account: show what it would take over. Nothing is sent.")
    .action((patient: string, options: NextOptions) =>
      run(async (context) => {
        const { session, patientId } = await asNext(context, patient, options);
        const prepared = await prepareMove(session, patientId);
        const disclosure = discloseMove(prepared);
        context.output.result({ ...prepared, deadline: isoTime(prepared.deadline), disclosure }, () =>
          wordsOf(disclosure),
        );
      }),
    );

  group
    .command("sign")
    .argument("<patient>", "pseudonym, account or persona of the patient")
    .option("--passphrase-file <file>", "holds the passphrase of the present account's backup; asked for otherwise")
    .requiredOption("--out <file>", "where to put the signed move, which holds no secret")
    .description("As the next account: publish the patient's key for it, and sign that it takes over.")
    .action((patient: string, { out, ...options }: NextOptions & { out: string }) =>
      run(async (context) => {
        const { session, patientId, keystore } = await asNext(context, patient, options);
        const signed = await signMove(session, await prepareMove(session, patientId));
        if (keystore) await keepBackup(session, session.account, keystore);
        await writeJson(out, signed);
        const deadline = isoTime(signed.deadline);
        context.output.result({ move: out, patientId, from: signed.from, to: signed.to, deadline }, () =>
          facts([
            ["move", out],
            ["patient", patientId],
            ["from", signed.from],
            ["to", signed.to],
            ["send it before", deadline],
          ]),
        );
      }),
    );

  group
    .command("send")
    .argument("<move>", "the file that the next account signed")
    .option("--yes", "don't ask")
    .description("As the present account: hand the patient over. Only the next account can undo it.")
    .action((file: string, { yes }: { yes?: boolean }) =>
      run(async (context) => {
        const signed = await readJson(file, MOVE_SCHEMA);
        const session = await context.unlocked();
        context.output.note(wordsOf(discloseMove(signed)));
        await confirm(`Hand the patient over to ${signed.to}?`, yes);
        const { hash: transaction } = await move(session, signed);
        const { patientId, from, to } = signed;
        context.output.result({ patientId, from, to, transaction }, () =>
          facts([
            ["patient", patientId],
            ["to", to],
            ["transaction", transaction],
          ]),
        );
      }),
    );
  return group;
}

/** The next account with the patient's root, which the passphrase of the present account's backup opens. */
async function asNext(context: Context, patient: string, { passphraseFile }: NextOptions) {
  const session = await context.session();
  const { keystore } = await context.identity();
  const patientId: PatientId = await context.patient(patient, session);
  const controller = (await patientOf(session.chain, patientId))?.controller;
  if (!controller) throw new SalusError("UnknownPatient", { patientId });
  const settings = passphraseFile ? { passwordFile: passphraseFile } : context.settings;
  const passphrase = await askPassword(`the backup of ${controller}`, settings, context.output);
  return { session: { ...session, root: await unlock(session, controller, passphrase) }, patientId, keystore };
}
