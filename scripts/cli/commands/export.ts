/** `salus export`: a record in the form that the stock `age` program opens, without anything of ours. */
import { join } from "node:path";

import { Command } from "commander";

import { exportRecord, type RecordId } from "../../../sdk/index.js";
import { hex32 } from "../context.js";
import { writeWhole } from "../files.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";

export function exportCommand(run: Run): Command {
  return new Command("export")
    .description("Write a record's header and payload and the identity that opens them, for the age program.")
    .argument("<record>", "the record's id")
    .requiredOption("--out <folder>", "where to put the three files")
    .option("--force", "overwrite them")
    .action((id: string, { out, force }: { out: string; force?: boolean }) =>
      run(async (context) => {
        const recordId: RecordId = hex32("record", id);
        const session = await context.unlocked();
        const { onProgress, stop } = context.output.progress("fetching");
        const { header, payload, identity } = await exportRecord(session, recordId, { onProgress }).finally(stop);
        const files = {
          header: join(out, "header"),
          payload: join(out, "payload"),
          identity: join(out, "identity.txt"),
        };
        const options = { isPrivate: true, replace: force };
        await writeWhole(files.header, header, options);
        await writeWhole(files.payload, payload, options);
        await writeWhole(files.identity, `${identity}\n`, options);
        context.output.note(
          "The identity opens every document that was sealed to the same key. Keep it as you keep the documents.",
        );
        const command = `cat ${files.header} ${files.payload} | age -d -i ${files.identity}`;
        context.output.result({ recordId, ...files, command }, () =>
          facts([...Object.entries(files), ["open with", command]]),
        );
      }),
    );
}
