/** `salus serve`: an attestation service as an authority starts and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { setUpAccount } from "../../scripts/seed/account.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { accredit, chainTime } from "../../sdk/index.js";
import { startWorld, type World } from "../world.js";
import { makeDesk, type Desk } from "./salus.js";

const PROGRAM = fileURLToPath(new URL("../../scripts/salus.ts", import.meta.url));
const CITIZEN = { nationalId: "1990-1234-5678", name: "Somebody Private", birthDate: "1990-05-17" };

describe("salus serve", function () {
  this.timeout(240_000);

  let world: World;
  let desk: Desk;
  const running: ChildProcess[] = [];
  const asRegistry = { SALUS_AS: "registry" };

  before(async () => {
    world = await startWorld();
    desk = await makeDesk({ SALUS_RPC: world.rpcUrl, SALUS_IPFS: world.ipfsUrl, SALUS_DEPLOYMENT: "deployment.json" });
    await writeFile(join(desk.folder, "deployment.json"), JSON.stringify(world.deployment));
    await writeFile(join(desk.folder, "citizens.ndjson"), `${JSON.stringify(CITIZEN)}\n`);
    const [operator, registry] = await Promise.all(
      ["operator", "registry"].map((id) => setUpAccount(world.reader, knownPersona(id), world.folder)),
    );
    const until = (await chainTime(world.reader.chain)) + 86_400;
    await accredit(operator!, { account: registry!.account, role: "civil registry", until, name: "Registry of Tests" });
  });

  after(async () => {
    for (const child of running) child.kill("SIGKILL");
    await world.stop();
    await desk.clear();
  });

  /** Starts a service and waits for its line. */
  async function serve(args: readonly string[]) {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), PROGRAM, "serve", ...args], {
      cwd: desk.folder,
      env: {
        PATH: process.env.PATH,
        HOME: desk.folder,
        ...asRegistry,
        SALUS_RPC: world.rpcUrl,
        SALUS_IPFS: world.ipfsUrl,
        SALUS_DEPLOYMENT: "deployment.json",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return { child, ready: JSON.parse(line) as { url: string; face: string; account: string }, log: () => log };
  }

  it("takes its database in, answers under its accredited name, logs nobody, and ends when asked", async () => {
    const { child, ready, log } = await serve([
      "registry",
      "--import",
      "citizens.ndjson",
      "--origin",
      "http://localhost:1",
    ]);
    expect(ready).to.include({ face: "registry", account: knownPersona("registry").address });
    const service = (await (await fetch(`${ready.url}/v1/service`)).json()) as object;
    expect(service).to.include({ name: "Registry of Tests", photo: "when on file" });
    const body = { controller: ready.account, salt: `0x${"11".repeat(32)}`, ...CITIZEN, name: undefined };
    const answer = await fetch(`${ready.url}/v1/attestations`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).to.equal(200);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
    expect(log()).to.include("1 lines taken in.").and.include("/v1/attestations");
    for (const word of Object.values(CITIZEN)) expect(log()).not.to.include(word);
  });

  it("says when the account isn't accredited for it", async () => {
    const { child, log } = await serve(["insurer"]);
    expect(log()).to.include("isn't accredited as insurer");
    child.kill("SIGINT");
    expect(await once(child, "exit")).to.deep.equal([0, null]);
  });

  it("says what is wrong before it listens", async () => {
    const [face, password, database, port, file] = await Promise.all([
      desk.error(2, ["serve", "bank"], asRegistry),
      desk.error(2, ["serve", "registry", "--database", "postgres://a:secret@127.0.0.1/x"], asRegistry),
      desk.error(3, ["serve", "registry", "--database", "postgres://a@127.0.0.1:1/x"], asRegistry),
      desk.error(2, ["serve", "registry", "--port", "99999"], asRegistry),
      desk.error(2, ["serve", "registry", "--database", "other.sqlite", "--import", "deployment.json"], asRegistry),
    ]);
    expect([face.code, password.code, port.code]).to.deep.equal(["USAGE", "USAGE", "USAGE"]);
    expect(database).to.deep.include({ code: "DATABASE_UNAVAILABLE", details: { database: "127.0.0.1:1" } });
    expect(file.code).to.equal("FILE_INVALID");
    expect(desk.printed).not.to.include("secret");
  });
});
