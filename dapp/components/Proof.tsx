/** "Proof": block, transaction, CID and digests of a record, and the check itself, done in this browser. */
import type { AnchoredRecord } from "../../sdk/index.js";
import { exactTime } from "../lib/text.js";
import { RecordChecks } from "./Checks.js";
import { Facts } from "./Rows.js";
import css from "./Proof.module.css";

/** The proof of a record, folded. */
export function Proof({ record }: { record: AnchoredRecord }) {
  return (
    <details className={css.proof}>
      <summary>Proof</summary>
      <div className={css.body}>
        <Facts
          facts={[
            ["Time on chain", exactTime(record.time)],
            ["Block", record.blockNumber],
            ["Transaction", <code key="t">{record.transactionHash}</code>],
            ["Record", <code key="r">{record.recordId}</code>],
            ["Patient", <code key="p">{record.patientId}</code>],
            ["Author", <code key="a">{record.author}</code>],
            ["Sealed document", <code key="d">{record.payload}</code>],
            ["Key header", <code key="h">{record.header}</code>],
            ["Size, sealed", `${record.size.toLocaleString()} bytes`],
          ]}
        />
        <RecordChecks recordId={record.recordId} />
      </div>
    </details>
  );
}
