/** `salus resume`: brings documents to their end whose publishing was cut off. */
import { Command } from "commander";

import { abandon, isSalusError, pending, resume, type Intent } from "../../../sdk/index.js";
import { EXIT, UNREACHABLE } from "../errors.js";
import type { Run } from "../main.js";
import { table } from "../output.js";

type Outcome = "anchored" | "given up" | "failed";

export function resumeCommand(run: Run): Command {
  return new Command("resume")
    .description("Go on with uploads that were cut off. Nothing is stored or anchored twice.")
    .option("--abandon", "give them up instead, and remove what was stored")
    .action(({ abandon: isAbandoned }: { abandon?: boolean }) =>
      run(async (context) => {
        const session = await context.unlocked();
        const outcomes: { recordId: string; outcome: Outcome; error?: string }[] = [];
        for (const intent of await pending(session)) {
          outcomes.push({ recordId: intent.recordId, ...(await finish(intent)) });
        }
        context.output.result(outcomes, () =>
          table(
            ["RECORD", "OUTCOME", ""],
            outcomes.map(({ recordId, outcome, error }) => [recordId, outcome, error ?? ""]),
          ),
        );
        return outcomes.some(({ outcome }) => outcome === "failed") ? EXIT.refused : EXIT.ok;

        /** One that fails must not keep the others. */
        async function finish(intent: Intent): Promise<{ outcome: Outcome; error?: string }> {
          try {
            if (isAbandoned) await abandon(session, intent);
            else await resume(session, intent);
            return { outcome: isAbandoned ? "given up" : "anchored" };
          } catch (error) {
            if (!isSalusError(error) || UNREACHABLE.includes(error.code)) throw error;
            return { outcome: "failed", error: error.code };
          }
        }
      }),
    );
}
