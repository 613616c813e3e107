/** What a newcomer does on the page, step by step, and what a test needs to be one. */
import { join } from "node:path";

import type { Page } from "playwright-core";

import { STATE } from "../../scripts/lib/paths.js";
import { fakeCamera, faceOf, liveOf, nobody, two } from "../../scripts/seed/faces.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { ownCopies, type Authorities } from "./authorities.js";
import { button, chooseFile, seen, title, type GivenFile } from "./acts.js";
import { browserWithCamera } from "./camera.js";
import type { Site, Visit } from "./harness.js";
import { site } from "./site.js";
import { injectWallet, WALLET_NAME } from "./wallet.js";

/** A passphrase that nobody else has. */
export const PASSPHRASE = "lantern orbit maple thirteen";

const PATIENCE_MS = 45_000;

/** What Dana holds in her hands. */
export const DANA = known(knownPersona("dana").identity);

/** Development accounts that are nobody's in the demo: one for each test that registers somebody. */
export const NEWCOMERS = [
  "0xdF3e18d64BC6A983f673Ab319CCaE4f1a57C7097",
  "0xcd3B766CCDd6AE721141F452C550Ca635964ce71",
  "0x2546BcD3c84621e976D8185a91A922aE77ECEc30",
  "0xbDA5747bFD65F08deb54cb465eB87D40e51B197E",
] as const;

/** One for all who don't come to the end. */
const VISITOR = "0xdD2FD4581271e230360230F9337D5c0430Bf44C0";

/** Somebody at the page's door, with a camera and a wallet of their own. */
export interface Newcomer extends Visit {
  account: string;
  /** Closes the tab, and opens the page in another one of the same browser. */
  reopen(): Promise<Page>;
}

/** Where newcomers register. */
export interface RegistryOffice {
  place: Site;
  authorities: Authorities;
  /** A fresh browser profile, with a wallet for this account. */
  arrive(account?: string): Promise<Newcomer>;
  files: {
    wording: GivenFile;
    schedule: GivenFile;
    /** Dana before a camera, somebody else, an empty room, two people. */
    dana: GivenFile;
    other: GivenFile;
    nobody: GivenFile;
    two: GivenFile;
  };
  /** Leaves what all pages show in .salus/e2e/, for who looks into a test that failed. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The site, and beside it a browser with a camera that sees Dana. */
export async function openOffice(): Promise<RegistryOffice> {
  const place = await site();
  const { authorities } = place;
  const film = join(STATE, "e2e", "dana.mjpeg");
  const browser = await browserWithCamera(film);
  await fakeCamera("dana", film);
  const copies = await ownCopies("dana");

  const arrive = async (account: string = VISITOR): Promise<Newcomer> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
      acceptDownloads: true,
      permissions: ["camera"],
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript("globalThis.__name = (named) => named;");
    const errors: string[] = [];
    const open = async () => {
      const page = await context.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        // A service that is down, or refuses, is told of by the browser itself.
        if (message.type() === "error" && !/Failed to load resource/.test(message.text())) errors.push(message.text());
      });
      await injectWallet(page, place.world.rpcUrl, account);
      await page.goto(place.url);
      return page;
    };
    const newcomer: Newcomer = {
      context,
      page: await open(),
      errors,
      account,
      async reopen() {
        await newcomer.page.close();
        newcomer.page = await open();
        return newcomer.page;
      },
      close: () => context.close(),
    };
    return newcomer;
  };

  return {
    place,
    authorities,
    arrive,
    files: {
      wording: { name: "care-plus-2026.txt", mimeType: "text/plain", buffer: copies.wording },
      schedule: { name: "my-schedule.json", mimeType: "application/json", buffer: copies.schedule },
      dana: jpeg("me.jpg", await liveOf("dana")),
      other: jpeg("other.jpg", await faceOf("other")),
      nobody: jpeg("wall.jpg", await nobody()),
      two: jpeg("us.jpg", await two()),
    },
    async shoot(name) {
      const pages = browser.contexts().flatMap((context) => context.pages());
      const file = name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80);
      await Promise.all(pages.map((page, i) => page.screenshot({ path: join(STATE, "e2e", `${file}-${i}.png`) })));
    },
    close: () => browser.close(),
  };
}

function jpeg(name: string, bytes: Uint8Array): GivenFile {
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(bytes) };
}

/** From the door to step 1, with the wallet in the browser. */
export async function enter(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Register", exact: true }).first().click();
  await button(page, `Continue as ${WALLET_NAME}`).click();
  await seen(title(page, "Register"));
}

/** Step 1. */
export async function choosePassphrase(page: Page): Promise<void> {
  await page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
  await page.getByLabel(/^The same again/).fill(PASSPHRASE);
  await button(page, "Begin").click();
  await seen(title(page, "Who you are"));
}

/** Step 2. */
export async function tellWho(
  page: Page,
  { nationalId, birthDate }: { nationalId: string; birthDate: string } = DANA,
): Promise<void> {
  await page.getByLabel(/^National id/).fill(nationalId);
  await page.getByLabel(/^Birth date/).fill(birthDate);
  await button(page, "Go on").click();
  await seen(title(page, "Your photo"));
}

/** Step 3 with the camera. */
export async function takePhoto(page: Page): Promise<void> {
  await button(page, "Open the camera").click();
  await button(page, "Take the photo").click();
  await sendPhoto(page);
}

/** Step 3 with a file. */
export async function givePhoto(page: Page, photo: GivenFile): Promise<void> {
  await chooseFile(page, "Or drop a photo of your face", photo);
  await sendPhoto(page);
}

async function sendPhoto(page: Page): Promise<void> {
  await button(page, "Send it to Civil Registry").click();
}

/** Step 4. */
export async function showCard(page: Page, card = DANA.insuranceCard): Promise<void> {
  await page.getByLabel(/^Number of your card/).fill(card);
  await button(page, "Show it to Harbour Mutual").click();
}

/** Step 5, to the end of it. */
export async function giveCopy(page: Page, wording: GivenFile): Promise<void> {
  await chooseFile(page, "Drop your copy of the policy's wording", wording);
  await seen(page.getByRole("status").filter({ hasText: "Your wording is the insurer's, to the bit." }));
  await button(page, "Go on").click();
}

/** Step 6, to the end. */
export async function sign(page: Page): Promise<void> {
  await seen(title(page, "Check and sign"));
  await seen(page.getByRole("region", { name: "Who will know what" }));
  await button(page, "Sign and register").click();
  await seen(title(page, "You are registered"));
}

/** Goes on with what was begun, after the page was closed or loaded anew. */
export async function goOn(page: Page): Promise<void> {
  await seen(title(page, "Go on where you left"));
  await page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
  await button(page, "Go on").click();
}

/** A refusal that says what happened, with what to do about it. */
export async function refusal(page: Page, what: string | RegExp): Promise<string> {
  const alert = page.getByRole("alert").filter({ hasText: what });
  await seen(alert);
  return alert.first().innerText();
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("Dana has an identity");
  return value;
}
