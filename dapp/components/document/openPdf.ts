/**
 * The one door to pdf.js, in its own worker: no scripting, no forms, no fonts of the system, and files of its own from
 * nowhere but our own.
 */
import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";

import { PdfResources } from "./pdf-resources.js";

GlobalWorkerOptions.workerSrc = workerUrl;

/** Begins to open a PDF. `promise` is rejected when it is damaged or protected; `destroy` it in any case. */
export function openPdf(bytes: Uint8Array): PDFDocumentLoadingTask {
  return getDocument({
    // The worker takes the buffer away: it gets its own copy.
    data: bytes.slice(),
    BinaryDataFactory: PdfResources,
    useWorkerFetch: false,
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
  });
}
