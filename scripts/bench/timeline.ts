/**
 * How long a record of ten thousand documents keeps its reader waiting: each filter and each step of scrolling in the real
 * page, in a real browser, from the act to the painted frame.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HDNodeWallet, hexlify, randomBytes } from "ethers";
import { chromium, type Page } from "playwright-core";

import { drawerByLabel, publishBatch, type Document, type ScopeLabel } from "../../sdk/index.js";
import { BROWSER_FLAGS, openProfile } from "../../test/e2e/harness.js";
import { MNEMONIC, PASSPHRASE, pathOf, startWorld, type PatientSession } from "../../test/world.js";
import { CHROMIUM_REMEDY, findChromium } from "../lib/chromium.js";
import { buildDapp } from "../lib/dapp.js";
import { serveBuild } from "../start/web.js";

const RECORDS = 10_000;
const BATCH = 100;
/** So many of them can be opened: more than are on the screen between two filters. */
const WHOLE = 500;
/** Development account of the patient. */
const PATIENT = 7;
const DRAWERS: readonly ScopeLabel[] = ["laboratory", "medication", "imaging", "visits", "documents"];
const KINDS = [
  { mediaType: "application/pdf", fileName: "letter.pdf" },
  { mediaType: "application/fhir+json", fileName: "report.json" },
  { mediaType: "text/plain", fileName: "note.txt" },
] as const;

/** Milliseconds from the act to the painted frame. */
export interface Frames {
  count: number;
  median: number;
  /** 99 of 100 are no slower. */
  p99: number;
  slowest: number;
}

/** What was measured. */
export interface TimelineFigures {
  records: number;
  filters: Frames;
  scrolling: Frames;
}

/**
 * Fills the patient's drawers. The newest documents are whole; of the older ones, which nobody opens while they are scrolled
 * by, there is what the chain has.
 */
async function fill(patient: PatientSession): Promise<void> {
  const drawers = await Promise.all(DRAWERS.map((label) => drawerByLabel(patient, patient.patientId, label)));
  const records = patient.chain.records.connect(patient.signer);
  for (let start = 0; start < RECORDS; start += BATCH) {
    const drawer = drawers[(start / BATCH) % drawers.length];
    if (!drawer) continue;
    if (start < RECORDS - WHOLE) {
      const entries = Array.from({ length: BATCH }, () => ({
        nonce: BigInt(hexlify(randomBytes(8))),
        size: 1_024,
        payload: hexlify(randomBytes(32)),
        header: hexlify(randomBytes(32)),
      }));
      await (await records.appendBatch(drawer.patientId, drawer.scope, drawer.publicKey, entries)).wait();
    } else {
      await publishBatch(
        patient,
        drawer,
        Array.from({ length: BATCH }, (_, i) => documentOf(start + i)),
      );
    }
  }
}

function documentOf(number: number): Document {
  const kind = KINDS[number % KINDS.length] ?? KINDS[0];
  return { ...kind, title: `Document ${number}`, content: new TextEncoder().encode(`Made up, number ${number}.`) };
}

/** In the page: does something, and waits until what it changed is painted. Milliseconds. */
async function timed(page: Page, act: { field?: string; value?: string; scroll?: number }): Promise<number> {
  return page.evaluate(async ({ field, value = "", scroll = 0 }) => {
    const group = document.querySelector('[role="group"][aria-label="Filter this record"]');
    const fields = [...(group?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select") ?? [])];
    const input = fields.find((each) => (each.labels?.[0]?.textContent ?? each.ariaLabel) === field);
    if (field !== undefined && !input) throw new Error(`no field ${field}`);
    const start = performance.now();
    if (input) {
      // As typing does: React listens for the change, and remembers the value that it has set itself.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value")?.set?.call(input, value);
      input.dispatchEvent(new Event(input instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
    }
    window.scrollBy(0, scroll);
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
    return performance.now() - start;
  }, act);
}

function framesOf(times: number[]): Frames {
  const sorted = times.toSorted((a, b) => a - b);
  const within = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { count: times.length, median: within(0.5), p99: within(0.99), slowest: sorted.at(-1) ?? NaN };
}

async function measure(page: Page): Promise<Omit<TimelineFigures, "records">> {
  const filters: number[] = [];
  const year = String(new Date().getFullYear());
  const acts = [
    ...["laboratory", "imaging", ""].map((value) => ({ field: "Kept in", value })),
    ...["30", year, ""].map((value) => ({ field: "Time", value })),
    ...["You", ""].map((value) => ({ field: "Written by", value })),
    ...["PDF", "Picture", ""].map((value) => ({ field: "Kind", value })),
    ...["d", "do", "doc", "docu", "docum", "you", "imaging", ""].map((value) => ({
      field: "Search this record",
      value,
    })),
  ];
  for (let round = 0; round < 3; round++) for (const act of acts) filters.push(await timed(page, act));
  const scrolling: number[] = [];
  for (let step = 0; step < 200; step++) scrolling.push(await timed(page, { scroll: step < 150 ? 700 : 9_000 }));
  for (const scroll of [-1e9, 1e9, -1e9]) scrolling.push(await timed(page, { scroll }));
  return { filters: framesOf(filters), scrolling: framesOf(scrolling) };
}

/** Fills a record and measures its page. @throws Error when there is no Chromium */
export async function measureTimeline(): Promise<TimelineFigures> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(`There is no Chromium: ${CHROMIUM_REMEDY}.`);
  await buildDapp();
  const papers = await mkdtemp(join(tmpdir(), "salus-bench-"));
  const settings: { now?: object } = {};
  const web = await serveBuild(0, () => settings.now, papers);
  const world = await startWorld([web.url]);
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const root = await world.account(0);
    const registry = await world.participant(1, root, "civil registry", "Civil Registry");
    const patient = await world.patient(PATIENT, registry, "Bench Patient");
    await fill(patient);
    const { privateKey } = HDNodeWallet.fromPhrase(MNEMONIC, undefined, pathOf(PATIENT));
    const persona = { name: "Bench Patient", role: "patient", about: "has ten thousand documents" };
    const { rpcUrl, ipfsUrl, deployment } = world;
    const personas = [{ ...persona, account: patient.account, privateKey, passphrase: PASSPHRASE }];
    settings.now = { rpcUrl, ipfsUrl, deployment, personas };

    const { page } = await openProfile(browser);
    await page.goto(web.url);
    await page.getByRole("button", { name: "Continue as Bench Patient" }).click();
    await page.getByRole("button", { name: "Unlock" }).click();
    await page.getByRole("list", { name: "Timeline" }).getByText("Verified").first().waitFor({ timeout: 120_000 });
    return { records: RECORDS, ...(await measure(page)) };
  } finally {
    await browser.close();
    web.close();
    await world.stop();
    await rm(papers, { recursive: true, force: true });
  }
}
