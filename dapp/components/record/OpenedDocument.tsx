/** One document: fetched, checked, opened on this device, shown, with its proof. */
import { useState } from "react";

import type { OpenedRecord, RecordId, VisitAccess } from "../../../sdk/index.js";
import { inWorker } from "../../lib/heavy.js";
import { useSessionQuery } from "../../lib/queries.js";
import { bytes } from "../../lib/text.js";
import { Progress } from "../Bars.js";
import { DocumentView } from "../document/DocumentView.js";
import { ErrorNotice } from "../Notice.js";
import { Card } from "../Rows.js";
import { Proof } from "../Proof.js";
import css from "./record.module.css";

/** Opens a record, and how far that is. @param access of the visit that it is opened in; owners and grantees have none */
export function useOpened(recordId: RecordId, access?: VisitAccess) {
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const opened = useSessionQuery<OpenedRecord>(["opened", "content", recordId], (_, session) =>
    inWorker(
      session,
      "readRecord",
      { recordId, access },
      { onProgress: (done, total) => setProgress({ done, total }) },
    ),
  );
  return { opened, progress };
}

/** The document below its title. */
export function OpenedDocument({ opened, progress }: ReturnType<typeof useOpened>) {
  if (opened.error) return <ErrorNotice error={opened.error} retry={() => void opened.refetch()} />;
  if (!opened.data) {
    const { done, total } = progress ?? { done: 0, total: 0 };
    return (
      <Card>
        <div className={css.progress} role="status">
          <span>
            {total > 0 ? `Fetching ${bytes(done)} of ${bytes(total)}, checking every byte` : "Opening on this device"}
          </span>
          <Progress done={done} total={total} label="Opening the document" />
        </div>
      </Card>
    );
  }
  const { content, manifest, record } = opened.data;
  return (
    <>
      <DocumentView content={content} fileName={manifest.fileName} />
      <Card>
        <Proof record={record} />
      </Card>
    </>
  );
}
