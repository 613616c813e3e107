/**
 * A PDF, drawn onto canvases by pdf.js in its own worker. No scripting, no forms, no links: its annotations, actions and
 * attachments are never brought to life. The words are there for screen readers, as text.
 */
import { VisuallyHidden } from "@mantine/core";
import { AnnotationMode, type PDFDocumentProxy, type PDFPageProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";

import { plain } from "../../lib/text.js";
import { Notice } from "../Notice.js";
import { SkeletonRows } from "../Rows.js";
import css from "./document.module.css";
import { openPdf } from "./openPdf.js";

/** Pages drawn before one asks for more: a canvas costs memory. */
const PAGES = 10;
/** Of a canvas, in pixels: its width, and all of it. */
const MAX_WIDTH = 2_000;
const MAX_PIXELS = 8_000_000;

/** Shows a PDF. */
export default function PdfView({ bytes }: { bytes: Uint8Array }) {
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [problem, setProblem] = useState(false);
  const [limit, setLimit] = useState(PAGES);

  useEffect(() => {
    const task = openPdf(bytes);
    let isStale = false;
    task.promise.then(
      (opened) => {
        if (!isStale) setDocument(opened);
      },
      () => {
        if (!isStale) setProblem(true);
      },
    );
    return () => {
      isStale = true;
      void task.destroy();
    };
  }, [bytes]);

  if (problem) {
    return (
      <Notice title="This PDF can't be shown.">
        It may be damaged or protected by a password. You can download it.
      </Notice>
    );
  }
  if (!document) return <SkeletonRows rows={2} label="the PDF" />;
  const shown = Math.min(limit, document.numPages);
  return (
    <div className={css.pages}>
      {Array.from({ length: shown }, (_, i) => (
        <PdfPage key={i} document={document} number={i + 1} />
      ))}
      {shown < document.numPages && (
        <button type="button" className={css.button} onClick={() => setLimit(limit + PAGES)}>
          Show more of the {document.numPages} pages
        </button>
      )}
    </div>
  );
}

function PdfPage({ document, number }: { document: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [words, setWords] = useState("");
  useEffect(() => {
    const { signal, abort } = abortable();
    void document
      .getPage(number)
      .then(async (page) => {
        if (signal.aborted || !canvas.current) return;
        const rendering = draw(page, canvas.current);
        signal.addEventListener("abort", () => rendering.cancel());
        await rendering.promise;
        setWords(await wordsOf(page));
      })
      // A page that was left, or one that is damaged: its canvas stays blank.
      .catch(() => undefined);
    return abort;
  }, [document, number]);
  const label = `Page ${number} of ${document.numPages}`;
  return (
    <figure className={css.page}>
      <canvas ref={canvas} className={css.canvas} role="img" aria-label={label} />
      <VisuallyHidden>{words}</VisuallyHidden>
    </figure>
  );
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

function draw(page: PDFPageProxy, canvas: HTMLCanvasElement) {
  const { width, height } = page.getViewport({ scale: 1 });
  const wanted = Math.min(MAX_WIDTH, (canvas.parentElement?.clientWidth ?? 800) * window.devicePixelRatio);
  // A page that is a hundred times as long as wide would take the memory of a hundred pages.
  const viewport = page.getViewport({ scale: Math.min(wanted / width, Math.sqrt(MAX_PIXELS / (width * height))) });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  return page.render({ canvas, viewport, annotationMode: AnnotationMode.DISABLE });
}

async function wordsOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return plain(items.map((item) => ("str" in item ? item.str : "")).join(" "), 20_000);
}
