/** The same judgement for every screen. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "chai";
import type { Page } from "playwright-core";

import type { Visit } from "./harness.js";

/** Every look in which a screen is judged. */
const LOOKS = [
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 360, dark: true },
  { width: 360, dark: false },
] as const;

/** What axe finds on the page as it looks now, in words. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary ?? ""}`),
  );
}

/** Judges the screen in every look: nothing that axe objects to, and nothing to scroll sideways for. */
export async function judge({ page, errors }: Pick<Visit, "page" | "errors">): Promise<void> {
  for (const { width, dark } of LOOKS) {
    const look = `${width} px, ${dark ? "dark" : "light"}`;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    await page.locator(`html[data-mantine-color-scheme="${dark ? "dark" : "light"}"]`).waitFor({ state: "attached" });
    // What axe reads must be painted in this look.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await violations(page), look).to.deep.equal([]);
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(needed, `width that the page needs at ${look}`).to.be.at.most(width);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  expect(errors, "errors in the console").to.deep.equal([]);
}
