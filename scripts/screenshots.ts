/**
 * `npm run screenshots`: starts a small world, walks through the DApp as its people do, and writes a picture of each
 * screen to docs/screenshots/. Needs a Chromium.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import {
  button,
  chooseFile,
  continueAs,
  documentRow,
  dropFile,
  enterAs,
  fileAt,
  goTo,
  list,
  row,
  seen,
  title,
  toPlace,
  unlock,
  type GivenFile,
} from "../test/e2e/acts.js";
import { startSite, type Site } from "../test/e2e/harness.js";
import { CHROMIUM_REMEDY, findChromium } from "./lib/chromium.js";
import { compileContracts } from "./lib/contracts.js";
import { ROOT } from "./lib/paths.js";
import { FOLDER, scrollTo, shoot } from "./screenshots/shoot.js";
import { shootVisit } from "./screenshots/visit.js";
import { wording } from "./seed/insurance.js";
import { knownPersona } from "./seed/personas.js";

async function theWording(): Promise<GivenFile> {
  const { bytes, fileName, mediaType } = await wording();
  return { name: fileName, mimeType: mediaType, buffer: Buffer.from(bytes) };
}

/** What Amina sees. */
async function shootPatient(site: Site): Promise<void> {
  const { page, close } = await site.open();
  await page.goto(site.url);
  await seen(button(page, "Continue as Amina Rahman"));
  await shoot(page, "connect");
  await continueAs(page, site.url, "amina");
  await shoot(page, "unlock");
  await unlock(page);
  await seen(documentRow(page, "Metformin").getByText("Verified"));
  await shoot(page, "record");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "record-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 780 });
  await shoot(page, "record-360");
  await page.setViewportSize({ width: 1280, height: 900 });

  const letter = await fileAt(
    join(ROOT, "test", "documents", "fhir", "Observation-blood-pressure.json"),
    "blood-pressure.json",
    "application/fhir+json",
  );
  await chooseFile(page, "Add documents", letter);
  await seen(page.getByText("The storage keeps a sealed file"));
  await scrollTo(page, "Timeline");
  await shoot(page, "add");
  await button(page, "Leave it out").click();
  await documentRow(page, "Discharge letter").getByRole("link").click();
  await seen(title(page, "Discharge letter"));
  await seen(page.getByRole("img", { name: "Page 1 of" }));
  await page
    .getByText(/Amina Rahman/)
    .last()
    .waitFor({ state: "attached" });
  await shoot(page, "document");

  await toPlace(page, "Access");
  await seen(list(page, "Has access now"));
  await shoot(page, "access");
  await page.getByRole("link", { name: "Share", exact: true }).click();
  await button(page, "Choose Dr Omar Haddad").click();
  for (const drawer of ["Laboratory", "Medication"]) await page.getByRole("checkbox", { name: drawer }).check();
  await seen(page.getByRole("region", { name: "Who will know what" }));
  await seen(page.getByText("in Laboratory and Medication"));
  await page.getByRole("button", { name: /^Share until / }).evaluate((element) => element.scrollIntoView());
  await shoot(page, "share");
  await goTo(page, `/access?stop=${knownPersona("lee").address}`);
  await seen(page.getByRole("region", { name: "Who will know what" }));
  await shoot(page, "stop");

  await toPlace(page, "Account");
  await seen(page.getByText("With it and your passphrase"));
  await shoot(page, "account");
  await toPlace(page, "Insurance");
  await seen(row(list(page, "Policies"), "In force"));
  await row(list(page, "Offers"), "Harbour Mutual").getByRole("link").click();
  await seen(title(page, "An offer by Harbour Mutual"));
  await seen(page.getByRole("region", { name: "Your schedule" }).getByText("monthlyPremium"));
  await chooseFile(page, "Drop your copy of the wording", await theWording());
  await seen(page.getByText("Your wording is the insurer's, to the bit."));
  await seen(page.getByRole("region", { name: "Who will know what" }));
  await scrollTo(page, "Accept it with your own copy");
  await shoot(page, "insurance");
  await toPlace(page, "Insurance");
  await row(list(page, "Offers"), "Your insurer proposes").getByRole("link").click();
  const change = page.getByRole("region", { name: "What would change" });
  await seen(change.getByText(/clauses stay the same/));
  await scrollTo(page, "What would change");
  await shoot(page, "amendment");
  await toPlace(page, "Insurance");
  await row(list(page, "Policies"), "In force").getByRole("link").click();
  await seen(title(page, "Policy of Harbour Mutual"));
  await seen(page.getByRole("region", { name: "Your schedule" }).getByText("monthlyPremium"));
  await shoot(page, "policy");
  await close();
}

/** Registration from nothing, with the papers of the persona who tries it. */
async function shootNewcomer(site: Site): Promise<void> {
  const { page, close } = await site.open();
  await page.goto(site.url);
  await button(page, "Continue as Dana Osei").click();
  await goTo(page, "/register");
  await seen(title(page, "Register"));
  await button(page, "Fill in a passphrase").click();
  await shoot(page, "register");
  await button(page, "Begin").click();
  await seen(title(page, "Who you are"));
  const papers = page.getByRole("region", { name: "Papers to try with" });
  await papers.getByRole("button").first().click();
  await shoot(page, "register-person");
  await button(page, "Go on").click();
  await seen(title(page, "Your photo"));
  // Before the photo is there, which would make the picture too large.
  await seen(button(page, "Use their photo"));
  await shoot(page, "register-photo");
  await button(page, "Use their photo").click();
  await button(page, "Send it to Civil Registry").click();
  await seen(title(page, "Your insurance card"));
  await papers.getByRole("button").first().click();
  await shoot(page, "register-card");
  await button(page, "Show it to Harbour Mutual").click();
  await seen(title(page, "Your policy"));
  await chooseFile(page, "Drop your copy of the policy's wording", await theWording());
  await seen(page.getByText("Your wording is the insurer's, to the bit."));
  await shoot(page, "register-policy");
  await button(page, "Go on").click();
  await seen(title(page, "Check and sign"));
  await seen(page.getByRole("region", { name: "Who will know what" }));
  await shoot(page, "register-sign");
  await button(page, "Sign and register").click();
  await seen(title(page, "You are registered"));
  await shoot(page, "registered");
  await close();
}

/** What the hospital sees of its own. */
async function shootHospital(site: Site): Promise<void> {
  const { page, close } = await site.open();
  await enterAs(page, site.url, "hospital");
  await toPlace(page, "Staff");
  await seen(page.getByText("Dr Sarah Lee"));
  await shoot(page, "staff");
  await close();
}

/** What Dr Lee sees. */
async function shootDoctor(site: Site): Promise<void> {
  const { page, close } = await site.open();
  await enterAs(page, site.url, "lee");
  await toPlace(page, "Patients");
  await page.getByRole("link", { name: "Amina Rahman" }).click();
  await seen(title(page, "Amina Rahman"));
  await seen(documentRow(page, "Metformin").getByText("Verified"));
  await shoot(page, "doctor");
  await documentRow(page, "Metformin").getByRole("link").click();
  await seen(title(page, "Metformin 1000 mg"));
  await page.getByText("Proof", { exact: true }).click();
  await button(page, "Check it yourself").click();
  await seen(page.getByText("The sealed document is stored, to the bit: yes"));
  await shoot(page, "doctor-document");
  await close();
}

/** What anyone sees. */
async function shootPublic(site: Site): Promise<void> {
  const { page, close } = await site.open();
  await page.goto(`${site.url}/#/verify`);
  await dropFile(page, "Drop a file to check", await theWording());
  await seen(list(page, "Policies with this wording").getByText("In force"));
  await shoot(page, "verify");
  await goTo(page, `/insurers/${knownPersona("insurer").address}`);
  await seen(list(page, "What it has done"));
  await shoot(page, "insurer");
  await close();
}

let site: Site | undefined;
try {
  if (findChromium() === undefined) throw new Error(`No Chromium was found: ${CHROMIUM_REMEDY}.`);
  await compileContracts();
  await mkdir(FOLDER, { recursive: true });
  console.log("Starting a small world.");
  site = await startSite();
  await shootNewcomer(site);
  await shootPatient(site);
  await shootHospital(site);
  await shootDoctor(site);
  await shootPublic(site);
  await shootVisit(site);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await site?.stop();
}
