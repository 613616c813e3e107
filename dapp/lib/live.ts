/** Following the chain: a new block makes what is shown of it fresh, within a moment where the node has a WebSocket. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useConfig, useReader } from "./connection.js";
import { liveState, setLiveState } from "./live-state.js";
import { loadSdk } from "./sdk.js";

/** A page whose questions hang, to a storage for instance, isn't waited for longer than this. */
const PATIENCE_MS = 1_000;

/** Follows the chain, for the whole page. To be used once. */
export function useFollowing(): void {
  const { data: reader } = useReader();
  const { wsUrl } = useConfig();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!reader) return;
    const ended = new AbortController();
    void loadSdk().then(({ watchHeads }) => {
      if (ended.signal.aborted) return;
      const stop = watchHeads(reader.chain, {
        wsUrl,
        onHead: () => refresh(queryClient),
        onState: (next) => {
          // Whether the chain is still there, and still the same, is asked at once when the socket is lost.
          const isLost = liveState() === "live" && next !== "live";
          setLiveState(next);
          if (isLost) void queryClient.invalidateQueries({ queryKey: ["heartbeat"] });
        },
      });
      ended.signal.addEventListener("abort", stop);
    });
    return () => ended.abort();
  }, [reader, wsUrl, queryClient]);
}

/**
 * Asks anew for all that is shown of the chain. Resolves when it has come, so that blocks that follow each other quickly
 * don't keep the page from ever getting an answer.
 */
async function refresh(queryClient: QueryClient): Promise<void> {
  const shown = { queryKey: ["chain"] };
  // What is asked for the first time isn't asked twice at once, and may have been asked a moment too early.
  const isEarly = queryClient.isFetching({ ...shown, predicate: ({ state: { data } }) => data === undefined }) > 0;
  await atMost(PATIENCE_MS, queryClient.invalidateQueries(shown));
  if (isEarly) await atMost(PATIENCE_MS, queryClient.invalidateQueries(shown));
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);
}
