/** Verifying: what anyone can check without a key, and what the chain knows about a file (003-15, 004-04, 000-16). */
import { policiesOf, type IssuedPolicy } from "../adapters/policies.js";
import { headOf, recordsOf, storedAnchorOf, type AnchoredRecord } from "../adapters/records.js";
import { computeCid } from "../core/cid.js";
import { split } from "../core/envelope.js";
import { wordingDigest } from "../core/policy.js";
import { nextHead } from "../core/record.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Hex, PatientId, RecordId } from "../types.js";
import { payloadOf } from "./read.js";
import type { Reader } from "./session.js";

/** A patient's records, proved complete and in order against the head that the contract stores. */
export interface VerifiedHistory {
  records: AnchoredRecord[];
  head: Hex;
}

/** One thing that was checked. */
export interface Check {
  name: "anchored" | "anchor" | "header stored" | "payload stored" | "chained";
  ok: boolean;
  /** Why it failed, or a fact about it. */
  detail: string;
}

/** What the chain knows about a file. */
export interface FileReport {
  /** sha2-256 of the bytes: what policies' wordings are known by. */
  sha256: Hex;
  /** The file's CID: what sealed documents are known by. */
  cid: string;
  /** Policies whose wording this file is, to the bit. */
  policies: IssuedPolicy[];
  /** Records whose payload or header this file is, or whose header and payload it holds one after the other. */
  records: { record: AnchoredRecord; part: "payload" | "header" | "header and payload" }[];
}

const NO_RECORDS: Hex = `0x${"0".repeat(64)}`;

/**
 * All records of a patient, in order, each checked against its anchor and together against the head.
 * @throws HEAD_MISMATCH, CHAIN_UNREACHABLE
 */
export async function verifyHistory(reader: Reader, patientId: PatientId): Promise<VerifiedHistory> {
  const { chain } = reader;
  const records = await recordsOf(chain, { patientId });
  let head = NO_RECORDS;
  for (const record of records) head = nextHead(head, record.anchor);
  if (head !== (await headOf(chain, patientId))) {
    // A record may have come between the two questions; the second look tells.
    const again = await recordsOf(chain, { patientId });
    if (again.length > records.length) return verifyHistory(reader, patientId);
    throw new SalusError("HEAD_MISMATCH", { patientId, records: records.length });
  }
  return { records, head };
}

/** Checks one record, and that storage still has it whole. Downloads the payload. @throws UNKNOWN_RECORD, CHAIN_UNREACHABLE */
export async function verifyRecord(reader: Reader, recordId: RecordId): Promise<Check[]> {
  const { chain, store } = reader;
  const [[record], anchor] = await Promise.all([recordsOf(chain, { recordId }), storedAnchorOf(chain, recordId)]);
  if (!record || !anchor) throw new SalusError("UNKNOWN_RECORD", { recordId });
  const attempt = async (name: Check["name"], check: () => Promise<string>): Promise<Check> => {
    try {
      return { name, ok: true, detail: await check() };
    } catch (error) {
      if (!isSalusError(error)) throw error;
      return { name, ok: false, detail: error.why };
    }
  };
  return Promise.all([
    attempt("anchored", () => Promise.resolve(`block ${record.blockNumber}`)),
    attempt("anchor", () =>
      record.anchor === anchor ? Promise.resolve(anchor) : Promise.reject(new SalusError("ANCHOR_MISMATCH")),
    ),
    attempt("chained", async () => {
      const { records } = await verifyHistory(reader, record.patientId);
      return `record ${records.findIndex((each) => each.recordId === recordId) + 1} of ${records.length}`;
    }),
    attempt("header stored", async () => `${(await store.get(record.header)).length} bytes`),
    attempt("payload stored", async () => `${(await payloadOf(reader, record)).length} bytes`),
  ]);
}

/** What the chain knows about a file. It asks for no key and no wallet, and sends the file nowhere. @throws CHAIN_UNREACHABLE */
export async function lookUpFile({ chain }: Reader, bytes: Uint8Array): Promise<FileReport> {
  const sha256 = wordingDigest(bytes);
  const parts = await partsOf(bytes);
  const [policies, records] = await Promise.all([policiesOf(chain, { wording: sha256 }), recordsOf(chain, {})]);
  const { digest, cid } = parts.whole;
  return {
    sha256,
    cid,
    policies,
    records: records.flatMap((record): FileReport["records"] => {
      if (record.payload === digest) return [{ record, part: "payload" }];
      if (record.header === digest) return [{ record, part: "header" }];
      return record.payload === parts.payload ? [{ record, part: "header and payload" }] : [];
    }),
  };
}

async function partsOf(bytes: Uint8Array): Promise<{ whole: { digest: Hex; cid: string }; payload: Hex | null }> {
  const whole = await computeCid(bytes);
  try {
    return { whole, payload: (await computeCid(split(bytes).payload)).digest };
  } catch (error) {
    if (!isSalusError(error)) throw error;
    return { whole, payload: null };
  }
}
