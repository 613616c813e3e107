import { expect } from "chai";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import { keyOf, patientOf, patientsControlledBy, type Address, type PatientId } from "../../sdk/index.js";
import { button, enterAs, goTo, list, row, seen, title, toPlace, unlock } from "./acts.js";
import type { Site, Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";
import { injectWallet, setRejecting, WALLET_NAME } from "./wallet.js";

/** A development account that nobody else takes, to move to. */
const NEXT = "0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199";
const CHEN = knownPersona("chen");

// Behind all others that use Chen's record, by its file's name: here he gives it up.
describe("In a browser: moving to another wallet, and giving a record up", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let chen: Visit;
  let page: Page;
  let patientId: PatientId;

  before(async () => {
    place = await site();
    const [own] = await patientsControlledBy(place.world.reader.chain, CHEN.address);
    if (!own) throw new Error("Chen isn't registered");
    patientId = own;
    chen = await open();
    ({ page } = chen);
    // The other wallet is in the same browser, under an account that is nobody's yet.
    await injectWallet(page, place.world.rpcUrl, NEXT);
    await enterAs(page, place.url, "chen");
    await seen(title(page, "Your record"));
  });

  it("makes signed grants worthless that nobody has carried yet, after asking once", async () => {
    await toPlace(page, "Account");
    const grants = row(list(page, "Recover, move, leave"), "Grants that you signed");
    await button(grants, "Make them worthless").click();
    await seen(grants.getByText("Access that counts already stays"));
    await judge(chen);
    await button(grants, "Sign it").click();
    await seen(grants.getByRole("status").filter({ hasText: "Making signed grants worthless: done" }));
  });

  it("tells before moving what stays, what changes, and who will know what", async () => {
    await page.getByRole("link", { name: "Move to another wallet" }).click();
    await seen(title(page, "Move to another wallet"));
    await button(page, "Choose Amina Rahman").click();
    await seen(page.getByRole("alert").filter({ hasText: "That account has another key already." }));
    await button(page, `Choose ${WALLET_NAME}`).click();
    await seen(page.getByRole("region", { name: "Who will know what" }));
    await judge(chen);
  });

  it("changes nothing when one of the two declines", async () => {
    await setRejecting(page, true);
    await button(page, "Move").click();
    await seen(page.getByRole("status").filter({ hasText: "Taking over: not signed" }));
    const patient = await patientOf(place.world.reader.chain, patientId);
    expect(patient?.controller).to.equal(CHEN.address);
    await setRejecting(page, false);
    await button(page, "Leave it").click();
  });

  it("moves with both signatures: same pseudonym, same key, same documents, open at once", async () => {
    await button(page, "Move").click();
    await seen(title(page, "You have moved"));
    const { chain } = place.world.reader;
    expect((await patientOf(chain, patientId))?.controller).to.equal(NEXT);
    const [before, after] = await Promise.all([keyOf(chain, CHEN.address), keyOf(chain, NEXT as Address)]);
    expect(after?.publicKey).to.equal(before?.publicKey);
    await page.getByRole("link", { name: "Go to your record" }).click();
    await seen(title(page, "Your record"));
    await seen(list(page, "Timeline"));
    await judge(chen);
  });

  it("opens with the same passphrase from the new wallet, and not from the old one", async () => {
    const later = await open();
    await injectWallet(later.page, place.world.rpcUrl, NEXT);
    await later.page.goto(place.url);
    await button(later.page, `Continue as ${WALLET_NAME}`).click();
    await later.page.getByLabel(/^Passphrase/).fill(CHEN.passphrase);
    await unlock(later.page);
    await seen(title(later.page, "Your record"));

    const old = await open();
    await enterAs(old.page, place.url, "chen");
    await goTo(old.page, "/record");
    await seen(title(old.page, "No record yet"));
  });

  it("asks for a word before a record is given up, and says what can't be undone", async () => {
    await toPlace(page, "Account");
    await page.getByRole("link", { name: "Give your record up" }).click();
    await seen(title(page, "Give your record up"));
    await seen(page.getByRole("region", { name: "Who will know what" }));
    await seen(page.getByText("There is no way back, not with the passphrase, not with the recovery sheet."));
    expect(await button(page, "Give my record up for good").isDisabled()).to.equal(true);
    await page.getByLabel(/^To go on, type/).fill("give up");
    await judge(chen);
  });

  it("keeps the record when the wallet declines", async () => {
    await setRejecting(page, true);
    await button(page, "Give my record up for good").click();
    await seen(page.getByRole("status").filter({ hasText: "Giving your record up: not signed" }));
    expect((await patientOf(place.world.reader.chain, patientId))?.controller).to.equal(NEXT);
    await setRejecting(page, false);
  });

  it("leaves a tombstone, and tells the account what is left", async () => {
    await button(page, "Try again").click();
    await seen(title(page, "Your record has ended"));
    await seen(page.getByText("Your recovery sheet is of no use any more. Destroy it."));
    await judge(chen);
    expect(await patientOf(place.world.reader.chain, patientId)).to.equal(null);
    await page.getByRole("link", { name: "Account", exact: true }).first().click();
    await seen(title(page, "Account"));
    expect(await page.getByText("Give your record up").count()).to.equal(0);
  });
});
