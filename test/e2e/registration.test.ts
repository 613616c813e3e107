import { readFile } from "node:fs/promises";

import { armor } from "age-encryption";
import { expect } from "chai";
import type { Page } from "playwright-core";

import {
  accountKeys,
  keyOf,
  openBackup,
  patientOf,
  patientsControlledBy,
  policiesOf,
  termsOf,
  type Address,
} from "../../sdk/index.js";
import { toHex } from "../../sdk/core/bytes.js";
import { button, chooseFile, gone, list, row, seen, title } from "./acts.js";
import { SISTERS } from "./authorities.js";
import { judge } from "./judge.js";
import {
  choosePassphrase,
  enter,
  giveCopy,
  givePhoto,
  goOn,
  NEWCOMERS,
  openOffice,
  PASSPHRASE,
  refusal,
  showCard,
  sign,
  takePhoto,
  tellWho,
  type Newcomer,
  type RegistryOffice,
} from "./registering.js";
import { setRejecting, WALLET_NAME } from "./wallet.js";

/** Whom the tests register: sisters who look alike, as the camera shows only one face. */
const [DELA, DZIFA, DELALI, DUFIE] = SISTERS;

/** Everything about Dufie that must be in no place where others could find it. */
const PERSONAL = [DUFIE.nationalId, DUFIE.birthDate, DUFIE.insuranceCard, DUFIE.name, PASSPHRASE];

/** What the browser keeps of the page, as one text: storages, address, title, and every byte of every database. */
async function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href, document.title];
    const textOf = (value: unknown): string => {
      if (value instanceof Uint8Array) return Array.from(value, (byte) => String.fromCharCode(byte)).join("");
      if (value instanceof Blob) return `a file of ${value.size} bytes`;
      if (Array.isArray(value)) return value.map(textOf).join(" ");
      if (typeof value === "object" && value !== null) return Object.values(value).map(textOf).join(" ");
      return String(value);
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name ?? ""));
      for (const store of db.objectStoreNames) {
        texts.push(name ?? "", store);
        texts.push(textOf(await done(db.transaction(store).objectStore(store).getAll())));
      }
      db.close();
    }
    return texts.join("\n");
  });
}

async function expectNothingPersonal(page: Page): Promise<void> {
  const all = await kept(page);
  expect(all).to.include("salus-drafts");
  for (const secret of PERSONAL) expect(all).not.to.include(secret);
}

/** Counts what is pressed and typed on the page. */
async function countActs(page: Page): Promise<() => Promise<number>> {
  const acts = await page.evaluateHandle(() => {
    const counted = { clicks: 0 };
    addEventListener("click", (event) => (counted.clicks += event.isTrusted ? 1 : 0), true);
    return counted;
  });
  return () => acts.evaluate(({ clicks }) => clicks);
}

describe("In a browser: registering", function () {
  this.timeout(180_000);

  let office: RegistryOffice;
  let dufie: Newcomer;
  /** What the last step said of the policy. */
  let confirmed: string;

  before(async () => {
    office = await openOffice();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await office.shoot(this.currentTest.title);
  });
  after(() => office.close());

  it("leads a new person from nothing to a record, in under two minutes and a few clicks", async () => {
    dufie = await office.arrive(NEWCOMERS[1]);
    const { page } = dufie;
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    const began = Date.now();
    const clicks = await countActs(page);
    await enter(page);
    await choosePassphrase(page);
    await tellWho(page, DUFIE);
    await takePhoto(page);
    await seen(title(page, "Your insurance card"));
    await showCard(page, DUFIE.insuranceCard);
    await seen(title(page, "Your policy"));
    await expectNothingPersonal(page);
    await giveCopy(page, office.files.wording);
    await seen(title(page, "Check and sign"));
    const policyRow = row(list(page, "What you register"), "Your copy is the insurer's, to the bit.");
    await seen(policyRow.getByText(/The currency is the token 0x/));
    confirmed = await policyRow.innerText();
    await expectNothingPersonal(page);
    await sign(page);
    const seconds = (Date.now() - began) / 1_000;
    const pressed = await clicks();
    console.log(`      ${pressed} clicks, ${seconds.toFixed(0)} s`);
    expect(pressed).to.be.at.most(14);
    expect(seconds).to.be.below(120);
    for (const text of said) for (const secret of PERSONAL) expect(text).not.to.include(secret);
  });

  it("has on the chain what the screen says: pseudonym, H, the policy, one transaction", async () => {
    const { chain } = office.place.world.reader;
    const [patientId] = await patientsControlledBy(chain, dufie.account as Address);
    const patient = await patientOf(chain, patientId ?? "0x");
    const [policy] = await policiesOf(chain, { patientId: patientId ?? "0x" });
    const sheet = await dufie.page.getByLabel("The recovery sheet").innerText();
    expect(sheet).to.include(patientId);
    expect(sheet).to.include(patient?.hash);
    expect(sheet).to.include(policy?.policyId);
    expect(policy?.status).to.be.oneOf(["accepted", "active"]);
    const salted = policy && (await termsOf(office.place.world.reader, policy));
    expect(confirmed).to.include(salted?.terms.token ?? "no terms");
    const receipt = await chain.provider.getTransactionReceipt(policy?.transactionHash ?? "");
    expect(sheet).to.include(receipt?.hash);
    for (const secret of PERSONAL) expect(sheet).not.to.include(secret);
  });

  it("gives a recovery sheet to download, whose backup opens with the passphrase", async () => {
    const { page } = dufie;
    const arriving = page.waitForEvent("download");
    await button(page, "Download").click();
    const sheet = await readFile(await (await arriving).path(), "utf8");
    const [backup] = /-----BEGIN AGE[\s\S]+END AGE ENCRYPTED FILE-----/.exec(sheet) ?? [""];
    const root = await openBackup(armor.decode(backup), PASSPHRASE);
    const key = await keyOf(office.place.world.reader.chain, dufie.account as Address);
    expect(toHex(accountKeys(root).publicKey)).to.equal(key?.publicKey);
  });

  it("prints the sheet alone", async () => {
    const { page } = dufie;
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("navigation", { name: "Places" }).isVisible()).to.equal(false);
    await seen(page.getByText("SALUS: RECOVERY SHEET").locator("visible=true"));
    await page.emulateMedia({ media: "screen" });
    await judge(dufie);
  });

  it("goes on to the record, open, and keeps nothing of the registration", async () => {
    const { page } = dufie;
    await page.getByRole("link", { name: "Go to your record" }).click();
    await seen(title(page, "Your record"));
    await seen(page.getByText(DUFIE.name).locator("visible=true"));
    const all = await kept(page);
    for (const secret of PERSONAL) expect(all).not.to.include(secret);
  });

  it("has the sheet again under Account", async () => {
    const { page } = dufie;
    await page.getByRole("link", { name: "Account", exact: true }).click();
    await page.getByRole("link", { name: "Your recovery sheet" }).click();
    await seen(page.getByLabel("The recovery sheet").getByText("BEGIN AGE ENCRYPTED FILE"));
    await judge(dufie);
  });

  it("refuses the same person with another wallet, and says what to do", async () => {
    const { page } = await office.arrive();
    await enter(page);
    await choosePassphrase(page);
    await tellWho(page, DUFIE);
    await takePhoto(page);
    const words = await refusal(page, "You are registered already, with another wallet.");
    expect(words).to.include("Switch to the wallet that you registered with");
    await seen(page.getByRole("alert").getByRole("link", { name: "Switch wallet" }));
  });

  describe("with the tab closed at each step", () => {
    let sister: Newcomer;

    /** Closes the tab, opens another, goes to register, and types the passphrase. */
    async function comeBack(): Promise<Page> {
      const page = await sister.reopen();
      await page.getByRole("link", { name: "Register", exact: true }).first().click();
      await goOn(page);
      return page;
    }

    before(async () => {
      sister = await office.arrive(NEWCOMERS[2]);
      await enter(sister.page);
    });

    it("loses nothing before the passphrase is chosen", async () => {
      const page = await sister.reopen();
      await page.getByRole("link", { name: "Register", exact: true }).first().click();
      await seen(title(page, "Register"));
      await choosePassphrase(page);
    });

    it("asks for the passphrase, and refuses a wrong one", async () => {
      const page = await sister.reopen();
      await page.getByRole("link", { name: "Register", exact: true }).first().click();
      await seen(title(page, "Go on where you left"));
      await judge(sister);
      await page.getByLabel(/^Passphrase/).fill("another passphrase");
      await button(page, "Go on").click();
      await seen(page.getByText("This passphrase doesn't open it."));
      await goOn(page);
      await seen(title(page, "Who you are"));
    });

    it("keeps what was typed, sealed, while the photo is to be taken", async () => {
      await tellWho(sister.page, DELA);
      const page = await comeBack();
      await seen(title(page, "Your photo"));
      await page.getByRole("link", { name: "Who you are" }).click();
      expect(await page.getByLabel(/^National id/).inputValue()).to.equal(DELA.nationalId);
      await button(page, "Go on").click();
      await givePhoto(page, office.files.dana);
      await seen(title(page, "Your insurance card"));
    });

    it("keeps the registry's confirmation while the card is to be shown", async () => {
      const page = await comeBack();
      await seen(title(page, "Your insurance card"));
      await seen(page.getByText(`Civil Registry has confirmed that you are ${DELA.name}.`, { exact: false }));
      await showCard(page, DELA.insuranceCard);
      await seen(title(page, "Your policy"));
    });

    it("keeps the offer while the policy is to be compared", async () => {
      const page = await comeBack();
      await seen(title(page, "Your policy"));
      await giveCopy(page, office.files.wording);
      await seen(title(page, "Check and sign"));
    });

    it("keeps all of it before the signature, and goes back without asking anybody anew", async () => {
      const page = await comeBack();
      await seen(title(page, "Check and sign"));
      await page.getByRole("link", { name: "Your policy" }).click();
      await page.getByRole("link", { name: "Your insurance card" }).click();
      await button(page, "Keep it and go on")
        .or(page.getByRole("link", { name: "Keep it and go on" }))
        .click();
      await button(page, "Go on").click();
      await seen(title(page, "Check and sign"));
    });

    it("says that nothing was sent when the wallet declines", async () => {
      const { page } = sister;
      await setRejecting(page, true);
      await seen(page.getByRole("region", { name: "Who will know what" }));
      await button(page, "Sign and register").click();
      await seen(page.getByRole("status").filter({ hasText: "Registering: not signed" }));
      await seen(page.getByText("You declined in your wallet. Nothing was sent."));
      await setRejecting(page, false);
    });

    it("finds what was sent when the tab was closed before the chain had answered", async () => {
      const { page } = sister;
      const { world } = office.place;
      await world.rpc("evm_setAutomine", false);
      try {
        await button(page, "Try again").click();
        await seen(page.getByRole("status").filter({ hasText: "Registering: signed and sent" }));
        await page.close();
      } finally {
        await world.rpc("evm_setAutomine", true);
        await world.rpc("evm_mine");
      }
      const again = await sister.reopen();
      await again.goto(`${office.place.url}/#/register`);
      await goOn(again);
      await seen(title(again, "You are registered"));
      const [patientId] = await patientsControlledBy(world.reader.chain, sister.account as Address);
      expect(await again.getByLabel("The recovery sheet").innerText()).to.include(patientId);
    });
  });

  it("lets who has begun discard it and begin anew", async () => {
    const { page } = await office.arrive();
    await enter(page);
    if ((await title(page, "Register").count()) > 0) await choosePassphrase(page);
    await button(page, "Discard and begin anew").click();
    await button(page, "Discard it").click();
    await seen(title(page, "Register"));
    expect(await kept(page)).not.to.include("AGE");
  });

  it("is done by keyboard alone", async () => {
    const { page } = await office.arrive(NEWCOMERS[3]);
    /** Presses Tab until what has that name or label has the focus. */
    const tabTo = async (name: RegExp) => {
      for (let stop = 0; stop < 60; stop++) {
        await page.keyboard.press("Tab");
        const words = await page.evaluate(() => {
          const active = document.activeElement as HTMLInputElement | null;
          return `${active?.ariaLabel ?? ""} ${active?.labels?.[0]?.innerText ?? ""} ${active?.innerText ?? ""}`.trim();
        });
        if (name.test(words)) return;
      }
      throw new Error(`Tab doesn't lead to ${String(name)}`);
    };
    const press = async (name: RegExp) => {
      await tabTo(name);
      await page.keyboard.press("Enter");
    };
    await press(/^Register$/);
    await press(new RegExp(`^Continue as ${WALLET_NAME}`));
    await seen(title(page, "Register"));
    await tabTo(/^Passphrase/);
    await page.keyboard.type(PASSPHRASE);
    await tabTo(/^The same again/);
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press("Enter");
    await seen(title(page, "Who you are"));
    await tabTo(/^National id/);
    await page.keyboard.type(DZIFA.nationalId);
    await tabTo(/^Birth date/);
    // Chromium's own order of a date, whatever the page's language.
    await page.keyboard.type("08271993");
    await press(/^Go on/);
    await seen(title(page, "Your photo"));
    await press(/^Open the camera/);
    await seen(button(page, "Take the photo"));
    // The camera's button and the sending button take the focus by themselves.
    await page.keyboard.press("Enter");
    await seen(button(page, "Send it to Civil Registry"));
    await page.keyboard.press("Enter");
    await seen(title(page, "Your insurance card"));
    await press(/^Without insurance for now/);
    await seen(title(page, "Check and sign"));
    await seen(page.getByRole("region", { name: "Who will know what" }));
    await press(/^Sign and register/);
    await seen(title(page, "You are registered"));
    await press(/^Go to your record/);
    await seen(title(page, "Your record"));
    await gone(title(page, "You are registered"));
  });

  it("shows every step in every look without a fault that axe knows", async () => {
    const visit = await office.arrive();
    const { page } = visit;
    await enter(page);
    await judge(visit);
    await choosePassphrase(page);
    await judge(visit);
    await tellWho(page, DELALI);
    await judge(visit);
    await button(page, "Open the camera").click();
    await seen(button(page, "Take the photo"));
    await judge(visit);
    await button(page, "Take the photo").click();
    await seen(button(page, "Send it to Civil Registry"));
    await judge(visit);
    await button(page, "Send it to Civil Registry").click();
    await seen(title(page, "Your insurance card"));
    await judge(visit);
    await showCard(page, DELALI.insuranceCard);
    await seen(title(page, "Your policy"));
    await page.getByText("Read what Harbour Mutual offers").click();
    await seen(page.getByLabel("The document's text"));
    await judge(visit);
    await chooseFile(page, "Drop your copy of the policy's wording", office.files.schedule);
    await refusal(page, "Your wording isn't the insurer's.");
    await judge(visit);
    await giveCopyAfter(page);
    await seen(page.getByRole("region", { name: "Who will know what" }));
    await judge(visit);
  });

  /** The right copy where a wrong one was dropped before. */
  async function giveCopyAfter(page: Page): Promise<void> {
    await chooseFile(page, "Your wording: my-schedule.json", office.files.wording);
    await seen(page.getByRole("status").filter({ hasText: "Your wording is the insurer's, to the bit." }));
    await button(page, "Go on").click();
    await seen(title(page, "Check and sign"));
  }
});
