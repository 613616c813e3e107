import { openBackup, sealBackup } from "../../../sdk/core/backup.js";
import { concat, equal, toHex, utf8 } from "../../../sdk/core/bytes.js";
import { computeCid } from "../../../sdk/core/cid.js";
import { open, seal, type Sealed } from "../../../sdk/core/envelope.js";
import { checkManifest, decodeDocument, encodeDocument } from "../../../sdk/core/manifest.js";
import { padme } from "../../../sdk/core/padding.js";
import { SalusError } from "../../../sdk/errors.js";
import { Chance, mutate, mutateLines, mutateManifest, randomHeader } from "./mutations.js";
import { keysOf, pattern, seeded, smallRecord } from "./support.js";

/** What became of the inputs of one kind. */
export interface FuzzRow {
  kind: string;
  inputs: number;
  /** Mutations that gave back the very same bytes, and were accepted as they must be. */
  unchanged: number;
  /** Refusals by code. */
  refused: Map<string, number>;
  /** Mutated inputs that were accepted: must be 0. */
  accepted: number;
  /** Errors that aren't the SDK's: must be 0. */
  untyped: number;
}

/** One input: the mutated parts, whether they differ from the valid ones, and what a reader does with them. */
interface Attempt {
  input: Uint8Array[];
  changed: boolean;
  read: () => Promise<unknown>;
}

/** Bytes of a sealed chunk, and of the nonce before the first. */
const CHUNK = 65_552;
const NONCE = 16;
const PASSPHRASE = "correct horse battery";

/**
 * Feeds `runs` mutated inputs to the readers of the core, and the few that a mutation left as they were. `seed` repeats every choice of mutation; the keys and nonces of
 * the valid files are new in each run.
 * @returns a row for each kind, and a line for each fault with its number and, if it is small, its input
 */
export async function fuzz(
  runs: number,
  seed: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<{ rows: FuzzRow[]; faults: string[] }> {
  const chance = new Chance(seed);
  const kinds = await kindsOf(chance);
  const rows = new Map<string, FuzzRow>();
  const faults: string[] = [];
  for (let run = 0, mutated = 0; mutated < runs; run++) {
    const { kind, attempt } = chance.pick(kinds);
    const row = rows.get(kind) ?? { kind, inputs: 0, unchanged: 0, refused: new Map(), accepted: 0, untyped: 0 };
    rows.set(kind, row);
    const { input, changed, read } = await attempt();
    const fault = await judge(row, changed, read);
    if (fault) faults.push(`input ${run}, ${kind}: ${fault} ${input.map(show).join(" ")}`);
    if (changed) onProgress(++mutated);
  }
  return { rows: [...rows.values()].sort((a, b) => a.kind.localeCompare(b.kind)), faults };
}

/** Counts what became of an input. Returns what is wrong with that, if anything is. */
async function judge(row: FuzzRow, changed: boolean, read: () => Promise<unknown>): Promise<string | undefined> {
  row.inputs++;
  try {
    await read();
  } catch (error) {
    if (!(error instanceof SalusError)) {
      row.untyped++;
      return String(error);
    }
    row.refused.set(error.code, (row.refused.get(error.code) ?? 0) + 1);
    return changed ? undefined : `unchanged, and refused with ${error.code}`;
  }
  if (changed) row.accepted++;
  else row.unchanged++;
  return changed ? "accepted" : undefined;
}

/** The kinds of input, each as often as it stands here. */
async function kindsOf(chance: Chance): Promise<{ kind: string; attempt: () => Attempt | Promise<Attempt> }[]> {
  const small = await smallRecord();
  const other = await smallRecord();
  const { secretKey, publicKey } = small.keys;
  const both = await seal(small.document, [keysOf("doctor").publicKey, publicKey]);
  const large = await seal(pattern(3 * 65_536 + 500), [publicKey]);
  const otherLarge = await seal(pattern(3 * 65_536 + 500), [publicKey]);
  const backup = await sealBackup(seeded("root"), PASSPHRASE, 2);
  const otherBackup = await sealBackup(seeded("other"), PASSPHRASE, 2);
  const { digest: anchored } = await computeCid(small.payload);
  const line = small.document.indexOf(10);

  const file = (valid: Sealed, header: Uint8Array, payload: Uint8Array): Attempt => ({
    input: [header, payload],
    changed: !equal(header, valid.header) || !equal(payload, valid.payload),
    read: () => open(header, payload, secretKey),
  });

  const header = () => file(small, mutate(small.header, chance, other.header), small.payload);
  const lines = () => file(both, mutateLines(both.header, chance, other.header), both.payload);
  const random = () => file(small, randomHeader(chance), small.payload);
  const payload = () => file(small, small.header, mutate(small.payload, chance, other.payload));
  const chunks = () => file(large, large.header, mutateChunks(large.payload, chance, otherLarge.payload));

  /** Mutated before it is sealed, by somebody who knows the scope's public key, and read by the whole path. */
  const manifest = async (): Promise<Attempt> => {
    const document = mutateDocument(small.document, line, chance, other.document);
    const sealed = await seal(document, [publicKey]);
    const read = async () => {
      const decoded = decodeDocument(await open(sealed.header, sealed.payload, secretKey));
      checkManifest(decoded.manifest, small.manifest);
      // By its author's own words it is a valid document of this record: then it has one spelling, and the chain another digest.
      const again = encodeDocument(decoded.manifest, decoded.content);
      const { digest } = await computeCid(sealed.payload);
      if (equal(again, document) && digest !== anchored && !equal(document, small.document)) {
        throw new SalusError("CID_MISMATCH", { digest });
      }
    };
    return { input: [document], changed: !equal(document, small.document), read };
  };

  const backups = (): Attempt => {
    const mutated = mutate(backup, chance, otherBackup.subarray(0, -1));
    return { input: [mutated], changed: !equal(mutated, backup), read: () => openBackup(mutated, PASSPHRASE) };
  };

  const shares = { header: 5, "header lines": 2, "random header": 2, payload: 5, chunks: 1, manifest: 4, backup: 1 };
  const attempts = {
    header,
    "header lines": lines,
    "random header": random,
    payload,
    chunks,
    manifest,
    backup: backups,
  };
  return (Object.keys(shares) as (keyof typeof shares)[]).flatMap((kind) =>
    Array.from({ length: shares[kind] }, () => ({ kind, attempt: attempts[kind] })),
  );
}

/** Chunks swapped, dropped, doubled, taken from `donor`, or one of them changed. */
function mutateChunks(payload: Uint8Array, chance: Chance, donor: Uint8Array): Uint8Array {
  const count = Math.ceil((payload.length - NONCE) / CHUNK);
  const chunksOf = (bytes: Uint8Array) =>
    Array.from({ length: count }, (_, at) => bytes.subarray(NONCE + at * CHUNK, NONCE + (at + 1) * CHUNK));
  const chunks = chunksOf(payload);
  const [a, b] = [chance.below(count), chance.below(count)];
  switch (chance.below(5)) {
    case 0:
      [chunks[a], chunks[b]] = [chunks[b]!, chunks[a]!];
      break;
    case 1:
      chunks.splice(a, 1);
      break;
    case 2:
      chunks.splice(b, 0, chunks[a]!);
      break;
    case 3:
      chunks[a] = chunksOf(donor)[chance.below(2) ? a : b]!;
      break;
    default:
      chunks[a] = mutate(chunks[a]!, chance, chunks[b]!);
  }
  return concat(payload.subarray(0, NONCE), ...chunks);
}

/** A document with its bytes changed anywhere, or with another manifest before the same content, padded as it must be. */
function mutateDocument(document: Uint8Array, line: number, chance: Chance, donor: Uint8Array): Uint8Array {
  if (chance.below(4) === 0) return mutate(document, chance, donor);
  const manifest = document.subarray(0, line);
  const { content } = decodeDocument(document);
  const mutated = chance.below(2) ? mutateManifest(manifest, chance) : mutate(manifest, chance, donor);
  const bytes = concat(mutated, utf8("\n"), content);
  return concat(bytes, new Uint8Array(padme(bytes.length) - bytes.length));
}

function show(bytes: Uint8Array): string {
  return bytes.length <= 4096 ? toHex(bytes) : `(${bytes.length} bytes)`;
}
