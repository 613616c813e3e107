import { expect } from "chai";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import { grantsOf, patientsControlledBy, recordsOf, type PatientId } from "../../sdk/index.js";
import {
  addDraft,
  button,
  chooseFile,
  continueAs,
  documentRow,
  enterAs,
  gone,
  list,
  row,
  seen,
  seenVerified,
  title,
  toPlace,
  unlock,
  type GivenFile,
} from "./acts.js";
import type { Site } from "./harness.js";
import { site, visitors } from "./site.js";
import { injectWallet, setRejecting, WALLET_NAME } from "./wallet.js";

const BASHIR = knownPersona("bashir");
const HADDAD = knownPersona("haddad");

const note = (words: string): GivenFile => ({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from(words) });
const status = (page: Page, words: string | RegExp) => page.getByRole("status").filter({ hasText: words });

describe("In a browser: what goes wrong", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let patientId: PatientId;

  before(async () => {
    place = await site();
    const [own] = await patientsControlledBy(place.world.reader.chain, BASHIR.address);
    if (!own) throw new Error("Bashir isn't registered");
    patientId = own;
  });

  /** As Bashir with a wallet of his own, unlocked. */
  async function enterWithWallet(chainId?: number): Promise<Page> {
    const { page } = await open();
    await injectWallet(page, place.world.rpcUrl, BASHIR.address, chainId);
    await page.goto(place.url);
    await button(page, `Continue as ${WALLET_NAME}`).click();
    await unlock(page);
    await seen(title(page, "Your record"));
    return page;
  }

  /** Chooses to let Dr Haddad read one drawer, and presses Share. */
  async function shareWithHaddad(page: Page, drawer: string): Promise<void> {
    await toPlace(page, "Access");
    await page.getByRole("link", { name: "Share", exact: true }).click();
    await page.getByRole("searchbox").fill("haddad");
    await button(page, `Choose ${HADDAD.name}`).click();
    await page.getByRole("checkbox", { name: drawer }).check();
    await page.getByRole("button", { name: /^Share until / }).click();
  }

  it("finds a transaction again that was pending when the page was loaded anew", async () => {
    const { page } = await open();
    await enterAs(page, place.url, "bashir");
    await place.world.rpc("evm_setAutomine", false);
    try {
      await shareWithHaddad(page, "Medication");
      await seen(status(page, "Sharing: signed and sent"));
      await page.reload();
      await unlock(page);
      await seen(status(page, /Sharing: (signed and sent|taking longer than usual)/));
      await place.world.rpc("evm_mine");
    } finally {
      await place.world.rpc("evm_setAutomine", true);
    }
    await seen(status(page, /Sharing: done/));
    await seen(row(list(page, "Has access now"), HADDAD.name).getByText("Medication"));
  });

  it("offers to go on with a document whose tab was closed while it was stored", async () => {
    const { context, page } = await open();
    await enterAs(page, place.url, "bashir");
    const adding = page.waitForRequest(`${place.world.ipfsUrl}/api/v0/add**`);
    await page.route(`${place.world.ipfsUrl}/api/v0/add**`, () => undefined);
    const before = (await recordsOf(place.world.reader.chain, { patientId })).length;
    await chooseFile(page, "Add documents", note("What I asked the doctor."));
    await addDraft(page, { title: "Questions for the visit", drawer: "Documents" });
    await adding;
    await page.close();

    const again = await context.newPage();
    await again.goto(place.url);
    await unlock(again);
    const interrupted = list(again, "Documents that were interrupted");
    await seen(interrupted.getByText("Nothing is lost."));
    await button(interrupted, "Go on").click();
    await seenVerified(again, "Questions for the visit");
    await gone(interrupted);
    expect(await recordsOf(place.world.reader.chain, { patientId })).to.have.length(before + 1);
  });

  it("takes a rejection in the wallet for what it is, and does it when asked again", async () => {
    const page = await enterWithWallet();
    await setRejecting(page, true);
    await shareWithHaddad(page, "Imaging");
    const rejected = status(page, "Sharing: not signed");
    await seen(rejected.getByText("You declined in your wallet. Nothing was sent."));
    const inForce = async () =>
      (await grantsOf(place.world.reader.chain, { patientId, grantee: HADDAD.address })).length;
    const before = await inForce();
    await setRejecting(page, false);
    await button(rejected, "Try again").click();
    await seen(row(list(page, "Has access now"), HADDAD.name).getByText("Imaging"));
    expect(await inForce()).to.equal(before + 1);
  });

  it("keeps a document that the wallet refused to sign for", async () => {
    const page = await enterWithWallet();
    await setRejecting(page, true);
    await chooseFile(page, "Add documents", note("Only seen after a second thought."));
    await addDraft(page, { title: "Second thought", drawer: "Documents" });
    await seen(status(page, "Adding a document: not signed"));
    await setRejecting(page, false);
    const interrupted = list(page, "Documents that were interrupted");
    await button(interrupted, "Go on").click();
    await seenVerified(page, "Second thought");
    await gone(interrupted);
  });

  it("tells that the storage is away, where documents are, and goes on when it's back", async () => {
    const { page } = await open();
    await enterAs(page, place.url, "bashir");
    await seenVerified(page, "Blood pressure");
    const away = status(page, "The document storage doesn't answer.");
    await page.route(`${place.world.ipfsUrl}/**`, (route) => route.abort());
    await documentRow(page, "Hypertension").getByRole("link").click();
    await seen(page.getByRole("alert").or(away));
    await seen(away.getByText("Nothing is lost."));
    await toPlace(page, "Verify");
    await seen(title(page, "Verify a file"));
    await gone(away);
    await toPlace(page, "Record");
    await documentRow(page, "Hypertension").getByRole("link").click();
    await seen(away);
    await page.unroute(`${place.world.ipfsUrl}/**`);
    await gone(away);
    await seen(page.getByRole("region", { name: /Hypertens/ }));
  });

  it("tells that the chain is away, and goes on when it's back", async () => {
    const { page } = await open();
    await enterAs(page, place.url, "bashir");
    await seenVerified(page, "Blood pressure");
    const away = status(page, "The chain doesn't answer.");
    await page.route(place.world.rpcUrl, (route) => route.abort());
    await page.route(`${place.world.rpcUrl}/**`, (route) => route.abort());
    await seen(away.getByText("Nothing is lost."));
    await seen(documentRow(page, "Blood pressure"));
    await page.unrouteAll();
    await gone(away);
    await chooseFile(page, "Add documents", note("The chain is back."));
    await addDraft(page, { title: "After the outage", drawer: "Documents" });
    await seenVerified(page, "After the outage");
  });

  it("notices that the local chain was started anew, and explains it", async () => {
    const { page } = await open();
    await enterAs(page, place.url, "bashir");
    await seen(title(page, "Your record"));
    const { genesisHash } = place.world.deployment;
    await page.route(`${place.world.rpcUrl}/**`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(genesisHash, `0x${"5a".repeat(32)}`);
      await route.fulfill({ response, body });
    });
    const restarted = page.getByRole("alert").filter({ hasText: "The local chain was started anew" });
    await seen(restarted);
    await seen(restarted.getByText("npm start"));
    await seen(button(restarted, "Load this page anew"));
  });

  it("tells that the wallet is on another network, and changes it when asked", async () => {
    const page = await enterWithWallet(1);
    const elsewhere = status(page, "Your wallet is on another network.");
    await seen(elsewhere.getByText("Salus is on network 31337, your wallet on 1."));
    await button(elsewhere, "Switch network in the wallet").click();
    await gone(elsewhere);
  });

  it("waits with words while the contracts are being deployed", async () => {
    const { page } = await open();
    await page.route(`${place.url}/salus.json`, (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.goto(place.url);
    await seen(page.getByText("It is being set up at this moment; the page goes on by itself."));
    await page.unrouteAll();
    await seen(button(page, "Continue as Bashir Khan"));
    await continueAs(page, place.url, "bashir");
  });
});
