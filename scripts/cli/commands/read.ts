/** `salus read`: fetches, checks and opens a document. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";

import { Command } from "commander";

import { readRecord, type RecordId } from "../../../sdk/index.js";
import { hex32 } from "../context.js";
import { localFileName, writeWhole } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";

interface Options {
  out?: string;
  force?: boolean;
}

export function readCommand(run: Run): Command {
  return new Command("read")
    .description("Fetch a document, check it against the chain, open it, and tell what it is or keep it.")
    .argument("<record>", "the record's id")
    .option("--out <path>", "file to write it to, or folder in which it keeps its own name")
    .option("--force", "overwrite the file")
    .action((id: string, { out, force }: Options) =>
      run(async (context) => {
        const recordId: RecordId = hex32("record", id);
        const session = await context.unlocked();
        const { onProgress, stop } = context.output.progress("fetching");
        const { record, manifest, content } = await readRecord(session, recordId, { onProgress }).finally(stop);
        const file = out === undefined ? null : await targetOf(out, manifest.fileName);
        if (file) await writeWhole(file, content, { isPrivate: true, replace: force });
        const { title, fileName, mediaType, size, time } = manifest;
        const sha256 = createHash("sha256").update(content).digest("hex");
        const { patientId, author } = record;
        const anchored = isoTime(record.time);
        const value = {
          recordId,
          patientId,
          author,
          anchored,
          title: title ?? null,
          fileName,
          mediaType,
          size,
          time,
          sha256,
          file,
        };
        context.output.result(value, () =>
          facts([
            ["document", title ?? fileName],
            ["type", mediaType],
            ["bytes", size],
            ["sha-256", sha256],
            ["author", author],
            ["anchored", anchored],
            ["file", file ?? "not kept: name one with --out"],
          ]),
        );
      }),
    );
}

async function targetOf(out: string, fileName: string): Promise<string> {
  const isFolder = await stat(out).then(
    (found) => found.isDirectory(),
    () => /[/\\]$/.test(out),
  );
  return isFolder ? join(out, localFileName(fileName)) : out;
}
