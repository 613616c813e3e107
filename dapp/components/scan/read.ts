/**
 * QR codes read in this browser (ISO/IEC 18004), from a camera's picture or a file. The decoder is WebAssembly of this
 * build: it is loaded when first needed, and from nowhere else.
 */
import type { BarcodeDetector } from "barcode-detector/ponyfill";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

import type { CodeKind } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";

let loading: Promise<BarcodeDetector> | undefined;

/** The decoder. A load that failed (the network went away) is tried anew by the next call. */
function decoder(): Promise<BarcodeDetector> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<BarcodeDetector> {
  const { BarcodeDetector: Detector, prepareZXingModule } = await import("barcode-detector/ponyfill");
  // Left alone, the library asks a public server for its WebAssembly.
  await prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
  return new Detector({ formats: ["qr_code"] });
}

/** What the QR codes in a picture say, in no order; nothing when there is none that can be read. */
export async function codesIn(picture: HTMLVideoElement | ImageBitmap): Promise<string[]> {
  const found = await (await decoder()).detect(picture);
  return found.map(({ rawValue }) => rawValue);
}

/**
 * The code of this kind among those that a picture shows.
 * @throws SalusError NO_CODE_IN_PICTURE when there is none at all; CODE_OF_OTHER_KIND and CODE_MALFORMED when the ones
 *   there are for something else
 */
export async function codeAmong(texts: readonly string[], kind: CodeKind): Promise<string> {
  const { SalusError, decodeCode, isSalusError } = await loadSdk();
  let refusal = new SalusError("NO_CODE_IN_PICTURE");
  for (const text of texts) {
    try {
      decodeCode(text, kind);
      return text;
    } catch (error) {
      if (!isSalusError(error)) throw error;
      // That it is another code of Salus's says more than that something isn't one.
      if (refusal.code !== "CODE_OF_OTHER_KIND") refusal = error;
    }
  }
  throw refusal;
}

/** The code of this kind in a picture file. @throws SalusError what `codeAmong` throws */
export async function codeInFile(file: Blob, kind: CodeKind): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return codeAmong([], kind);
  try {
    return await codeAmong(await codesIn(picture), kind);
  } finally {
    picture.close();
  }
}
