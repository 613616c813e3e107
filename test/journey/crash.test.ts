import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { create } from "ipfs-http-client";

import {
  abandon,
  closeDrawers,
  drawerByLabel,
  FOREVER,
  grant,
  pending,
  prepareGrant,
  readRecord,
  recordsOf,
  resume,
  type AnchoredRecord,
  type Drawer,
  type Session,
} from "../../sdk/index.js";
import { fileJournal } from "../../sdk/node.js";
import { cidOf } from "../../sdk/core/cid.js";
import { expectSalusError } from "../expectSalusError.js";
import { MNEMONIC, pathOf, startTown, type Town, type Unlocked } from "../world.js";
import type { Task } from "./crash-child.js";

const CHILD = fileURLToPath(new URL("crash-child.ts", import.meta.url));

interface Outcome {
  /** "SIGKILL", "done", or the code of the refusal. */
  end: string;
  steps: string[];
}

describe("A crash at any step of publishing", function () {
  this.timeout(120_000);

  let town: Town;
  let amina: Unlocked;
  /** A process that is up and waits for its task: loading takes longer than the task. */
  let spare: ChildProcess;
  const start = () => fork(CHILD, { execArgv: ["--import", "tsx"], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  before(async () => {
    spare = start();
    town = await startTown();
    amina = town.amina;
  });
  after(async () => {
    spare.kill();
    await town.stop();
  });

  /** Runs a process of its own, which may die on the way. */
  function run(
    who: Unlocked,
    index: number,
    task: Partial<Task> & Pick<Task, "act">,
    folder: string,
  ): Promise<Outcome> {
    const full: Task = {
      rpcUrl: town.rpcUrl,
      ipfsUrl: town.ipfsUrl,
      journal: folder,
      deployment: town.deployment,
      phrase: MNEMONIC,
      path: pathOf(index),
      root: `0x${Buffer.from(who.root).toString("hex")}`,
      patientId: town.amina.patientId,
      drawer: null,
      content: "Haemoglobin 13.1 g/dL",
      die: null,
      ...task,
    };
    const child = spare;
    spare = start();
    child.send(full);
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    return new Promise((resolve) => {
      child.on("close", (_code, signal) => {
        const lines = output.trim().split("\n");
        const last = lines.at(-1) ?? "";
        const end = signal ?? last.replace("refused ", "");
        resolve({ end, steps: lines.filter((line) => line.startsWith("step ")).map((line) => line.slice(5)) });
      });
    });
  }

  async function pins(): Promise<Set<string>> {
    const found = new Set<string>();
    for await (const { cid } of create({ url: town.ipfsUrl }).pin.ls({ type: "recursive" })) found.add(cid.toString());
    return found;
  }

  /** Compares what storage and chain gained since `before` was taken. */
  async function gained(before: { pins: Set<string>; records: AnchoredRecord[] }) {
    const [now, records] = [await pins(), await recordsOf(town.reader.chain, {})];
    const added = [...now].filter((cid) => !before.pins.has(cid)).sort();
    return { pins: added, records: records.slice(before.records.length) };
  }

  const snapshot = async () => ({ pins: await pins(), records: await recordsOf(town.reader.chain, {}) });

  const pinsOf = (records: readonly AnchoredRecord[]) =>
    records.flatMap(({ payload, size, header }) => [cidOf(payload, size), cidOf(header)]).sort();

  const folderOf = (name: string) => join(town.folder, "crash", name);

  const journalOf = async (session: Session, folder: string): Promise<Session> => ({
    ...session,
    journal: await fileJournal(folder),
  });

  async function each<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
    for (const [index, item] of items.entries()) await work(item, index);
  }

  let steps: string[];

  it("has no more steps than these", async () => {
    const outcome = await run(amina, 7, { act: "publish" }, folderOf("whole"));
    expect(outcome.end).to.equal("done");
    steps = outcome.steps;
    // The note of the transaction is written while the chain is waited for: its place isn't fixed.
    expect([...steps].sort()).to.deep.equal(
      [
        ...["before put 1", "after put 1", "before sealed 1", "after sealed 1"],
        ...["before add 1", "after add 1", "before add 2", "after add 2"],
        ...["before send 1", "after send 1", "before noteTransaction 1", "after noteTransaction 1"],
        ...["before remove 1", "after remove 1"],
      ].sort(),
    );
  });

  it("loses nothing, anchors nothing twice and leaves no pin behind, once resumed", async () => {
    await each(steps, async (die, index) => {
      const folder = folderOf(`resume-${index}`);
      const before = await snapshot();
      expect((await run(amina, 7, { act: "publish", die }, folder)).end, die).to.equal("SIGKILL");
      for (const intent of await pending(await journalOf(amina, folder)))
        await resume(await journalOf(amina, folder), intent);

      const { records, pins: added } = await gained(before);
      // Before the intent is written down, nothing has happened.
      expect(records, die).to.have.length(die === "before put 1" ? 0 : 1);
      expect(added, die).to.deep.equal(pinsOf(records));
      expect(await pending(await journalOf(amina, folder)), die).to.deep.equal([]);
      for (const { recordId } of records) {
        expect(new TextDecoder().decode((await readRecord(amina, recordId)).content)).to.equal("Haemoglobin 13.1 g/dL");
      }
    });
  });

  it("removes all pins when it is given up instead, unless the record is anchored", async () => {
    const given = ["after put 1", "after add 1", "before send 1", "after send 1", "before remove 1"];
    await each(given, async (die, index) => {
      const folder = folderOf(`abandon-${index}`);
      const before = await snapshot();
      expect((await run(amina, 7, { act: "publish", die }, folder)).end, die).to.equal("SIGKILL");
      const anchored = index >= given.indexOf("after send 1");
      const session = await journalOf(amina, folder);
      for (const intent of await pending(session)) {
        if (anchored) await expectSalusError(abandon(session, intent), "RecordExists");
        await (anchored ? resume(session, intent) : abandon(session, intent));
      }

      const { records, pins: added } = await gained(before);
      expect(records, die).to.have.length(anchored ? 1 : 0);
      expect(added, die).to.deep.equal(pinsOf(records));
      expect(await pending(await journalOf(amina, folder)), die).to.deep.equal([]);
    });
  });

  it("also while resuming, and while giving up", async () => {
    const before = await snapshot();
    const folder = folderOf("twice");
    await run(amina, 7, { act: "publish", die: "after add 1" }, folder);
    expect((await run(amina, 7, { act: "resume", die: "after add 2" }, folder)).end).to.equal("SIGKILL");
    expect((await run(amina, 7, { act: "abandon", die: "after unpin 1" }, folder)).end).to.equal("SIGKILL");
    expect((await run(amina, 7, { act: "abandon" }, folder)).end).to.equal("done");
    expect(await gained(before)).to.deep.equal({ pins: [], records: [] });
  });

  describe("while the drawer moves on", () => {
    const laboratory = () => drawerByLabel(amina, town.amina.patientId, "laboratory");
    const move = async (drawer: Drawer): Promise<unknown> => closeDrawers(amina, town.amina.patientId, [drawer]);

    it("the patient's document is sealed anew, and the old pins are removed", async () => {
      const folder = folderOf("owner");
      await run(amina, 7, { act: "publish", die: "before send 1" }, folder);
      await move(await laboratory());
      const drawer = await laboratory();
      const before = await snapshot();
      const resumed = await run(amina, 7, { act: "resume", die: "after put 1" }, folder);
      expect(resumed.end).to.equal("SIGKILL");
      expect((await run(amina, 7, { act: "resume" }, folder)).end).to.equal("done");
      const { records, pins: added } = await gained(before);
      expect(records.map(({ scopeKey }) => scopeKey)).to.deep.equal([drawer.publicKey]);
      expect(added).to.deep.equal(pinsOf(records));
      const [{ recordId }] = records as [AnchoredRecord];
      expect((await readRecord(amina, recordId)).manifest.epoch).to.equal(drawer.epoch);
      expect(await pending(await journalOf(amina, folder))).to.deep.equal([]);
      // What was stored for the old key is gone: it counted as there before.
      const now = await pins();
      expect([...before.pins].filter((cid) => !now.has(cid))).to.have.length(2);
    });

    it("a document of someone who can only write is refused, and its pins are removed", async () => {
      const drawer = await laboratory();
      const request = {
        patientId: town.amina.patientId,
        grantee: town.laboratory.account,
        drawers: [drawer],
        records: [],
      };
      await grant(amina, await prepareGrant(amina, { ...request, rights: "write", until: FOREVER }));
      const folder = folderOf("writer");
      const before = await snapshot();
      const died = await run(town.laboratory, 8, { act: "publish", drawer, die: "before send 1" }, folder);
      expect(died.end).to.equal("SIGKILL");
      await move(drawer);
      expect((await run(town.laboratory, 8, { act: "resume" }, folder)).end).to.equal("StaleScopeKey");
      expect(await gained(before)).to.deep.equal({ pins: [], records: [] });
      expect(await pending(await journalOf(town.laboratory, folder))).to.deep.equal([]);
    });
  });
});
