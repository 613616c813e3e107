import { expect } from "chai";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import {
  assignMember,
  chainTime,
  chooseFulfiller,
  enterVisit,
  fhir,
  givePermit,
  openVisit,
  orderById,
  ownDrawers,
  patientIdOf,
  placeOrder,
  preparePermit,
  readPermit,
  type RecordId,
  type VisitId,
} from "../../sdk/index.js";
import { inOrder } from "../inOrder.js";
import { button, enterAs, gone, goTo, list, row, seen, title, unlock } from "./acts.js";
import { sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const HOUR_S = 3_600;
const FILLS = 3;

describe("In a browser: several tabs, and tabs that are closed on the way", function () {
  this.timeout(150_000);
  // Each step builds on the one before.
  inOrder(this);

  const open = visitors();
  let place: Site;
  let visitId: VisitId;
  let orderId: RecordId;
  let lee: Visit;
  let pharmacy: Visit;

  const session = (persona: string) => sessionAs(place.world, persona);
  const pageAt = async (visit: Visit, where: string): Promise<Page> => {
    const page = await visit.context.newPage();
    await page.goto(place.url);
    await unlock(page);
    await goTo(page, where);
    return page;
  };
  const handedOver = async () => (await orderById(place.world.reader, orderId)).done;
  const dispensing = (page: Page) => page.getByRole("group", { name: "Dispense", exact: true });
  const pending = (page: Page) =>
    page.getByRole("status").filter({ hasText: "A dispensing of this prescription is pending." });
  const interrupted = (page: Page) =>
    row(list(page, "Documents that were interrupted"), "A dispensing was interrupted on its way");

  before(async () => {
    place = await site();
    const { chain } = place.world.reader;
    const [patient, hospital, doctor] = await Promise.all([session("bashir"), session("hospital"), session("lee")]);
    const patientId = await patientIdOf({ chain, account: patient.account });
    const drawers = (await ownDrawers(patient, patientId)).filter(({ label }) => label === "documents");
    const terms = { patientId, hospital: hospital.account, drawers, validFor: HOUR_S, lasts: 4 * HOUR_S };
    const { code } = await givePermit(patient, await preparePermit(patient, terms));
    ({ visitId } = await openVisit(hospital, await readPermit(hospital, code)));
    await assignMember(hospital, visitId, doctor.account);
    const time = await chainTime(chain);
    const until = time + HOUR_S;
    const author = { account: doctor.account };
    const placed = await placeOrder(doctor, await enterVisit(doctor, visitId), {
      drawer: "medication",
      role: "pharmacy",
      fills: FILLS,
      until,
      document: (id) => {
        const medicine = { name: "Metformin 500 mg tablet" };
        const quantity = { value: 30, unit: "{tablet}", label: "tablet" };
        const dose = { ...quantity, value: 1 };
        const taken = { medicine, dose, quantity, frequency: 2, period: 1, periodUnit: "d" as const, fills: FILLS };
        return fhir.writeFhir(
          fhir.medicationRequest({ ...taken, orderId: id, visitId, patientId, author, time, until }),
        );
      },
    });
    orderId = placed.recordId;
    await chooseFulfiller(patient, orderId, knownPersona("pharmacy").address);
    [lee, pharmacy] = await Promise.all([open(), open()]);
  });

  it("offers what was signed in one tab no more in the other, which wasn't loaded anew", async () => {
    await enterAs(lee.page, place.url, "lee");
    await goTo(lee.page, `/today/${visitId}`);
    await button(lee.page, "Write a note").click();
    const form = lee.page.getByRole("group", { name: "Write a note", exact: true });
    await form.getByLabel("Note", { exact: false }).last().fill("Feels better.");
    await seen(form.getByRole("region", { name: "Who will know what" }));
    // Sealed on the device after a pause.
    await lee.page.waitForTimeout(1_500);
    const other = await pageAt(lee, `/today/${visitId}`);
    await button(other, "Write a note: not signed yet").click();
    const copy = other.getByRole("group", { name: "Write a note", exact: true });
    await seen(copy.getByText("Feels better."));
    await button(form, "Sign the note").click();
    await seen(button(lee.page, "Write a note"));
    await gone(copy.getByText("Feels better."));
    await button(copy, "Later").click();
    await seen(button(other, "Write a note"));
    expect(lee.errors).to.deep.equal([]);
  });

  it("shows in the other tab what is written in one", async () => {
    const [page, other] = lee.context.pages() as [Page, Page];
    await button(other, "Order tests").click();
    await other
      .getByRole("group", { name: "Order tests", exact: true })
      .getByRole("combobox", { name: "Add a test" })
      .fill("ferritin");
    await other.getByRole("option").first().click();
    await seen(button(page, "Order tests: not signed yet"));
    await other.close();
  });

  it("lets no second tab hand over what one is at", async () => {
    const { page } = pharmacy;
    await enterAs(page, place.url, "pharmacy");
    await goTo(page, `/counter/${orderId}`);
    await seen(title(page, /^Prescription: Metformin/));
    const other = await pageAt(pharmacy, `/counter/${orderId}`);
    await button(other, "Hand it over").click();
    const storing = page.waitForRequest(`${place.world.ipfsUrl}/api/v0/add**`);
    await page.route(`${place.world.ipfsUrl}/api/v0/add**`, () => undefined);
    await button(page, "Hand it over").click();
    await button(dispensing(page), "Handed over").click();
    await storing;
    await seen(other.getByRole("status").filter({ hasText: "Dispensing: " }));
    expect(await button(other, "Hand it over").isDisabled()).to.equal(true);
    expect(await pending(other).count()).to.equal(0);
    await button(dispensing(other), "Handed over").click();
    await gone(dispensing(other));
    expect(await other.getByRole("status").filter({ hasText: "Dispensing: " }).count()).to.equal(1);
    await page.close();
    pharmacy.page = other;
  });

  it("offers one way on with a dispensing whose tab was closed, and says that it is pending", async () => {
    const { page } = pharmacy;
    await seen(pending(page));
    await seen(interrupted(page));
    await gone(button(page, "Hand it over"));
    await judge(pharmacy);
    expect(await handedOver()).to.equal(0);
    await button(interrupted(page), "Go on").click();
    await seen(page.getByText(`2 of ${FILLS} left`, { exact: true }));
    await gone(pending(page));
    await seen(button(page, "Hand it over"));
    expect(await handedOver()).to.equal(1);
  });

  it("hands over anew once the one that was cut off is given up", async () => {
    const { page } = pharmacy;
    const storing = page.waitForRequest(`${place.world.ipfsUrl}/api/v0/add**`);
    await page.route(`${place.world.ipfsUrl}/api/v0/add**`, () => undefined);
    await button(page, "Hand it over").click();
    await dispensing(page).getByLabel("How much").fill("15");
    // Sealed on the device after a pause.
    await page.waitForTimeout(1_500);
    await button(dispensing(page), "Handed over").click();
    await storing;
    await page.close();
    pharmacy.page = await pageAt(pharmacy, `/counter/${orderId}`);
    await seen(pending(pharmacy.page));
    await button(interrupted(pharmacy.page), "Give it up").click();
    await gone(pending(pharmacy.page));
    await button(pharmacy.page, "Hand it over").click();
    // Nothing of it was counted, so what was typed for this time is still here.
    expect(await dispensing(pharmacy.page).getByLabel("How much").inputValue()).to.equal("15");
    await button(dispensing(pharmacy.page), "Handed over").click();
    await seen(pharmacy.page.getByText(`1 of ${FILLS} left`, { exact: true }));
    await button(pharmacy.page, "Hand it over").click();
    expect(await dispensing(pharmacy.page).getByLabel("How much").inputValue()).to.equal("30");
    expect(await handedOver()).to.equal(2);
  });
});
