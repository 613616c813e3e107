/** The whole path by the command line, with keystores, on a chain that `salus deploy` has just deployed to. */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import { encryptKeystoreJsonSync, HDNodeWallet, Wallet } from "ethers";
import { network } from "hardhat";

import { startIpfsNode, type IpfsNode } from "../../services/ipfs/index.js";
import { dicomDocument, fhirDocuments, jpegDocument, largeDocument, pdfDocument } from "../documents/index.js";
import { inOrder } from "../inOrder.js";
import { makeDesk, passwordFile, type Desk } from "./salus.js";

const FOREIGN_CHAIN_ID = 424_242;
const PASSWORD = "correct horse battery staple";
const MNEMONIC = "test test test test test test test test test test test junk";
const IDENTITY = {
  nationalId: "1988031412345",
  name: "Amina Rahman",
  birthDate: "1988-03-14",
  insuranceCard: "HM-4471-2093",
};

interface Uploaded {
  records: { recordId: string; fileName: string; mediaType: string; size: number }[];
}

describe("salus on a foreign chain", function () {
  this.timeout(240_000);
  inOrder(this);

  let server: Awaited<ReturnType<typeof network.createServer>>;
  let ipfs: IpfsNode;
  let desk: Desk;
  let patientId: string;
  const accounts = new Map<string, string>();
  const records = new Map<string, string>();
  const pathOf = (file: string): string => join(desk.folder, file);
  const as = (keystore: string): NodeJS.ProcessEnv => ({ SALUS_AS: pathOf(keystore) });
  const accountOf = (keystore: string): string => accounts.get(keystore) ?? "";
  const recordOf = (fileName: string): string => records.get(fileName) ?? "";

  /** A wallet as geth and ethers encrypt it; with few rounds of scrypt, so that calls are quick. */
  function encrypted({ address, privateKey }: HDNodeWallet): string {
    return encryptKeystoreJsonSync({ address, privateKey }, PASSWORD, { scrypt: { N: 1_024, r: 8, p: 1 } });
  }

  async function putKeystore(name: string): Promise<void> {
    const wallet = Wallet.createRandom();
    await mkdir(pathOf(name), { mode: 0o700 });
    await writeFile(pathOf(join(name, "wallet.json")), encrypted(wallet), { mode: 0o600 });
    accounts.set(name, wallet.address);
  }

  before(async () => {
    server = await network.createServer({ override: { chainId: FOREIGN_CHAIN_ID } }, "127.0.0.1", 0);
    const { port } = await server.listen();
    desk = await makeDesk();
    ipfs = await startIpfsNode({ dir: pathOf("ipfs") });
    await writeFile(
      pathOf("salus.config.json"),
      JSON.stringify({
        rpc: `http://127.0.0.1:${port}`,
        ipfs: ipfs.url,
        deployment: "deployment.json",
        passwordFile: await passwordFile(desk, "password", PASSWORD),
      }),
    );
  });

  after(async () => {
    await ipfs.close();
    await server.close();
    await desk.clear();
  });

  it("refuses demo personas, whose keys everybody knows", async () => {
    const error = await desk.error(4, ["deploy"], { SALUS_AS: "operator" });
    expect(error).to.include({ code: "PERSONA_ABROAD" });
    expect(error.details).to.include({ chainId: FOREIGN_CHAIN_ID });
  });

  it("deploys with a wallet that another program has encrypted", async () => {
    const wallet = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0/0");
    await writeFile(pathOf("operator.wallet"), encrypted(wallet));
    expect(await desk.json(["keys", "import", "operator.wallet", "operator"])).to.include({ account: wallet.address });
    const deployment = await desk.json(["deploy"], as("operator"));
    expect(deployment).to.include({ chainId: FOREIGN_CHAIN_ID, file: pathOf("deployment.json") });
    expect((await desk.error(2, ["deploy"], as("operator"))).code).to.equal("FILE_EXISTS");
  });

  it("makes keystores that only their owner can read, and sets accounts up", async () => {
    const { account } = await desk.json(["keys", "new", "insurer"]);
    accounts.set("insurer", String(account));
    expect((await desk.error(2, ["keys", "new", "insurer"])).code).to.equal("FILE_EXISTS");
    for (const name of ["registry", "patient", "doctor"]) await putKeystore(name);
    await desk.json(["keys", "fund", ...accounts.values()], as("operator"));
    const published = await Promise.all(
      ["registry", "patient", "doctor"].map((name) => desk.json(["keys", "publish"], as(name))),
    );
    expect(published.map(({ version }) => version)).to.deep.equal([1, 1, 1]);
    expect((await desk.error(1, ["keys", "publish"], as("patient"))).code).to.equal("KEY_EXISTS");
    if (process.platform !== "win32") {
      for (const file of ["insurer/wallet.json", "operator/wallet.json", "patient/root.age"]) {
        expect((await stat(pathOf(file))).mode & 0o777, file).to.equal(0o600);
      }
      expect((await stat(pathOf("insurer"))).mode & 0o777).to.equal(0o700);
    }
  });

  it("accredits, attests and registers", async () => {
    await desk.json(["accredit", accountOf("registry"), "civil-registry", "--name", "Civil Registry"], as("operator"));
    await desk.json(["accredit", accountOf("insurer"), "insurer", "--name", "Harbour Mutual"], as("operator"));
    await writeFile(pathOf("identity.json"), JSON.stringify(IDENTITY));
    await desk.json(["register", "request", "identity.json", "--out", "request.json"], as("patient"));
    expect((await desk.error(1, ["attest", "request.json", "--out", "x.json"], as("insurer"))).code).to.equal(
      "NO_PUBLISHED_KEY",
    );
    await desk.json(["attest", "request.json", "--out", "attestation.json"], as("registry"));
    const registered = await desk.json(["register", "submit", "request.json", "attestation.json"], as("patient"));
    patientId = String(registered.patientId);
    expect(patientId).to.match(/^0x[0-9a-f]{64}$/);
    const again = await desk.error(1, ["register", "submit", "request.json", "attestation.json"], as("patient"));
    expect(again.code).to.equal("PersonAlreadyRegistered");
  });

  it("uploads real documents, many in one transaction", async () => {
    await desk.json(["scopes", "open", "laboratory", "documents", "imaging"], as("patient"));
    const large = pathOf("large.bin");
    await writeFile(large, largeDocument());
    const fhir = fhirDocuments.map(({ path }) => path);
    const batches = [
      await desk.json<Uploaded>(["upload", "--scope", "laboratory", ...fhir], as("patient")),
      await desk.json<Uploaded>(
        ["upload", "--scope", "documents", pdfDocument.path, jpegDocument.path, dicomDocument.path],
        as("patient"),
      ),
      await desk.json<Uploaded>(["upload", "--scope", "imaging", large], as("patient")),
    ];
    for (const { recordId, fileName } of batches.flatMap((batch) => batch.records)) records.set(fileName, recordId);
    expect(records.size).to.equal(fhirDocuments.length + 4);
    expect(new Set(batches[0]?.records.map(({ mediaType }) => mediaType))).to.deep.equal(
      new Set(["application/fhir+json"]),
    );
    expect(batches[1]?.records.map(({ mediaType }) => mediaType)).to.deep.equal([
      "application/pdf",
      "image/jpeg",
      "application/dicom",
    ]);
  });

  it("gives back exactly what was uploaded, 100 MB included", async () => {
    await desk.json(["read", recordOf("large.bin"), "--out", "back.bin"], as("patient"));
    expect((await readFile(pathOf("back.bin"))).equals(largeDocument()), "the same bytes").to.equal(true);
    await desk.json(["read", recordOf(pdfDocument.name), "--out", "back/"], as("patient"));
    expect(await readFile(pathOf(`back/${pdfDocument.name}`))).to.deep.equal(await readFile(pdfDocument.path));
    const { records: listed } = await desk.json<Uploaded>(["list"], as("patient"));
    expect(listed.map(({ fileName }) => fileName)).to.have.members([...records.keys()]);
  });

  it("goes on with an upload that the storage cut off, once", async () => {
    const cut = await desk.error(
      3,
      ["upload", "--scope", "documents", jpegDocument.path, "--ipfs", "http://127.0.0.1:1"],
      as("patient"),
    );
    expect(cut.code).to.equal("IPFS_UNREACHABLE");
    const outcomes = await desk.json<{ recordId: string; outcome: string }[]>(["resume"], as("patient"));
    expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(["anchored"]);
    expect(await desk.json(["resume"], as("patient"))).to.deep.equal([]);
    records.set("resumed", outcomes[0]?.recordId ?? "");
    await desk.json(["read", recordOf("resumed"), "--out", "resumed.jpg"], as("patient"));
    expect(await readFile(pathOf("resumed.jpg"))).to.deep.equal(await readFile(jpegDocument.path));
  });

  it("grants a drawer: the grantee reads it byte for byte, and nothing else", async () => {
    const fixture = fhirDocuments[4];
    if (!fixture) throw new Error("no fixture");
    const refused = await desk.error(4, ["read", recordOf(fixture.name)], as("doctor"));
    expect(refused.code).to.equal("NO_ACCESS");
    const granted = await desk.json(
      ["grant", accountOf("doctor"), "--scope", "laboratory", "--for", "1d"],
      as("patient"),
    );
    expect(granted).to.include({ rights: "read" });
    await desk.json(["read", recordOf(fixture.name), "--out", "doctor.json"], as("doctor"));
    expect(await readFile(pathOf("doctor.json"))).to.deep.equal(await readFile(fixture.path));
    expect((await desk.error(4, ["read", recordOf(pdfDocument.name)], as("doctor"))).code).to.equal("NO_ACCESS");
    const { patients } = await desk.json<{ patients: object[] }>(["list"], as("doctor"));
    expect(patients).to.have.length(1);
  });

  it("exports what the age program opens, for the patient and for the grantee", async function () {
    const fixture = fhirDocuments[0];
    if (!fixture) throw new Error("no fixture");
    for (const who of ["patient", "doctor"]) {
      await desk.json(["export", recordOf(fixture.name), "--out", `export-${who}`], as(who));
    }
    const version = spawnSync("age", ["--version"]);
    // Debian's package `age` has it; CI installs it.
    if (version.error) this.skip();
    const content = await readFile(fixture.path);
    for (const who of ["patient", "doctor"]) {
      const at = (file: string): string => pathOf(join(`export-${who}`, file));
      const sealed = Buffer.concat([await readFile(at("header")), await readFile(at("payload"))]);
      await writeFile(at("record.age"), sealed);
      const age = promisify(execFile)("age", ["-d", "-i", at("identity.txt"), at("record.age")], {
        encoding: "buffer",
      });
      expect((await age).stdout.includes(content), who).to.equal(true);
    }
  });

  it("stops access: what was readable is refused, and so is what comes later", async () => {
    const fixture = fhirDocuments[4];
    await desk.json(["revoke", accountOf("doctor")], as("patient"));
    const refused = await desk.error(4, ["read", recordOf(fixture?.name ?? "")], as("doctor"));
    expect(refused.code).to.equal("ACCESS_REVOKED");
    expect((await desk.error(1, ["revoke", accountOf("doctor")], as("patient"))).code).to.equal("NoGrant");
    const later = await desk.json<Uploaded>(["upload", "--scope", "laboratory", fixture?.path ?? ""], as("patient"));
    expect((await desk.error(4, ["read", later.records[0]?.recordId ?? ""], as("doctor"))).code).to.equal(
      "ACCESS_REVOKED",
    );
  });

  it("verifies without any key: a history, a record, a file", async () => {
    const whole = await desk.json(["verify", "--patient", patientId]);
    expect(whole).to.include({ genuine: true, records: records.size + 1 });
    const one = await desk.json(["verify", "--record", recordOf(jpegDocument.name)]);
    expect(one).to.include({ genuine: true });
    const file = await desk.json<{ records: object[] }>(["verify", "export-patient/payload"]);
    expect(file.records[0]).to.include({ part: "payload", recordId: recordOf(fhirDocuments[0]?.name ?? "") });
    const { code, stdout } = await desk.run(["verify", pdfDocument.path, "--json"]);
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.include({ known: false });
    const { events } = await desk.json<{ events: { kind: string }[] }>(["history", "--patient", patientId]);
    expect(events.map(({ kind }) => kind)).to.include.members([
      "registered",
      "record appended",
      "granted",
      "grant revoked",
    ]);
  });

  it("accepts a policy only if both copies are equal, to the bit", async () => {
    const wording = Buffer.from("The whole contract of insurance.\n");
    const altered = Buffer.from(wording);
    altered[3] = (altered[3] ?? 0) ^ 1;
    await writeFile(pathOf("wording.txt"), wording);
    await writeFile(pathOf("altered.txt"), altered);
    await writeFile(pathOf("schedule.json"), JSON.stringify({ insured: "Amina Rahman", card: "HM-4471-2093" }));
    const terms = ["--wording", "wording.txt", "--schedule", "schedule.json", "--for", "1y"];
    const issued = await desk.json(["policy", "issue", "--patient", patientId, ...terms], as("insurer"));
    const policy = String(issued.policyId);

    const refused = await desk.error(1, ["policy", "accept", policy, "--wording", "altered.txt"], as("patient"));
    expect(refused.code).to.equal("POLICY_COPIES_DIFFER");
    expect(refused.details).to.include({ part: "wording" });
    const copies = ["--wording", "wording.txt", "--schedule", "schedule.json"];
    const accepted = await desk.json(["policy", "accept", policy, ...copies], as("patient"));

    expect(await desk.json(["policy", "verify", policy, ...copies], as("patient"))).to.include({
      equal: true,
      status: "active",
    });
    const { code } = await desk.run(["policy", "verify", policy, "--wording", "altered.txt"]);
    expect(code).to.equal(1);
    const shown = await desk.json([
      "policy",
      "show",
      "--transaction",
      String(accepted.transaction),
      "--wording-out",
      "kept.txt",
    ]);
    expect(shown).to.include({ policyId: policy, patientId, status: "active" });
    expect(await readFile(pathOf("kept.txt"))).to.deep.equal(wording);
  });

  it("restores the account root from its backup alone", async () => {
    await desk.json(["keys", "restore"], as("patient"));
    await desk.json(["read", recordOf(dicomDocument.name)], as("patient"));
  });

  it("has printed no secret", async () => {
    const identity = (await readFile(pathOf("export-patient/identity.txt"), "utf8")).trim();
    for (const secret of [PASSWORD, identity, IDENTITY.nationalId, IDENTITY.insuranceCard, MNEMONIC]) {
      expect(desk.printed.includes(secret), "a secret in the output").to.equal(false);
    }
    expect(desk.printed).not.to.match(/AGE-SECRET-KEY|"privateKey"/i);
  });
});
