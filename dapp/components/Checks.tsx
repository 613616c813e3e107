/** "Check it yourself": checks that anyone can run without a key, run in this browser. */
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import type { Check, PolicyCheck, PolicyId, Reader, RecordId } from "../../sdk/index.js";
import { useReader } from "../lib/connection.js";
import { loadSdk } from "../lib/sdk.js";
import { plain } from "../lib/text.js";
import { ErrorNotice } from "./Notice.js";
import css from "./Proof.module.css";
import { Mark } from "./Rows.js";

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

const RECORD: Record<Check["name"], string> = {
  anchored: "The chain has it",
  anchor: "What the chain says fits its anchor",
  chained: "The patient's list is complete and in order",
  "header stored": "The key header is stored, to the bit",
  "payload stored": "The sealed document is stored, to the bit",
};

const POLICY: Record<PolicyCheck["name"], string> = {
  anchored: "The chain has it",
  digests: "What the chain says fits what the contract stores",
  "wording stored": "The wording is stored, to the bit",
  "schedule stored": "The sealed schedule is stored, to the bit",
  "insurer accredited": "The insurer is accredited now",
};

/** Checks a record. */
export function RecordChecks({ recordId }: { recordId: RecordId }) {
  return (
    <Checks
      words={RECORD}
      waiting="Fetching the sealed document and checking it here."
      run={({ verifyRecord }, reader) => verifyRecord(reader, recordId)}
    />
  );
}

/** Checks a policy. */
export function PolicyChecks({ policyId }: { policyId: PolicyId }) {
  return (
    <Checks
      words={POLICY}
      waiting="Fetching the files and checking them here."
      run={async ({ verifyPolicy }, reader) => (await verifyPolicy(reader, policyId)).checks}
    />
  );
}

function Checks<Name extends string>({
  words,
  waiting,
  run,
}: {
  words: Record<Name, string>;
  waiting: string;
  run: (sdk: Sdk, reader: Reader) => Promise<readonly { name: Name; ok: boolean; detail: string }[]>;
}) {
  const { data: reader } = useReader();
  const checking = useMutation({
    mutationFn: async () => {
      if (!reader) throw new Error("not connected");
      return run(await loadSdk(), reader);
    },
  });
  return (
    <div className={css.check}>
      <Button variant="default" loading={checking.isPending} disabled={!reader} onClick={() => checking.mutate()}>
        Check it yourself
      </Button>
      {checking.isPending && <p role="status">{waiting}</p>}
      {checking.error && <ErrorNotice error={checking.error} />}
      <div role="status">
        {checking.data && (
          <ul className={css.checks}>
            {checking.data.map(({ name, ok, detail }) => (
              <li key={name}>
                <Mark icon={ok ? IconCircleCheck : IconCircleX} tone={ok ? "brand" : "danger"}>
                  {words[name]}: {ok ? "yes" : "no"}
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
