/** How an insurer has dealt with its policies, as everyone can count it from the chain. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { Address, InsurerRecord } from "../../../sdk/index.js";
import { useReaderQuery } from "../../lib/queries.js";

/** The record of an account, whether it's an insurer or not. */
export function useInsurerRecord(insurer: Address): UseQueryResult<InsurerRecord> {
  return useReaderQuery(["chain", "insurer record", insurer], ({ insurerRecord }, reader) =>
    insurerRecord(reader, insurer),
  );
}
