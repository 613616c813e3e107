import type { Page } from "playwright-core";

import { button, enterAs, gone, list, seen, seenVerified } from "./acts.js";
import type { Site, Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

describe("In a browser: a long record", function () {
  this.timeout(150_000);

  const open = visitors();
  let place: Site;
  let visit: Visit;
  let total: number;

  const said = (page: Page, words: string | RegExp) => page.getByRole("status").filter({ hasText: words });
  const counted = (page: Page, found: number) =>
    seen(said(page, new RegExp(`^(${found}|${found === 0 ? "No" : found}) documents? of ${total}\\.`)));
  const rows = (page: Page) => list(page, "Timeline").getByRole("link");

  before(async () => {
    place = await site();
    visit = await open();
    await enterAs(visit.page, place.url, "amina");
    await seen(rows(visit.page));
    total = await rows(visit.page).count();
  });

  it("is filtered by drawer, time and author, each count announced", async () => {
    const { page } = visit;
    const filters = page.getByRole("group", { name: "Filter this record" });
    await filters.getByLabel("Kept in").selectOption({ label: "Laboratory" });
    const inDrawer = await rows(page).count();
    await counted(page, inDrawer);
    await filters.getByLabel("Time").selectOption({ label: "Last 30 days" });
    await counted(page, inDrawer);
    await filters.getByLabel("Written by").selectOption({ label: "You" });
    await counted(page, await rows(page).count());
    await button(page, "Show all").click();
    await gone(button(page, "Show all"));
    await seen(rows(page));
  });

  it("is searched by words and kind, by keyboard alone, opening what has to be opened", async () => {
    const { page } = visit;
    await page.getByRole("searchbox", { name: "Search this record" }).focus();
    await page.keyboard.type("blood pressure");
    await seenVerified(page, "Blood pressure");
    await seen(said(page, / of \d+\.$/));
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    for (let i = 0; i < 4; i++) await page.keyboard.press("Tab");
    await page.keyboard.type("PDF");
    await seen(said(page, / of \d+\.$/));
    await judge(visit);
    await page.getByLabel("Kind").selectOption({ label: "All kinds" });
    await page.getByRole("searchbox").fill("no document is called that");
    await seen(page.getByText("Nothing here fits."));
    await judge(visit);
  });
});
