/** The demo by the command line: personas on the local chain, and everything that goes wrong on the way. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { PERSONAS, personaWallet, type PersonaIdentity } from "../../scripts/seed/personas.js";
import { startIpfsNode, type IpfsNode } from "../../services/ipfs/index.js";
import { fhirDocuments } from "../documents/index.js";
import { inOrder } from "../inOrder.js";
import { everythingIn, everythingOnChain, traces } from "./guessing.js";
import { makeDesk, passwordFile, type Desk } from "./salus.js";

interface Listed {
  records: { recordId: string; title: string | null; fileName: string; author: string }[];
}

const valuesOf = (identity: PersonaIdentity | undefined): string[] =>
  identity ? Object.values<string>({ ...identity }) : [];

describe("salus on the local chain", function () {
  this.timeout(240_000);
  inOrder(this);

  let server: Awaited<ReturnType<typeof network.createServer>>;
  let ipfs: IpfsNode;
  let desk: Desk;
  let rpc: string;
  /** Pseudonyms by persona. */
  let patients: Map<string, string>;
  const as = (persona: string): NodeJS.ProcessEnv => ({ SALUS_AS: persona });
  const [document] = fhirDocuments;
  if (!document) throw new Error("no documents");

  before(async () => {
    server = await network.createServer(undefined, "127.0.0.1", 0);
    const { port } = await server.listen();
    rpc = `http://127.0.0.1:${port}`;
    desk = await makeDesk({ SALUS_RPC: rpc });
    ipfs = await startIpfsNode({ dir: join(desk.folder, "ipfs") });
    await writeFile(join(desk.folder, "salus.config.json"), JSON.stringify({ ipfs: ipfs.url }));
  });

  after(async () => {
    await ipfs.close();
    await server.close();
    await desk.clear();
  });

  it("says what is missing before anything is there", async () => {
    const [none, nobody, unknown, nowhere] = await Promise.all([
      desk.error(5, ["whoami"], as("amina")),
      desk.error(2, ["deploy", "--as", "nobody-in-particular"]),
      desk.error(2, ["unknown-command"]),
      desk.error(3, ["deploy", "--rpc", "http://127.0.0.1:1"]),
    ]);
    expect(none).to.include({ code: "NO_DEPLOYMENT" });
    expect(nobody).to.include({ code: "UNKNOWN_IDENTITY" });
    expect(unknown).to.include({ code: "USAGE" });
    expect(nowhere).to.include({ code: "CHAIN_UNREACHABLE" });
    for (const { why, how } of [none, nobody, unknown, nowhere])
      expect([why, how].every((text) => text.endsWith("."))).to.equal(true);
  });

  it("deploys and seeds, once", async () => {
    await desk.json(["deploy"]);
    const world = await desk.json<{ patients: { persona: string; patientId: string; records: number }[] }>(["seed"]);
    patients = new Map(world.patients.map(({ persona, patientId }) => [persona, patientId]));
    expect([...patients.keys()]).to.deep.equal(["amina", "bashir", "chen"]);
    for (const { records } of world.patients) expect(records).to.be.at.least(9);
    expect((await desk.error(1, ["seed"])).code).to.equal("SEEDED_ALREADY");
  });

  it("shows each what is theirs to see", async () => {
    const [own, shared, sharing, stranger, haddad] = await Promise.all([
      desk.json<Listed>(["list"], as("amina")),
      desk.json<Listed>(["list", "--patient", "amina"], as("lee")),
      desk.json<{ patients: { name: string }[] }>(["list"], as("lee")),
      desk.error(4, ["list", "--patient", "amina"], as("stranger")),
      desk.error(4, ["list", "--patient", "amina"], as("haddad")),
    ]);
    expect(own.records).to.have.length(9);
    expect(new Set(own.records.map(({ author }) => author)).size, "patient, doctor and laboratory").to.equal(3);
    expect(shared.records.map(({ title }) => title)).to.have.members([
      "Metformin 1000 mg",
      "Visit at City Hospital",
      "Type 2 diabetes",
      "Blood pressure",
    ]);
    expect(sharing.patients.map(({ name }) => name)).to.have.members(["Amina Rahman", "Bashir Khan"]);
    expect([stranger.code, haddad.code]).to.deep.equal(["NO_ACCESS", "NO_ACCESS"]);
  });

  it("lets the laboratory write where it may, without reading", async () => {
    const upload = ["upload", document.path, "--patient", "amina", "--scope"];
    const { records } = await desk.json<Listed>([...upload, "laboratory"], as("laboratory"));
    const written = records[0]?.recordId ?? "";
    expect((await desk.error(4, ["read", written], as("laboratory"))).code).to.equal("NO_ACCESS");
    expect((await desk.error(4, [...upload, "visits"], as("laboratory"))).code).to.equal("NO_ACCESS");
    expect(await desk.json(["read", written], as("amina"))).to.include({ fileName: document.name });
  });

  it("grants a single record: that one is read, its neighbours aren't", async () => {
    const { records } = await desk.json<Listed>(["list"], as("chen"));
    const [one, other] = records;
    const granted = await desk.json<{ disclosure: { grantee: string[] } }>(
      ["grant", "haddad", "--record", one?.recordId ?? "", "--until", "never"],
      as("chen"),
    );
    expect(granted).to.include({ until: "no end" });
    expect(granted.disclosure.grantee.join(" ")).to.include("Nothing else");
    expect(await desk.json(["read", one?.recordId ?? ""], as("haddad"))).to.include({ title: one?.title });
    expect((await desk.error(4, ["read", other?.recordId ?? ""], as("haddad"))).code).to.equal("NO_ACCESS");
  });

  it("shows the offered policies beside the one in force", async () => {
    const policies = await desk.json<{ status: string }[]>(["policy", "show"], as("amina"));
    expect(policies.map(({ status }) => status)).to.have.members(["active", "offered", "offered"]);
  });

  it("tells people the same in words, and keeps stdout for the result", async () => {
    const { stdout, stderr, code } = await desk.run(["whoami"], as("amina"));
    expect(code).to.equal(0);
    expect(stdout).to.include("Amina Rahman").and.include(patients.get("amina"));
    expect(stderr).to.equal("");
    const refused = await desk.run(["grant", "stranger", "--scope", "visits"], as("amina"));
    expect(refused).to.include({ code: 2, stdout: "" });
    expect(refused.stderr).to.include("--for 30d");
  });

  it("notices a chain that was restarted", async () => {
    const again = await network.createServer(
      { override: { chainId: 31337, initialDate: "2020-01-01" } },
      "127.0.0.1",
      0,
    );
    const { port } = await again.listen();
    const error = await desk.error(5, ["whoami", "--rpc", `http://127.0.0.1:${port}`], as("amina"));
    await again.close();
    expect(error.code).to.equal("CHAIN_RESTARTED");
  });

  it("asks nobody for a password without a terminal, and says how to give one", async () => {
    expect((await desk.error(4, ["keys", "new", "mine"])).code).to.equal("NO_PASSWORD");
    const weak = { SALUS_PASSWORD_FILE: await passwordFile(desk, "weak", "too short") };
    expect((await desk.error(2, ["keys", "new", "mine"], weak)).code).to.equal("WEAK_PASSPHRASE");
  });

  it("leaves nothing on the chain that guessing finds: no national id, name, date of birth or card number", async () => {
    const chain = await everythingOnChain(rpc);
    for (const { id, address, identity } of PERSONAS.filter((persona) => persona.identity)) {
      const patientId = patients.get(id) ?? "";
      expect(chain.includes(patientId.slice(2)), "the pseudonym is there, so the search works").to.equal(true);
      const words = [...valuesOf(identity), JSON.stringify(identity)];
      for (const word of words) {
        const found = traces(word, [address, patientId]).some((trace) => chain.includes(trace));
        expect(found, `a trace of ${id}'s ${word.length} letters`).to.equal(false);
      }
    }
  });

  it("leaves nothing readable in the storage but what is public", async () => {
    const files = await everythingIn(join(desk.folder, "ipfs"));
    const has = (word: string): boolean => files.some((file) => file.includes(word));
    expect(has("Dr Sarah Lee"), "a doctor's public profile").to.equal(true);
    expect(has("POLICY WORDING"), "the wording").to.equal(true);
    const identities = PERSONAS.flatMap(({ identity }) => valuesOf(identity));
    for (const word of [...identities, "resourceType", "Metformin", "%PDF-", 'fileName":"letter']) {
      expect(has(word), word).to.equal(false);
    }
  });

  it("has printed no secret", () => {
    for (const persona of PERSONAS) {
      const { identity, passphrase } = persona;
      const secrets = [
        personaWallet(persona).privateKey.slice(2),
        passphrase,
        identity?.nationalId,
        identity?.insuranceCard,
      ];
      for (const secret of secrets) if (secret) expect(desk.printed.includes(secret), persona.name).to.equal(false);
    }
    expect(desk.printed).not.to.include("AGE-SECRET-KEY");
  });
});
