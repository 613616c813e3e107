/** Checking a policy oneself, in this browser, without a key. */
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import type { PolicyCheck, PolicyId } from "../../sdk/index.js";
import { useReader } from "../lib/connection.js";
import { loadSdk } from "../lib/sdk.js";
import { plain } from "../lib/text.js";
import { ErrorNotice } from "./Notice.js";
import css from "./Proof.module.css";
import { Mark } from "./Rows.js";

const CHECKS: Record<PolicyCheck["name"], string> = {
  anchored: "The chain has it",
  digests: "What the chain says fits what the contract stores",
  "wording stored": "The wording is stored, to the bit",
  "schedule stored": "The sealed schedule is stored, to the bit",
  "insurer accredited": "The insurer is accredited now",
};

/** Runs the checks that anyone can run. */
export function PolicyChecks({ policyId }: { policyId: PolicyId }) {
  const { data: reader } = useReader();
  const checking = useMutation({
    mutationFn: async () => {
      if (!reader) throw new Error("not connected");
      const { verifyPolicy } = await loadSdk();
      return (await verifyPolicy(reader, policyId)).checks;
    },
  });
  return (
    <div className={css.check}>
      <Button variant="default" loading={checking.isPending} disabled={!reader} onClick={() => checking.mutate()}>
        Check it yourself
      </Button>
      {checking.isPending && <p role="status">Fetching the files and checking them here.</p>}
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
