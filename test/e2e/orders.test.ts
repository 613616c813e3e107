import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";

import { STATE } from "../../scripts/lib/paths.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import {
  assignMember,
  closeVisit,
  givePermit,
  openOrder,
  openVisit,
  ordersOf,
  ownDrawers,
  patientIdOf,
  preparePermit,
  readPermit,
  recordsOf,
  reportOnOrder,
  type Order,
  type PatientId,
  type VisitId,
} from "../../sdk/index.js";
import { expectSalusError } from "../expectSalusError.js";
import { inOrder } from "../inOrder.js";
import {
  button,
  chooseFile,
  documentRow,
  enterAs,
  gone,
  goTo,
  list,
  row,
  seen,
  seenVerified,
  title,
  toPlace,
  unlock,
} from "./acts.js";
import { browserWithCamera, filmOf } from "./camera.js";
import { openProfile, sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const FILM = join(STATE, "e2e", "orders.mjpeg");
const HOUR_S = 3_600;
const PATIENT = "Bashir Khan";
const LABORATORY = "Central Laboratory";
const PHARMACY = knownPersona("pharmacy").name;

describe("In a browser: orders, from the doctor to the laboratory and the pharmacy", function () {
  this.timeout(240_000);
  inOrder(this);

  const open = visitors();
  let place: Site;
  let camera: Browser;
  let patientId: PatientId;
  let visitId: VisitId;
  let bashir: Visit;
  let lee: Visit;
  let laboratory: Visit;
  let pharmacy: Visit;

  const session = (persona: string) => sessionAs(place.world, persona);
  const orderOf = async (role: Order["role"]): Promise<Order> => {
    const orders = await ordersOf(place.world.reader, { visitId });
    return orders.find((order) => order.role === role) ?? Promise.reject(new Error(`no order for a ${role}`));
  };
  const panel = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
  const knows = (where: Page | Locator) => seen(where.getByRole("region", { name: "Who will know what" }));
  /** Takes something from a list of codes by typing the beginning of its name. */
  const pick = async (page: Page, label: string, words: string) => {
    await page.getByRole("combobox", { name: label }).fill(words);
    await page.getByRole("option").first().click();
  };
  /** The patient's own row of an order, on the visit's page. */
  const patientsOrder = async (words: string): Promise<Locator> => {
    await goTo(bashir.page, `/visits/${visitId}`);
    const order = row(list(bashir.page, "Orders"), words).first();
    await seen(order);
    return order;
  };
  const agree = async (order: Locator, name: string) => {
    await button(order, `Review ${name}`).click();
    await knows(order);
    await button(order, `Choose ${name}`).click();
    await seen(order.getByText(`${name} carries it out.`));
  };
  const results = (page: Page, test: string | RegExp) => page.getByRole("group", { name: test });

  before(async () => {
    place = await site();
    const { chain } = place.world.reader;
    patientId = await patientIdOf({ chain, account: knownPersona("bashir").address });
    await rm(FILM, { force: true });
    camera = await browserWithCamera(FILM);
    [bashir, lee, pharmacy] = await Promise.all([open(), open(), open()]);
    laboratory = await openProfile(camera, { permissions: ["camera"] });
    await enterAs(bashir.page, place.url, "bashir");
  });
  after(async () => {
    await camera.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    await laboratory.page.screenshot({ path: join(STATE, "e2e", "orders-laboratory.png") });
  });

  describe("the doctor's day", () => {
    it("begins empty, and says who fills it", async () => {
      await enterAs(lee.page, place.url, "lee");
      await toPlace(lee.page, "Today");
      await seen(title(lee.page, "Today"));
      await seen(lee.page.getByText("Visits that your hospital assigns you to are listed here"));
      await judge(lee);
    });

    it("shows a visit by itself as soon as the hospital assigns the doctor, with the patient's name", async () => {
      const [patient, hospital] = await Promise.all([session("bashir"), session("hospital")]);
      const drawers = (await ownDrawers(patient, patientId)).filter(({ label }) => label === "documents");
      const terms = { patientId, hospital: hospital.account, drawers, validFor: HOUR_S, lasts: 4 * HOUR_S };
      const { code } = await givePermit(patient, await preparePermit(patient, terms));
      ({ visitId } = await openVisit(hospital, await readPermit(hospital, code)));
      await assignMember(hospital, visitId, knownPersona("lee").address);
      await seen(row(list(lee.page, "Open visits"), PATIENT));
      await judge(lee);
    });

    it("opens the visit's workspace: what may be read, and nothing else", async () => {
      const { page } = lee;
      await row(list(page, "Open visits"), PATIENT).getByRole("link").click();
      await seen(title(page, PATIENT));
      await seen(page.getByText(/You may read Documents, and what is written in this visit\./));
      const records = await recordsOf(place.world.reader.chain, { patientId });
      const patient = await session("bashir");
      const [readable] = (await ownDrawers(patient, patientId)).filter(({ label }) => label === "documents");
      const shown = records.filter(({ scope }) => scope === readable?.scope).length;
      expect(shown).to.be.greaterThan(0);
      await seen(list(page, "Timeline").getByRole("link").first());
      expect(await list(page, "Timeline").getByRole("link").count()).to.equal(shown);
      await judge(lee);
    });

    it("opens a document of the patient's in the visit", async () => {
      const { page } = lee;
      await list(page, "Timeline").getByRole("link").first().click();
      await seen(page.getByText("Opened on this device, as long as the visit lasts.", { exact: false }));
      await seen(page.getByText("Proof", { exact: true }));
      await judge(lee);
      await page.getByRole("link", { name: PATIENT }).click();
    });

    it("keeps a note that isn't signed over another page and a reload, and nothing of it on the disk in the clear", async () => {
      const { page } = lee;
      await button(page, "Write a note").click();
      await panel(page, "Write a note").getByLabel("Why the patient came").fill("Tiredness");
      await panel(page, "Write a note")
        .getByLabel("Note", { exact: false })
        .last()
        .fill("Pale. Asks for a blood test.");
      await knows(panel(page, "Write a note"));
      await judge(lee);
      await toPlace(page, "Patients");
      await seen(title(page, "Patients"));
      await goTo(page, `/today/${visitId}`);
      await seen(button(page, "Write a note: not signed yet"));
      // What is typed is sealed after a pause.
      await page.waitForFunction(async () => {
        const [database] = (await indexedDB.databases()).filter(({ name }) => name === "salus-unsigned");
        return database !== undefined;
      });
      await page.waitForTimeout(1_500);
      await page.reload();
      await unlock(page);
      await goTo(page, `/today/${visitId}`);
      await button(page, "Write a note: not signed yet").click();
      await seen(panel(page, "Write a note").getByText("Pale. Asks for a blood test."));
      const stored = await page.evaluate(async () => {
        const databases = await indexedDB.databases();
        const texts = databases.map(
          ({ name = "" }) =>
            new Promise<string>((resolve) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => {
                const db = opening.result;
                const stores = [...db.objectStoreNames];
                if (stores.length === 0) {
                  resolve("");
                  return;
                }
                const transaction = db.transaction(stores);
                const all = stores.map(
                  (store) =>
                    new Promise<string>((done) => {
                      const asking = transaction.objectStore(store).getAll();
                      asking.onsuccess = () => {
                        const values = asking.result as unknown[];
                        done(
                          values
                            .map((value) =>
                              value instanceof Uint8Array
                                ? new TextDecoder("latin1").decode(value)
                                : JSON.stringify(value),
                            )
                            .join(),
                        );
                      };
                    }),
                );
                void Promise.all(all).then((each) => resolve(each.join()));
              };
            }),
        );
        return (
          (await Promise.all(texts)).join() +
          JSON.stringify(Object.entries(localStorage)) +
          JSON.stringify(Object.entries(sessionStorage))
        );
      });
      expect(stored).to.not.include("blood test");
      expect(stored).to.not.include("Tiredness");
      expect(stored).to.include("age-encryption.org");
    });

    it("signs the note, which stands in the record at once", async () => {
      const { page } = lee;
      await button(page, "Sign the note").click();
      await seenVerified(page, "Tiredness");
      await seen(button(page, "Write a note"));
    });

    it("orders tests, which wait for the patient's choice", async () => {
      const { page } = lee;
      await button(page, "Order tests").click();
      const form = panel(page, "Order tests");
      await seen(form.getByText("Choose at least one test."));
      expect(await button(form, "Order the tests").isDisabled()).to.equal(true);
      await pick(page, "Add a test", "hemoglobin");
      await pick(page, "Add a test", "glucose");
      await knows(form);
      await judge(lee);
      await button(form, "Order the tests").click();
      const order = row(list(page, "Your orders"), "Test list: Hemoglobin and 1 more");
      await seen(order.getByText("Nobody chosen yet"));
      expect((await orderOf("laboratory")).state).to.equal("waiting");
      await judge(lee);
    });

    it("prescribes, with repeats that are counted", async () => {
      const { page } = lee;
      await button(page, "Prescribe").click();
      const form = panel(page, "Prescribe");
      await pick(page, "Medicine", "metformin");
      await form.getByLabel("Each time").fill("30");
      await form.getByLabel("Repeats").fill("1");
      await seen(form.getByText("Dispensed at most 2 times."));
      await knows(form);
      await judge(lee);
      await button(form, "Prescribe it").click();
      await seen(row(list(page, "Your orders"), "Prescription: Metformin"));
      expect((await orderOf("pharmacy")).fills).to.equal(2);
    });

    it("adds a file to the visit", async () => {
      const { page } = lee;
      await button(page, "Add a file").click();
      const letter = { name: "referral.txt", mimeType: "text/plain", buffer: Buffer.from("To whom it may concern") };
      await chooseFile(page, "Add files to this visit", letter);
      await page.getByLabel("Title").fill("Referral");
      await knows(page);
      await judge(lee);
      await page.getByRole("button", { name: /^Add to / }).click();
      await seenVerified(page, "Referral");
      expect(lee.errors).to.deep.equal([]);
    });
  });

  describe("the laboratory's bench", () => {
    it("begins empty, with a camera, a picture or letters", async () => {
      const { page } = laboratory;
      await enterAs(page, place.url, "laboratory");
      await toPlace(page, "Bench");
      await seen(title(page, "Bench"));
      await seen(page.getByText("No test lists wait for you."));
      await judge(laboratory);
    });

    it("abuse: a photographed code of an order opens nothing, and shows neither what is ordered nor the name", async () => {
      const order = await patientsOrder("Test list");
      await button(order, "Show its code").click();
      const code = order.getByRole("img", { name: /^QR code of your order/ });
      await seen(code);
      await filmOf(bashir.page, code, FILM);
      const { page } = laboratory;
      await button(page, "Open the camera").click();
      await seen(page.getByText("Nobody was chosen yet."));
      expect(await page.getByText("Hemoglobin").count()).to.equal(0);
      expect(await page.getByText(PATIENT).count()).to.equal(0);
      await judge(laboratory);
      await expectSalusError(
        openOrder(await session("laboratory"), (await orderOf("laboratory")).orderId),
        "ORDER_NOT_YOURS",
      );
    });

    it("asks to be chosen, and the page opens by itself when the patient agrees", async () => {
      const { page } = laboratory;
      await button(page, "Ask to be chosen").click();
      await seen(page.getByText("You have asked. The patient decides."));
      await judge(laboratory);
      await seen(lee.page.getByText(`${LABORATORY} asks to be chosen. The patient decides`));
      await agree(await patientsOrder("Test list"), LABORATORY);
      await seen(title(page, `Test list: Hemoglobin and 1 more for ${PATIENT}`));
      await judge(laboratory);
    });

    it("shows nothing else of the patient's", async () => {
      const { page } = laboratory;
      await toPlace(page, "Patients");
      await seen(title(page, "Patients"));
      await goTo(page, `/today/${visitId}`);
      await seen(page.getByText("You have no part in this visit."));
      expect(await page.getByText(PATIENT).count()).to.equal(0);
      await goTo(page, "/bench");
      await row(list(page, "To do"), PATIENT).getByRole("link").click();
      await seen(title(page, /^Test list/));
    });

    it("sends what is there as a partial report", async () => {
      const { page } = laboratory;
      await button(page, "Write the report").click();
      const form = panel(page, "Report");
      await results(page, /^Hemoglobin/)
        .getByLabel("Value, g/dL")
        .fill("9.8");
      await seen(results(page, /^Hemoglobin/).getByText("Below the range"));
      await seen(form.getByText("Fill it in, or say that it wasn't done."));
      await form.getByText("Partial: more follows").click();
      await knows(form);
      await judge(laboratory);
      await button(form, "Send the partial report").click();
      await seen(list(page, "Reports").getByText("Partial report"));
      await seen(page.getByText("First results"));
    });

    it("abuse: a final report that follows the wire and not the page counts once", async () => {
      const { page } = laboratory;
      await button(page, "Write the report").click();
      const form = panel(page, "Report");
      await form.getByText("Final", { exact: true }).click();
      await results(page, /^Glucose/)
        .getByLabel(/^Value/)
        .fill("5.1");
      await judge(laboratory);
      await button(form, "Send the final report").click();
      await seen(list(page, "Reports").getByText("Final report"));
      await seen(page.getByText("the contract takes no second one", { exact: false }));
      const own = await session("laboratory");
      const opened = await openOrder(own, (await orderOf("laboratory")).orderId);
      const document = {
        content: new TextEncoder().encode("once more"),
        fileName: "again.txt",
        mediaType: "text/plain",
      };
      await expectSalusError(reportOnOrder(own, opened, document, "final"), "AlreadyFulfilled");
    });

    it("corrects the report, which follows the one before and replaces nothing", async () => {
      const { page } = laboratory;
      await button(page, "Correct the report").click();
      const form = panel(page, "Report");
      // What was sent can't be opened again by whoever sent it; what was typed is still here.
      expect(
        await results(page, /^Hemoglobin/)
          .getByLabel("Value, g/dL")
          .inputValue(),
      ).to.equal("9.8");
      await results(page, /^Hemoglobin/)
        .getByLabel("Value, g/dL")
        .fill("8.9");
      await judge(laboratory);
      await button(form, "Send the correction").click();
      await seen(list(page, "Reports").getByText("Corrected report"));
      expect(await list(page, "Reports").getByRole("listitem").count()).to.equal(3);
      const { reports, state } = await orderOf("laboratory");
      expect(reports.map(({ status }) => status)).to.deep.equal(["partial", "final", "corrected"]);
      expect(reports.map(({ previous }) => previous)).to.deep.equal([null, reports[0]?.recordId, reports[1]?.recordId]);
      expect(state).to.equal("done");
    });

    it("adds a file beside its reports", async () => {
      const { page } = laboratory;
      const curve = { name: "curve.txt", mimeType: "text/plain", buffer: Buffer.from("1 2 3") };
      await chooseFile(page, "Add files to this order", curve);
      await page.getByLabel("Title").fill("Curve of the analyser");
      await page.getByRole("button", { name: /^Add to / }).click();
      await seen(documentRow(lee.page, "Curve of the analyser"));
      await toPlace(page, "Bench");
      await seen(row(list(page, "Done and over"), /Test list/).getByText("Done", { exact: true }));
      await judge(laboratory);
      expect(laboratory.errors).to.deep.equal([]);
    });

    it("lets the doctor read the reports in the visit", async () => {
      const { page } = lee;
      const order = row(list(page, "Your orders"), "Test list");
      await seen(order.getByText("Corrected report"));
      await judge(lee);
      await order.getByRole("link", { name: "Corrected report" }).click();
      await seen(page.getByText("8.9", { exact: false }).first());
      await judge(lee);
      await page.getByRole("link", { name: PATIENT }).click();
    });
  });

  describe("the pharmacy's counter", () => {
    it("finds a prescription by the letters that the patient reads out, and asks for it", async () => {
      const order = await patientsOrder("Prescription");
      await button(order, "Show its code").click();
      const letters = order.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);
      const code = await letters.innerText();
      const { page } = pharmacy;
      await enterAs(page, place.url, "pharmacy");
      await toPlace(page, "Counter");
      await judge(pharmacy);
      await page.getByLabel("Or type the code").fill(code.toLowerCase());
      await button(page, "Find").click();
      await button(page, "Ask to be chosen").click();
      await seen(page.getByText("You have asked. The patient decides."));
      await agree(await patientsOrder("Prescription"), PHARMACY);
      await seen(title(page, /^Prescription: Metformin .* for Bashir Khan$/));
      await judge(pharmacy);
    });

    it("refuses a prescription's code at the bench, in words", async () => {
      const { page } = laboratory;
      await goTo(page, `/bench/${(await orderOf("pharmacy")).orderId}`);
      await seen(page.getByText("This is a prescription: it is for a pharmacy."));
      await judge(laboratory);
    });

    for (const [time, left] of [
      ["the first time", "1 of 2 left"],
      ["the last time", "Dispensed, nothing left"],
    ] as const) {
      it(`dispenses ${time}, counted on the chain`, async () => {
        const { page } = pharmacy;
        await button(page, "Hand it over").click();
        const form = panel(page, "Dispense");
        expect(await form.getByLabel("How much").inputValue()).to.equal("30");
        await knows(form);
        await judge(pharmacy);
        await button(form, "Handed over").click();
        await seen(page.getByText(left, { exact: true }));
      });
    }

    it("abuse: nothing is dispensed beyond the repeats", async () => {
      const { page } = pharmacy;
      await seen(page.getByText("Nothing is left of this prescription."));
      expect(await button(page, "Hand it over").count()).to.equal(0);
      await judge(pharmacy);
      const own = await session("pharmacy");
      const opened = await openOrder(own, (await orderOf("pharmacy")).orderId);
      const document = { content: new TextEncoder().encode("one more"), fileName: "more.txt", mediaType: "text/plain" };
      await expectSalusError(reportOnOrder(own, opened, document, "final"), "AlreadyFulfilled");
      expect(pharmacy.errors).to.deep.equal([]);
    });
  });

  describe("the end of the visit", () => {
    it("takes an order back while it is open", async () => {
      const { page } = lee;
      await button(page, "Order tests").click();
      await pick(page, "Add a test", "ferritin");
      await button(panel(page, "Order tests"), "Order the tests").click();
      const order = row(list(page, "Your orders"), "Ferritin");
      await button(order, "Cancel").click();
      await knows(order);
      await judge(lee);
      await button(order, "Cancel the order").click();
      await seen(order.getByText("Cancelled", { exact: true }));
    });

    it("closes the page under the doctor's hands: it says so, keeps the draft, and writes nothing more", async () => {
      const { page } = lee;
      await button(page, "Write a note").click();
      await panel(page, "Write a note").getByLabel("Note", { exact: false }).last().fill("One more thing");
      await button(page, "Prescribe").click();
      const prescription = panel(page, "Prescribe");
      await prescription.getByLabel("What else to know").fill("With a lot of water");
      await prescription.getByLabel("Repeats").fill("4");
      const before = await recordsOf(place.world.reader.chain, { patientId });
      await closeVisit(await session("hospital"), visitId);
      await seen(page.getByRole("alert").filter({ hasText: "This visit has ended." }));
      await gone(button(page, "Sign the note"));
      await seen(page.getByRole("region", { name: "Not signed" }).getByText("One more thing"));
      const left = page.getByRole("region", { name: "Not signed" });
      await seen(left.getByText("What else to know: With a lot of water"));
      await seen(left.getByText("Repeats: 4"));
      expect(await page.getByText("Pale. Asks for a blood test.").count()).to.equal(0);
      await judge(lee);
      await button(page, "Discard it").click();
      await gone(page.getByRole("region", { name: "Not signed" }));
      expect(await recordsOf(place.world.reader.chain, { patientId })).to.have.length(before.length);
    });

    it("leaves the visit in the doctor's list, by its pseudonym only", async () => {
      const { page } = lee;
      await toPlace(page, "Today");
      await seen(list(page, "Visits that are over"));
      expect(await page.getByText(PATIENT).count()).to.equal(0);
      await judge(lee);
    });
  });
});
