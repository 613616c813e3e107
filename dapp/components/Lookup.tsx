/** One field for whatever is to be verified: a file, the id of a policy, or the id of a transaction (002-35). */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import type { FileReport, Hex, IssuedPolicy, Reader } from "../../sdk/index.js";
import { useReader } from "../lib/connection.js";
import { loadSdk } from "../lib/sdk.js";
import { FileDrop } from "./FileDrop.js";
import css from "./Lookup.module.css";

/** What was found. */
export type Found =
  | { kind: "file"; name: string; size: number; report: FileReport }
  | { kind: "id"; by: "policy" | "transaction"; policies: IssuedPolicy[] };

async function lookUp(reader: Reader, what: File | Hex): Promise<Found> {
  const { findPolicies, lookUpFile } = await loadSdk();
  if (typeof what === "string") return { kind: "id", ...(await findPolicies(reader, what)) };
  const report = await lookUpFile(reader, new Uint8Array(await what.arrayBuffer()));
  return { kind: "file", name: what.name, size: what.size, report };
}

/** Looks up a file or an id. */
export function useLookup() {
  const reader = useReader();
  return useMutation({
    mutationFn: async (what: File | Hex) => {
      // Who is quick drops a file before the chain has answered once.
      const { data } = reader.data ? reader : await reader.refetch({ cancelRefetch: false, throwOnError: true });
      if (!data) throw new Error("not connected");
      return lookUp(data, what);
    },
  });
}

/** The field. Dropping a file or giving an id looks it up. */
export function LookupField({
  lookup,
  label,
  hint,
}: {
  lookup: ReturnType<typeof useLookup>;
  label: string;
  hint: string;
}) {
  const [id, setId] = useState("");
  const isId = /^0x[0-9a-fA-F]{64}$/.test(id.trim());
  return (
    <div className={css.lookup}>
      <FileDrop label={label} hint={hint} onFiles={([file]) => file && lookup.mutate(file)} />
      <form
        className={css.find}
        onSubmit={(event) => {
          event.preventDefault();
          if (isId) lookup.mutate(id.trim().toLowerCase() as Hex);
        }}
      >
        <TextInput
          className={css.grow}
          label="Or the id of a policy or a transaction"
          description="It begins with 0x and has 64 more characters."
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          error={id !== "" && !isId && "That isn't a whole id yet."}
          spellCheck={false}
          autoComplete="off"
        />
        <Button type="submit" variant="default" disabled={!isId} loading={lookup.isPending}>
          Find
        </Button>
      </form>
    </div>
  );
}
