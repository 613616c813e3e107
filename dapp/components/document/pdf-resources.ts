/** The fonts, character maps and decoders that pdf.js asks for, self-hosted like everything else. */
const FONTS = import.meta.glob<string>("../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", {
  query: "?url",
  import: "default",
});
const MAPS = import.meta.glob<string>("../../../node_modules/pdfjs-dist/cmaps/*.bcmap", {
  query: "?url",
  import: "default",
});
const DECODERS = import.meta.glob<string>("../../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg,qcms_bg}.wasm", {
  query: "?url",
  import: "default",
});

/** pdf.js's `BinaryDataFactory`: fetches by name from our own files, and from nowhere else. */
export class PdfResources {
  /** @throws when there is no such file; pdf.js then does without */
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    for (const files of [FONTS, MAPS, DECODERS]) {
      const found = Object.entries(files).find(([path]) => path.endsWith(`/${filename}`));
      if (!found) continue;
      const response = await fetch(await found[1]());
      if (!response.ok) throw new Error(`no ${filename}`);
      return new Uint8Array(await response.arrayBuffer());
    }
    throw new Error(`no ${filename}`);
  }
}
