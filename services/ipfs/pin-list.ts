/** `pin/ls`: which pins there are, or what holds a given CID. */
import type { CID } from "multiformats/cid";

import { CommandError } from "./errors.js";
import { parseCid, type Params } from "./params.js";
import type { Reply } from "./reply.js";
import type { Repo } from "./repo.js";

const TYPES = ["direct", "indirect", "recursive", "all"];

interface Entry {
  cid: CID;
  type: string;
  name: string;
}

/** Answers line by line with `stream`, else with one object by CID. Names are told on request only, as in Kubo. */
export async function listPins({ repo }: { repo: Repo }, params: Params, reply: Reply): Promise<void> {
  const type = params.text("type", "all");
  if (!TYPES.includes(type))
    throw new CommandError(`invalid type '${type}', must be one of {direct, indirect, recursive, all}`);
  const args = params.args();
  const wanted = params.text("name");
  const names = params.flag("names") || wanted !== "";
  const entries = args.length > 0 ? asked(repo, args, type, names) : all(repo, type, names, wanted);

  if (params.flag("stream")) {
    for await (const { cid, type, name } of entries)
      reply.line({ Cid: cid.toString(), Type: type, ...(name && { Name: name }) });
    reply.end();
    return;
  }
  const keys: Record<string, { Type: string; Name: string }> = {};
  for await (const { cid, type, name } of entries) keys[cid.toString()] = { Type: type, Name: name };
  reply.json({ Keys: keys });
}

async function* asked(repo: Repo, args: string[], type: string, names: boolean): AsyncGenerator<Entry> {
  for (const arg of args) {
    const cid = parseCid(arg);
    const pin = repo.pins.get(cid);
    if (pin && (type === "all" || type === pin.type)) {
      yield { cid, type: pin.type, name: names ? await repo.pins.nameOf(pin) : "" };
      continue;
    }
    const root = type === "all" || type === "indirect" ? await repo.rootAbove(cid) : undefined;
    if (!root) throw new CommandError(`path '${arg}' is not pinned`);
    yield { cid, type: `indirect through ${root.toString()}`, name: "" };
  }
}

async function* all(repo: Repo, type: string, names: boolean, wanted: string): AsyncGenerator<Entry> {
  for (const pin of repo.pins.list()) {
    if (type !== "all" && type !== pin.type) continue;
    const name = names ? await repo.pins.nameOf(pin) : "";
    if (name.includes(wanted)) yield { cid: pin.cid, type: pin.type, name };
  }
  if (wanted !== "" || (type !== "all" && type !== "indirect")) return;
  for await (const cid of repo.indirect()) yield { cid, type: "indirect", name: "" };
}
