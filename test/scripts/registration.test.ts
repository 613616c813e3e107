import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { CITIZENS, scheduleOf, startOffices, WORDING, type Offices } from "../sdk/flows/offices.js";
import { makeDesk, passwordFile, type Desk } from "./salus.js";

const PASSWORD = "violet anchor meadow sixteen";
const NEXT_PASSWORD = "another wallet, another word";

describe("salus register, move and deregister, with services", function () {
  this.timeout(300_000);

  const citizen = CITIZENS[3]!;
  let offices: Offices;
  let desk: Desk;
  let flags: string[];
  let as: (who: "me" | "next") => NodeJS.ProcessEnv;
  before(async () => {
    offices = await startOffices();
    const { world } = offices;
    const deployment = join(world.folder, "deployment.json");
    await writeFile(deployment, JSON.stringify(world.deployment));
    desk = await makeDesk({ SALUS_RPC: world.rpcUrl, SALUS_IPFS: world.ipfsUrl, SALUS_DEPLOYMENT: deployment });
    const passwords = {
      me: await passwordFile(desk, "me.password", PASSWORD),
      next: await passwordFile(desk, "next.password", NEXT_PASSWORD),
    };
    as = (who) => ({ SALUS_AS: who, SALUS_PASSWORD_FILE: passwords[who] });
    for (const who of ["me", "next"] as const) {
      const { account } = await desk.json<{ account: string }>(["keys", "new", who], as(who));
      await world.rpc("hardhat_setBalance", account, "0x56bc75e2d63100000");
    }
    const { nationalId, birthDate, card } = citizen;
    const files: Record<string, string | Uint8Array> = {
      "identity.json": JSON.stringify({ nationalId, birthDate }),
      "wrong.json": JSON.stringify({ nationalId, birthDate: "1950-01-01" }),
      "card.txt": `${card}\n`,
      "wording.txt": WORDING,
      "altered.txt": WORDING.map((byte, index) => (index === 7 ? byte ^ 1 : byte)),
      "schedule.json": scheduleOf(citizen),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(desk.folder, name), content);
    flags = ["--registry", offices.registry.url, "--insurer", offices.insurer.url];
  });
  after(async () => {
    await desk.clear();
    await offices.stop();
  });

  let patientId: string;

  it("says what is missing, and goes on by the same command after every refusal", async () => {
    expect((await desk.error(1, ["register", "status"], as("me"))).code).to.equal("NO_DRAFT");
    const nothing = await desk.error(2, ["register", ...flags], as("me"));
    expect(nothing.details["reason"]).to.contain("--id-file");
    const wrong = await desk.error(1, ["register", ...flags, "--id-file", "wrong.json"], as("me"));
    expect(wrong.code).to.equal("NOT_VERIFIED");
    const noCard = await desk.error(2, ["register", ...flags, "--id-file", "identity.json"], as("me"));
    expect(noCard.details["reason"]).to.contain("--card-file");
    const steps = await desk.json(["register", "status"], as("me"));
    expect(steps).to.include({ step: "insurance", registry: "Civil Registry", transaction: null });
    const altered = await desk.error(
      1,
      ["register", ...flags, "--card-file", "card.txt", "--policy", "altered.txt"],
      as("me"),
    );
    expect([altered.code, altered.details["part"]]).to.deep.equal(["POLICY_COPIES_DIFFER", "wording"]);
    // What was proved and shown isn't asked for again.
    const done = await desk.json(
      ["register", ...flags, "--policy", "wording.txt", "--schedule", "schedule.json", "--sheet", "sheet.txt"],
      as("me"),
    );
    patientId = String(done["patientId"]);
    expect(done["policyId"]).to.match(/^0x[0-9a-f]{64}$/);
    const sheet = await readFile(join(desk.folder, "sheet.txt"), "utf8");
    for (const fact of ["account", "patientId", "patientHash", "transaction", "policyId", "backup"]) {
      expect(sheet).to.contain(String(done[fact]));
    }
    expect((await stat(join(desk.folder, "sheet.txt"))).mode & 0o077).to.equal(0);
    expect((await desk.json(["whoami"], as("me")))["patients"]).to.deep.equal([patientId]);
    expect((await desk.error(1, ["register", "discard"], as("me"))).code).to.equal("NO_DRAFT");
  });

  it("gives up what was begun: nothing of it stays", async () => {
    const wrong = await desk.error(1, ["register", ...flags, "--id-file", "wrong.json"], as("next"));
    expect(wrong.code).to.equal("NOT_VERIFIED");
    const again = await desk.error(1, ["register", ...flags, "--id-file", "identity.json"], as("next"));
    expect(again.code).to.equal("PersonAlreadyRegistered");
    expect((await desk.json(["register", "discard"], as("next")))["discarded"]).to.equal(true);
    expect((await desk.error(1, ["register", "status"], as("next"))).code).to.equal("NO_DRAFT");
  });

  it("moves to another wallet, with the same passphrase for the same key", async () => {
    const wrong = ["move", "prepare", patientId, "--passphrase-file", "next.password"];
    expect((await desk.error(4, wrong, as("next"))).code).to.equal("WRONG_PASSPHRASE");
    const passphrase = ["--passphrase-file", "me.password"];
    await desk.json(["move", "sign", patientId, "--out", "move.json", ...passphrase], as("next"));
    await desk.error(4, ["move", "send", "move.json"], as("next"));
    await desk.json(["move", "send", "move.json"], as("me"));
    expect((await desk.json(["whoami"], as("me")))["patients"]).to.deep.equal([]);
    expect((await desk.json(["whoami"], as("next")))["patients"]).to.deep.equal([patientId]);
    expect((await desk.error(4, ["move", "send", "move.json"], as("me"))).code).to.equal("NotController");
  });

  it("deregisters, once", async () => {
    const { forgotten, keepsBackup } = await desk.json(["deregister"], as("next"));
    expect(forgotten).to.be.greaterThan(1);
    expect(keepsBackup).to.equal(false);
    expect((await desk.json(["deregister", patientId], as("next")))["transaction"]).to.equal(null);
    expect((await desk.error(1, ["deregister"], as("next"))).code).to.equal("NOT_REGISTERED");
  });

  it("has printed nothing personal", () => {
    const { nationalId, name, card, birthDate } = citizen;
    for (const secret of [nationalId, name, card, birthDate, PASSWORD, NEXT_PASSWORD]) {
      expect(desk.printed).not.to.contain(secret);
    }
  });
});
