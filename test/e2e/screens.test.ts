import { expect } from "chai";
import type { Page } from "playwright-core";

import { wording } from "../../scripts/seed/insurance.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { patientsControlledBy, policiesOf, recordsOf, type PatientId, type RecordId } from "../../sdk/index.js";
import {
  button,
  chooseFile,
  continueAs,
  documentRow,
  dropFile,
  enterAs,
  goTo,
  list,
  seen,
  title,
  toPlace,
  withOneBitTurned,
  type GivenFile,
} from "./acts.js";
import type { Site, Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";
import { injectWallet, WALLET_NAME } from "./wallet.js";

/** A development account that has no key yet, and isn't anybody's in the demo. */
const NEWCOMER = "0xdD2FD4581271e230360230F9337D5c0430Bf44C0";

describe("In a browser: every screen", function () {
  this.timeout(120_000);

  const open = visitors();
  let place: Site;
  let patientId: PatientId;
  let byTitle: (name: string) => Promise<RecordId>;
  let terms: GivenFile;
  let guest: Visit;
  let amina: Visit;
  let lee: Visit;
  let insurer: Visit;

  before(async () => {
    place = await site();
    const { chain } = place.world.reader;
    const [own] = await patientsControlledBy(chain, knownPersona("amina").address);
    if (!own) throw new Error("Amina isn't registered");
    patientId = own;
    const { bytes, fileName, mediaType } = await wording();
    terms = { name: fileName, mimeType: mediaType, buffer: Buffer.from(bytes) };
    [guest, amina, lee, insurer] = await Promise.all([open(), open(), open(), open()]);
    byTitle = async (name) => {
      await goTo(amina.page, "/record");
      const link = documentRow(amina.page, name).getByRole("link");
      return ((await link.getAttribute("href")) ?? "").split("/").at(-1) as RecordId;
    };
  });

  describe("of a guest", () => {
    it("connect", async () => {
      await guest.page.goto(place.url);
      await seen(button(guest.page, "Continue as Amina Rahman"));
      await judge(guest);
    });

    it("verify, before and after a file was dropped", async () => {
      await goTo(guest.page, "/verify");
      await seen(title(guest.page, "Verify a file"));
      await judge(guest);
      await dropFile(guest.page, "Drop a file to check", terms);
      await seen(list(guest.page, "Policies with this wording").getByText("In force"));
      await judge(guest);
      await dropFile(guest.page, "Drop a file to check", withOneBitTurned(terms));
      await seen(guest.page.getByText(`The chain doesn't know ${terms.name}.`));
      await judge(guest);
    });

    it("an address that doesn't exist", async () => {
      await goTo(guest.page, "/nowhere");
      await seen(title(guest.page, "There is no such page"));
      await judge(guest);
    });

    it("setting up an account that has no key", async () => {
      const newcomer = await open();
      await injectWallet(newcomer.page, place.world.rpcUrl, NEWCOMER);
      await newcomer.page.goto(place.url);
      await button(newcomer.page, `Continue as ${WALLET_NAME}`).click();
      await newcomer.page.getByRole("link", { name: "Patients" }).click();
      await seen(title(newcomer.page, "Set up this account"));
      await newcomer.page.getByLabel(/^Passphrase/).fill("too short");
      await seen(newcomer.page.getByText("3 more to go."));
      await judge(newcomer);
    });
  });

  describe("of a patient", () => {
    it("unlock", async () => {
      await continueAs(amina.page, place.url, "amina");
      await judge(amina);
      await button(amina.page, "Unlock").click();
      await seen(title(amina.page, "Your record"));
    });

    it("record, and a document that waits to be added", async () => {
      await seen(documentRow(amina.page, "Penicillin allergy").getByText("Verified"));
      await judge(amina);
      const letter = { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear Amina") };
      await chooseFile(amina.page, "Add documents", letter);
      await seen(amina.page.getByRole("region", { name: "Who will know what" }).getByText("The storage keeps"));
      await judge(amina);
      await button(amina.page, "Leave it out").click();
    });

    for (const [kind, name, sight] of [
      ["FHIR", "Metabolic panel", "Everything in it"],
      ["PDF", "Discharge letter", "Discharge letter"],
    ] as const) {
      it(`a document: ${kind}`, async () => {
        await goTo(amina.page, `/record/${await byTitle(name)}`);
        await seen(title(amina.page, name));
        await seen(amina.page.getByRole("main").getByText(sight));
        await amina.page.getByText("Proof", { exact: true }).click();
        await button(amina.page, "Check it yourself").click();
        await seen(amina.page.getByText("to the bit: yes"));
        await judge(amina);
      });
    }

    it("access, and stopping it", async () => {
      await goTo(amina.page, "/access");
      await seen(list(amina.page, "Has access now"));
      await judge(amina);
      await goTo(amina.page, `/access?stop=${knownPersona("lee").address}`);
      await seen(button(amina.page, "Stop access"));
      await seen(amina.page.getByRole("region", { name: "Who will know what" }));
      await judge(amina);
    });

    it("share: with whom, what, until when, who will know", async () => {
      await goTo(amina.page, "/access/share");
      await seen(button(amina.page, "Choose Dr Omar Haddad"));
      await judge(amina);
      await button(amina.page, "Choose Dr Omar Haddad").click();
      await amina.page.getByRole("checkbox", { name: "Visits" }).check();
      await amina.page.getByText("Pick a date").click();
      await seen(amina.page.getByLabel("Last day"));
      await seen(amina.page.getByRole("region", { name: "Who will know what" }));
      await judge(amina);
    });

    it("insurance, a policy, and a copy that differs", async () => {
      await goTo(amina.page, "/insurance");
      await seen(list(amina.page, "Policies"));
      await judge(amina);
      // Whether the offer was accepted before depends on which tests ran.
      const policies = await policiesOf(place.world.reader.chain, { patientId });
      const policy = policies.find(({ status }) => status === "offered") ?? policies[0];
      await goTo(amina.page, `/insurance/${policy?.policyId ?? ""}`);
      await seen(amina.page.getByLabel("The document's text"));
      await seen(amina.page.getByRole("region", { name: "Your schedule" }).getByText("monthlyPremium"));
      if (policy?.status === "offered") {
        await chooseFile(amina.page, "Drop your copy of the wording", withOneBitTurned(terms));
        await seen(amina.page.getByText("Your wording isn't the insurer's."));
      }
      await judge(amina);
    });

    it("account", async () => {
      await goTo(amina.page, "/account");
      await seen(amina.page.getByText("With it and your passphrase you can get back in from any device."));
      await judge(amina);
    });
  });

  describe("of a doctor and an insurer", () => {
    it("patients, and one of them", async () => {
      await enterAs(lee.page, place.url, "lee");
      await toPlace(lee.page, "Patients");
      await seen(list(lee.page, "Patients"));
      await judge(lee);
      await goTo(lee.page, `/patients/${patientId}`);
      await seen(documentRow(lee.page, "Type 2 diabetes").getByText("Verified"));
      await judge(lee);
    });

    it("a patient's document", async () => {
      await goTo(lee.page, `/patients/${patientId}/${await byTitle("Metformin")}`);
      await seen(lee.page.getByText("Everything in it"));
      await judge(lee);
    });

    it("a patient who shares nothing", async () => {
      const [chens] = await patientsControlledBy(place.world.reader.chain, knownPersona("bashir").address);
      const [record] = await recordsOf(place.world.reader.chain, { patientId: chens ?? "0x" });
      const stranger = await open();
      await enterAs(stranger.page, place.url, "stranger");
      await seen(stranger.page.getByText("Nobody shares anything with you now."));
      await judge(stranger);
      await goTo(stranger.page, `/patients/${chens ?? ""}/${record?.recordId ?? ""}`);
      await seen(stranger.page.getByText("This patient shares nothing with you."));
      await judge(stranger);
      await goTo(stranger.page, "/record");
      await seen(title(stranger.page, "No record yet"));
      await judge(stranger);
    });

    it("an insurer's policies", async () => {
      await enterAs(insurer.page, place.url, "insurer");
      await seen(list(insurer.page, "Policies"));
      await judge(insurer);
    });
  });

  describe("by keyboard", () => {
    /** Presses Tab until the named button or link has the focus; each stop on the way must be visible. */
    async function tabTo(page: Page, name: string, atMost = 40): Promise<string[]> {
      const stops: string[] = [];
      while (stops.length < atMost) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const active = document.activeElement as HTMLElement;
          // What is drawn around the focus may be on the element or on the label that stands for it.
          const shown = [active, active.nextElementSibling, active.parentElement].some((each) => {
            if (!each) return false;
            const { outlineStyle, outlineWidth } = getComputedStyle(each);
            return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
          });
          const words = active.ariaLabel ?? active.innerText;
          return { words: words.trim(), shown, tag: active.tagName };
        });
        stops.push(stop.words);
        expect(stop.shown, `focus on ${stop.tag} "${stop.words}" can be seen`).to.equal(true);
        if (stop.words === name) return stops;
      }
      throw new Error(`Tab doesn't lead to "${name}", but to ${stops.join(", ")}`);
    }

    it("leads from a fresh page past a link to the content to the personas, and in", async () => {
      const { page } = await open();
      await page.goto(place.url);
      await seen(button(page, "Continue as Amina Rahman"));
      expect((await tabTo(page, "Continue as Amina Rahman"))[0]).to.equal("Skip to the content");
      await page.keyboard.press("Enter");
      await seen(title(page, "Welcome, Amina Rahman"));
      await page.getByLabel(/^Passphrase/).press("Enter");
      await seen(title(page, "Your record"));
      await seen(button(page, "Choose a file"));
      await tabTo(page, "Choose a file");
    });

    it("opens and closes what stops somebody's access", async () => {
      const { page } = amina;
      await goTo(page, "/access");
      const stop = button(list(page, "Has access now"), "Stop").first();
      await stop.focus();
      await page.keyboard.press("Enter");
      await seen(button(page, "Stop access"));
      await tabTo(page, "Keep it");
      await page.keyboard.press("Enter");
      await button(page, "Stop access").waitFor({ state: "hidden" });
    });
  });
});
