/** An untrusted document: shown in whichever way runs nothing of it, and for downloading. */
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useMemo, useRef } from "react";

import { bytes as inBytes, plain } from "../../lib/text.js";
import { ErrorBoundary } from "../ErrorBoundary.js";
import { Notice } from "../Notice.js";
import { SkeletonRows } from "../Rows.js";
import css from "./document.module.css";
import { imageTypeOf, jsonOf, kindOf, textOf } from "./kind.js";

const DicomView = lazy(() => import("./DicomView.js"));
const FhirView = lazy(() => import("./FhirView.js"));
const PdfView = lazy(() => import("./PdfView.js"));
const JsonTree = lazy(async () => ({ default: (await import("./JsonTree.js")).JsonTree }));

/** Shows a document's content. */
export function DocumentView({ content, fileName }: { content: Uint8Array; fileName: string }) {
  return (
    <div className={css.document}>
      <div className={css.bar}>
        <span className={css.name} dir="auto">
          {plain(fileName)}
        </span>
        <span className={css.size}>{inBytes(content.length)}</span>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.75} aria-hidden />}
          onClick={() => download(content, fileName)}
        >
          Download
        </Button>
      </div>
      <div className={css.body}>
        <ErrorBoundary of={content} instead={<NotShown />}>
          <Suspense fallback={<SkeletonRows rows={2} label="the document" />}>
            <Content content={content} />
          </Suspense>
        </ErrorBoundary>
      </div>
    </div>
  );
}

function Content({ content }: { content: Uint8Array }) {
  const kind = useMemo(() => kindOf(content), [content]);
  const json = useMemo(() => (kind === "fhir" || kind === "json" ? jsonOf(content) : null), [content, kind]);
  switch (kind) {
    case "fhir":
      return <FhirView resource={json ?? {}} content={content} />;
    case "json":
      return <JsonTree value={json} />;
    case "pdf":
      return <PdfView bytes={content} />;
    case "image":
      return <ImageView content={content} />;
    case "dicom":
      return <DicomView bytes={content} />;
    case "text":
      return (
        <pre className={css.text} tabIndex={0} aria-label="The document's text">
          {textOf(content)}
        </pre>
      );
    case "none":
      return (
        <Notice title="This kind of file isn't shown here.">
          Download it and open it with a program that you trust. It arrived whole, and it is the one that was signed
          for.
        </Notice>
      );
  }
}

/** In place of a content that no view could cope with. */
function NotShown() {
  return (
    <Notice tone="attention" title="This document can't be shown here." live="alert">
      Something in it is not as it should be. It arrived whole, and it is the one that was signed for: download it and
      open it with a program that you trust.
    </Notice>
  );
}

function ImageView({ content }: { content: Uint8Array }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(blobOf(content, imageTypeOf(content) ?? "application/octet-stream"));
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [content]);
  return <img ref={image} className={css.image} alt="The document" />;
}

/** Hands the file over as bytes without a type, so that no browser opens it as a page of ours. */
function download(content: Uint8Array, fileName: string): void {
  const url = URL.createObjectURL(blobOf(content, "application/octet-stream"));
  const link = document.createElement("a");
  link.href = url;
  link.download = plain(fileName).replace(/[/\\:*?"<>|\uFFFD]/g, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function blobOf(content: Uint8Array, type: string): Blob {
  return new Blob([content.slice()], { type });
}
