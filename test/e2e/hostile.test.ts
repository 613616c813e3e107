import { expect } from "chai";
import type { BrowserContext, Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import {
  chainTime,
  drawerByLabel,
  grant,
  patientIdOf,
  prepareGrant,
  recordsOf,
  unlock as openAccount,
  type PatientId,
} from "../../sdk/index.js";
import { hostileDocuments } from "../documents/index.js";
import {
  addDraft,
  button,
  chooseFile,
  enterAs,
  fileAt,
  goTo,
  seen,
  seenVerified,
  title,
  type GivenFile,
} from "./acts.js";
import type { Site } from "./harness.js";
import { site, visitors } from "./site.js";

const CHEN = knownPersona("chen");
const LEE = knownPersona("lee");

declare global {
  interface Window {
    /** What a hostile document sets if it runs. */
    salusHostile?: unknown;
    /** Directives that something on the page went against. */
    refusedByPolicy?: string[];
  }
}

/** What must not happen while a document is looked at. */
interface Watch {
  /** Requests to other places than the site, its chain and its storage; dialogs; new tabs; pages that were left for. */
  incidents: string[];
}

/** Watches a profile for what a document could do. Call it before its first page is loaded. */
async function watch(context: BrowserContext, place: Site): Promise<Watch> {
  const incidents: string[] = [];
  const own = [place.url, place.world.rpcUrl, place.world.ipfsUrl].map((url) => new URL(url).origin);
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!["blob:", "data:"].includes(protocol) && !own.includes(origin)) incidents.push(`request ${request.url()}`);
  });
  context.on("dialog", (dialog) => {
    incidents.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("page", (page) => {
    if (context.pages().length > 1) incidents.push("a new tab");
    page.on("framenavigated", (frame) => {
      if (frame.url() !== "about:blank" && !frame.url().startsWith(`${place.url}/`)) incidents.push(frame.url());
    });
    page.on("frameattached", () => incidents.push("a frame"));
  });
  await context.addInitScript(() => {
    window.refusedByPolicy = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      window.refusedByPolicy?.push(`${effectiveDirective} ${blockedURI}`);
    });
  });
  return { incidents };
}

/** Nothing ran, and nothing was even tried. */
async function expectCalm(page: Page, { incidents }: Watch): Promise<void> {
  expect(await page.evaluate(() => window.salusHostile)).to.equal(undefined);
  expect(await page.evaluate(() => window.refusedByPolicy)).to.deep.equal([]);
  expect(incidents).to.deep.equal([]);
}

/** Opens all that is folded in the shown document, and presses everything in it but the download. */
async function poke(page: Page): Promise<void> {
  const main = page.getByRole("main");
  const folded = main.locator("details:not([open]) > summary");
  while ((await folded.count()) > 0) await folded.first().click();
  for (const link of await main.locator("section a, figure a").all()) {
    expect(await link.getAttribute("href")).to.match(/^#\//);
  }
  for (const drawn of await main.getByRole("img", { name: /^Page / }).all()) {
    // Where the PDF has its link.
    await drawn.click({ position: { x: 100, y: 90 } });
  }
}

describe("In a browser: hostile documents", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let patientId: PatientId;
  let chen: Page;
  let lee: Page;
  let watches: { chen: Watch; lee: Watch };

  before(async () => {
    place = await site();
    const { world } = place;
    const { reader } = world;
    // Chen lets Dr Lee read the drawer into which the documents go.
    const root = await openAccount(reader, CHEN.address, CHEN.passphrase);
    const own = { ...(await world.session(CHEN.index)), root };
    patientId = await patientIdOf(own);
    const until = (await chainTime(reader.chain)) + 86_400;
    const drawers = [await drawerByLabel(own, patientId, "documents")];
    await grant(
      own,
      await prepareGrant(own, { patientId, grantee: LEE.address, drawers, records: [], rights: "read", until }),
    );
    const [patient, doctor] = await Promise.all([open(), open()]);
    watches = { chen: await watch(patient.context, place), lee: await watch(doctor.context, place) };
    [chen, lee] = [patient.page, doctor.page];
    await enterAs(chen, place.url, "chen");
    await enterAs(lee, place.url, "lee");
  });

  /** Takes a document the whole way: Chen adds and opens it, Dr Lee opens it. */
  async function lookAt(file: GivenFile, name: string, look: (page: Page) => Promise<void>): Promise<void> {
    await chooseFile(chen, "Add documents", file);
    await expectCalm(chen, watches.chen);
    await addDraft(chen, { title: name, drawer: "Documents" });
    await seenVerified(chen, name);
    const recordId = (await recordsOf(place.world.reader.chain, { patientId })).at(-1)?.recordId ?? "";
    for (const { page, address, watching } of [
      { page: chen, address: `/record/${recordId}`, watching: watches.chen },
      { page: lee, address: `/patients/${patientId}/${recordId}`, watching: watches.lee },
    ]) {
      await goTo(page, address);
      await seen(title(page, name));
      await look(page);
      await poke(page);
      const arriving = page.waitForEvent("download");
      await button(page, "Download").click();
      await (await arriving).delete();
      await expectCalm(page, watching);
    }
    await goTo(chen, "/record");
  }

  const text = (page: Page) => page.getByLabel("The document's text");
  const looks: Record<string, (page: Page) => Promise<void>> = {
    "script.svg": (page) => seen(text(page).getByText("svg script ran")),
    "script.html": (page) => seen(text(page).getByText("html script in parent")),
    "open-action.pdf": (page) => seen(page.getByText("Discharge letter", { exact: true })),
    "Patient-narrative.json": (page) => seen(page.getByRole("heading", { level: 2 })),
    "formula.csv": (page) => seen(text(page)),
  };

  for (const fixture of hostileDocuments) {
    it(`runs nothing of ${fixture.name}`, async () => {
      const file = await fileAt(fixture.path, fixture.name, fixture.mediaType);
      const look = looks[fixture.name];
      if (!look) throw new RangeError(`nothing is known of ${fixture.name}`);
      await lookAt(file, `Hostile ${fixture.name}`, look);
    });
  }

  it("runs nothing of a file's name and title, and shows which way they turn", async () => {
    const name = `<img src=x onerror="window.salusHostile='name'">annexe\u202Egpj.txt`;
    const file = { name, mimeType: "text/plain", buffer: Buffer.from("Harmless.") };
    await lookAt(file, `<script>window.salusHostile='title'</script> letter`, async (page) => {
      await seen(text(page).getByText("Harmless."));
      expect(await page.getByRole("main").innerText()).to.not.match(/[\u202A-\u202E\u2066-\u2069]/);
      expect(await page.getByRole("main").locator("img").count()).to.equal(0);
    });
  });

  it("is served under a policy that allows no inline script and no evaluation, by header and in the page", async () => {
    const response = await fetch(place.url);
    const header = response.headers.get("content-security-policy") ?? "";
    const meta = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(await response.text())?.[1] ?? "";
    for (const policy of [header, meta.replaceAll("&#39;", "'")]) {
      const directives = new Map(
        policy.split(";").map((part): [string, string] => {
          const [directive = "", ...sources] = part.trim().split(" ");
          return [directive, sources.join(" ")];
        }),
      );
      expect(directives.get("default-src")).to.equal("'none'");
      expect(directives.get("script-src")).to.equal("'self' 'wasm-unsafe-eval'");
      for (const directive of ["object-src", "frame-src", "base-uri", "form-action"]) {
        expect(directives.get(directive), directive).to.equal("'none'");
      }
      expect(directives.get("connect-src")).to.match(/^'self'( (http|ws):\/\/(127\.0\.0\.1|localhost):\*)+$/);
    }
    expect(header).to.include("frame-ancestors 'none'");
    expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
  });

  it("runs no script that slips into the page, and asks no other place for anything", async () => {
    const { context, page } = await open();
    await watch(context, place);
    await page.route(`${place.url}/evaluating.js`, (route) =>
      route.fulfill({ contentType: "text/javascript", body: `(0, eval)("window.salusHostile = 'evaluated'")` }),
    );
    await page.goto(place.url);
    await seen(title(page, "Your health record, kept by you"));
    const outcome = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "window.salusHostile = 'inline script'";
      document.body.append(script);
      const holder = document.createElement("div");
      holder.innerHTML = `<img src="x" onerror="window.salusHostile = 'handler'"><iframe srcdoc="<script>top.salusHostile=1</script>"></iframe>`;
      document.body.append(holder);
      const link = document.createElement("a");
      link.href = "javascript:window.salusHostile='link'";
      document.body.append(link);
      link.click();
      const foreign = await fetch("https://example.invalid/").then(
        () => "sent",
        () => "refused",
      );
      // From a file of the site's own: what the debugger evaluates, the policy doesn't see.
      const own = document.createElement("script");
      own.src = "./evaluating.js";
      document.body.append(own);
      // The policy tells of each refusal by an event of its own; each kind above is refused at least once.
      const isTold = () => window.refusedByPolicy?.some((each) => each.endsWith("eval")) ?? false;
      while (!isTold() && window.salusHostile === undefined) await new Promise(requestAnimationFrame);
      return { foreign, ran: window.salusHostile, refused: window.refusedByPolicy };
    });
    expect(outcome.ran).to.equal(undefined);
    expect(outcome.foreign).to.equal("refused");
    expect(outcome.refused?.join("\n"))
      .to.match(/^script-src-elem inline$/m)
      .and.match(/^script-src-attr inline$/m)
      .and.match(/^script-src eval$/m)
      .and.match(/^connect-src https:\/\/example\.invalid/m);
  });
});
