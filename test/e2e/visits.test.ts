import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { parseEther, toQuantity, Wallet } from "ethers";
import type { Browser, Page } from "playwright-core";

import { STATE } from "../../scripts/lib/paths.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import {
  accredit,
  chainTime,
  createAccount,
  encodeCode,
  enterVisit,
  givePermit,
  patientIdOf,
  placeOrder,
  preparePermit,
  requestOrder,
  visitById,
  visitsOf,
  type Address,
  type PatientId,
  type Visit as CareVisit,
} from "../../sdk/index.js";
import { inOrder } from "../inOrder.js";
import {
  button,
  chooseFile,
  enterAs,
  goTo,
  gone,
  list,
  row,
  seen,
  title,
  toPlace,
  unlock,
  type GivenFile,
} from "./acts.js";
import { browserWithCamera, filmOf } from "./camera.js";
import { openProfile, sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const PASSPHRASE = "harbour lantern violet mile";
const HOSPITAL = "City Hospital";
const FILM = join(STATE, "e2e", "desk.mjpeg");
const YEAR_S = 365 * 86_400;

describe("In a browser: visits", function () {
  this.timeout(180_000);
  inOrder(this);

  const open = visitors();
  let place: Site;
  let camera: Browser;
  let patientId: PatientId;
  let chen: Visit;
  let desk: Visit;
  let otherDesk: Visit;
  let other: { wallet: ReturnType<typeof Wallet.createRandom>; account: Address };

  /** The code on the patient's screen, as a QR's text never is: for what a test makes of it. */
  const qr = ({ page }: Visit) => page.getByRole("img", { name: /^QR code that lets/ });
  const pictureOf = async (visit: Visit): Promise<GivenFile> => ({
    name: "code.png",
    mimeType: "image/png",
    buffer: await visit.page.screenshot(),
  });
  const session = (persona: string) => sessionAs(place.world, persona);
  const latestVisit = async (): Promise<CareVisit> => {
    const visits = await visitsOf(place.world.reader, { patientId });
    return visits.at(-1) ?? Promise.reject(new Error("no visit was opened"));
  };
  /** What a picture shows, given to the desk as a file. */
  const giveFile = async (visit: Visit, file: GivenFile) => {
    await goTo(visit.page, "/desk");
    await seen(title(visit.page, "Desk"));
    await chooseFile(visit.page, "Or drop a picture of the code", file);
  };
  const refusal = (page: Page, what: string) => page.getByRole("alert").filter({ hasText: what });
  /** Makes a code for City Hospital, up to the screen that shows it. */
  const makeCode = async ({ page }: Visit, drawers: string[] = []) => {
    await goTo(page, "/visits/new");
    await button(page, `Choose ${HOSPITAL}`).click();
    await seen(title(page, `Go to ${HOSPITAL}`));
    for (const drawer of drawers) await page.getByRole("checkbox", { name: drawer }).check();
    await button(page, "Sign and show the code").click();
    await seen(title(page, `Show this at ${HOSPITAL}`));
  };
  const forgive = ({ errors }: Visit) => {
    // Kubo's "not found" and refusals of the node are answers with an error status, which browsers log.
    expect(errors.filter((error) => !/^Failed to load resource/.test(error))).to.deep.equal([]);
    errors.length = 0;
  };

  before(async () => {
    place = await site();
    const { world } = place;
    // He has been to no hospital before: other tests' patients have.
    patientId = await patientIdOf({ chain: world.reader.chain, account: knownPersona("chen").address });
    const wallet = Wallet.createRandom();
    other = { wallet, account: wallet.address as Address };
    await world.rpc("hardhat_setBalance", wallet.address, toQuantity(parseEther("100")));
    const any = await world.session(0);
    const signer = wallet.connect(any.chain.provider);
    await createAccount({ ...any, account: other.account, signer }, PASSPHRASE, { workFactor: 10 });
    await accredit(await session("authority"), {
      account: other.account,
      role: "hospital",
      name: "Riverside Hospital",
      until: (await chainTime(world.reader.chain)) + YEAR_S,
    });
    await mkdir(join(STATE, "e2e"), { recursive: true });
    await rm(FILM, { force: true });
    camera = await browserWithCamera(FILM);
    chen = await open();
    otherDesk = await open();
    desk = await openProfile(camera, { permissions: ["camera"] });
    await otherDesk.context.route("**/salus.json", async (route) => {
      const response = await route.fetch();
      const settings = (await response.json()) as { personas: object[] };
      const persona = {
        name: "Riverside Hospital",
        role: "hospital",
        about: "another hospital",
        account: other.account,
        privateKey: wallet.privateKey,
        passphrase: PASSPHRASE,
      };
      await route.fulfill({ response, json: { ...settings, personas: [...settings.personas, persona] } });
    });
    await enterAs(chen.page, place.url, "chen");
  });
  after(() => camera.close());
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const file = this.currentTest.title.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
    await desk.page.screenshot({ path: join(STATE, "e2e", `${file}-desk.png`) });
  });

  describe("that a patient permits", () => {
    it("begin with none, and say what the list will hold", async () => {
      const { page } = chen;
      await toPlace(page, "Visits");
      await seen(title(page, "Visits"));
      await seen(page.getByText("Your visits to hospitals will be listed here"));
      await judge(chen);
    });

    it("need a hospital, chosen among the accredited ones only", async () => {
      const { page } = chen;
      await page.getByRole("link", { name: "Go to a hospital" }).first().click();
      await seen(row(list(page, "Accredited people and organisations"), HOSPITAL));
      await seen(row(list(page, "Accredited people and organisations"), "Riverside Hospital"));
      expect(await page.getByText("Central Laboratory").count()).to.equal(0);
      await judge(chen);
      await page.getByRole("searchbox").fill("nobody of this name");
      await seen(page.getByText("Nobody accredited is called that."));
      await page.getByRole("searchbox").fill("city");
      await button(page, `Choose ${HOSPITAL}`).click();
      await seen(title(page, `Go to ${HOSPITAL}`));
    });

    it("give nothing to read that wasn't chosen, and say who will know before it is signed", async () => {
      const { page } = chen;
      expect(await page.getByRole("checkbox", { checked: true }).count()).to.equal(0);
      await seen(page.getByRole("region", { name: "Who will know what" }));
      await page.getByRole("checkbox", { name: "Laboratory" }).check();
      await seen(page.getByRole("region", { name: "Who will know what" }).getByText(/laboratory/i));
      await judge(chen);
    });

    it("are a code on the screen after one signature, with nothing on the chain", async () => {
      const { page } = chen;
      const { provider } = place.world.reader.chain;
      const before = await provider.getTransactionCount(knownPersona("chen").address);
      await button(page, "Sign and show the code").click();
      await seen(title(page, `Show this at ${HOSPITAL}`));
      await seen(qr(chen));
      await seen(page.getByRole("timer"));
      expect(await provider.getTransactionCount(knownPersona("chen").address)).to.equal(before);
      await judge(chen);
    });

    it("have a code that fits a phone's screen, and stays black on white in the dark", async () => {
      const { page } = chen;
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: "dark" });
      await qr(chen).scrollIntoViewIfNeeded();
      const box = await qr(chen).boundingBox();
      expect(box?.width).to.be.within(260, 360);
      const colours = await qr(chen).evaluate((svg) => [...svg.children].map((child) => child.getAttribute("fill")));
      expect(colours).to.deep.equal(["#fff", "#000"]);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
    });

    it("wait in the list, and survive a closed tab", async () => {
      const { context, page } = chen;
      const again = await context.newPage();
      await page.close();
      chen.page = again;
      await again.goto(place.url);
      await unlock(again);
      await toPlace(again, "Visits");
      await seen(row(list(again, "Codes to show"), HOSPITAL));
      await judge(chen);
      await row(list(again, "Codes to show"), HOSPITAL).getByRole("link").click();
      await seen(qr(chen));
    });
  });

  describe("at the desk", () => {
    it("begin with a camera, a picture or letters", async () => {
      const { page } = desk;
      await enterAs(page, place.url, "hospital");
      await toPlace(page, "Desk");
      await seen(title(page, "Desk"));
      await seen(button(page, "Open the camera"));
      await judge(desk);
    });

    it("are refused in words when there is no camera, it isn't allowed, or it is in use", async () => {
      const { page } = otherDesk;
      await enterAs(page, place.url, "hospital");
      await goTo(page, "/desk");
      for (const [name, what] of [
        ["NotAllowedError", "This page may not use the camera."],
        ["NotFoundError", "There is no camera on this device."],
        ["NotReadableError", "Another program is using the camera."],
      ] as const) {
        await page.evaluate((named) => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused", named));
        }, name);
        await button(page, "Open the camera").click();
        await seen(refusal(page, what).getByText("choose a picture of the code, or type it"));
      }
      await judge(otherDesk);
    });

    it("read no code where there is none", async () => {
      await giveFile(desk, { name: "page.png", mimeType: "image/png", buffer: await desk.page.screenshot() });
      await seen(refusal(desk.page, "There is no readable code in this picture."));
      await judge(desk);
    });

    it("are read by the camera from the patient's screen", async () => {
      const { page } = desk;
      await filmOf(chen.page, qr(chen), FILM);
      await goTo(page, "/desk");
      await button(page, "Open the camera").click();
      await seen(page.getByRole("heading", { name: /Chen Wei.*permits a visit here/ }));
      await seen(page.getByText("Laboratory", { exact: true }));
      // All that the desk is given to tell by who stands there.
      await seen(page.getByText("Name in the permit", { exact: true }));
      await seen(page.getByRole("definition").filter({ hasText: /^Chen Wei$/ }));
      await seen(page.getByText("compare the name on it with the name in the permit"));
      await seen(page.getByText("no birth date and no photo", { exact: false }));
      await judge(desk);
    });

    it("open with one signature, and the patient's screen says so by itself", async () => {
      const { page } = desk;
      await button(page, "Open the visit").click();
      await seen(title(page, "Chen Wei"));
      await seen(chen.page.getByText(`${HOSPITAL} has opened the visit.`));
      await seen(title(chen.page, `Visit at ${HOSPITAL}`));
      expect((await latestVisit()).status).to.equal("open");
      await judge(desk);
      await judge(chen);
    });

    it("abuse: a photographed code opens nothing twice", async () => {
      const { page } = desk;
      await goTo(page, "/desk");
      await button(page, "Open the camera").click();
      await seen(refusal(page, "This permit was used already, or the patient withdrew it."));
      forgive(desk);
    });
  });

  describe("while they are open", () => {
    it("get people of the hospital's own staff, by one signature each", async () => {
      const { page } = desk;
      await goTo(page, `/desk/${(await latestVisit()).visitId}`);
      await button(page, "Assign somebody").click();
      const staff = list(page, "Your staff");
      await seen(row(staff, "Dr Sarah Lee"));
      expect(await row(staff, "Central Laboratory").count()).to.equal(0);
      await judge(desk);
      await button(page, "Choose Dr Sarah Lee").click();
      await seen(page.getByRole("region", { name: "Who will know what" }));
      await judge(desk);
      await button(page, "Assign Dr Sarah Lee").click();
      await seen(row(list(page, "Who takes part"), "Dr Sarah Lee").getByText(/Assigned/));
      await seen(row(list(chen.page, "Who takes part"), "Dr Sarah Lee"));
      await judge(desk);
    });

    it("show the patient an order with its own code, and who asks to carry it out", async () => {
      const { page } = chen;
      const [lee, visit] = [await session("lee"), await latestVisit()];
      const access = await enterVisit(lee, visit.visitId);
      const { recordId } = await placeOrder(lee, access, {
        drawer: "laboratory",
        document: {
          content: new TextEncoder().encode("Complete blood count"),
          fileName: "tests.txt",
          mediaType: "text/plain",
          title: "Blood tests",
        },
        role: "laboratory",
        fills: 1,
        until: visit.until,
      });
      const orders = list(page, "Orders");
      const order = row(orders, "Blood tests");
      await seen(order);
      await button(order, "Show its code").click();
      await seen(order.getByRole("img", { name: "QR code of your order: Blood tests" }));
      await judge(chen);
      await button(order, "Hide its code").click();
      await requestOrder(await session("laboratory"), recordId);
      const asking = list(order, "Asks to carry it out");
      await seen(row(asking, "Central Laboratory").getByText("Anybody accredited can ask"));
      await button(asking, "Review Central Laboratory").click();
      await seen(order.getByRole("region", { name: "Who will know what" }));
      await judge(chen);
      await button(order, "Choose Central Laboratory").click();
      await seen(order.getByText("Central Laboratory carries it out."));
      await gone(asking);
    });

    it("let the patient look for another, and cancel the order", async () => {
      const { page } = chen;
      const order = row(list(page, "Orders"), "Blood tests");
      await button(order, "Choose another").click();
      await seen(row(list(page, "Accredited people and organisations"), "Central Laboratory"));
      await judge(chen);
      await page.keyboard.press("Escape");
      await button(order, "Cancel it").click();
      await seen(order.getByText("Cancel it for good?"));
      await judge(chen);
      await button(order, "Cancel the order").click();
      await seen(order.getByText("Cancelled", { exact: true }));
    });

    it("let somebody be taken out again", async () => {
      const { page } = desk;
      await button(page, "Take out Dr Sarah Lee").click();
      await button(page, "Take out now").click();
      await seen(row(list(page, "Who takes part"), "Dr Sarah Lee").getByText("No longer in it"));
      await judge(desk);
    });

    it("are found by the patient's name", async () => {
      const { page } = desk;
      await goTo(page, "/desk");
      await seen(row(list(page, "Open now"), "Chen Wei").getByText("Assign somebody", { exact: true }));
    });

    it("end when the hospital closes them, after saying what that means", async () => {
      const { page } = desk;
      const { visitId } = await latestVisit();
      await goTo(page, `/desk/${visitId}`);
      await button(page, "Close the visit").click();
      await seen(page.getByText("There is no undo"));
      await seen(page.getByRole("region", { name: "Who will know what" }));
      await judge(desk);
      await page.keyboard.press("Escape");
      await gone(button(page, "Close it now"));
      await button(page, "Close the visit").click();
      await button(page, "Close it now").click();
      await seen(page.getByText(/^The visit was from/));
      await seen(page.getByRole("link", { name: "Bill it" }));
      expect((await visitById(place.world.reader, visitId)).status).to.equal("ended");
      await judge(desk);
    });

    it("lead the patient to change the locks of what could be read", async () => {
      const { page } = chen;
      await seen(page.getByText("Nobody writes in it any more."));
      const lock = page.getByText("Change the lock where access has run out");
      await seen(lock);
      await judge(chen);
      await button(page, "Review").click();
      await button(page, "Change the lock").click();
      await gone(lock);
      await goTo(page, "/visits");
      await seen(row(list(page, "Ended"), HOSPITAL));
      await judge(chen);
    });
  });

  describe("by letters and pictures", () => {
    it("open with a code that is typed, once the patient makes it findable", async () => {
      await makeCode(chen);
      const { page } = chen;
      await button(page, "A code to type").click();
      await judge(chen);
      await button(page, "Make it findable").click();
      const letters = page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);
      await seen(letters);
      await judge(chen);
      const code = await letters.innerText();
      await goTo(desk.page, "/desk");
      const field = desk.page.getByLabel("Or type the code");
      // One letter wrong is noticed before anything is asked.
      await field.fill(`${code.startsWith("0") ? "1" : "0"}${code.slice(1)}`);
      await button(desk.page, "Find").click();
      await seen(desk.page.getByText("A letter is mistyped or missing."));
      await judge(desk);
      await field.fill(code.toLowerCase());
      await button(desk.page, "Find").click();
      await seen(desk.page.getByRole("heading", { name: /Chen Wei/ }));
      await seen(desk.page.getByText("Only what is written in this visit"));
      await button(desk.page, "Not this one").click();
      await seen(button(desk.page, "Open the camera"));
    });

    it("abuse: another hospital reads nothing from the same picture", async () => {
      const picture = await pictureOf(chen);
      await otherDesk.page.reload();
      await goTo(otherDesk.page, "/account");
      await goTo(otherDesk.page, "/connect");
      await button(otherDesk.page, "Continue as Riverside Hospital").click();
      await button(otherDesk.page, "Unlock").click();
      await giveFile(otherDesk, picture);
      await seen(refusal(otherDesk.page, "The permit is not for this hospital."));
      expect(await otherDesk.page.getByText("Chen").count()).to.equal(0);
      forgive(otherDesk);
      await judge(otherDesk);
    });

    it("abuse: a withdrawn code is worthless", async () => {
      const picture = await pictureOf(chen);
      const { page } = chen;
      await button(page, "Withdraw it").click();
      await judge(chen);
      await button(page, "Withdraw the code").click();
      await seen(title(page, "Visits"));
      await gone(list(page, "Codes to show"));
      await giveFile(desk, picture);
      await seen(refusal(desk.page, "This permit was used already, or the patient withdrew it."));
      forgive(desk);
    });

    it("abuse: a code is worthless after its time", async () => {
      const own = await session("chen");
      const hospital = knownPersona("hospital").address;
      const request = { patientId, hospital, drawers: [], validFor: 30, lasts: 3_600 };
      const given = await givePermit(own, await preparePermit(own, request));
      await place.world.advance(60);
      await goTo(desk.page, "/desk");
      await desk.page.getByLabel("Or type the code").fill(given.code);
      await button(desk.page, "Find").click();
      await seen(refusal(desk.page, "This code's time is over."));
      forgive(desk);
    });

    it("abuse: somebody who isn't a hospital has no desk", async () => {
      const { page } = chen;
      await goTo(page, "/desk");
      await seen(page.getByText("Only a hospital's account can use a patient's code."));
      expect(await button(page, "Open the camera").count()).to.equal(0);
      await judge(chen);
    });

    it("abuse: an order's code opens no visit", async () => {
      await goTo(desk.page, "/desk");
      await desk.page.getByLabel("Or type the code").fill(encodeCode("order", `0x${"5a".repeat(32)}`));
      await button(desk.page, "Find").click();
      await seen(refusal(desk.page, "This code is for something else."));
    });

    it("open with a photo of the patient's phone", async () => {
      await makeCode(chen);
      const { page } = chen;
      await page.setViewportSize({ width: 390, height: 844 });
      await qr(chen).scrollIntoViewIfNeeded();
      await giveFile(desk, await pictureOf(chen));
      await page.setViewportSize({ width: 1280, height: 900 });
      await seen(desk.page.getByRole("heading", { name: /Chen Wei/ }));
      await button(desk.page, "Open the visit").click();
      await seen(title(desk.page, "Chen Wei"));
      await seen(title(page, `Visit at ${HOSPITAL}`));
    });

    it("end when the patient closes them", async () => {
      const { page } = chen;
      await button(page, "Close the visit").click();
      await button(page, "Close it now").click();
      await seen(page.getByText("Nobody writes in it any more."));
      await seen(desk.page.getByText(/^The visit was from/));
      forgive(chen);
    });
  });
});
