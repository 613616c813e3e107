import { readFile } from "node:fs/promises";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { wording } from "../../scripts/seed/insurance.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import {
  discloseGrant,
  grantsOf,
  patientsControlledBy,
  policiesOf,
  readRecord,
  recordsOf,
  unlock as openAccount,
  type Hex,
  type PatientId,
} from "../../sdk/index.js";
import { fhirDocuments } from "../documents/index.js";
import { expectSalusError } from "../expectSalusError.js";
import {
  addDraft,
  button,
  chooseFile,
  continueAs,
  documentRow,
  dropFile,
  enterAs,
  fileAt,
  gone,
  goTo,
  list,
  row,
  seen,
  seenVerified,
  title,
  toPlace,
  unlock,
  withOneBitTurned,
  type GivenFile,
} from "./acts.js";
import type { Site, Visit } from "./harness.js";
import { site, visitors } from "./site.js";

const DAY_S = 86_400;
const AMINA = knownPersona("amina");
const HADDAD = knownPersona("haddad");

/** One of HL7's own documents. */
async function fhir(name: string): Promise<GivenFile> {
  const fixture = fhirDocuments.find((each) => each.name === name);
  if (!fixture) throw new RangeError(`no document ${name}`);
  return fileAt(fixture.path, fixture.name, fixture.mediaType);
}

/** The lines of the three columns of "who will know what", by the columns' headings. */
async function whoWillKnow(page: Page): Promise<Record<string, string[]>> {
  const panel = page.getByRole("region", { name: "Who will know what" });
  await seen(panel);
  const headings = await panel.getByRole("heading", { level: 3 }).allInnerTexts();
  const lists = await panel.getByRole("list").all();
  const lines = await Promise.all(lists.map((each) => each.getByRole("listitem").allInnerTexts()));
  return Object.fromEntries(headings.map((heading, i) => [heading.trim(), lines[i] ?? []]));
}

/** Takes down what the page says in passing; the returned function tells the titles of all that it has said since. */
async function listenToStatuses(page: Page): Promise<() => Promise<string[]>> {
  const said = await page.evaluateHandle(() => {
    const titles = new Set<string>();
    const listen = () => {
      for (const each of document.querySelectorAll("[role=status] strong")) titles.add(each.textContent);
    };
    new MutationObserver(listen).observe(document.body, { childList: true, subtree: true, characterData: true });
    return titles;
  });
  return () => said.evaluate((titles) => [...titles]);
}

/** "until 21 Dec", as the page writes it for a British reader. */
function untilWords(until: number): string {
  const date = new Date(until * 1_000);
  const year = date.getUTCFullYear() === new Date().getUTCFullYear() ? {} : { year: "numeric" as const };
  return `until ${new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC", ...year }).format(date)}`;
}

describe("In a browser: the path of patient, doctor and insurance", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let amina: Visit;
  let haddad: Visit;
  let patientId: PatientId;
  let offered: GivenFile;

  before(async () => {
    place = await site();
    [amina, haddad] = await Promise.all([open(), open()]);
    const [own] = await patientsControlledBy(place.world.reader.chain, AMINA.address);
    if (!own) throw new Error("Amina isn't registered");
    patientId = own;
    const { bytes, fileName, mediaType } = await wording();
    offered = { name: fileName, mimeType: mediaType, buffer: Buffer.from(bytes) };
  });

  it("tells Amina what to do about a wrong passphrase, and opens with the right one", async () => {
    const { page } = amina;
    await continueAs(page, place.url, "amina");
    await page.getByLabel(/^Passphrase/).fill("not her passphrase");
    await button(page, "Unlock").click();
    await seen(page.getByText("This passphrase doesn't open it. Check capital letters and spaces, and try again."));
    await page.getByLabel(/^Passphrase/).fill(AMINA.passphrase);
    await unlock(page);
    await seen(title(page, "Your record"));
    await seen(page.getByText(/^\d+ documents\. Only you and the /));
  });

  it("seals a chosen document, shows how far it is, and lists it as verified", async () => {
    const { page } = amina;
    let letThrough = (): void => undefined;
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route(`${place.world.ipfsUrl}/api/v0/add**`, async (route) => {
      await held;
      await route.continue();
    });
    await chooseFile(page, "Add documents", await fhir("Observation-blood-pressure.json"));
    await addDraft(page, { title: "Blood pressure at home", drawer: "Laboratory" });
    await seen(page.getByRole("status").filter({ hasText: "Adding a document: getting ready" }));
    const said = await listenToStatuses(page);
    letThrough();
    await seenVerified(page, "Blood pressure at home");
    await gone(page.getByRole("status").filter({ hasText: "Adding a document" }));
    expect(await said()).to.include("Adding a document: storing the sealed file");
    await seen(documentRow(page, "Blood pressure at home").getByText("only you"));
    await page.unroute(`${place.world.ipfsUrl}/api/v0/add**`);
  });

  it("shows before signing who will know what, and signs exactly that", async () => {
    const { page } = amina;
    await toPlace(page, "Access");
    await page.getByRole("link", { name: "Share", exact: true }).click();
    await page.getByRole("searchbox").fill("haddad");
    await button(page, `Choose ${HADDAD.name}`).click();
    await page.getByRole("checkbox", { name: "Laboratory" }).check();
    await page.getByRole("radiogroup", { name: "What they may do" }).getByText("Read and add").click();
    expect(await page.getByRole("radio", { name: "30 days" }).isChecked()).to.equal(true);
    await seen(page.getByText("Can add documents to this drawer"));
    const shown = await whoWillKnow(page);
    expect(Object.keys(shown)).to.deep.equal([HADDAD.name, "City Hospital", "Everyone"]);

    await page.getByRole("button", { name: /^Share until / }).click();
    const granted = row(list(page, "Has access now"), HADDAD.name);
    await seen(granted.getByText("reads and adds"));

    const { chain } = place.world.reader;
    const onChain = await grantsOf(chain, { patientId, grantee: HADDAD.address });
    expect(onChain.map(({ state, rights }) => ({ state, rights }))).to.deep.equal([
      { state: "active", rights: "read and write" },
    ]);
    const [terms] = onChain;
    if (!terms) throw new Error("no grant");
    expect(terms.until - Date.now() / 1_000).to.be.within(30 * DAY_S - 600, 30 * DAY_S);
    const inDrawer = (await recordsOf(chain, { patientId })).filter(({ scope }) => scope === terms.subject);
    const expected = discloseGrant(onChain, {
      granteeName: HADDAD.name,
      organisationName: "City Hospital",
      subjects: new Map<Hex, { kind: "drawer"; name: string; documents: number }>([
        [terms.subject, { kind: "drawer", name: "Laboratory", documents: inDrawer.length }],
      ]),
      formatUntil: untilWords,
    });
    expect(shown).to.deep.equal({
      [HADDAD.name]: expected.grantee,
      "City Hospital": expected.organisation,
      Everyone: expected.everyone,
    });
  });

  it("lets Dr Haddad open exactly what Amina added", async () => {
    const { page } = haddad;
    await enterAs(page, place.url, "haddad");
    await seen(title(page, "Today"));
    await toPlace(page, "Patients");
    await page.getByRole("link", { name: /Amina Rahman/ }).click();
    await seen(title(page, "Amina Rahman"));
    await documentRow(page, "Blood pressure at home").getByRole("link").click();
    await seen(title(page, "Blood pressure at home"));
    await seen(page.getByText("Opened on this device, for you alone.", { exact: false }));
    const arriving = page.waitForEvent("download");
    await button(page, "Download").click();
    const download = await arriving;
    expect(download.suggestedFilename()).to.equal("Observation-blood-pressure.json");
    const given = await fhir("Observation-blood-pressure.json");
    expect((await readFile(await download.path())).equals(given.buffer)).to.equal(true);

    await page.getByText("Proof", { exact: true }).click();
    await button(page, "Check it yourself").click();
    await seen(page.getByText("The sealed document is stored, to the bit: yes"));
    expect(await page.getByText(/: no$/).count()).to.equal(0);
  });

  it("lets Dr Haddad add to the drawer, and Amina see who did", async () => {
    const { page } = haddad;
    await page.getByRole("link", { name: "Amina Rahman" }).click();
    await dropFile(page, "Add to Laboratory", await fhir("Observation-bmi.json"));
    await addDraft(page, { title: "Body mass index", drawer: "Laboratory" });
    await seenVerified(page, "Body mass index");

    await toPlace(amina.page, "Record");
    await seenVerified(amina.page, "Body mass index");
    await seen(documentRow(amina.page, "Body mass index").getByText(HADDAD.name));
  });

  it("stops Dr Haddad's access with one signature", async () => {
    const { page } = amina;
    await toPlace(page, "Access");
    await button(row(list(page, "Has access now"), HADDAD.name), "Stop").click();
    expect((await whoWillKnow(page))[HADDAD.name]).to.include(`${HADDAD.name} is refused from now on.`);
    await button(page, "Stop access").click();
    await seen(row(list(page, "Has ended"), HADDAD.name).getByText("you stopped it"));
  });

  it("refuses Dr Haddad with words, on the page he has open as well", async () => {
    const { page } = haddad;
    await seen(page.getByRole("status").filter({ hasText: "The patient has stopped your access." }));
    await seen(page.getByText("You can't open or add anything here."));
    expect(await page.getByText("Blood pressure at home").count()).to.equal(0);
  });

  it("keeps what Amina adds afterwards from Dr Haddad and the keys that he kept", async () => {
    const { page } = amina;
    await toPlace(page, "Record");
    await chooseFile(page, "Add documents", await fhir("Observation-example.json"));
    await addDraft(page, { title: "Body weight, later", drawer: "Laboratory" });
    await seenVerified(page, "Body weight, later");

    const { world } = place;
    const { reader } = world;
    const newest = (await recordsOf(reader.chain, { patientId })).at(-1);
    if (!newest) throw new Error("no record");
    await goTo(haddad.page, `/patients/${patientId}/${newest.recordId}`);
    await seen(haddad.page.getByRole("status").filter({ hasText: "The patient has stopped your access." }));
    const root = await openAccount(reader, HADDAD.address, HADDAD.passphrase);
    await expectSalusError(
      readRecord({ ...(await world.session(HADDAD.index)), root }, newest.recordId),
      "ACCESS_REVOKED",
    );
  });

  it("refuses a copy of the offered policy that differs by one bit, and says whose is which", async () => {
    const { page } = amina;
    await toPlace(page, "Insurance");
    await row(list(page, "Offers"), "Harbour Mutual").getByRole("link").click();
    await seen(title(page, "An offer by Harbour Mutual"));
    await chooseFile(page, "Drop your copy of the wording", withOneBitTurned(offered));
    const refusal = page.getByRole("alert").filter({ hasText: "Your wording isn't the insurer's." });
    await seen(refusal);
    const [offer] = (await policiesOf(place.world.reader.chain, { patientId })).filter(
      ({ status, previous }) => status === "offered" && previous === null,
    );
    const words = await refusal.innerText();
    expect(words).to.match(/yours 0x[0-9a-f]{64}/);
    expect(words).to.include(`insurer's ${offer?.wording ?? "?"}`);
    expect(await button(page, "Accept the policy").count()).to.equal(0);
  });

  it("accepts the policy with the right copy", async () => {
    const { page } = amina;
    await chooseFile(page, `Your wording: ${offered.name}`, offered);
    await seen(page.getByRole("status").filter({ hasText: "Your wording is the insurer's, to the bit." }));
    expect(Object.keys(await whoWillKnow(page))).to.deep.equal(["Harbour Mutual", "Those you share with", "Everyone"]);
    await button(page, "Accept the policy").click();
    await seen(title(page, "Policy of Harbour Mutual"));
    await seen(page.getByText("In force"));
  });

  it("finds a policy by the transaction that issued it", async () => {
    const { page } = amina;
    const [policy] = await policiesOf(place.world.reader.chain, { patientId });
    await toPlace(page, "Insurance");
    const id = page.getByLabel("Or the id of a policy or a transaction");
    await id.fill("0x12");
    await seen(page.getByText("That isn't a whole id yet."));
    await id.fill(policy?.transactionHash ?? "");
    await button(page, "Find").click();
    await row(list(page, "Found policy"), "Harbour Mutual")
      .getByRole("link", { name: /^Care Plus/ })
      .click();
    await seen(title(page, "Policy of Harbour Mutual"));
    expect(page.url()).to.include(policy?.policyId ?? "?");
  });

  it("tells anyone without a wallet what the chain knows about a wording, and of a bit turned in it", async () => {
    const { page } = await open();
    const chain = `${place.world.rpcUrl}/**`;
    let answer = (): void => undefined;
    const dropped = new Promise<void>((resolve) => (answer = resolve));
    await page.route(chain, async (route) => {
      await dropped;
      await route.continue();
    });
    await page.goto(`${place.url}/#/verify`);
    // Before the chain has answered.
    await dropFile(page, "Drop a file to check", offered);
    answer();
    await seen(page.getByRole("status").filter({ hasText: `The chain knows ${offered.name}.` }));
    const found = list(page, "Policies with this wording").getByRole("listitem");
    const all = await policiesOf(place.world.reader.chain, { insurer: knownPersona("insurer").address });
    const [first] = all;
    expect(await found.count()).to.equal(all.filter((policy) => policy.wording === first?.wording).length);
    await seen(found.getByText("In force"));
    await dropFile(page, "Drop a file to check", withOneBitTurned(offered));
    await seen(page.getByRole("status").filter({ hasText: `The chain doesn't know ${offered.name}.` }));
  });

  it("leaves no error behind on the pages of patient and doctor", () => {
    expect(amina.errors).to.deep.equal([]);
    expect(haddad.errors).to.deep.equal([]);
  });
});
