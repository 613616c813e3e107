import { expect } from "chai";
import type { Page } from "playwright-core";

import { wording } from "../../scripts/seed/insurance.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import {
  insurerRecord,
  patientsControlledBy,
  policiesOf,
  policyById,
  versionsOf,
  type IssuedPolicy,
  type PatientId,
} from "../../sdk/index.js";
import { fhirDocuments } from "../documents/index.js";
import { inOrder } from "../inOrder.js";
import {
  button,
  chooseFile,
  dropFile,
  enterAs,
  fileAt,
  gone,
  goTo,
  list,
  row,
  seen,
  title,
  toPlace,
  withOneBitTurned,
  type GivenFile,
} from "./acts.js";
import type { Site, Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const INSURER = knownPersona("insurer").address;
const PDF = new URL("../documents/pdf/insurance-wording.pdf", import.meta.url);

describe("In a browser: policies in full", function () {
  this.timeout(240_000);
  inOrder(this);

  const open = visitors();
  let place: Site;
  let insurer: Visit;
  let chen: Visit;
  let patientId: PatientId;
  /** Chen's policy in force. */
  let first: IssuedPolicy;
  let proposed: GivenFile;
  let schedule: GivenFile;
  let printed: GivenFile;
  before(async () => {
    place = await site();
    const { chain } = place.world.reader;
    [patientId] = (await patientsControlledBy(chain, knownPersona("chen").address)) as [PatientId];
    first = (await policiesOf(chain, { patientId })).find(({ status }) => status === "active")!;
    const terms = await wording();
    const text = Buffer.from(terms.bytes).toString();
    const changed = text
      .replace("We may not change this wording", "We may change this wording")
      .replace("within 30 days of acceptance", "within 3 days of acceptance");
    proposed = { name: "care-plus-2027.txt", mimeType: "text/plain", buffer: Buffer.from(changed) };
    const coverage = fhirDocuments.find(({ name }) => name === "Coverage-9876B1.json")!;
    schedule = await fileAt(coverage.path, coverage.name, coverage.mediaType);
    printed = await fileAt(PDF, "insurance-wording.pdf", "application/pdf");
    [insurer, chen] = await Promise.all([open(), open()]);
  });

  const offersOf = async () =>
    (await policiesOf(place.world.reader.chain, { patientId })).filter(({ status }) => status === "offered");
  const status = async (policy: IssuedPolicy) => (await policyById(place.world.reader, policy.policyId)).status;
  const columns = (page: Page) =>
    page.getByRole("region", { name: "Who will know what", exact: true }).getByRole("heading").allInnerTexts();
  /** A wording that the storage hasn't got yet is asked for first; the node says no with a status that browsers log. */
  const askedForWording = ({ errors }: Visit) => {
    const asked = errors.findIndex((error) => error.includes("status of 500"));
    if (asked >= 0) errors.splice(asked, 1);
  };
  /** The words that have the focus. */
  const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText ?? "");

  describe("an insurer", () => {
    it("offers a policy to a pseudonym, with a printed wording and a schedule from a form", async () => {
      const { page } = insurer;
      await enterAs(page, place.url, "insurer");
      await seen(list(page, "Policies"));
      await judge(insurer);
      await page.getByRole("link", { name: "Offer a policy" }).click();
      await seen(title(page, "Offer a policy"));
      await page.getByLabel("The patient's pseudonym").fill(`0x${"12".repeat(32)}`);
      await seen(page.getByText("The chain knows no such patient."));
      await page.getByLabel("The patient's pseudonym").fill(patientId);
      await page.getByLabel("The plan's name").fill("Travel");
      await chooseFile(page, "Drop the wording", printed);
      await page.getByText("Fill in a form").click();
      await page.getByLabel("Who is insured").fill("Chen Wei");
      await page.getByLabel("Card number").fill("HM-1");
      await page.getByText("Paid through Salus").click();
      await page.getByLabel("The patient pays first, dEUR").fill("12x");
      await seen(page.getByText("Write an amount, with at most 2 decimals."));
      await page.getByLabel("The patient pays first, dEUR").fill("25");
      await page.getByLabel("Then, of the rest, per cent").fill("7.5");
      await page.getByLabel("Paid at most, in all, dEUR").fill("9,000");
      const terms =
        "You pay the first 25.00 dEUR of the policy's term, then 7.5 % of the rest; at most 9,000.00 dEUR are paid in all.";
      await seen(page.getByText(terms));
      expect(await columns(page)).to.deep.equal([
        `Patient ${patientId.slice(2, 6)}…${patientId.slice(-4)}`,
        "Storage",
        "Everyone",
      ]);
      await judge(insurer);
      await button(page, "Offer the policy").click();
      await seen(title(page, "Travel: an offer by Harbour Mutual"));
      await seen(page.getByText(terms.replace("You pay", "The patient pays")));
      askedForWording(insurer);
      const [offer] = await offersOf();
      expect(page.url()).to.include(offer?.policyId ?? "?");
      expect(offer?.previous).to.equal(null);
    });

    it("withdraws an offer, by a panel that Escape closes and that gives the focus back", async () => {
      const { page } = insurer;
      const [offer] = await offersOf();
      await button(page, "Withdraw the offer").click();
      await seen(page.getByRole("group", { name: "Withdraw the offer" }));
      await page.keyboard.press("Escape");
      await gone(page.getByRole("group", { name: "Withdraw the offer" }));
      await page.waitForFunction(() => document.activeElement instanceof HTMLButtonElement);
      expect(await focused(page)).to.equal("Withdraw the offer");
      await page.keyboard.press("Enter");
      const panel = page.getByRole("group", { name: "Withdraw the offer" });
      await seen(panel.getByRole("region", { name: "Who will know what", exact: true }));
      await judge(insurer);
      await button(panel, "Withdraw the offer").click();
      await seen(page.getByText("Declined or withdrawn"));
      expect(await status(offer!)).to.equal("cancelled");
    });

    it("proposes a change of a policy in force, which goes on as it is", async () => {
      const { page } = insurer;
      await goTo(page, `/insurance/${first.policyId}`);
      await page.getByRole("link", { name: "Propose a change" }).click();
      await seen(title(page, "Propose a change"));
      await page.getByText("Another file").click();
      await chooseFile(page, "Drop the wording", proposed);
      await chooseFile(page, "Drop the schedule", schedule);
      await seen(page.getByRole("region", { name: "Who will know what", exact: true }).getByText(/silence is refusal/));
      await judge(insurer);
      await button(page, "Propose the change").click();
      await seen(
        page.getByText("Harbour Mutual proposes to change 2 clauses. Nothing changes unless the patient accepts."),
      );
      askedForWording(insurer);
      const [offer] = await offersOf();
      expect(offer?.previous).to.equal(first.policyId);
      expect(await status(first)).to.equal("active");
    });
  });

  describe("a patient", () => {
    it("is told what the change is, and that silence changes nothing", async () => {
      const { page } = chen;
      await enterAs(page, place.url, "chen");
      await toPlace(page, "Insurance");
      const offers = list(page, "Offers");
      await seen(row(offers, "Your insurer proposes to change 2 clauses."));
      await seen(row(offers, "Nothing changes unless you accept."));
      await judge(chen);
      await row(offers, "Your insurer proposes").getByRole("link").click();
      await seen(page.getByText("Your insurer proposes to change 2 clauses. Nothing changes unless you accept."));
    });

    it("sees what goes and what comes, in one text and side by side", async () => {
      const { page } = chen;
      const change = page.getByRole("region", { name: "What would change" });
      const clause = change.getByRole("listitem").filter({ hasText: "2.4 We may" });
      await seen(clause);
      expect(await clause.locator("del").innerText()).to.match(/not/);
      const days = change.getByRole("listitem").filter({ hasText: "full refund" });
      expect(await days.locator("del").textContent()).to.match(/^ \[taken out: 30\] $/);
      expect(await days.locator("ins").textContent()).to.match(/^ \[new: 3\] $/);
      await seen(change.getByText(/clauses stay the same/));
      await judge(chen);
      await change.getByText("Side by side").first().click();
      await seen(change.getByRole("columnheader", { name: "Proposed" }));
      const line = change.getByRole("row").filter({ hasText: "2.4 We may" });
      expect((await line.getByRole("cell").allInnerTexts()).map((cell) => /not/.test(cell))).to.deep.equal([
        true,
        false,
      ]);
      await judge(chen);
      await change.getByRole("button", { name: "Show the whole text" }).first().click();
      await seen(change.getByText("POLICY WORDING", { exact: false }));
    });

    it("reports a copy that isn't the one that the insurer anchored, with both digests", async () => {
      const { page } = chen;
      await chooseFile(page, "Drop your copy of the wording", withOneBitTurned(proposed));
      await seen(page.getByRole("alert").filter({ hasText: "Your wording isn't the insurer's." }));
      expect(await button(page, "Accept the change").count()).to.equal(0);
      await button(page, "Report this mismatch").click();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement instanceof HTMLButtonElement);
      expect(await focused(page)).to.equal("Report this mismatch");
      await page.keyboard.press("Enter");
      const panel = page.getByRole("group", { name: "Report this mismatch" });
      await seen(panel.getByText(/says: my copy isn't Harbour Mutual's/));
      await judge(chen);
      await button(panel, "Report it to everyone").click();
      await seen(page.getByText("Reporting: done"));
      const { mismatches } = await insurerRecord(place.world.reader, INSURER);
      const [report] = mismatches.reports;
      const [offer] = await offersOf();
      expect(report).to.include({ policyId: offer?.policyId, insurers: offer?.digest });
      expect(report?.patients).not.to.equal(offer?.digest);
    });

    it("accepts it with the very copy; the version before is replaced and stays readable", async () => {
      const { page } = chen;
      const [offer] = await offersOf();
      await chooseFile(page, `Your wording: ${proposed.name}`, proposed);
      await seen(page.getByText("Your wording is the insurer's, to the bit."));
      await seen(
        page.getByRole("region", { name: "Who will know what", exact: true }).getByText(/The version before ends on/),
      );
      await button(page, "Accept the change").click();
      await seen(page.getByText("Accepted, so nobody can alter it.", { exact: false }));
      const versions = list(page, "Versions");
      await seen(row(versions, "First version").getByText("Replaced"));
      await judge(chen);
      expect([await status(first), await status(offer!)]).to.deep.equal(["superseded", "active"]);
      await row(versions, "First version").getByRole("link").click();
      await seen(page.getByText("when a later version took its place", { exact: false }));
      await seen(page.getByLabel("The document's text").getByText("We may not change this wording", { exact: false }));
      expect((await versionsOf(place.world.reader, first.policyId)).length).to.be.at.least(2);
    });

    it("declines a renewal after reading what a printed wording would change", async () => {
      const { page } = insurer;
      const [now] = (await policiesOf(place.world.reader.chain, { patientId })).filter((p) => p.status === "active");
      await goTo(page, `/insurance/${now!.policyId}`);
      await page.getByRole("link", { name: "Offer a renewal" }).click();
      await page.getByText("Another file").click();
      await chooseFile(page, "Drop the wording", printed);
      await chooseFile(page, "Drop the schedule", schedule);
      await button(page, "Offer the renewal").click();
      await seen(page.getByText(/Harbour Mutual proposes to renew the policy and change \d+ clauses/));
      askedForWording(insurer);
      const [renewal] = await offersOf();
      expect(renewal!.from).to.equal(now!.end);

      await goTo(chen.page, `/insurance/${renewal!.policyId}`);
      await seen(chen.page.getByText(/Your insurer proposes to renew the policy and change \d+ clauses/));
      await seen(chen.page.getByText("The schedule is the same file, to the bit."));
      await button(chen.page, "Decline the offer").click();
      await button(chen.page.getByRole("group", { name: "Decline the offer" }), "Decline the offer").click();
      await seen(chen.page.getByText("Declined or withdrawn").first());
      expect([await status(renewal!), await status(now!)]).to.deep.equal(["cancelled", "active"]);
    });
  });

  describe("ending", () => {
    it("takes an insurer thirty days, and a patient none", async () => {
      const { page } = insurer;
      const [now] = (await policiesOf(place.world.reader.chain, { patientId })).filter((p) => p.status === "active");
      await goTo(page, `/insurance/${now!.policyId}`);
      await button(page, "End the policy").click();
      const panel = page.getByRole("group", { name: "End the policy" });
      await seen(panel.getByText(/An insurer must tell 30 days before/));
      await judge(insurer);
      await panel.getByRole("button", { name: /^End it on/ }).click();
      await seen(page.getByText(/In force until .*, when it ends early/));
      expect(await status(now!)).to.equal("active");

      await goTo(chen.page, `/insurance/${now!.policyId}`);
      await seen(chen.page.getByText(/In force until .*, when it ends early/));
      await button(chen.page, "End the policy").click();
      await chen.page.getByRole("button", { name: /^End it on/ }).click();
      await seen(chen.page.getByText("before its term. It stays readable as it was.", { exact: false }));
      expect(await status(now!)).to.equal("cancelled");
    });
  });

  describe("anyone, without a wallet", () => {
    it("verifies by policy, by transaction and by file, in one place", async () => {
      const guest = await open();
      const { page } = guest;
      await page.goto(`${place.url}/#/verify`);
      const id = page.getByLabel("Or the id of a policy or a transaction");
      for (const what of [first.policyId, first.transactionHash]) {
        await id.fill(what);
        await button(page, "Find").click();
        await seen(row(list(page, "Found policy"), "Replaced"));
      }
      await button(page, "Check it yourself").click();
      await seen(page.getByText("The wording is stored, to the bit: yes"));
      await judge(guest);
      await id.fill(`0x${"34".repeat(32)}`);
      await button(page, "Find").click();
      await seen(page.getByText("The chain knows no such policy."));
      // The node says so with an error of its own.
      guest.errors.length = 0;
      await dropFile(page, "Drop a file to check", proposed);
      await seen(list(page, "Policies with this wording"));
      await page.getByRole("link", { name: "The insurer's public record" }).first().click();
      await seen(title(page, "Harbour Mutual"));
    });

    it("reads an insurer's record, what was changed, and what patients reported", async () => {
      const guest = await open();
      const { page } = guest;
      await page.goto(`${place.url}/#/insurers/${INSURER}`);
      const record = await insurerRecord(place.world.reader, INSURER);
      const done = list(page, "What it has done");
      await seen(row(done, "Policies issued").getByText(String(record.issued), { exact: true }));
      await seen(
        row(done, "Changes and renewals proposed").getByText(String(record.amended.proposed), { exact: true }),
      );
      await seen(row(done, "Policies with a mismatch reported").getByText("1", { exact: true }));
      await judge(guest);
      await row(list(page, "Mismatches reported"), "says: my copy is another").getByRole("link").click();
      await seen(page.getByRole("region", { name: "What this version changed" }));
      expect(await page.getByRole("region", { name: "Your schedule" }).count()).to.equal(0);
      await judge(guest);
      await goTo(page, "/insurers/0x12");
      await seen(title(page, "There is no such insurer"));
    });
  });

  describe("on all these ways", () => {
    it("leaves no error behind", () => {
      expect([...insurer.errors, ...chen.errors]).to.deep.equal([]);
    });
  });
});
