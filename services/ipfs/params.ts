/** The query of a command, read as Kubo reads it. Options that nobody knows are ignored, as Kubo ignores them. */
import { CID } from "multiformats/cid";

import { CommandError, RequestError } from "./errors.js";

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True", ""]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

export class Params {
  constructor(readonly query: URLSearchParams) {}

  text(name: string, fallback = ""): string {
    return this.query.get(name) ?? fallback;
  }

  /** @throws RequestError 400 */
  flag(name: string, fallback = false): boolean {
    const value = this.query.get(name);
    if (value === null) return fallback;
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    throw notA("bool", name, value);
  }

  /** @throws RequestError 400 */
  integer(name: string): number | undefined {
    const value = this.query.get(name);
    if (value === null) return undefined;
    const number = Number(value);
    if (!/^[+-]?\d+$/.test(value) || !Number.isSafeInteger(number)) throw notA("int64", name, value);
    return number;
  }

  /** The `arg`s as they came. */
  args(): string[] {
    return this.query.getAll("arg");
  }

  /** The `arg`s as CIDs, at least one. @throws RequestError 400 if there is none, CommandError if one isn't a CID. */
  cids(): CID[] {
    const args = this.args();
    if (args.length === 0) throw new RequestError(400, 'argument "ipfs-path" is required');
    return args.map(parseCid);
  }

  /** The only `arg`. */
  cid(): CID {
    const [cid, ...more] = this.cids();
    if (!cid || more.length > 0) throw new CommandError("this node takes one path at a time");
    return cid;
  }
}

/** "<cid>" or "/ipfs/<cid>". @throws CommandError "invalid path …" */
export function parseCid(path: string): CID {
  const text = path.replace(/^\/ipfs\//, "").replace(/\/+$/, "");
  if (text.includes("/"))
    throw new CommandError(`invalid path ${JSON.stringify(path)}: this node resolves CIDs, no paths below them`);
  try {
    return CID.parse(text);
  } catch {
    throw new CommandError(`invalid path ${JSON.stringify(path)}: invalid cid`);
  }
}

function notA(type: string, name: string, value: string): RequestError {
  return new RequestError(
    400,
    `could not convert value ${JSON.stringify(value)} to type "${type}" (for option "-${name}")`,
  );
}
