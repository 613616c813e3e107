/** The attestation services that the configuration names: what each says about itself, and whether it answers now. */
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { ServiceFace, ServiceInfo } from "../../sdk/index.js";
import { useReader } from "./connection.js";
import { loadSdk } from "./sdk.js";

/** How often a service that didn't answer is asked again. */
const TROUBLED_MS = 3_000;

/** A service's address with what it says about itself, as far as it's known. */
export interface KnownService {
  url: string;
  /** Its own name, or its host as long as it hasn't answered. */
  name: string;
  info: UseQueryResult<ServiceInfo>;
}

/** The host of a service, for who has no better name for it. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** The host of this page: the domain that a sign-in to a service is good for (EIP-4361). */
export function ownDomain(): string {
  return window.location.host;
}

/** What a service says about itself, checked against this deployment. @throws SERVICE_UNREACHABLE, SERVICE_MISMATCH */
export function useService(face: ServiceFace, url: string | undefined): KnownService | null {
  const info = useQuery(useQueryMaker(face)(url));
  return url === undefined ? null : { url, name: info.data?.name ?? hostOf(url), info };
}

/** The same of several services of one face, in the order given. */
export function useServices(face: ServiceFace, urls: readonly string[]): KnownService[] {
  const make = useQueryMaker(face);
  const results = useQueries({ queries: urls.map(make) });
  return urls.map((url, i) => {
    const info = results[i] as UseQueryResult<ServiceInfo>;
    return { url, name: info.data?.name ?? hostOf(url), info };
  });
}

function useQueryMaker(face: ServiceFace) {
  const { data: reader } = useReader();
  return (url: string | undefined) => ({
    queryKey: ["service", face, url],
    enabled: reader !== undefined && url !== undefined,
    staleTime: 60_000,
    retry: false,
    refetchInterval: ({ state }: { state: { status: string } }) => (state.status === "error" ? TROUBLED_MS : false),
    queryFn: async (): Promise<ServiceInfo> => {
      if (!reader || url === undefined) throw new Error("not connected");
      const sdk = await loadSdk();
      const connect = {
        registry: sdk.connectRegistry,
        insurer: sdk.connectInsurer,
        authority: sdk.connectAuthority,
      }[face];
      return sdk.checkService(reader.chain, connect(url));
    },
  });
}
