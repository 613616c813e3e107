/** Finding a Chromium for the browser tests and the screenshots; none is ever downloaded. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the program is called where programs are on the PATH. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

/** Where it is where they aren't. */
const PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** How to get one, in one sentence. */
export const CHROMIUM_REMEDY =
  "install one (Debian: apt-get install chromium), or name one in SALUS_CHROMIUM, and run this again";

/** Path of a Chromium: SALUS_CHROMIUM if set, else the first one found; undefined if there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.SALUS_CHROMIUM) return existsSync(env.SALUS_CHROMIUM) ? env.SALUS_CHROMIUM : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find((path) =>
    existsSync(path),
  );
}
