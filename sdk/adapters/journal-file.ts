/**
 * The journal of a Node process, in a folder: a JSON file for each intent, named by the record; its header and payload
 * beside it, named by their digests, so that an intent never meets the bytes of another sealing.
 */
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import * as v from "valibot";

import { isDigest } from "../core/bytes.js";
import { Hex32 } from "../core/json.js";
import { SalusError } from "../errors.js";
import type { Address, RecordId } from "../types.js";
import { absent, syncFolder, writeDurably } from "./durable-file.js";
import { UnderSchema, type Intent, type Journal } from "./journal.js";

/** Milliseconds after which a file that no intent names is the leftover of a crash, and not on its way to be named. */
const LEFTOVER_AGE = 3_600_000;

/** Digests become names of files that are read and removed: nothing else may stand there. */
const IntentSchema = v.strictObject({
  recordId: Hex32,
  patientId: Hex32,
  author: v.custom<Address>((value) => typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value)),
  scope: Hex32,
  scopeKey: Hex32,
  nonce: v.pipe(v.string(), v.regex(/^\d{1,20}$/)),
  payload: Hex32,
  header: Hex32,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  under: v.optional(UnderSchema),
  transaction: v.optional(Hex32),
  createdAt: v.number(),
});

/**
 * Opens the journal in `folder`, which is made when missing. Leftovers of a crash are removed.
 * @throws JOURNAL_DAMAGED with the `file` that isn't an intent's, here and wherever intents are read
 */
export async function fileJournal(folder: string): Promise<Journal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const intentPath = (recordId: RecordId) => join(folder, `${recordId}.json`);
  const headerPath = ({ header }: Intent) => join(folder, `${header}.header`);
  const payloadPath = ({ payload }: Intent) => join(folder, `${payload}.payload`);
  const read = async (recordId: RecordId): Promise<Intent | null> => {
    const text = await readFile(intentPath(recordId), "utf8").catch(absent);
    return text === null ? null : intentIn(text, recordId);
  };
  const removeSealed = async (intent: Intent) => {
    await rm(headerPath(intent), { force: true });
    await rm(payloadPath(intent), { force: true });
  };
  const list = async () => {
    const ids = (await readdir(folder)).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
    const intents = await Promise.all(ids.filter(isDigest).map(read));
    return intents.filter((intent) => intent !== null).sort((a, b) => a.createdAt - b.createdAt);
  };
  await removeLeftovers(folder, await list());

  // One change after another: a note that is being written mustn't bring back an intent that was just crossed out.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const turn = last.then(change, change);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    put: (intent, { header, payload }) =>
      inTurn(async () => {
        const replaced = await read(intent.recordId);
        await writeDurably(headerPath(intent), header);
        await writeDurably(payloadPath(intent), payload);
        // An intent counts from here on, with the bytes that it names.
        await writeDurably(intentPath(intent.recordId), JSON.stringify(intent));
        await syncFolder(folder);
        if (replaced && replaced.payload !== intent.payload) await removeSealed(replaced);
      }),
    noteTransaction: (recordId, transaction) =>
      inTurn(async () => {
        const intent = await read(recordId);
        if (intent) await writeDurably(intentPath(recordId), JSON.stringify({ ...intent, transaction }));
      }),
    list,
    async sealed(recordId) {
      const intent = await read(recordId);
      if (!intent) return null;
      const header = await readFile(headerPath(intent)).catch(absent);
      const payload = await readFile(payloadPath(intent)).catch(absent);
      return header && payload ? { header: new Uint8Array(header), payload: new Uint8Array(payload) } : null;
    },
    remove: (recordId) =>
      inTurn(async () => {
        const intent = await read(recordId);
        await rm(intentPath(recordId), { force: true });
        if (intent) await removeSealed(intent);
      }),
  };
}

/** A crash leaves a half-written file, or the sealed bytes of an intent that never came to be or was just crossed out. */
async function removeLeftovers(folder: string, intents: readonly Intent[]): Promise<void> {
  const named = new Set(intents.flatMap(({ header, payload }) => [`${header}.header`, `${payload}.payload`]));
  for (const name of await readdir(folder)) {
    if (!/\.(tmp|header|payload)$/.test(name) || named.has(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(absent);
    if (found && Date.now() - found.mtimeMs > LEFTOVER_AGE) await rm(path, { force: true });
  }
}

/** An intent as it was written. @throws JOURNAL_DAMAGED */
function intentIn(text: string, recordId: RecordId): Intent {
  try {
    const intent = v.parse(IntentSchema, JSON.parse(text));
    if (intent.recordId === recordId) return intent;
  } catch (cause) {
    throw new SalusError("JOURNAL_DAMAGED", { file: `${recordId}.json` }, { cause });
  }
  throw new SalusError("JOURNAL_DAMAGED", { file: `${recordId}.json` });
}
