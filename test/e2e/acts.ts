/** What people do on the page, by the roles and names that a screen reader gives them too. */
import { readFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";

/** A file as a person has it on their device. */
export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Reads a file of the repository. */
export async function fileAt(path: string | URL, name: string, mimeType: string): Promise<GivenFile> {
  return { name, mimeType, buffer: await readFile(path) };
}

/** The same file with one bit turned. */
export function withOneBitTurned(file: GivenFile, at = 100): GivenFile {
  const buffer = Buffer.from(file.buffer);
  buffer.writeUInt8(buffer.readUInt8(at) ^ 1, at);
  return { ...file, buffer };
}

/** Resolves when it can be seen. */
export const seen = (locator: Locator): Promise<void> => locator.first().waitFor({ state: "visible" });

/** Resolves when it can't be seen any more. */
export const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: "hidden" });

/** The page's title. */
export const title = (page: Page, name: string | RegExp): Locator => page.getByRole("heading", { level: 1, name });

/** A button, by its whole name. */
export const button = (where: Page | Locator, name: string): Locator =>
  where.getByRole("button", { name, exact: true });

/** A list, by its name. */
export const list = (where: Page | Locator, name: string): Locator => where.getByRole("list", { name, exact: true });

/** The row of a list that speaks of `words`. */
export const row = (where: Locator, words: string | RegExp): Locator =>
  where.getByRole("listitem").filter({ hasText: words });

/** Goes to one of the places of the rail. How many things wait there may stand behind its name. */
export async function toPlace(page: Page, name: string): Promise<void> {
  const rail = page.getByRole("navigation", { name: "Places" });
  await rail.getByRole("link", { name: new RegExp(`^${name}\\b`) }).click();
}

/** Goes to an address of the DApp without loading the page anew, so that the key stays open. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, place);
}

/** Opens the site and continues as a persona, up to the passphrase. */
export async function continueAs(page: Page, url: string, persona: string): Promise<void> {
  await page.goto(url);
  await button(page, `Continue as ${knownPersona(persona).name}`).click();
  await seen(title(page, `Welcome, ${knownPersona(persona).name}`));
}

/** Opens the site as a persona and unlocks; the passphrase of personas is filled in. */
export async function enterAs(page: Page, url: string, persona: string): Promise<void> {
  await continueAs(page, url, persona);
  await unlock(page);
}

/** Presses Unlock and waits for the key to be open. */
export async function unlock(page: Page): Promise<void> {
  await button(page, "Unlock").click();
  await gone(button(page, "Unlock"));
}

/** Chooses a file where one can be dropped. `where` is the name of that place. */
export async function chooseFile(page: Page, where: string, file: GivenFile): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    button(page.getByRole("group", { name: where }), "Choose a file").click(),
  ]);
  await chooser.setFiles(file);
}

/** Drags a file over that place and lets it go. */
export async function dropFile(page: Page, where: string, file: GivenFile): Promise<void> {
  const { name, mimeType, buffer } = file;
  const dataTransfer = await page.evaluateHandle(
    (given) => {
      const bytes = Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], given.name, { type: given.mimeType }));
      return transfer;
    },
    { name, mimeType, base64: buffer.toString("base64") },
  );
  // The place itself, for it changes its name while something is dragged over it.
  const place = await page.getByRole("group", { name: where }).elementHandle();
  for (const event of ["dragenter", "dragover", "drop"]) await place.dispatchEvent(event, { dataTransfer });
}

/** Gives the one document that waits to be added a title and a drawer, and adds it. */
export async function addDraft(page: Page, given: { title: string; drawer: string }): Promise<void> {
  const title = page.getByLabel("Title");
  await title.fill(given.title);
  // The timeline's filters have a drawer, too.
  const drawer = page.locator("form").filter({ has: title }).getByLabel("Drawer");
  await drawer.selectOption({ label: given.drawer });
  await button(page, `Add to ${given.drawer}`).click();
}

/** The row of a document in a timeline. */
export const documentRow = (page: Page, name: string): Locator => row(list(page, "Timeline"), name);

/** Waits until a document stands in the timeline, proved against the chain. */
export async function seenVerified(page: Page, name: string): Promise<void> {
  await seen(documentRow(page, name).getByText("Verified", { exact: true }));
}
