/** "Proof": block, transaction, CID and digests of a record, and the check itself, done in this browser. */
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import type { AnchoredRecord, Check, RecordId } from "../../sdk/index.js";
import { useReader } from "../lib/connection.js";
import { loadSdk } from "../lib/sdk.js";
import { exactTime, plain } from "../lib/text.js";
import { ErrorNotice } from "./Notice.js";
import { Facts, Mark } from "./Rows.js";
import css from "./Proof.module.css";

const CHECKS: Record<Check["name"], string> = {
  anchored: "The chain has it",
  anchor: "What the chain says fits its anchor",
  chained: "The patient's list is complete and in order",
  "header stored": "The key header is stored, to the bit",
  "payload stored": "The sealed document is stored, to the bit",
};

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
        <CheckIt recordId={record.recordId} />
      </div>
    </details>
  );
}

/** Runs the checks that anyone can run, without a key. */
export function CheckIt({ recordId }: { recordId: RecordId }) {
  const { data: reader } = useReader();
  const checking = useMutation({
    mutationFn: async () => {
      if (!reader) throw new Error("not connected");
      const { verifyRecord } = await loadSdk();
      return verifyRecord(reader, recordId);
    },
  });
  return (
    <div className={css.check}>
      <Button variant="default" loading={checking.isPending} disabled={!reader} onClick={() => checking.mutate()}>
        Check it yourself
      </Button>
      {checking.isPending && <p role="status">Fetching the sealed document and checking it here.</p>}
      {checking.error && <ErrorNotice error={checking.error} />}
      <div role="status">
        {checking.data && (
          <ul className={css.checks}>
            {checking.data.map(({ name, ok, detail }) => (
              <li key={name}>
                <Mark icon={ok ? IconCircleCheck : IconCircleX} tone={ok ? "brand" : "danger"}>
                  {CHECKS[name]}: {ok ? "yes" : "no"}
                </Mark>{" "}
                <span className="digest">{plain(detail)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
