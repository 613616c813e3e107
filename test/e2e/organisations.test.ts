import { join } from "node:path";

import { expect } from "chai";
import { parseEther, toQuantity, Wallet } from "ethers";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import {
  accredit,
  branchOf,
  chainTime,
  createAccount,
  revokeAccreditation,
  roleOf,
  type Address,
  type Session,
} from "../../sdk/index.js";
import { importInto, startAttest, type AttestService } from "../../services/attest/index.js";
import { inOrder } from "../inOrder.js";
import { button, enterAs, goTo, gone, list, row, seen, title, toPlace } from "./acts.js";
import { sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const PASSPHRASE = "violet harbour lantern mile";
const LICENCE = { licence: "HOSP-7781", code: "northside-4F9K-activation" };
const YEAR_S = 365 * 86_400;
/** More than are rendered at once. */
const MANY = 130;

/** An account of its own whose wallet the page has, as it has those of the personas. */
interface Newcomer {
  wallet: ReturnType<typeof Wallet.createRandom>;
  account: Address;
  name: string;
}

describe("In a browser: organisations", function () {
  this.timeout(150_000);
  inOrder(this);

  const open = visitors();
  let place: Site;
  let service: AttestService;
  let restart: () => Promise<void>;
  let northside: Newcomer;
  let nurse: Newcomer;
  let hospital: Visit;
  let authority: Visit;
  let authoritySession: Session & { root: Uint8Array };

  const newcomer = async (name: string): Promise<Newcomer> => {
    const wallet = Wallet.createRandom();
    await place.world.rpc("hardhat_setBalance", wallet.address, toQuantity(parseEther("100")));
    return { wallet, account: wallet.address as Address, name };
  };
  const sessionOf = async ({ wallet, account }: Newcomer): Promise<Session> => {
    const any = await place.world.session(0);
    return { ...any, account, signer: wallet.connect(any.chain.provider) };
  };
  /** A profile in which the page knows the authority's service, and the newcomers' wallets. */
  const visit = async (): Promise<Visit> => {
    const visited = await open();
    await visited.context.route("**/salus.json", async (route) => {
      const response = await route.fetch();
      const settings = (await response.json()) as { personas: object[] };
      const personas = [northside, nurse].map(({ wallet, account, name }) => ({
        name,
        role: "stranger",
        about: "a newcomer",
        account,
        privateKey: wallet.privateKey,
        passphrase: PASSPHRASE,
      }));
      const services = { authority: service.url, insurers: [] };
      await route.fulfill({
        response,
        json: { ...settings, services, personas: [...settings.personas, ...personas] },
      });
    });
    return visited;
  };
  const branch = (account: Address) => branchOf(place.world.reader, account);
  const role = (account: Address) => roleOf(place.world.reader.chain, account);
  /** A refusal by a service, and Kubo's "not pinned", are answers with an error status, which browsers log. */
  const forgiveErrors = ({ errors }: Visit) => {
    expect(errors.filter((error) => !/^Failed to load resource/.test(error))).to.deep.equal([]);
    errors.length = 0;
  };
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");

  before(async () => {
    place = await site();
    const { world, url } = place;
    const { name } = knownPersona("authority");
    authoritySession = await sessionAs(world, "authority");
    const database = join(world.folder, "licences.sqlite");
    const limits = { perCaller: 100_000 };
    const options = { face: "authority", session: authoritySession, database, origins: [url], name, limits } as const;
    service = await startAttest(options);
    const { port } = service;
    restart = async () => {
      service = await startAttest({ ...options, port });
    };
    const licence = {
      ...LICENCE,
      role: "hospital",
      name: "Northside Hospital",
      validUntil: "2099-12-31",
      status: "valid",
    };
    await importInto(database, "authority", [JSON.stringify(licence)]);
    northside = await newcomer("Northside");
    nurse = await newcomer("Noor");
    await createAccount(await sessionOf(nurse), PASSPHRASE, { workFactor: 10 });
    [hospital, authority] = await Promise.all([visit(), visit()]);
  });
  after(() => service.close());

  describe("that registers by its licence", () => {
    it("sets its account up, and finds where to register", async () => {
      const { page } = hospital;
      await page.goto(place.url);
      await button(page, "Continue as Northside").click();
      await toPlace(page, "Organisation");
      await seen(title(page, "Set up this account"));
      await page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
      await page.getByLabel("The same again").fill(PASSPHRASE);
      await button(page, "Make my key").click();
      await gone(button(page, "Make my key"));
      await seen(title(page, "Register an organisation"));
      await judge(hospital);
    });

    it("is told what to do when the service is away, and when the licence is wrong", async () => {
      const { page } = hospital;
      await service.close();
      await page.getByLabel("Licence number").fill(LICENCE.licence);
      await page.getByLabel("Activation code").fill("guessed-code");
      await button(page, "Show it to the authority").click();
      await seen(page.getByRole("alert").getByText("The service doesn't answer."));
      await seen(button(page, "Try again"));
      await restart();
      await button(page, "Try again").click();
      await seen(page.getByRole("alert").getByText("The health authority can't confirm this licence."));
      await seen(page.getByText("If both are right, ask the authority."));
      expect(await button(page, "Try again").count()).to.equal(0);
      forgiveErrors(hospital);
      await judge(hospital);
    });

    it("sees what the authority says of it and who will know, and signs once", async () => {
      const { page } = hospital;
      await page.getByLabel("Activation code").fill(LICENCE.code);
      await button(page, "Show it to the authority").click();
      await seen(row(list(page, "What the authority says of you"), "Northside Hospital"));
      const everyone = page.getByRole("region", { name: "Who will know what" });
      await seen(everyone.getByText("is Northside Hospital: hospital, vouched for by Health Authority"));
      expect(await role(northside.account)).to.equal("none");
      forgiveErrors(hospital);
      await judge(hospital);
      await button(page, "Register Northside Hospital").click();
      // Whichever comes first: the word that it's done, or the page that an accredited hospital has.
      await seen(page.getByText("Northside Hospital is registered.").or(title(page, "Staff")));
      expect(await role(northside.account)).to.equal("hospital");
    });
  });

  describe("that is a hospital", () => {
    it("begins with nobody", async () => {
      const { page } = hospital;
      await goTo(page, "/organisations");
      await seen(title(page, "Staff"));
      await seen(page.getByText("Your doctors and departments will be listed here once you accredit them."));
      await judge(hospital);
    });

    it("is told why an account can't be added, and what to do", async () => {
      const { page } = hospital;
      await button(page, "Add a person")
        .or(page.getByRole("link", { name: "Add a person" }))
        .first()
        .click();
      const account = page.getByRole("textbox", { name: "Account" });
      const lee = knownPersona("lee").address;
      for (const [given, said] of [
        ["0x12", "An account is 0x and 40 more characters"],
        [lee.replace(/a/, "A"), "A character of this account is mistyped."],
        [lee, "Dr Sarah Lee is vouched for by City Hospital already."],
        [northside.account, "This is your own account."],
        [knownPersona("operator").address, "This is the operator's account."],
        [knownPersona("amina").address, "This account acts for a patient."],
        [Wallet.createRandom().address, "This account isn't set up."],
      ] as const) {
        await account.fill(given);
        await seen(page.getByText(said));
      }
      await account.fill(lee);
      await seen(page.getByText("Either City Hospital revokes it first, or its owner gives it up"));
      await judge(hospital);
    });

    it("adds a doctor to a department, with one signature", async () => {
      const { page } = hospital;
      await page.getByRole("textbox", { name: "Account" }).fill(nurse.account);
      await seen(page.getByText("This account is set up, and nobody else vouches for it."));
      await page.getByRole("textbox", { name: "Name" }).fill("Dr Noor Haidari");
      await page.getByLabel("Department").last().fill("Paediatrics");
      await seen(page.getByText("is Dr Noor Haidari, Paediatrics: doctor, vouched for by Northside Hospital"));
      await judge(hospital);
      await page.getByRole("button", { name: /^Accredit until/ }).click();
      await seen(row(list(page, "Vouched for now"), "Dr Noor Haidari").getByText("Doctor, Paediatrics"));
      expect((await branch(northside.account)).members[0]).to.include({ account: nurse.account, role: "doctor" });
      forgiveErrors(hospital);
    });

    it("renews on top of the time that is left", async () => {
      const { page } = hospital;
      const { until } = (await branch(nurse.account)).self ?? { until: 0 };
      await button(page, "Renew Dr Noor Haidari").click();
      await page.getByText("2 years more").click();
      await judge(hospital);
      await page.getByRole("button", { name: /^Renew until/ }).click();
      await seen(page.getByText("Renewing: done"));
      const renewed = (await branch(nurse.account)).self?.until ?? 0;
      expect(renewed - until).to.equal(2 * YEAR_S);
    });
  });

  describe("that is a health authority", () => {
    it("sees who counts, and gets the focus back where it was after Escape", async () => {
      const { page } = authority;
      await enterAs(page, place.url, "authority");
      await seen(row(list(page, "Vouched for now"), "Northside Hospital").getByText("1 account below it"));
      await judge(authority);
      const opener = button(page, "Revoke Northside Hospital");
      await opener.press("Enter");
      await seen(page.getByRole("heading", { name: "Northside Hospital and the 1 account below it lose every right" }));
      await button(page, "Keep it").focus();
      await page.keyboard.press("Escape");
      await gone(button(page, "Keep it"));
      expect(await focused(page)).to.equal("Revoke Northside Hospital");
      await button(page, "Renew Northside Hospital").press("Enter");
      await seen(page.getByText("The 1 below it goes on counting."));
      await page.keyboard.press("Escape");
      expect(await focused(page)).to.equal("Renew Northside Hospital");
    });

    it("reads who falls and that there is no undo, revokes, and everyone below falls too", async () => {
      const { page } = authority;
      await button(page, "Revoke Northside Hospital").click();
      await seen(list(page, "Who falls with it").getByText("Dr Noor Haidari"));
      await seen(page.getByText("There is no undo."));
      await seen(page.getByText("What patients gave them to read stays readable until the patients stop it."));
      await judge(authority);
      await button(page, "Revoke Northside Hospital").last().click();
      await seen(row(list(page, "Has ended"), "Northside Hospital").getByText("revoked"));
      expect(await role(northside.account)).to.equal("none");
      expect(await role(nurse.account)).to.equal("none");
    });

    it("isn't got around by the licence; the hospital is told why it doesn't count", async () => {
      const { page } = hospital;
      await goTo(page, "/organisations");
      await seen(page.getByText("Your accreditation was revoked."));
      await seen(row(list(page, "Has ended"), "Dr Noor Haidari").getByText("fell with a revocation"));
      await judge(hospital);
      await goTo(page, "/organisations/register");
      await page.getByLabel("Licence number").fill(LICENCE.licence);
      await page.getByLabel("Activation code").fill(LICENCE.code);
      await button(page, "Show it to the authority").click();
      await seen(page.getByRole("alert").getByText("The health authority can't confirm this licence."));
      forgiveErrors(hospital);
    });

    it("accredits it again by hand, and the hospital each of its people", async () => {
      await button(authority.page, "Accredit again: Northside Hospital").click();
      await seen(authority.page.getByText("It begins with nobody below it: it has to accredit each of them anew."));
      await authority.page.getByRole("button", { name: /^Accredit until/ }).click();
      await seen(row(list(authority.page, "Vouched for now"), "Northside Hospital"));
      expect(await role(nurse.account)).to.equal("none");

      const { page } = hospital;
      await goTo(page, "/organisations");
      await seen(row(list(page, "Has ended"), "Dr Noor Haidari").getByText("fell, not yet accredited again"));
      await button(page, "Accredit again: Dr Noor Haidari").click();
      await page.getByRole("button", { name: /^Accredit until/ }).click();
      await seen(row(list(page, "Vouched for now"), "Dr Noor Haidari"));
      expect(await role(nurse.account)).to.equal("doctor");
    });
  });

  describe("that are something else", () => {
    it("the operator accredits by the same page", async () => {
      const operator = await visit();
      await enterAs(operator.page, place.url, "operator");
      await seen(row(list(operator.page, "Vouched for now"), "Harbour Mutual"));
      await seen(operator.page.getByText("The top of the tree"));
      await judge(operator);
      await goTo(operator.page, "/organisations/accredit");
      await seen(title(operator.page, "Accredit an organisation"));
      const roles = operator.page.getByLabel("Role").getByRole("option");
      expect(await roles.allInnerTexts()).to.deep.equal(["Civil registry", "Health authority", "Insurer"]);
    });

    it("a civil registry sees its own place, and who falls if it gives that up", async () => {
      const registry = await visit();
      await enterAs(registry.page, place.url, "registry");
      await seen(title(registry.page, "Accreditation"));
      await seen(registry.page.getByText("The operator vouches for it."));
      await button(registry.page, "Give it up").click();
      await seen(registry.page.getByRole("heading", { name: "You lose every right in the same block" }));
      await judge(registry);
      await registry.page.keyboard.press("Escape");
      await gone(button(registry.page, "Keep it"));
      expect(await registry.page.evaluate(() => document.activeElement?.textContent)).to.equal("Give it up");
    });

    it("a patient is kept from putting a name beside the pseudonym", async () => {
      const amina = await visit();
      await enterAs(amina.page, place.url, "amina");
      await goTo(amina.page, "/organisations/register");
      await seen(amina.page.getByText("This account acts for a patient."));
      expect(await amina.page.getByLabel("Licence number").count()).to.equal(0);
    });
  });

  describe("with many people", () => {
    before(async () => {
      const until = (await chainTime(place.world.reader.chain)) + YEAR_S;
      const session = { ...(await sessionOf(northside)), root: new Uint8Array(32) };
      for (let i = 0; i < MANY; i++) {
        const department = i % 2 === 0 ? "Surgery" : "Oncology";
        const { address } = Wallet.createRandom();
        const terms = {
          account: address as Address,
          role: "doctor",
          until,
          name: `Dr Number ${i}`,
          department,
        } as const;
        await accredit(session, terms);
      }
    });
    after(() => revokeAccreditation(authoritySession, northside.account));

    it("shows those near the screen, grouped by department, and finds any by name", async () => {
      const { page } = hospital;
      await goTo(page, "/organisations");
      await seen(page.getByText(`You vouch for ${MANY + 1} accounts now.`));
      const rows = list(page, "Vouched for now").getByRole("listitem");
      await seen(rows.filter({ hasText: `Oncology, ${MANY / 2}` }));
      expect(await rows.count()).to.be.lessThan(MANY / 2);
      await page.getByRole("searchbox", { name: "Search by name or department" }).fill("number 77");
      await seen(row(list(page, "Vouched for now"), "Dr Number 77"));
      expect(await rows.count()).to.equal(1);
      await page.getByRole("searchbox").fill("nobody of that name");
      await seen(page.getByText("Nobody below you is called that."));
      await page.getByRole("searchbox").fill("");
      await judge(hospital);
    });
  });
});
