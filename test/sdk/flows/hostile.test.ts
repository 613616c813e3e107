import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { bech32 } from "@scure/base";
import { expect } from "chai";

import {
  chainTime,
  closeDrawers,
  drawerByLabel,
  exportRecord,
  FOREVER,
  grant,
  issuePolicy,
  lookUpFile,
  pending,
  prepareGrant,
  publish,
  readRecord,
  resume,
  type Chain,
  type Drawer,
  type RecordId,
} from "../../../sdk/index.js";
import { storedAnchorOf } from "../../../sdk/adapters/records.js";
import { toHex, utf8 } from "../../../sdk/core/bytes.js";
import { decodeDocument } from "../../../sdk/core/manifest.js";
import { open } from "../../../sdk/core/envelope.js";
import { accountKeys, ageIdentity, scopeKeys } from "../../../sdk/core/keys.js";
import { fileJournal } from "../../../sdk/node.js";
import { expectSalusError } from "../../expectSalusError.js";
import { pinsOf } from "../../pins.js";
import { startTown, type PatientSession, type Town } from "../../world.js";

describe("flows: what a hostile surrounding can't bring about", function () {
  this.timeout(60_000);

  let town: Town;
  let amina: PatientSession;
  let drawer: Drawer;
  let recordId: RecordId;
  before(async () => {
    town = await startTown();
    amina = town.amina;
    drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
    ({ recordId } = await publish(amina, drawer, note("first")));
  });
  after(() => town.stop());

  const note = (text: string) => ({ content: utf8(text), fileName: "note.txt", mediaType: "text/plain" });
  const request = () => ({ patientId: amina.patientId, rights: "read", until: FOREVER }) as const;

  /** The session behind a node that lies about a drawer's state. */
  function misled(lie: { publicKey: string; epoch: bigint }): PatientSession {
    const consents = new Proxy(amina.chain.consents, {
      get: (target, name) => (name === "scopeOf" ? () => Promise.resolve(lie) : (Reflect.get(target, name) as unknown)),
    });
    return { ...amina, chain: { ...amina.chain, consents } satisfies Chain };
  }

  describe("a node that invents a drawer's epoch", () => {
    const lies = () => [
      { publicKey: drawer.publicKey, epoch: 40n },
      { publicKey: toHex(accountKeys(town.stranger.root).publicKey), epoch: 40n },
      { publicKey: toHex(accountKeys(town.stranger.root).publicKey), epoch: 0n },
      { publicKey: drawer.publicKey, epoch: 2n ** 53n - 1n },
    ];

    it("doesn't get the keys of epochs to come sealed to a grantee", async () => {
      for (const lie of lies()) {
        const prepared = prepareGrant(misled(lie), {
          ...request(),
          grantee: town.doctor.account,
          drawers: [drawer],
          records: [],
        });
        await expectSalusError(prepared, "SCOPE_SECRET_MISMATCH");
      }
    });

    it("doesn't have the drawer moved to a key that nobody finds again", async () => {
      for (const lie of lies()) {
        await expectSalusError(closeDrawers(misled(lie), amina.patientId, [drawer]), "SCOPE_SECRET_MISMATCH");
      }
      const { epoch, publicKey } = await drawerByLabel(amina, amina.patientId, "laboratory");
      expect([epoch, publicKey]).to.deep.equal([0, toHex(scopeKeys(amina.root, drawer.scope, 0).publicKey)]);
    });
  });

  it("an exported record that was granted by itself opens that record, and nothing else of its reader's", async () => {
    const { stranger } = town;
    const prepared = await prepareGrant(amina, {
      ...request(),
      grantee: stranger.account,
      drawers: [],
      records: [recordId],
    });
    await grant(amina, prepared);
    const { header, payload, identity } = await exportRecord(stranger, recordId);
    expect(identity).not.to.equal(ageIdentity(accountKeys(stranger.root).secretKey));
    const secretKey = bech32.decodeToBytes(identity.toLowerCase()).bytes;
    const { content } = decodeDocument(await open(header, payload, secretKey));
    expect(content).to.deep.equal(utf8("first"));
    const [granted] = prepared.sealedKeys;
    await expectSalusError(open(granted!, payload, secretKey), "NOT_A_RECIPIENT");
  });

  it("a grant that is sent again after a lost answer keeps the key that it names", async () => {
    const { colleague } = town;
    const prepared = await prepareGrant(amina, {
      ...request(),
      grantee: colleague.account,
      drawers: [drawer],
      records: [],
    });
    await grant(amina, prepared);
    const pins = await pinsOf(town.ipfsUrl);
    await grant(amina, prepared);
    expect(await pinsOf(town.ipfsUrl)).to.deep.equal(pins);
    expect((await readRecord(colleague, recordId)).content).to.deep.equal(utf8("first"));
  });

  it("an insurer who issues many policies doesn't slow a look-up of another file", async () => {
    const { insurer } = town;
    const from = await chainTime(amina.chain);
    const wording = { bytes: utf8("A wording"), fileName: "wording.txt", mediaType: "text/plain" };
    const schedule = { ...wording, bytes: utf8("A schedule") };
    const draft = { patientId: amina.patientId, wording, schedule, from, until: from + 86_400 };
    await issuePolicy(insurer, draft);
    await issuePolicy(insurer, { ...draft, wording: { ...wording, bytes: utf8("Another wording") } });

    let asked = 0;
    const policies = new Proxy(amina.chain.policies, {
      get: (target, name) => {
        if (name === "policyOf") asked++;
        return Reflect.get(target, name) as unknown;
      },
    });
    const reader = { ...town.reader, chain: { ...amina.chain, policies } };
    expect((await lookUpFile(reader, wording.bytes)).policies).to.have.length(1);
    expect(asked).to.equal(1);
    expect((await lookUpFile(reader, utf8("something else"))).policies).to.have.length(0);
    expect(asked).to.equal(1);
  });

  it("a damaged journal's document isn't anchored: nobody would ever have it", async () => {
    const folder = join(town.folder, "damaged");
    const refusing = new Proxy(amina.signer, {
      get: (target, name) =>
        name === "sendTransaction" ? () => Promise.reject(new Error("away")) : (Reflect.get(target, name) as unknown),
    });
    for (const part of ["payload", "header"]) {
      const session = { ...amina, journal: await fileJournal(join(folder, part)) };
      await publish({ ...session, signer: refusing }, drawer, note("second")).catch(() => undefined);
      const name = (await readdir(join(folder, part))).find((each) => each.endsWith(`.${part}`));
      const bytes = await readFile(join(folder, part, name!));
      bytes[bytes.length - 2]! ^= 1;
      await writeFile(join(folder, part, name!), bytes);
      const [intent] = await pending(session);
      await expectSalusError(resume(session, intent!), "JOURNAL_DAMAGED");
      expect(await storedAnchorOf(amina.chain, intent!.recordId)).to.equal(null);
    }
  });
});
