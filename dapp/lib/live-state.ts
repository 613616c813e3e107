/** How new blocks are learnt of now: set by live.ts, and known to all. */
import { useSyncExternalStore } from "react";

import type { LiveState } from "../../sdk/index.js";

let state: LiveState = "connecting";
const listeners = new Set<() => void>();

/** As it is now. */
export function liveState(): LiveState {
  return state;
}

/** Tells everybody. */
export function setLiveState(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** As it is now, and whenever it changes. */
export function useLiveState(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, liveState);
}
