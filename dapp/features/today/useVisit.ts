/** One visit as it stands now. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { Visit, VisitId } from "../../../sdk/index.js";
import { useReaderQuery } from "../../lib/queries.js";

/** Fails with VISIT_UNKNOWN. */
export function useVisit(visitId: VisitId): UseQueryResult<Visit> {
  return useReaderQuery(["chain", "visit", visitId], ({ visitById }, reader) => visitById(reader, visitId));
}
