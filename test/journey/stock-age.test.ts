import { execFileSync, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import {
  ageIdentity,
  accountKeys,
  drawerByLabel,
  exportRecord,
  FOREVER,
  grant,
  prepareGrant,
  publish,
  readRecord,
  type ExportedRecord,
  type RecordId,
} from "../../sdk/index.js";
import { encodeDocument } from "../../sdk/core/manifest.js";
import { pdfDocument } from "../documents/index.js";
import { startTown, type Town } from "../world.js";

describe("The stock age program opens exported records", function () {
  this.timeout(60_000);

  let town: Town;
  const started: Town[] = [];
  let recordId: RecordId;
  let content: Uint8Array;
  before(async function () {
    if (spawnSync("age", ["--version"]).error) {
      console.log("    left out: there is no `age` program here; Debian's package of that name brings it");
      this.skip();
    }
    town = await startTown();
    started.push(town);
    content = new Uint8Array(await readFile(pdfDocument.path));
    const drawer = await drawerByLabel(town.amina, town.amina.patientId, "documents");
    const document = { content, fileName: pdfDocument.name, mediaType: pdfDocument.mediaType };
    ({ recordId } = await publish(town.amina, drawer, document));
  });

  after(() => Promise.all(started.map((each) => each.stop())));

  /** `cat header payload | age -d -i identity`. */
  async function openWithAge({ header, payload, identity }: ExportedRecord): Promise<Uint8Array> {
    const identityFile = join(town.folder, "identity.txt");
    await writeFile(identityFile, `${identity}\n`, { mode: 0o600 });
    return execFileSync("age", ["-d", "-i", identityFile], {
      input: Buffer.concat([header, payload]),
      maxBuffer: 2 ** 26,
      stdio: ["pipe", "pipe", "ignore"],
    });
  }

  /** Manifest line, content and padding, made from what the reader says that the document holds. */
  async function expectedPlaintext(): Promise<Uint8Array> {
    const { manifest } = await readRecord(town.amina, recordId);
    return encodeDocument(manifest, content);
  }

  async function expectOpens(exported: ExportedRecord): Promise<void> {
    const plaintext = await openWithAge(exported);
    expect(Buffer.from(plaintext).equals(await expectedPlaintext())).to.equal(true);
    const line = plaintext.indexOf(0x0a);
    expect(Buffer.from(plaintext.subarray(line + 1, line + 1 + content.length)).equals(content)).to.equal(true);
  }

  it("with the patient's exported identity", async () => {
    await expectOpens(await exportRecord(town.amina, recordId));
  });

  it("with the doctor's, after a grant of the drawer", async () => {
    const { amina, doctor } = town;
    const drawer = await drawerByLabel(amina, amina.patientId, "documents");
    const request = { patientId: amina.patientId, grantee: doctor.account, drawers: [drawer], records: [] };
    await grant(amina, await prepareGrant(amina, { ...request, rights: "read", until: FOREVER }));
    await expectOpens(await exportRecord(doctor, recordId));
  });

  it("with one made for the export, after a grant of the single record: the account's own key never leaves it", async () => {
    const { amina, stranger } = town;
    const request = { patientId: amina.patientId, grantee: stranger.account, drawers: [], records: [recordId] };
    await grant(amina, await prepareGrant(amina, { ...request, rights: "read", until: FOREVER }));
    const exported = await exportRecord(stranger, recordId);
    expect(exported.identity).not.to.equal(ageIdentity(accountKeys(stranger.root).secretKey));
    await expectOpens(exported);
  });

  it("and not with anybody else's", async () => {
    const exported = await exportRecord(town.amina, recordId);
    const identity = ageIdentity(accountKeys(town.colleague.root).secretKey);
    let opened = true;
    await openWithAge({ ...exported, identity }).catch(() => (opened = false));
    expect(opened).to.equal(false);
  });
});
