/** Finding a policy by the transaction that issued or accepted it (002-35). */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import type { Hex } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { PolicyRow } from "../../components/PolicyRow.js";
import { Rows } from "../../components/Rows.js";
import { useReader } from "../../lib/connection.js";
import { loadSdk } from "../../lib/sdk.js";
import css from "./insurance.module.css";

/** A field for a transaction id, and the policy behind it. */
export function FindByTransaction() {
  const { data: reader } = useReader();
  const [id, setId] = useState("");
  const isId = /^0x[0-9a-fA-F]{64}$/.test(id.trim());
  const finding = useMutation({
    mutationFn: async (transaction: Hex) => {
      if (!reader) throw new Error("not connected");
      const { policyById, policyInTransaction } = await loadSdk();
      return policyById(reader, await policyInTransaction(reader.chain, transaction));
    },
  });
  return (
    <Section title="Find a policy by its transaction">
      <form
        className={css.find}
        onSubmit={(event) => {
          event.preventDefault();
          finding.mutate(id.trim().toLowerCase() as Hex);
        }}
      >
        <TextInput
          className={css.grow}
          label="Transaction id"
          description="It begins with 0x and has 64 more characters."
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          error={id !== "" && !isId && "That isn't a whole transaction id yet."}
          spellCheck={false}
        />
        <Button type="submit" variant="default" disabled={!isId || !reader} loading={finding.isPending}>
          Find
        </Button>
      </form>
      {finding.error && <ErrorNotice error={finding.error} />}
      {finding.data && (
        <Rows label="Found policy">
          <PolicyRow policy={finding.data} to={`/insurance/${finding.data.policyId}`} />
        </Rows>
      )}
    </Section>
  );
}
