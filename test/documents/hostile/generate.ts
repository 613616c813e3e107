/**
 * Writes open-action.pdf: a valid PDF that asks its viewer to run JavaScript when it opens, when a page shows and when
 * a link is clicked. By hand, because honest PDF writers refuse to. The same bytes every time.
 *
 *     npm exec -- node --import tsx test/documents/hostile/generate.ts
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const TEXT = "BT /F1 18 Tf 60 760 Td (Discharge letter) Tj ET";

/** JavaScript in a PDF string; for viewers that expose the page as well as for Acrobat's own API. */
const script = (name: string): string =>
  `<< /S /JavaScript /JS (try { globalThis.salusHostile = "pdf ${name}"; } catch \\(e\\) {} app.alert\\("pdf ${name}"\\);) >>`;

const objects = [
  `<< /Type /Catalog /Pages 2 0 R /OpenAction ${script("open action")} /Names << /JavaScript << /Names [(run) ${script("name")}] >> >> >>`,
  `<< /Type /Pages /Kids [3 0 R] /Count 1 >>`,
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /AA << /O ${script("page")} >> /Annots [6 0 R] >>`,
  `<< /Length ${TEXT.length} >>\nstream\n${TEXT}\nendstream`,
  `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>`,
  `<< /Type /Annot /Subtype /Link /Rect [50 740 300 790] /Border [0 0 0] /A ${script("link")} >>`,
];

let file = "%PDF-1.7\n";
const offsets = objects.map((object, index) => {
  const offset = file.length;
  file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  return offset;
});
const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${end}`;

// The test runner imports every file of this folder.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL("open-action.pdf", import.meta.url), file, "latin1");
}
