/** `salus citizens`: invented people, cards and licences, for services to take in. */
import { Command, InvalidArgumentError } from "commander";

import type { Run } from "../main.js";
import { facts } from "../output.js";

interface Options {
  count: number;
  out: string;
  token?: string;
}

export function citizensCommand(run: Run): Command {
  return new Command("citizens")
    .description("Make up citizens, insurance cards and licences, the same each time: for services to take in.")
    .option("--count <n>", "how many citizens, personas included", count, 10_000)
    .requiredOption("--out <folder>", "where to write registry.ndjson, cards.ndjson and licences.ndjson")
    .option("--token <address>", "what claims are settled in; without it no bill can be put to the cards' policies")
    .action(({ count, out, token }: Options) =>
      run(async (context) => {
        const { writeCitizens } = await import("../../seed/citizens.js");
        const written = await writeCitizens(out, count, token === undefined ? undefined : await context.account(token));
        context.output.result(written, () =>
          facts([
            [written.registry, `${written.citizens} citizens`],
            [
              written.cards,
              `${written.holders} insurance cards${token === undefined ? ", without terms for claims" : ""}`,
            ],
            [written.licences, `${written.licensees} licences`],
            [written.wording, "the wording that the cards name"],
          ]),
        );
      }),
    );
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 4 || number > 100_000) {
    throw new InvalidArgumentError("It is a number from 4 to 100000.");
  }
  return number;
}
