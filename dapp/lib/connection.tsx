/** The connection to chain and storage, and how it is now. It recovers by itself. */
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { createContext, use, useEffect, useRef } from "react";

import type { Reader } from "../../sdk/index.js";
import type { SalusConfig } from "./config.js";
import { isSalusFailure } from "./errors.js";
import { liveState } from "./live-state.js";
import { loadSdk } from "./sdk.js";

const HEALTHY_MS = 12_000;
/** Without a socket nobody else notices that the chain is gone. */
const UNWATCHED_MS = 4_000;
const TROUBLED_MS = 2_000;

const ConfigContext = createContext<SalusConfig | null>(null);

/** Gives the configuration to all below. */
export const ConfigProvider = ConfigContext.Provider;

/** Where everything is. */
export function useConfig(): SalusConfig {
  const config = use(ConfigContext);
  if (!config) throw new Error("ConfigProvider is missing");
  return config;
}

/** The chain and the store; undefined until both modules are there and the chain has answered once. */
export function useReader(): UseQueryResult<Reader> {
  const { rpcUrl, ipfsUrl, deployment } = useConfig();
  return useQuery({
    queryKey: ["reader"],
    queryFn: async () => {
      const { connectChain, connectIpfs } = await loadSdk();
      return { chain: await connectChain({ deployment, rpcUrl }), store: connectIpfs(ipfsUrl) };
    },
    staleTime: Infinity,
    gcTime: Infinity,
    refetchInterval: ({ state }) => (state.data ? false : TROUBLED_MS),
  });
}

/** How the chain is. "restarted" is a local chain that began anew and has forgotten everything. */
export type ChainState = "connecting" | "up" | "down" | "restarted" | "wrong";

/** Asks every now and then whether the chain is there, and still the same. New blocks are followed by live.ts. */
export function useChainState(): { state: ChainState; error: unknown } {
  const reader = useReader();
  const beat = useQuery({
    queryKey: ["heartbeat"],
    enabled: reader.data !== undefined,
    queryFn: async () => {
      if (!reader.data) throw new Error("not connected");
      const { checkChain } = await loadSdk();
      await checkChain(reader.data.chain);
      return true;
    },
    refetchInterval: ({ state }) =>
      state.status === "error" ? TROUBLED_MS : liveState() === "live" ? HEALTHY_MS : UNWATCHED_MS,
  });
  const error = reader.error ?? beat.error;
  useRetryOnceBack(error === null);
  return { state: error ? troubleOf(error) : beat.data === undefined ? "connecting" : "up", error };
}

function troubleOf(error: unknown): ChainState {
  if (isSalusFailure(error, "CHAIN_RESTARTED")) return "restarted";
  if (isSalusFailure(error, "WRONG_CHAIN", "NOT_DEPLOYED")) return "wrong";
  return "down";
}

/** Whether the storage answers; undefined until it was asked. */
export function useStorageUp(): boolean | undefined {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ["storage"],
    enabled: reader.data !== undefined,
    queryFn: () => reader.data?.store.isReachable() ?? false,
    refetchInterval: ({ state }) => (state.data === false ? TROUBLED_MS : HEALTHY_MS),
  });
  useRetryOnceBack(data !== false);
  return data;
}

/** What failed for want of the chain or the storage is tried anew once it is back. */
function useRetryOnceBack(isUp: boolean): void {
  const queryClient = useQueryClient();
  const was = useRef(isUp);
  useEffect(() => {
    if (!was.current && isUp) {
      void queryClient.refetchQueries({ predicate: ({ state }) => state.status === "error" });
    }
    was.current = isUp;
  }, [isUp, queryClient]);
}
