/**
 * Prints the PDF documents and takes the JPEG picture with a local Chromium. Run it only to change them: a PDF carries
 * the time at which it was made, so its bytes differ each time, and the files are committed.
 *
 *     npm exec -- node --import tsx test/documents/print.ts [path of chromium]
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { chromium, type Page } from "playwright-core";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const STYLE = `body { font: 10.5pt/1.45 "DejaVu Sans", Arial, sans-serif; color: #111 } h1 { font-size: 15pt } table { border-collapse: collapse }
  td, th { padding: 2px 14px 2px 0; text-align: left } pre { font: 7.6pt/1.35 "DejaVu Sans Mono", monospace } footer { margin-top: 3em; color: #555 }`;

interface Letter {
  file: string;
  patient: string;
  born: string;
  reason: string;
  findings: string[];
  plan: string[];
}

const LETTERS: Letter[] = [
  {
    file: "letter-amina-rahman.pdf",
    patient: "Amina Rahman",
    born: "14 March 1988",
    reason: "Type 2 diabetes mellitus, diagnosed 2024, with poorly controlled blood glucose.",
    findings: [
      "HbA1c 7.9 % (reference below 5.7), fasting glucose 8.4 mmol/L.",
      "Blood pressure 128/82 mmHg, heart rate 74/min, BMI 27.1 kg/m².",
      "Feet and eyes without signs of late damage. Kidney function normal.",
    ],
    plan: [
      "Metformin 1000 mg twice daily, raised from 500 mg.",
      "Dietary advice given.",
      "HbA1c again in three months.",
    ],
  },
  {
    file: "letter-bashir-khan.pdf",
    patient: "Bashir Khan",
    born: "2 September 1961",
    reason: "Chest discomfort on exertion for two weeks.",
    findings: [
      "Resting ECG: sinus rhythm, no ischaemia. Troponin T negative twice.",
      "Blood pressure 152/94 mmHg. LDL cholesterol 4.3 mmol/L.",
      "Exercise test stopped at 125 W for fatigue, no ST depression.",
    ],
    plan: ["Amlodipine 5 mg and atorvastatin 20 mg daily.", "Stop smoking: programme offered.", "Review in six weeks."],
  },
  {
    file: "letter-chen-wei.pdf",
    patient: "Chen Wei",
    born: "23 June 1995",
    reason: "Fall while cycling, left wrist pain.",
    findings: [
      "X-ray of the left wrist: undisplaced fracture of the distal radius.",
      "Circulation, sensation and finger movement intact.",
      "Tetanus protection valid until 2031.",
    ],
    plan: ["Forearm cast for five weeks.", "Ibuprofen 400 mg when needed, with food.", "X-ray check in one week."],
  },
];

const list = (lines: string[]): string => `<ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`;

function letterHtml(letter: Letter): string {
  return `<!doctype html><html lang="en"><title>Discharge letter</title><style>${STYLE}</style><h1>City Hospital, Internal Medicine</h1>
    <p>Date: 2 November 2026</p><table><tr><th>Patient</th><td>${letter.patient}</td></tr><tr><th>Born</th><td>${letter.born}</td></tr></table>
    <h2>Reason for the visit</h2><p>${letter.reason}</p><h2>Findings</h2>${list(letter.findings)}<h2>Treatment and plan</h2>${list(letter.plan)}
    <p>Yours sincerely,<br>Dr Sarah Lee</p><footer>An invented letter about an invented person.</footer></html>`;
}

/** A drawing that looks like a radiograph of a chest, with film grain so that it compresses like a photograph. */
function drawRadiograph(): void {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.width = 640;
  canvas.height = 720;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = "#0b0d10";
  pen.fillRect(0, 0, 640, 720);
  const shapes: [x: number, y: number, rx: number, ry: number, colour: string, blur: number][] = [
    [320, 400, 270, 340, "#8b9196", 22],
    [210, 360, 105, 220, "#2a2e33", 16],
    [430, 360, 105, 220, "#2a2e33", 16],
    [350, 440, 95, 110, "#b9bec2", 20],
  ];
  for (const [x, y, rx, ry, colour, blur] of shapes) {
    pen.filter = `blur(${blur}px)`;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.filter = "blur(3px)";
  for (let rib = 0; rib < 10; rib++) {
    for (const side of [-1, 1]) {
      pen.strokeStyle = "rgba(205, 210, 214, 0.4)";
      pen.lineWidth = 13;
      pen.beginPath();
      pen.ellipse(320 + side * 110, 190 + rib * 44, 130, 46, side * 0.35, Math.PI, 2 * Math.PI);
      pen.stroke();
    }
  }
  pen.fillStyle = "rgba(225, 228, 230, 0.75)";
  for (let vertebra = 0; vertebra < 15; vertebra++) pen.fillRect(302, 60 + vertebra * 42, 36, 34);
  pen.filter = "none";
  const image = pen.getImageData(0, 0, 640, 720);
  let seed = 1;
  for (let at = 0; at < image.data.length; at += 4) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const grain = (seed >>> 24) / 12 - 10;
    for (let channel = 0; channel < 3; channel++) image.data[at + channel] = (image.data[at + channel] ?? 0) + grain;
  }
  pen.putImageData(image, 0, 0);
}

async function printPdf(page: Page, html: string, path: string): Promise<void> {
  await page.setContent(html);
  await page.pdf({
    path: here(path),
    format: "A4",
    margin: { top: "18mm", bottom: "18mm", left: "20mm", right: "20mm" },
  });
}

async function main(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.argv[2] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 640, height: 720 } });
    for (const letter of LETTERS) await printPdf(page, letterHtml(letter), `pdf/${letter.file}`);
    const wording = await readFile(here("../../scripts/seed/policy/wording.txt"), "utf8");
    const escaped = wording.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    await printPdf(
      page,
      `<!doctype html><html lang="en"><title>Policy wording</title><style>${STYLE}</style><pre>${escaped}</pre></html>`,
      "pdf/insurance-wording.pdf",
    );
    await page.setContent("<!doctype html><style>body { margin: 0 } canvas { display: block }</style>");
    await page.evaluate(drawRadiograph);
    await page.screenshot({ path: here("image/radiograph.jpg"), type: "jpeg", quality: 85 });
  } finally {
    await browser.close();
  }
}

// The test runner imports every file of this folder.
if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
