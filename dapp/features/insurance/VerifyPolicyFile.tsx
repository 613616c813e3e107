/** Verifying a policy by dropping its file: is this, to the bit, what the insurer anchored? */
import { useMutation } from "@tanstack/react-query";

import type { IssuedPolicy } from "../../../sdk/index.js";
import { FileDrop } from "../../components/FileDrop.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { PolicyRow } from "../../components/PolicyRow.js";
import { Rows } from "../../components/Rows.js";
import { loadSdk } from "../../lib/sdk.js";
import { plain } from "../../lib/text.js";

/** Compares a file with the wording of each of these policies. */
export function VerifyPolicyFile({ policies }: { policies: readonly IssuedPolicy[] }) {
  const verifying = useMutation({
    mutationFn: async (file: File) => {
      const { compareWording } = await loadSdk();
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { name: file.name, found: policies.filter((policy) => compareWording(policy, bytes).equal) };
    },
  });
  const { data } = verifying;
  return (
    <Section title="Verify a policy's file" hint="It's compared here, to the bit, and sent nowhere.">
      <FileDrop
        label="Drop a policy wording"
        hint="The file that you were given, unchanged."
        onFiles={([file]) => file && verifying.mutate(file)}
      />
      {verifying.error && <ErrorNotice error={verifying.error} />}
      {data && data.found.length > 0 && (
        <>
          <Notice tone="brand" title="It's the very same file." live="status">
            {plain(data.name)} is, to the bit, what the insurer anchored for{" "}
            {data.found.length === 1 ? "this policy" : "these policies"}.
          </Notice>
          <Rows label="Policies with this wording">
            {data.found.map((policy) => (
              <PolicyRow key={policy.policyId} policy={policy} to={`/insurance/${policy.policyId}`} />
            ))}
          </Rows>
        </>
      )}
      {data?.found.length === 0 && (
        <Notice tone="attention" title="It isn't the wording of any policy listed here." live="status">
          {plain(data.name)} differs from each of them by at least one bit. Don&apos;t rely on it: ask the insurer which
          one is right.
        </Notice>
      )}
    </Section>
  );
}
