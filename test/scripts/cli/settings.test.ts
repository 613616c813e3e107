import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { CliError } from "../../../scripts/cli/errors.js";
import { resolveSettings, type Surroundings } from "../../../scripts/cli/settings.js";

describe("settings of the command line", () => {
  let surroundings: Surroundings;

  beforeEach(async () => {
    const root = await mkdtemp(join(tmpdir(), "salus-settings-"));
    surroundings = { env: {}, cwd: join(root, "cwd"), home: join(root, "home") };
    await mkdir(surroundings.cwd);
    await mkdir(join(surroundings.home, ".config", "salus"), { recursive: true });
  });

  afterEach(() => rm(join(surroundings.cwd, ".."), { recursive: true, force: true }));

  const configure = (where: "cwd" | "home", value: unknown): Promise<void> =>
    writeFile(
      where === "cwd"
        ? join(surroundings.cwd, "salus.config.json")
        : join(surroundings.home, ".config", "salus", "config.json"),
      typeof value === "string" ? value : JSON.stringify(value),
    );

  function refusal(run: () => unknown): CliError {
    try {
      run();
    } catch (error) {
      if (error instanceof CliError) return error;
      throw error;
    }
    throw new Error("expected a refusal");
  }

  it("has defaults for the local chain and node", () => {
    expect(resolveSettings({}, surroundings)).to.deep.equal({
      rpc: "http://127.0.0.1:8545",
      ipfs: "http://127.0.0.1:5001",
      as: undefined,
      deployment: join(surroundings.cwd, ".salus", "deployment.json"),
      passwordFile: undefined,
      json: false,
    });
  });

  it("prefers flag to environment to the folder's file to the person's file, each setting by itself", async () => {
    await configure("home", { rpc: "http://home:1", ipfs: "http://home:2", as: "chen", passwordFile: "/secret/pw" });
    expect(resolveSettings({}, surroundings)).to.include({ rpc: "http://home:1", passwordFile: "/secret/pw" });
    await configure("cwd", { rpc: "http://cwd:1", as: "bashir" });
    expect(resolveSettings({}, surroundings)).to.include({ rpc: "http://cwd:1", ipfs: "http://home:2", as: "bashir" });
    surroundings.env = { SALUS_RPC: "http://env:1", SALUS_AS: "amina" };
    expect(resolveSettings({}, surroundings)).to.include({ rpc: "http://env:1", ipfs: "http://home:2", as: "amina" });
    expect(resolveSettings({ rpc: "http://flag:1" }, surroundings)).to.include({ rpc: "http://flag:1", as: "amina" });
  });

  it("ignores empty environment variables", () => {
    surroundings.env = { SALUS_RPC: "", SALUS_AS: "", SALUS_IPFS: "", SALUS_PASSWORD_FILE: "", SALUS_DEPLOYMENT: "" };
    expect(resolveSettings({}, surroundings)).to.deep.equal(resolveSettings({}, { ...surroundings, env: {} }));
  });

  it("takes paths in a file relative to that file, and those of the call relative to its folder", async () => {
    await configure("home", { deployment: "d.json", passwordFile: "pw" });
    const folder = join(surroundings.home, ".config", "salus");
    const settings = resolveSettings({}, surroundings);
    expect(settings).to.include({ deployment: join(folder, "d.json"), passwordFile: join(folder, "pw") });
    const named = resolveSettings({ deployment: "d.json" }, surroundings);
    expect(named.deployment).to.equal(join(surroundings.cwd, "d.json"));
  });

  it("finds the person's file where XDG_CONFIG_HOME says", async () => {
    const folder = join(surroundings.cwd, "xdg", "salus");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.json"), JSON.stringify({ as: "lee" }));
    surroundings.env = { XDG_CONFIG_HOME: join(surroundings.cwd, "xdg") };
    expect(resolveSettings({}, surroundings).as).to.equal("lee");
  });

  it("refuses what isn't JSON, unknown fields (a password above all) and wrong types, without repeating them", async () => {
    await configure("cwd", "{ rpc: ");
    expect(refusal(() => resolveSettings({}, surroundings)).code).to.equal("CONFIG_INVALID");
    await configure("cwd", { password: "correct horse" });
    const unknown = refusal(() => resolveSettings({}, surroundings));
    expect(unknown).to.include({ code: "CONFIG_INVALID", exitCode: 2 });
    expect(unknown.details).to.include({ field: "password" });
    expect(JSON.stringify(unknown.details)).not.to.include("correct horse");
    await configure("cwd", { rpc: 8545 });
    expect(refusal(() => resolveSettings({}, surroundings)).details).to.include({ field: "rpc" });
  });

  it("refuses addresses that aren't http", () => {
    for (const rpc of ["127.0.0.1:8545", "localhost:8545", "file:///etc/passwd", "nonsense"]) {
      expect(refusal(() => resolveSettings({ rpc }, surroundings)).code, rpc).to.equal("USAGE");
    }
  });
});
