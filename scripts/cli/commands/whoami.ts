/** `salus whoami`: the acting account, and what the chain knows about it. */
import { Command } from "commander";

import { keyOf, participantOf, patientsControlledBy, pending } from "../../../sdk/index.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";

export function whoamiCommand(run: Run): Command {
  return new Command("whoami").description("Show the acting account and what the chain knows about it.").action(() =>
    run(async (context) => {
      const session = await context.session();
      const { label } = await context.identity();
      const [key, participant, patients, balance, intents] = await Promise.all([
        keyOf(session.chain, session.account),
        participantOf(session, session.account),
        patientsControlledBy(session.chain, session.account),
        session.chain.provider.getBalance(session.account),
        pending(session),
      ]);
      const value = {
        as: label,
        account: session.account,
        balanceWei: balance,
        publicKey: key?.publicKey ?? null,
        keyVersion: key?.version ?? 0,
        accreditation: participant,
        patients,
        pending: intents.length,
      };
      context.output.result(value, () =>
        facts([
          ["as", label],
          ["account", session.account],
          ["key", key ? `${key.publicKey} (version ${key.version})` : "none: run salus keys publish"],
          [
            "role",
            participant ? `${participant.role}${participant.valid ? "" : " (not valid now)"}` : "not accredited",
          ],
          ...(participant ? ([["until", isoTime(participant.until)]] as const) : []),
          ["patient", patients.join(", ") || "not registered"],
          ["pending", intents.length > 0 ? `${intents.length} documents: run salus resume` : "nothing"],
        ]),
      );
    }),
  );
}
