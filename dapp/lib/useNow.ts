/** The present, for what is counted down. */
import { useEffect, useState } from "react";

/** The time now, Unix seconds, anew every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now() / 1_000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1_000), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
