import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

import { buildDapp } from "../../scripts/lib/dapp.js";
import { findChromium } from "../../scripts/lib/chromium.js";
import { seed } from "../../scripts/seed/index.js";
import { writePapers } from "../../scripts/seed/papers.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { serveBuild } from "../../scripts/start/web.js";
import { pagePapers, pagePersonas } from "../../scripts/start/world.js";
import { unlock } from "../../sdk/index.js";
import { startWorld, type Unlocked, type World } from "../world.js";
import { startAuthorities, type Authorities } from "./authorities.js";

/** The built DApp in a real browser, on a real chain, a real IPFS node and real services, with the demo's small world. */
export interface Site {
  url: string;
  world: World;
  /** The attestation services, which a test may stop and must start again. */
  authorities: Authorities;
  browser: Browser;
  /** A fresh browser profile: nothing stored, nobody signed in. */
  open(options?: { width?: number; height?: number; dark?: boolean }): Promise<Visit>;
  stop(): Promise<void>;
}

/** One browser profile with one page. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What the page logged as errors, and scripts that a policy stopped. */
  errors: string[];
  close: () => Promise<void>;
}

/** What Chromium is started with. */
export const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a page may take to show what it's asked for, on a machine that does other work too. */
const PATIENCE_MS = 45_000;

/** Builds the DApp if need be, starts everything and seeds the small world. */
export async function startSite(): Promise<Site> {
  await buildDapp();
  const settings: { now?: object } = {};
  const papersFolder = await mkdtemp(join(tmpdir(), "salus-papers-"));
  const web = await serveBuild(0, () => settings.now, papersFolder);
  const world = await startWorld([web.url]);
  const seeded = await seed({ ...world.reader, journals: join(world.folder, "seed") });
  if (!seeded) throw new Error("the world was seeded before");
  const { rpcUrl, ipfsUrl, deployment } = world;
  await writePapers(papersFolder);
  const authorities = await startAuthorities(world, [web.url], seeded.euro);
  const { registry, insurer, authority } = authorities.urls;
  const services = { registry, insurers: [insurer], authority };
  const [personas, papers] = await Promise.all([pagePersonas(), pagePapers()]);
  settings.now = { rpcUrl, ipfsUrl, deployment, services, personas, papers };

  const executablePath = findChromium();
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: BROWSER_FLAGS });
  return {
    url: web.url,
    world,
    authorities,
    browser,
    open: (options) => openProfile(browser, options),
    async stop() {
      await browser.close();
      web.close();
      await authorities.close();
      await world.stop();
      await rm(papersFolder, { recursive: true, force: true });
    },
  };
}

/** A persona at work without a page, with its key open. */
export async function sessionAs(world: World, persona: string): Promise<Unlocked> {
  const { index, address, passphrase } = knownPersona(persona);
  const root = await unlock(world.reader, address, passphrase);
  return { ...(await world.session(index)), root };
}

/** A fresh profile in a browser. @param options.permissions what its pages may use without asking, such as "camera" */
export async function openProfile(
  browser: Browser,
  {
    width = 1280,
    height = 900,
    dark = false,
    permissions = [],
  }: { width?: number; height?: number; dark?: boolean; permissions?: string[] } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    // Dates that tests read must be the same on every machine.
    locale: "en-GB",
    timezoneId: "UTC",
    acceptDownloads: true,
    permissions,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  // tsx names functions by this helper, which functions that tests send into a page then call there.
  await context.addInitScript("globalThis.__name = (named) => named;");
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { context, page, errors, close: () => context.close() };
}
