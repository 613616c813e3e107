/** `salus deregister`: gives the pseudonym up for good. */
import { Command } from "commander";

import { deregister, discloseDeregistration } from "../../../sdk/index.js";
import { wordsOf } from "../disclosure.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";
import { confirm } from "../password.js";

export function deregisterCommand(run: Run): Command {
  return new Command("deregister")
    .argument("[patient]", "pseudonym; your own by default. Name it to go on after an interruption")
    .option("--yes", "don't ask")
    .description("Give your pseudonym up for good: nobody acts for it any more, and what opens the record is let go.")
    .action((patient: string | undefined, { yes }: { yes?: boolean }) =>
      run(async (context) => {
        const session = await context.session();
        const patientId = await context.patient(patient, session);
        const disclosure = discloseDeregistration({ patientId });
        context.output.note(wordsOf(disclosure));
        await confirm("There is no undo. Deregister?", yes);
        const { receipt, forgotten, keepsBackup } = await deregister(session, patientId);
        const value = { patientId, transaction: receipt?.hash ?? null, forgotten, keepsBackup };
        context.output.result(value, () =>
          facts([
            ["patient", `${patientId} (given up)`],
            ["transaction", receipt?.hash ?? "it was sent before"],
            ["forgotten", `${forgotten} objects`],
            ["backup", keepsBackup ? "kept: the account does other things in Salus" : "forgotten"],
          ]),
        );
      }),
    );
}
