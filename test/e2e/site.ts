/** One site for all browser tests of a run: starting one takes longer than most tests. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { STATE } from "../../scripts/lib/paths.js";
import { startSite, type Site, type Visit } from "./harness.js";

let starting: Promise<Site> | undefined;

/** The site; the first who asks starts it. It ends after the last test. */
export function site(): Promise<Site> {
  return (starting ??= startSite());
}

/**
 * Opens browser profiles, and closes them all after the suite that it's called in. When a test fails, what their pages
 * show is left in .salus/e2e/.
 */
export function visitors(): (options?: Parameters<Site["open"]>[0]) => Promise<Visit> {
  const visits: Visit[] = [];
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const folder = join(STATE, "e2e");
    await mkdir(folder, { recursive: true });
    const name = this.currentTest.title.replace(/[^a-z0-9]+/gi, "-").slice(0, 80);
    const pages = visits.flatMap(({ context }) => context.pages());
    await Promise.all(pages.map((page, i) => page.screenshot({ path: join(folder, `${name}-${i}.png`) })));
  });
  after(() => Promise.all(visits.map((visit) => visit.close())));
  return async (options) => {
    const visit = await (await site()).open(options);
    visits.push(visit);
    return visit;
  };
}

// Outside any suite: after the last file.
after(async function () {
  this.timeout(90_000);
  await (await starting)?.stop();
});
