import { expect } from "chai";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import {
  assignMember,
  billablePolicies,
  closeVisit,
  enterVisit,
  givePermit,
  openVisit,
  ownDrawers,
  patientIdOf,
  preparePermit,
  publishInVisit,
  readPermit,
  visitById,
  type VisitId,
} from "../../sdk/index.js";
import { button, enterAs, goTo, gone, list, row, seen, title, unlock } from "./acts.js";
import { sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";
import { injectWallet, setRejecting, WALLET_NAME } from "./wallet.js";

const HOUR_S = 3_600;
const LEE = knownPersona("lee");

describe("In a browser: people who are in a hurry, interrupted or change their mind in a visit", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let visitId: VisitId;
  let desk: Visit;
  let lee: Visit;

  const session = (persona: string) => sessionAs(place.world, persona);
  const codeOf = async (persona: string): Promise<string> => {
    const patient = await session(persona);
    const patientId = await patientIdOf(patient);
    const drawers = (await ownDrawers(patient, patientId)).filter(({ label }) => label === "documents");
    const hospital = knownPersona("hospital").address;
    const terms = { patientId, hospital, drawers, validFor: HOUR_S, lasts: 4 * HOUR_S };
    return (await givePermit(patient, await preparePermit(patient, terms))).code;
  };
  const openedFor = async (persona: string): Promise<VisitId> => {
    const hospital = await session("hospital");
    const opened = await openVisit(hospital, await readPermit(hospital, await codeOf(persona)));
    await assignMember(hospital, opened.visitId, LEE.address);
    return opened.visitId;
  };
  const panel = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
  const isOut = async () => (await visitById(place.world.reader, visitId)).members.some(({ removed }) => removed);

  before(async () => {
    place = await site();
    visitId = await openedFor("bashir");
    [desk, lee] = await Promise.all([open(), open()]);
    await enterAs(desk.page, place.url, "hospital");
    await injectWallet(lee.page, place.world.rpcUrl, LEE.address);
    await lee.page.goto(place.url);
    await button(lee.page, `Continue as ${WALLET_NAME}`).click();
    await unlock(lee.page);
    await goTo(lee.page, `/today/${visitId}`);
  });

  it("take nobody out of a visit by a double click, nor by a key that is held", async () => {
    const { page } = desk;
    await goTo(page, `/desk/${visitId}`);
    await button(page, `Take out ${LEE.name}`).dblclick();
    await seen(button(page, "Take out now"));
    await button(page, "Keep").click();
    await button(page, `Take out ${LEE.name}`).focus();
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await gone(button(page, "Take out now"));
    expect(await page.getByRole("status").filter({ hasText: "Taking the assignment back" }).count()).to.equal(0);
    expect(await isOut()).to.equal(false);
  });

  it("stay where they have gone while a visit is opened", async () => {
    const { page } = desk;
    const code = await codeOf("bashir");
    await goTo(page, "/desk");
    await page.getByLabel("Or type the code").fill(code);
    await button(page, "Find").click();
    await place.world.rpc("evm_setAutomine", false);
    try {
      await button(page, "Open the visit").click();
      await seen(page.getByRole("status").filter({ hasText: "Opening the visit: signed and sent" }));
      await goTo(page, "/inbox");
      await seen(title(page, "Inbox"));
      await place.world.rpc("evm_mine");
    } finally {
      await place.world.rpc("evm_setAutomine", true);
    }
    // Long enough for whatever would call them away.
    await page.waitForTimeout(2_500);
    await seen(title(page, "Inbox"));
    await goTo(page, "/desk");
    await seen(row(list(page, "Open now"), "Assign somebody"));
  });

  it("close a list by Escape without the form around it, and choose letters in another script", async () => {
    const { page } = lee;
    await button(page, "Order tests").click();
    const form = panel(page, "Order tests");
    const field = form.getByRole("combobox", { name: "Add a test" });
    await field.fill("ferr");
    await seen(page.getByRole("option").first());
    await page.keyboard.press("Escape");
    await gone(page.getByRole("option").first());
    expect(await field.inputValue()).to.equal("");
    await field.fill("けつ");
    const composing = { key: "Enter", bubbles: true, cancelable: true, isComposing: true };
    await field.dispatchEvent("keydown", composing);
    expect(await field.inputValue()).to.equal("けつ");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await gone(form);
  });

  it("get a note back that they declined to sign, and sign it once it is right", async () => {
    const { page } = lee;
    await button(page, "Write a note").click();
    const form = panel(page, "Write a note");
    const field = form.getByLabel("Note", { exact: false }).last();
    await field.fill("Feels wurse.");
    await setRejecting(page, true);
    await button(form, "Sign the note").click();
    await seen(page.getByRole("status").filter({ hasText: "Adding a note: not signed" }));
    await setRejecting(page, false);
    await button(page, "Write a note: not signed yet").click();
    expect(await field.inputValue()).to.equal("Feels wurse.");
    expect(await list(page, "Documents that were interrupted").count()).to.equal(0);
    await field.fill("Feels worse.");
    await button(form, "Sign the note").click();
    await seen(row(list(page, "Timeline"), "Note of a visit"));
    await seen(button(page, "Write a note"));
    expect(lee.errors).to.deep.equal([]);
  });

  it("leave nothing of what they typed in a page that they lock, and find it again", async () => {
    const { context, page } = lee;
    const typed = "Zebrafish, of all things.";
    await button(page, "Write a note").click();
    await panel(page, "Write a note").getByLabel("Note", { exact: false }).last().fill(typed);
    // Sealed on the device after a pause.
    await page.waitForTimeout(1_500);
    await goTo(page, "/account");
    await button(page, "Lock").click();
    await gone(button(page, "Lock"));
    const devtools = await context.newCDPSession(page);
    const chunks: string[] = [];
    devtools.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
    await devtools.send("HeapProfiler.collectGarbage");
    await devtools.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    expect(chunks.join("")).to.include("Unlock");
    expect(chunks.join("").includes(typed)).to.equal(false);
    await goTo(page, `/today/${visitId}`);
    await unlock(page);
    await button(page, "Write a note: not signed yet").click();
    await seen(panel(page, "Write a note").getByText(typed));
  });

  it("keep a bill's items while the storage is away, and when the page is loaded anew", async () => {
    const { page } = desk;
    const [hospital, doctor] = await Promise.all([session("hospital"), session("lee")]);
    const billed = await openedFor("amina");
    const access = await enterVisit(doctor, billed);
    const content = new TextEncoder().encode("Seen.");
    const note = { content, fileName: "note.txt", mediaType: "text/plain" };
    await publishInVisit(doctor, access, access.drawers[0]?.label ?? "", note);
    await closeVisit(hospital, billed);
    expect(await billablePolicies(place.world.reader, billed)).not.to.have.length(0);
    await goTo(page, `/desk/${billed}/bill`);
    const what = page.getByLabel("What", { exact: true });
    await what.fill("Consultation");
    await page.getByLabel(/^Each,/).fill("120.00");
    await page.route(`${place.world.ipfsUrl}/**`, (route) => route.abort());
    await place.world.rpc("evm_mine");
    await seen(page.getByRole("status").filter({ hasText: "The document storage doesn't answer." }));
    expect(await what.inputValue()).to.equal("Consultation");
    await page.unroute(`${place.world.ipfsUrl}/**`);
    await gone(page.getByRole("status").filter({ hasText: "The document storage doesn't answer." }));
    // Sealed on the device after a pause.
    await page.waitForTimeout(1_500);
    await page.reload();
    await unlock(page);
    await seen(what);
    expect(await what.inputValue()).to.equal("Consultation");
    await button(page, "Look at the bill").click();
    await button(page, "Send the bill").click();
    await seen(page.getByText("The patient may look", { exact: false }));
    desk.errors.length = 0;
    await judge(desk);
  });
});
