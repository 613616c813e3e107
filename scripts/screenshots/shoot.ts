/** Taking pictures for the documentation. */
import { stat } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";

import { ROOT } from "../lib/paths.js";

/** Where the pictures are. */
export const FOLDER = join(ROOT, "docs", "screenshots");

/** A picture larger than this is too much for a README. */
const MAX_BYTES = 200_000;

/** Writes what the page shows now, with nothing blinking and nothing hovered. */
export async function shoot(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", caret: "hide", scale: "css" });
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MAX_BYTES}.`);
  console.log(`docs/screenshots/${name}.png, ${Math.round(size / 1_000)} kB`);
}

/** Brings the element with these words to the top of the window. */
export async function scrollTo(page: Page, heading: string): Promise<void> {
  const target = page.getByRole("heading", { name: heading, exact: true });
  await target.evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 24));
}
