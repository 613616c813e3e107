/** The builders and code lists of FHIR, once they are loaded. */
import { useQuery } from "@tanstack/react-query";

import type { fhir } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";

/** `fhir` of the SDK; undefined while it is loaded. */
export function useFhir(): typeof fhir | undefined {
  return useQuery({
    queryKey: ["fhir"],
    queryFn: async () => (await loadSdk()).fhir,
    staleTime: Infinity,
    structuralSharing: false,
  }).data;
}
