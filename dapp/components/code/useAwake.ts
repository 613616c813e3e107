/** A screen that stays on while something on it is looked at. */
import { useEffect } from "react";

/** Keeps the screen on as long as the component is shown, where the browser can. */
export function useAwake(): void {
  useEffect(() => {
    // Not there in every browser, nor on pages that were loaded without encryption.
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    if (!wakeLock) return;
    let isGone = false;
    let held: WakeLockSentinel | undefined;
    const hold = () => {
      if (document.visibilityState !== "visible") return;
      wakeLock.request("screen").then(
        (lock) => {
          if (isGone) void lock.release();
          else held = lock;
        },
        // Refused on a low battery: the code is shown all the same.
        () => undefined,
      );
    };
    hold();
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener("visibilitychange", hold);
    return () => {
      isGone = true;
      document.removeEventListener("visibilitychange", hold);
      void held?.release();
    };
  }, []);
}
