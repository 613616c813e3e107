/** `salus demo`: stories on the small world of `npm start`, told step by step. */
import { Command } from "commander";

import { LOCAL_CHAIN_ID } from "../../seed/personas.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";

interface Options {
  registry: string;
  insurer: string;
}

export function demoCommand(run: Run): Command {
  const group = new Command("demo").description("Play a story with the personas of a small world (npm start).");
  group
    .command("care")
    .description("The fifteen steps of a visit, from proving who you are to the paid bill, with their transactions.")
    .option("--registry <url>", "the civil registry's service", "http://127.0.0.1:4101")
    .option("--insurer <url>", "the insurer's service", "http://127.0.0.1:4102")
    .action((services: Options) =>
      run(async (context) => {
        const reader = await context.reader();
        const { chainId } = reader.chain.deployment;
        if (chainId !== LOCAL_CHAIN_ID) throw new CliError("PERSONA_ABROAD", { persona: "Dana Osei", chainId });
        const { care } = await import("../../demo/care.js");
        const { lines } = await import("../../demo/story.js");
        const events: Parameters<typeof lines>[0][] = [];
        const ending = await care({
          ...reader,
          services,
          journals: await context.journals(),
          tell: (event) => {
            events.push(event);
            context.output.note(lines(event));
          },
        });
        context.output.result({ ...ending, events }, () => `The visit ${ending.visitId} is paid.`);
        return undefined;
      }),
    );
  return group;
}
