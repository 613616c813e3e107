/** The recovery sheet: to print, to download, to write two lines on by hand. */
import { Button } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";

import type { RecoverySheet } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { ErrorNotice } from "../Notice.js";
import { SkeletonRows } from "../Rows.js";
import css from "./recovery.module.css";

/** What is written by hand: never the passphrase itself. */
const BY_HAND = ["Date", "Where my passphrase is written down (not here)", "Where my wallet's own recovery words are"];

/** Shows the sheet. The browser prints it alone, without the page around it. */
export function RecoverySheetView({ sheet }: { sheet: RecoverySheet }) {
  const { data: text, error } = useQuery({
    queryKey: ["opened", "recovery sheet", sheet.patientId, sheet.transaction, sheet.backup?.cid],
    queryFn: async () => (await loadSdk()).recoverySheet(sheet),
    staleTime: Infinity,
  });
  if (error) return <ErrorNotice error={error} />;
  if (text === undefined) return <SkeletonRows label="the recovery sheet" />;
  return (
    <>
      <div className={css.actions}>
        <Button leftSection={<IconPrinter size={20} stroke={1.75} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={20} stroke={1.75} aria-hidden />}
          onClick={() => download(text)}
        >
          Download
        </Button>
      </div>
      <Sheet text={text} className={css.screen} />
      {/* Outside the page's frame, so that nothing of the frame comes onto the paper. */}
      {createPortal(<Sheet text={text} className={css.paper} isHidden />, document.body)}
    </>
  );
}

function Sheet({ text, className, isHidden }: { text: string; className: string | undefined; isHidden?: boolean }) {
  return (
    <div className={className} aria-hidden={isHidden}>
      <pre className={css.text} {...(isHidden ? {} : { tabIndex: 0, "aria-label": "The recovery sheet" })}>
        {text}
      </pre>
      <div className={css.hand}>
        <p>To write by hand:</p>
        {BY_HAND.map((line) => (
          <p className={css.line} key={line}>
            {line}:
          </p>
        ))}
      </div>
    </div>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "salus-recovery-sheet.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
