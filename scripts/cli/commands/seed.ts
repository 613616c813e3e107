/** `salus seed`: fills a fresh local deployment with the demo's small world. */
import { Command } from "commander";

import { LOCAL_CHAIN_ID, PERSONAS } from "../../seed/personas.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";
import { table } from "../output.js";

export function seedCommand(run: Run): Command {
  return new Command("seed")
    .description("Fill a fresh deployment on the local chain with personas, documents, grants and policies.")
    .action(() =>
      run(async (context) => {
        const { output } = context;
        const reader = await context.reader();
        const { chainId } = reader.chain.deployment;
        if (chainId !== LOCAL_CHAIN_ID) throw new CliError("PERSONA_ABROAD", { chainId });
        const { seed } = await import("../../seed/index.js");
        const world = await seed({ ...reader, journals: await context.journals(), onStep: output.note });
        if (!world) throw new CliError("SEEDED_ALREADY");
        output.result(
          { ...world, personas: PERSONAS.map(({ id, name, role, address }) => ({ id, name, role, address })) },
          () =>
            table(
              ["--as", "NAME", "ROLE", "WHAT TO TRY"],
              PERSONAS.map(({ id, name, role, hint }) => [id, name, role, hint]),
            ),
        );
      }),
    );
}
