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
  grantsOf,
  healDrawers,
  issuePolicy,
  lookUpFile,
  ownDrawers,
  pending,
  prepareGrant,
  publish,
  readRecord,
  recordById,
  recordIdIn,
  resume,
  SCOPE_LABELS,
  stopAccess,
  type Chain,
  type Drawer,
  type RecordId,
  type ScopeLabel,
} from "../../../sdk/index.js";
import { scopeKeysOf, sendGrants } from "../../../sdk/adapters/consents.js";
import { sendAppend, storedAnchorOf } from "../../../sdk/adapters/records.js";
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

  describe("a drawer whose key on the chain is wrong", () => {
    const labels = (drawers: readonly Drawer[], state: Drawer["state"]) =>
      drawers.filter((each) => each.state === state).map(({ label }) => label);

    /** What a node brings about that hides the drawer's first move: it moves again, to the key of an epoch that is over. */
    async function damage(label: ScopeLabel): Promise<Drawer> {
      const { patientId, scope } = await drawerByLabel(amina, amina.patientId, label);
      await closeDrawers(amina, patientId, [await drawerByLabel(amina, patientId, label)]);
      const consents = amina.chain.consents.connect(amina.signer);
      const { publicKey } = scopeKeys(amina.root, scope, 0);
      await (await consents.rotateScope(patientId, scope, publicKey, `0x${"0".repeat(64)}`)).wait();
      const damaged = (await ownDrawers(amina, patientId)).find((each) => each.label === label);
      return damaged!;
    }

    it("is listed as damaged, takes nothing, and keeps no other from being used", async () => {
      const damaged = await damage("imaging");
      const drawers = await ownDrawers(amina, amina.patientId);
      expect(labels(drawers, "damaged")).to.deep.equal(["imaging"]);
      expect(drawers).to.have.length(SCOPE_LABELS.length);
      await expectSalusError(drawerByLabel(amina, amina.patientId, "imaging"), "SCOPE_SECRET_MISMATCH");
      await expectSalusError(publish(amina, damaged, note("none")), "SCOPE_SECRET_MISMATCH");
      const shared = { ...request(), grantee: town.doctor.account, drawers: [damaged], records: [] };
      await expectSalusError(prepareGrant(amina, shared), "SCOPE_SECRET_MISMATCH");
      const other = await drawerByLabel(amina, amina.patientId, "visits");
      const published = await publish(amina, other, note("a visit"));
      expect((await readRecord(amina, published.recordId)).content).to.deep.equal(utf8("a visit"));
    });

    it("doesn't hold up a revocation", async () => {
      const shared = { ...request(), grantee: town.doctor.account, records: [] };
      await grant(amina, await prepareGrant(amina, { ...shared, drawers: [await open("medication")] }));
      await damage("medication");
      const { patientId } = amina;
      const [given] = await grantsOf(amina.chain, { patientId, grantee: town.doctor.account });
      await stopAccess(amina, patientId, [given!]);
      const [stopped] = await grantsOf(amina.chain, { patientId, grantee: town.doctor.account });
      expect(stopped?.state).to.equal("revoked");
    });

    it("is healed by a new key, which is handed to nobody", async () => {
      const damaged = await damage("visits");
      await healDrawers(amina, amina.patientId, [damaged]);
      const healed = await open("visits");
      expect(healed.epoch).to.equal(damaged.epoch + 1);
      const [key] = (await scopeKeysOf(amina.chain, amina.patientId, healed.scope)).slice(-1);
      expect(key?.keyring).to.equal(null);
      const published = await publish(amina, healed, note("again"));
      expect((await readRecord(amina, published.recordId)).content).to.deep.equal(utf8("again"));
    });

    it("isn't healed while events and storage don't agree", async () => {
      const damaged = await damage("documents");
      for (const lie of [
        { publicKey: damaged.publicKey, epoch: 40n },
        { publicKey: toHex(accountKeys(town.stranger.root).publicKey), epoch: BigInt(damaged.epoch) },
      ]) {
        await expectSalusError(healDrawers(misled(lie), amina.patientId, [damaged]), "SCOPE_SECRET_MISMATCH");
      }
    });

    const open = (label: ScopeLabel) => drawerByLabel(amina, amina.patientId, label);
  });

  it("a node that shows an earlier state of a drawer than before is noticed", async () => {
    const label = "insurance";
    const before = await drawerByLabel(amina, amina.patientId, label);
    await closeDrawers(amina, amina.patientId, [before]);
    const lie = { publicKey: before.publicKey, epoch: BigInt(before.epoch) };
    await drawerByLabel(amina, amina.patientId, label);
    await expectSalusError(closeDrawers(misled(lie), amina.patientId, [before]), "DRAWER_OUTDATED");
    const consents = new Proxy(amina.chain.consents, {
      get: (target, name) => {
        if (name !== "queryFilter") return Reflect.get(target, name) as unknown;
        return async (...filter: Parameters<typeof target.queryFilter>) => {
          const events = (await target.queryFilter(...filter)) as { args?: { scope?: string; epoch?: bigint } }[];
          return events.filter(({ args }) => args?.scope !== before.scope || args.epoch === 0n);
        };
      },
    });
    const behind = { ...amina, chain: { ...amina.chain, consents } };
    const drawers = await ownDrawers(behind, amina.patientId);
    expect(drawers.find((each) => each.label === label)?.state).to.equal("outdated");
    await expectSalusError(drawerByLabel(behind, amina.patientId, label), "DRAWER_OUTDATED");
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

  it("abuse: a patient who grants another one's document as their own doesn't get it exported", async () => {
    const { colleague, reader } = town;
    const { chain } = reader;
    const shared = await prepareGrant(amina, {
      ...request(),
      grantee: colleague.account,
      drawers: [],
      records: [recordId],
    });
    await grant(amina, shared);
    const { payload, header, size } = await recordById(town.reader, recordId);
    const bashir = await town.patient(9, town.registry, "Bashir Khan");
    const { patientId, account, signer } = bashir;
    const { scope, publicKey: scopeKey } = await drawerByLabel(bashir, patientId, "laboratory");
    await sendAppend(chain, signer, { patientId, scope, scopeKey, entry: { nonce: 1n, payload, header, size } });
    const subject = recordIdIn(patientId, account, 1n);
    // Everyone reads in the grant's event which header opens Amina's document for this reader.
    const { sealedKey } = shared.terms[0]!;
    const terms = {
      patientId,
      subject,
      grantee: colleague.account,
      rights: "read",
      until: FOREVER,
      sealedKey,
    } as const;
    await sendGrants(chain, signer, [terms]);
    await expectSalusError(readRecord(colleague, subject), "MANIFEST_MISMATCH");
    await expectSalusError(exportRecord(colleague, subject), "MANIFEST_MISMATCH");
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
