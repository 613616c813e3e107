/** Browsers before whose camera a film runs: what Chromium's fake device plays is what the page sees. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { chromium, type Browser, type Locator, type Page } from "playwright-core";

import { findChromium } from "../../scripts/lib/chromium.js";

/** The size of a frame, in pixels. */
const FRAME = { width: 640, height: 480 };

/** A browser with a camera. The film is read when the page opens the camera, so it may be made later. @param film ends in .mjpeg */
export async function browserWithCamera(film: string): Promise<Browser> {
  await mkdir(dirname(film), { recursive: true });
  const executablePath = findChromium();
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
}

/** Films what a screen shows around `what`, as Motion JPEG. */
export async function filmOf(page: Page, what: Locator, film: string): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  if (!box) throw new Error("nothing to film");
  const frame = await page.screenshot({
    type: "jpeg",
    quality: 80,
    clip: {
      x: Math.max(0, Math.round(box.x + box.width / 2 - FRAME.width / 2)),
      y: Math.max(0, Math.round(box.y + box.height / 2 - FRAME.height / 2)),
      ...FRAME,
    },
  });
  // The fake device wants more than one.
  await writeFile(film, Buffer.concat(Array.from({ length: 4 }, () => frame)));
}
