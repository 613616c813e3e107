/** Organisations by the command line: registering by licence, listing, renewing, revoking, giving up. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { createAccount } from "../../sdk/index.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { importInto, startAttest, type AttestService } from "../../services/attest/index.js";
import { inOrder } from "../inOrder.js";
import { startWorld, PASSPHRASE, type World } from "../world.js";
import { makeDesk, type Desk } from "./salus.js";

const LICENCE = { licence: "HOSP-2210", code: "north-7Q2M-activation" };
const HOSPITAL = knownPersona("hospital").address;
const LEE = knownPersona("lee").address;

interface Listed {
  self: { name: string; role: string; standing: { state: string }; below: number } | null;
  members: { name: string; account: string; department: string | null; standing: { state: string }; below: number }[];
}

describe("salus accredit and salus organisation", function () {
  this.timeout(120_000);
  inOrder(this);

  let world: World;
  let service: AttestService;
  let desk: Desk;
  const pathOf = (file: string): string => join(desk.folder, file);
  const as = (persona: string): NodeJS.ProcessEnv => ({ SALUS_AS: persona });
  const list = (persona: string) => desk.json<Listed>(["accredit", "list"], as(persona));

  before(async () => {
    world = await startWorld();
    desk = await makeDesk();
    await writeFile(pathOf("deployment.json"), JSON.stringify(world.deployment));
    await writeFile(
      pathOf("salus.config.json"),
      JSON.stringify({ rpc: world.rpcUrl, ipfs: world.ipfsUrl, deployment: "deployment.json" }),
    );
    const session = await world.session(knownPersona("authority").index);
    const root = await createAccount(session, PASSPHRASE, { workFactor: 4 });
    const database = pathOf("authority.sqlite");
    const authority = { ...session, root };
    const name = "Health Authority";
    service = await startAttest({ face: "authority", session: authority, database, origins: [], name });
    const licence = {
      ...LICENCE,
      role: "hospital",
      name: "Northside Hospital",
      validUntil: "2099-12-31",
      status: "valid",
    };
    await importInto(database, "authority", [JSON.stringify(licence)]);
  });
  after(async () => {
    await service.close();
    await desk.clear();
    await world.stop();
  });

  const register = (file: string, url = service.url) => [
    "organisation",
    "register",
    "--licence-file",
    file,
    "--authority",
    url,
  ];

  it("accredits by hand, and says before who will know what", async () => {
    const args = ["accredit", "authority", "health-authority", "--name", "Health Authority", "--for", "2y"];
    const { stderr, stdout } = await desk.run([...args, "--json"], as("operator"));
    expect(stderr).to.contain("Who will know what").and.contain("vouched for by The operator");
    expect(JSON.parse(stdout)).to.include({ role: "health authority", name: "Health Authority" });
    expect((await list("operator")).members.map(({ name }) => name)).to.deep.equal(["Health Authority"]);
    expect((await desk.error(2, ["accredit", "lee", "surgeon", "--name", "X"], as("operator"))).code).to.equal("USAGE");
    expect((await desk.error(2, ["accredit", "lee", "doctor"], as("operator"))).code).to.equal("USAGE");
    const refused = await desk.error(4, ["accredit", "lee", "doctor", "--name", "Dr Lee"], as("operator"));
    expect(refused.code).to.equal("MayNotAccredit");
  });

  it("registers by a licence in a file, checked by the authority's service", async () => {
    await writeFile(pathOf("guess.json"), JSON.stringify({ ...LICENCE, code: "guessed-code" }));
    expect((await desk.error(4, register("guess.json"), as("hospital"))).code).to.equal("LICENCE_NOT_VERIFIED");
    await writeFile(pathOf("other.json"), JSON.stringify({ ...LICENCE, name: "Southside Hospital" }));
    const lied = await desk.error(1, register("other.json"), as("hospital"));
    expect(lied).to.deep.include({ code: "SERVICE_ANSWER_INVALID", details: { field: "name" } });
    await writeFile(
      pathOf("licence.json"),
      JSON.stringify({ ...LICENCE, name: "Northside Hospital", role: "hospital" }),
    );
    const registered = await desk.json(register("licence.json"), as("hospital"));
    expect(registered).to.include({ account: HOSPITAL, role: "hospital", name: "Northside Hospital" });
    expect((await list("hospital")).self).to.deep.include({ name: "Northside Hospital", standing: { state: "valid" } });
    expect((await desk.error(4, register("licence.json"), as("lee"))).code).to.equal("LICENCE_IN_USE");
  });

  it("says what to do about a bad file, an address that is none, and a service that is away", async () => {
    await writeFile(pathOf("bad.json"), JSON.stringify({ licence: "HOSP-2210" }));
    const bad = await desk.error(2, register("bad.json"), as("hospital"));
    expect(bad).to.include({ code: "FILE_INVALID" });
    expect(bad.details).to.include({ field: "code" });
    expect((await desk.error(2, register("licence.json", "nowhere"), as("hospital"))).code).to.equal("INVALID_INPUT");
    const away = await desk.error(3, register("licence.json", "http://127.0.0.1:9"), as("hospital"));
    expect(away.code).to.equal("SERVICE_UNREACHABLE");
  });

  it("accredits doctors, lists them, and renews under another name", async () => {
    const lee = ["accredit", "lee", "doctor", "--name", "Dr Sarah Lee", "--department", "Cardiology"];
    await desk.json(lee, as("hospital"));
    await desk.json(["accredit", "haddad", "doctor", "--name", "Dr Omar Haddad"], as("hospital"));
    const { self, members } = await list("hospital");
    expect(self).to.include({ below: 2 });
    expect(members[0]).to.include({ name: "Dr Sarah Lee", account: LEE, department: "Cardiology" });

    await desk.error(2, ["accredit", "renew", "lee", "--department", "Surgery"], as("hospital"));
    await desk.json(["accredit", "renew", "lee", "--name", "Dr S. Lee", "--for", "3y"], as("hospital"));
    expect((await list("hospital")).members[0]).to.include({ name: "Dr S. Lee", department: null });
    await desk.json(["accredit", "renew", "hospital"], as("authority"));
    expect((await list("hospital")).self).to.include({ below: 2 });
    expect((await desk.error(1, ["accredit", "renew", "lee"], as("authority"))).code).to.equal("NotAccredited");

    const { stdout } = await desk.run(["accredit", "list"], as("hospital"));
    expect(stdout)
      .to.match(/Northside Hospital, hospital: until \d{4}/)
      .and.contain("Dr Omar Haddad");
  });

  it("revokes with all below, says how many, and isn't undone by the licence", async () => {
    const { stderr, code } = await desk.run(["accredit", "revoke", "hospital", "--json"], as("authority"));
    expect(code).to.equal(0);
    expect(stderr).to.contain("Northside Hospital and the 2 accounts below it lose every right in the same block");
    const { members } = await list("hospital");
    expect(members.map(({ standing }) => standing.state)).to.deep.equal(["fallen", "fallen"]);
    expect((await desk.error(4, register("licence.json"), as("hospital"))).code).to.equal("LICENCE_NOT_VERIFIED");
    expect((await desk.error(1, ["accredit", "revoke", "hospital"], as("authority"))).code).to.equal("NotAccredited");
  });

  it("gives an accreditation up", async () => {
    await desk.json(["accredit", "stranger", "pharmacy", "--name", "Not asked for"], as("authority"));
    expect((await list("stranger")).self).to.include({ name: "Not asked for" });
    await desk.json(["accredit", "renounce"], as("stranger"));
    expect((await list("stranger")).self).to.deep.include({ standing: { state: "revoked", by: stranger } });
    expect((await desk.error(1, ["accredit", "renounce"], as("stranger"))).code).to.equal("NotAccredited");
  });

  it("prints no activation code", () => {
    expect(desk.printed).not.to.contain(LICENCE.code);
  });
});

const stranger = knownPersona("stranger").address;
