/** What a test process tells the runner over its channel. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
}

/** Sends the summary and ends: a socket that a test forgot must not keep the run waiting. */
export function report(summary: Summary): void {
  process.send?.(summary, () => process.exit(summary.failed > 0 ? 1 : 0));
}

/** Whether a message is a summary. */
export function isSummary(message: unknown): message is Summary {
  return typeof message === "object" && message !== null && "passed" in message && "failed" in message;
}
