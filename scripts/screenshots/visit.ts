/** A visit, from the code on the patient's screen to the insurer's decision, with a picture of what each one sees. */
import type { Page } from "playwright-core";

import { button, chooseFile, enterAs, goTo, list, row, seen, title, toPlace } from "../../test/e2e/acts.js";
import type { Site, Visit } from "../../test/e2e/harness.js";
import { knownPersona } from "../seed/personas.js";
import { scrollTo, shoot } from "./shoot.js";

const PATIENT = knownPersona("amina").name;
const HOSPITAL = knownPersona("hospital").name;
const DOCTOR = knownPersona("lee").name;
const LABORATORY = knownPersona("laboratory").name;

type Where = Page | ReturnType<Page["locator"]>;

/** What is signed is told first: waits for it, then signs. */
async function sign(where: Where, act: string): Promise<void> {
  await seen(where.getByRole("region", { name: "Who will know what" }));
  await button(where, act).last().click();
}

const panel = (page: Page, name: string) => page.getByRole("group", { name, exact: true });

async function pick(page: Page, label: string, words: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(words);
  await page.getByRole("option").first().click();
}

/** Plays it, in a browser profile for each of the five. */
export async function shootVisit(site: Site): Promise<void> {
  const open = async (persona: string): Promise<Visit> => {
    const visit = await site.open();
    await enterAs(visit.page, site.url, persona);
    return visit;
  };
  const [patient, desk, doctor, bench, insurer] = await Promise.all(
    ["amina", "hospital", "lee", "laboratory", "insurer"].map(open),
  );
  if (!patient || !desk || !doctor || !bench || !insurer) throw new Error("not everybody came");
  await arrive(patient.page, desk.page);
  await order(doctor.page);
  await report(patient.page, bench.page);
  await seen(row(list(doctor.page, "Your orders"), "Test list").getByText("Final report"));
  await doctor.page.evaluate(() => window.scrollTo(0, 0));
  await shoot(doctor.page, "doctor-visit");
  await bill(desk.page);
  await decide(patient.page, insurer.page);
  for (const { close } of [patient, desk, doctor, bench, insurer]) await close();
}

/** The permit's code goes from screen to screen, the visit is opened, a doctor assigned. */
async function arrive(patient: Page, desk: Page): Promise<void> {
  await toPlace(patient, "Visits");
  await patient.getByRole("link", { name: "Go to a hospital" }).click();
  await button(patient, `Choose ${HOSPITAL}`).click();
  for (const drawer of ["Laboratory", "Medication"]) await patient.getByRole("checkbox", { name: drawer }).check();
  await sign(patient, "Sign and show the code");
  await seen(patient.getByRole("img", { name: /^QR code that lets/ }));
  await shoot(patient, "permit");

  const picture = { name: "code.png", mimeType: "image/png", buffer: await patient.screenshot() };
  await chooseFile(desk, "Or drop a picture of the code", picture);
  await button(desk, "Open the visit").click();
  await seen(title(desk, PATIENT));
  await seen(title(patient, `Visit at ${HOSPITAL}`));
  await button(desk, "All right").click();
  await button(desk, "Assign somebody").click();
  await button(desk, `Choose ${DOCTOR}`).click();
  await seen(desk.getByRole("region", { name: "Who will know what" }));
  await shoot(desk, "desk-visit");
  await sign(desk, `Assign ${DOCTOR}`);
  await seen(row(list(desk, "Who takes part"), DOCTOR));
}

/** The doctor orders tests and prescribes. */
async function order(doctor: Page): Promise<void> {
  await toPlace(doctor, "Today");
  await row(list(doctor, "Open visits"), PATIENT).getByRole("link").click();
  await button(doctor, "Order tests").click();
  for (const test of ["hemoglobin", "glucose"]) await pick(doctor, "Add a test", test);
  await sign(panel(doctor, "Order tests"), "Order the tests");
  await seen(row(list(doctor, "Your orders"), "Test list"));
  await button(doctor, "Prescribe").click();
  await pick(doctor, "Medicine", "metformin");
  await panel(doctor, "Prescribe").getByLabel("Each time").fill("30");
  await sign(panel(doctor, "Prescribe"), "Prescribe it");
  await seen(row(list(doctor, "Your orders"), "Prescription"));
}

/** The patient chooses a laboratory, which reports. */
async function report(patient: Page, bench: Page): Promise<void> {
  const tests = row(list(patient, "Orders"), "Test list").first();
  await button(tests, "Choose a laboratory").click();
  await button(tests, `Choose ${LABORATORY}`).click();
  await sign(tests, `Choose ${LABORATORY}`);
  await toPlace(bench, "Bench");
  await row(list(bench, "To do"), PATIENT).getByRole("link").click();
  await button(bench, "Write the report").click();
  for (const [test, value] of [
    [/^Hemoglobin/, "9.8"],
    [/^Glucose/, "92"],
  ] as const) {
    await bench
      .getByRole("group", { name: test })
      .getByLabel(/^Value/)
      .fill(value);
  }
  const form = panel(bench, "Report");
  await form.getByText("Final", { exact: true }).click();
  await seen(form.getByText("Below the range"));
  await scrollTo(bench, "Report");
  await shoot(bench, "laboratory");
  await sign(form, "Send the final report");
  await seen(list(bench, "Reports").getByText("Final report"));
}

/** The hospital closes the visit and bills it. */
async function bill(desk: Page): Promise<void> {
  await button(desk, "Close the visit").click();
  await sign(desk, "Close it now");
  await desk.getByRole("link", { name: "Bill it" }).click();
  await desk.getByLabel("What", { exact: true }).fill("First visit, internal medicine");
  await desk.getByLabel(/^Each,/).fill("120.00");
  await button(desk, "Look at the bill").click();
  await sign(desk, "Send the bill");
  await seen(list(desk, "What was billed"));
}

/** The patient looks at the bill, shows a document and confirms; the insurer decides. */
async function decide(patient: Page, insurer: Page): Promise<void> {
  await seen(list(patient, "What was billed").getByText("First visit"));
  await scrollTo(patient, "The bill");
  await shoot(patient, "bill");
  await button(patient, "Show documents").click();
  const show = panel(patient, "Show documents");
  await show.getByRole("checkbox", { name: /Laboratory report/ }).check();
  await sign(show, "Show 1 document");
  await seen(patient.getByText("can open 1 of them", { exact: false }));
  await button(patient, "Confirm the bill").click();
  await sign(panel(patient, "Confirm the bill"), "Confirm the bill");
  await seen(patient.getByText("You have confirmed the bill.", { exact: false }));

  await goTo(insurer, "/claims");
  await row(list(insurer, "Waiting for you"), HOSPITAL).getByRole("link").click();
  await seen(list(insurer, "Documents").getByText("Laboratory report"));
  await button(insurer, "Decide").click();
  await seen(panel(insurer, "Decide").getByRole("region", { name: "Who will know what" }));
  await scrollTo(insurer, "Your decision");
  await shoot(insurer, "decision");
  await sign(panel(insurer, "Decide"), "Approve it");
  await seen(insurer.getByText("Paid", { exact: true }));
}
