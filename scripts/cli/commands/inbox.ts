/** `salus inbox`: what happened that the acting account should know of, or act on. No key is needed. */
import { Command } from "commander";

import { inbox, patientsControlledBy } from "../../../sdk/index.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";
import { isoTime, table } from "../output.js";

export function inboxCommand(run: Run): Command {
  return new Command("inbox")
    .description("Show what happened that you should know of, or act on: visits, orders, bills, policies, access.")
    .option("--since <block>", "the first block to look at; the deployment's by default")
    .action(({ since }: { since?: string }) =>
      run(async (context) => {
        if (since !== undefined && !/^\d{1,15}$/.test(since)) {
          throw new CliError("USAGE", { since, reason: "it must be the number of a block" });
        }
        const chain = await context.chain();
        const { address: account } = await context.identity();
        const [patientId = null] = await patientsControlledBy(chain, account);
        const notices = await inbox({ chain }, { account, patientId }, since === undefined ? undefined : Number(since));
        const value = notices.map((notice) => ({ ...notice, time: isoTime(notice.time) }));
        context.output.result({ account, notices: value }, () =>
          table(
            ["TIME", "WHAT", "AS", "ACT", "SUBJECT"],
            value.map(({ time, kind, as, isForMe, orderId, policyId, visitId, patientId: patient }) => [
              time,
              kind,
              as,
              isForMe ? "yes" : "",
              orderId ?? policyId ?? visitId ?? patient,
            ]),
          ),
        );
      }),
    );
}
