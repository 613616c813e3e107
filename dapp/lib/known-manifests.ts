/** What lists of thousands of records know of them: what was opened so far, without watching each record of its own. */
import { hashKey, useQueryClient } from "@tanstack/react-query";
import { use, useCallback, useEffect, useMemo, useState } from "react";

import type { AnchoredRecord, Manifest, RecordId } from "../../sdk/index.js";
import { ManifestContext, manifestQuery } from "./queries.js";
import { useSession } from "./session.js";

/** Records by what is known of them. */
export interface KnownManifests {
  /** What a record says of itself; null when it couldn't be opened, undefined when it wasn't tried. */
  of: (recordId: RecordId) => Manifest | null | undefined;
  /** Opens records, a few at a time in this order. The result stops it. */
  open: (records: readonly AnchoredRecord[]) => () => void;
}

/** How often a list hears of documents that are opened. */
const BATCH_MS = 200;
/** Fewer than may be opened at once, so that rows on the screen don't wait for those that aren't. */
const LANES = 4;

/** Every manifest that was opened, in batches as they come. */
export function useKnownManifests(): KnownManifests {
  const { session, isUnlocked } = useSession();
  const read = use(ManifestContext);
  const queryClient = useQueryClient();
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = queryClient.getQueryCache().subscribe(({ type, query }) => {
      const [, what] = query.queryKey as unknown[];
      if (type !== "updated" || what !== "manifest" || query.state.status === "pending") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((before) => before + 1);
      }, BATCH_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queryClient]);

  const open = useCallback(
    (records: readonly AnchoredRecord[]) => {
      const waiting = records.values();
      let isStopped = session === null || !isUnlocked;
      const lane = async () => {
        for (const { recordId } of waiting) {
          if (isStopped) return;
          // Kept as long as the account is open: a search that comes back finds them again.
          const query = manifestQuery(session, isUnlocked, recordId, read);
          // What can't be opened is remembered as that.
          await queryClient.query({ ...query, gcTime: Infinity }).catch(() => undefined);
        }
      };
      for (let i = 0; i < LANES; i++) void lane();
      return () => {
        isStopped = true;
      };
    },
    [queryClient, session, isUnlocked, read],
  );
  return useMemo(
    () => ({
      version,
      open,
      of: (recordId: RecordId) => {
        const state = queryClient.getQueryCache().get<Manifest>(hashKey(["opened", "manifest", recordId]))?.state;
        return state?.data ?? (state?.status === "error" ? null : undefined);
      },
    }),
    [version, queryClient, open],
  );
}
