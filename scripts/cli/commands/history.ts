/** `salus history`: all that the chain tells about a patient. Anyone may ask; no key is needed. */
import { Command } from "commander";

import { history } from "../../../sdk/index.js";
import type { Run } from "../main.js";
import { isoTime, table } from "../output.js";

export function historyCommand(run: Run): Command {
  return new Command("history")
    .description("Show all that the chain tells about a patient. Anyone may ask.")
    .option("--patient <patient>", "whose; your own by default")
    .action(({ patient }: { patient?: string }) =>
      run(async (context) => {
        const patientId = await context.patient(patient);
        const events = await history(await context.reader(), patientId);
        const value = events.map((event) => ({ ...event, time: isoTime(event.time) }));
        context.output.result({ patientId, events: value }, () =>
          table(
            ["TIME", "WHAT", "ACCOUNT", "SUBJECT"],
            value.map(({ time, kind, account, subject }) => [time, kind, account ?? "", subject ?? ""]),
          ),
        );
      }),
    );
}
