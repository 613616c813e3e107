/** Takes up, once the chain is there, what was under way before a reload. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useConfig, useReader } from "../lib/connection.js";
import { restoreTransactions } from "../lib/transactions.js";

/** Renders nothing. */
export function Resumption() {
  const { data: reader } = useReader();
  const { deployment } = useConfig();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!reader) return;
    const network = `${deployment.genesisHash.slice(2, 18)}-${deployment.contracts.records.slice(2, 10)}`;
    void restoreTransactions(network, reader.chain, () => void queryClient.invalidateQueries({ queryKey: ["chain"] }));
  }, [reader, deployment, queryClient]);
  return null;
}
