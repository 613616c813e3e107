/**
 * The fifteen steps of seed 002 on the page, by five people at five screens: a newcomer registers, goes to a hospital, sees a
 * doctor, has a test done, and the bill is paid. Codes go from screen to camera; nothing is copied by hand.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";

import { STATE } from "../../scripts/lib/paths.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import {
  claimOf,
  fundsOf,
  ordersOf,
  patientOf,
  patientsControlledBy,
  visitsOf,
  type Address,
  type PatientId,
  type VisitId,
} from "../../sdk/index.js";
import { inOrder } from "../inOrder.js";
import { button, enterAs, goTo, list, row, seen, title, toPlace } from "./acts.js";
import { SISTERS } from "./authorities.js";
import { browserWithCamera, filmOf } from "./camera.js";
import { openProfile, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import {
  choosePassphrase,
  enter,
  giveCopy,
  openOffice,
  showCard,
  sign,
  takePhoto,
  tellWho,
  type Newcomer,
  type RegistryOffice,
} from "./registering.js";
import { visitors } from "./site.js";

const FILM = join(STATE, "e2e", "care.mjpeg");
const DINA = SISTERS[4];
const HOSPITAL = knownPersona("hospital").name;
const DOCTOR = knownPersona("lee").name;
const LABORATORY = knownPersona("laboratory").name;
const INSURER = knownPersona("insurer").name;

describe("In a browser: the fifteen steps of a visit", function () {
  this.timeout(240_000);
  inOrder(this);

  const open = visitors();
  let office: RegistryOffice;
  let place: Site;
  let camera: Browser;
  let dina: Newcomer;
  let desk: Visit;
  let doctor: Visit;
  let bench: Visit;
  let insurer: Visit;
  let patientId: PatientId;
  let visitId: VisitId;

  const knows = (where: Page | Locator) => seen(where.getByRole("region", { name: "Who will know what" }));
  const pick = async (page: Page, label: string, words: string) => {
    await page.getByRole("combobox", { name: label }).fill(words);
    await page.getByRole("option").first().click();
  };
  const reader = () => place.world.reader;

  before(async () => {
    office = await openOffice();
    place = office.place;
    await rm(FILM, { force: true });
    camera = await browserWithCamera(FILM);
    dina = await office.arrive(knownPersona("dana").address);
    [doctor, insurer] = await Promise.all([open(), open()]);
    [desk, bench] = await Promise.all([
      openProfile(camera, { permissions: ["camera"] }),
      openProfile(camera, { permissions: ["camera"] }),
    ]);
    await Promise.all([
      enterAs(desk.page, place.url, "hospital"),
      enterAs(doctor.page, place.url, "lee"),
      enterAs(bench.page, place.url, "laboratory"),
      enterAs(insurer.page, place.url, "insurer"),
    ]);
  });
  after(async () => {
    await camera.close();
    await office.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    await office.shoot(`care ${this.currentTest.title}`);
    await desk.page.screenshot({ path: join(STATE, "e2e", "care-desk.png") });
    await bench.page.screenshot({ path: join(STATE, "e2e", "care-bench.png") });
  });

  it("step 1: the patient gives national id, photo and card", async () => {
    const { page } = dina;
    await enter(page);
    await choosePassphrase(page);
    await tellWho(page, DINA);
    await takePhoto(page);
  });

  it("steps 2a and 3a: the civil registry is asked, and attests who it is", async () => {
    await seen(title(dina.page, "Your insurance"));
    await seen(dina.page.getByText(DINA.name));
  });

  it("steps 2b and 3b: the insurer is asked, and the patient's copy of the policy is its own to the bit", async () => {
    await showCard(dina.page, DINA.insuranceCard);
    await giveCopy(dina.page, office.files.wording);
  });

  it("step 4: sealed data and the policy's hash are stored, by one signature", async () => {
    await sign(dina.page);
    [patientId] = (await patientsControlledBy(reader().chain, dina.account as Address)) as [PatientId];
    expect(patientId).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("step 5: H comes back", async () => {
    const patient = await patientOf(reader().chain, patientId);
    expect(patient).to.not.equal(null);
    const hash = await reader().chain.patients.hashOf(patientId);
    await seen(dina.page.getByText(hash));
  });

  it("step 6: a QR goes from the patient's screen to the hospital's camera", async () => {
    const { page } = dina;
    await page.getByRole("link", { name: "Go to your record" }).click();
    await toPlace(page, "Visits");
    await page.getByRole("link", { name: "Go to a hospital" }).first().click();
    await button(page, `Choose ${HOSPITAL}`).click();
    await page.getByRole("checkbox", { name: "Medication" }).check();
    await knows(page);
    await button(page, "Sign and show the code").click();
    const code = page.getByRole("img", { name: /^QR code that lets/ });
    await seen(code);
    await filmOf(page, code, FILM);

    await toPlace(desk.page, "Desk");
    await button(desk.page, "Open the camera").click();
    await seen(desk.page.getByText(DINA.name));
    await seen(desk.page.getByText("permits a visit here"));
  });

  it("step 7: the hospital opens the visit and sends the token to the doctor", async () => {
    await button(desk.page, "Open the visit").click();
    await seen(title(desk.page, DINA.name));
    await seen(dina.page.getByText(`${HOSPITAL} has opened the visit.`));
    const [visit] = await visitsOf(reader(), { patientId });
    visitId = visit?.visitId ?? expect.fail("no visit");

    await button(desk.page, "Assign somebody").click();
    await button(desk.page, `Choose ${DOCTOR}`).click();
    await knows(desk.page);
    await button(desk.page, `Assign ${DOCTOR}`).click();
    await toPlace(doctor.page, "Today");
    await seen(row(list(doctor.page, "Open visits"), DINA.name));
  });

  it("step 8: the doctor writes a prescription and a test list", async () => {
    const { page } = doctor;
    await row(list(page, "Open visits"), DINA.name).getByRole("link").click();
    await button(page, "Prescribe").click();
    const prescribe = page.getByRole("group", { name: "Prescribe", exact: true });
    await pick(page, "Medicine", "amoxicillin");
    await prescribe.getByLabel("Each time").fill("21");
    await knows(prescribe);
    await button(prescribe, "Prescribe it").click();
    await seen(row(list(page, "Your orders"), "Prescription: Amoxicillin"));

    await button(page, "Order tests").click();
    const order = page.getByRole("group", { name: "Order tests", exact: true });
    await pick(page, "Add a test", "glucose");
    await knows(order);
    await button(order, "Order the tests").click();
    await seen(row(list(page, "Your orders"), "Test list"));
  });

  it("step 9: both are stored sealed, and the test list gets a QR", async () => {
    const { page } = dina;
    await goTo(page, `/visits/${visitId}`);
    const order = row(list(page, "Orders"), "Test list").first();
    await button(order, "Show its code").click();
    const code = order.getByRole("img", { name: /^QR code of your order/ });
    await seen(code);
    await judge(dina);
    await filmOf(page, code, FILM);
  });

  it("step 10: the QR goes to the laboratory's camera", async () => {
    await toPlace(bench.page, "Bench");
    await button(bench.page, "Open the camera").click();
    await seen(bench.page.getByText("Nobody was chosen yet."));
  });

  it("step 11: the laboratory asks for the list, and the patient agrees", async () => {
    await button(bench.page, "Ask to be chosen").click();
    await seen(bench.page.getByText("You have asked. The patient decides."));
    const order = row(list(dina.page, "Orders"), "Test list").first();
    await button(order, `Review ${LABORATORY}`).click();
    await knows(order);
    await button(order, `Choose ${LABORATORY}`).click();
  });

  it("step 12: the list is retrieved, and opens by itself", async () => {
    await seen(title(bench.page, new RegExp(`^Test list.* for ${DINA.name}$`)));
  });

  it("step 13: the report is sent", async () => {
    const { page } = bench;
    await button(page, "Write the report").click();
    const form = page.getByRole("group", { name: "Report", exact: true });
    await page
      .getByRole("group", { name: /^Glucose/ })
      .getByLabel(/^Value/)
      .fill("5.1");
    await form.getByText("Final", { exact: true }).click();
    await knows(form);
    await button(form, "Send the final report").click();
    await seen(list(page, "Reports").getByText("Final report"));
  });

  it("step 14: the report is stored sealed, and the patient opens it", async () => {
    const { page } = dina;
    const order = row(list(page, "Orders"), "Test list").first();
    await order.getByRole("link", { name: "Final report" }).click();
    await seen(page.getByText("5.1", { exact: false }));
    const [order0] = (await ordersOf(reader(), { visitId })).filter(({ role }) => role === "laboratory");
    expect(order0?.state).to.equal("done");
  });

  describe("step 15: the bill goes to the insurer", () => {
    it("from the hospital, once the visit is closed", async () => {
      const { page } = desk;
      await button(page, "Close the visit").click();
      await knows(page);
      await button(page, "Close it now").click();
      await page.getByRole("link", { name: "Bill it" }).click();
      await seen(title(page, "Bill"));
      await page.getByLabel("What", { exact: true }).fill("Consultation");
      await page.getByLabel(/^Each,/).fill("120.00");
      // To the letter as the claim is written everywhere else.
      expect(await page.getByText(/^Together/).innerText()).to.equal("Together 120.00 dEUR");
      await judge(desk);
      await page.getByRole("combobox", { name: "Doctor" }).click();
      await page.getByRole("option", { name: DOCTOR }).click();
      await page.getByLabel(/^Part of what is paid/).fill("40");
      await button(page, "Look at the bill").click();
      await knows(page);
      await judge(desk);
      await button(page, "Send the bill").click();
      await seen(page.getByText("The patient may look", { exact: false }));
      await judge(desk);
    });

    it("to the patient first, who sees what was done and what the policy would pay, and confirms", async () => {
      const { page } = dina;
      await goTo(page, `/visits/${visitId}`);
      await seen(title(page, `Visit at ${HOSPITAL}`));
      await seen(list(page, "What was billed").getByText("Consultation"));
      await seen(page.getByText("Left for you"));
      await judge(dina);
      await button(page, "Show documents").click();
      const show = page.getByRole("group", { name: "Show documents", exact: true });
      await show.getByRole("checkbox", { name: /Laboratory report/ }).check();
      await knows(show);
      await show.getByRole("button", { name: /^Show 1 document/ }).click();
      await seen(page.getByText(`${INSURER} can open 1 of them`, { exact: false }));
      await button(page, "Confirm the bill").first().click();
      const confirm = page.getByRole("group", { name: "Confirm the bill", exact: true });
      await knows(confirm);
      await button(confirm, "Confirm the bill").click();
      await seen(page.getByText("You have confirmed the bill.", { exact: false }));
    });

    it("which decides and pays, with the document that the patient shows", async () => {
      const { page } = insurer;
      await toPlace(page, "Claims");
      await row(list(page, "Waiting for you"), HOSPITAL).first().getByRole("link").click();
      await seen(list(page, "What was billed").getByText("Consultation"));
      await seen(list(page, "Documents").getByText("The patient lets you open it."));
      await judge(insurer);
      await button(page, "Decide").click();
      const decide = page.getByRole("group", { name: "Decide", exact: true });
      await knows(decide);
      await judge(insurer);
      await button(decide, "Approve it").click();
      await seen(page.getByText("Paid", { exact: true }));
      await judge(insurer);
      const claim = await claimOf(reader(), visitId);
      expect(claim.status).to.equal("approved");
    });

    it("and each sees the same: paid by the terms, part of it to the doctor", async () => {
      const claim = await claimOf(reader(), visitId);
      await seen(dina.page.getByText("has decided, and paid what your policy's terms give", { exact: false }));
      await seen(desk.page.getByText("to take out", { exact: false }));
      expect(claim.fee).to.equal((claim.approved * 4_000n) / 10_000n);
      const token = await reader()
        .chain.claims.queryFilter(reader().chain.claims.filters.Deposited())
        .then(([deposited]) => deposited?.args.token as Address);
      const { deposited } = await fundsOf(reader(), token, knownPersona("lee").address);
      expect(deposited >= claim.fee).to.equal(true);
      for (const { errors } of [dina, desk, doctor, bench, insurer]) expect(errors).to.deep.equal([]);
    });
  });
});
