/** `salus upload`: encrypts documents, stores them and anchors them on the chain. */
import { basename } from "node:path";

import { Command } from "commander";

import {
  drawerByLabel,
  publish,
  publishBatch,
  type Document,
  type Drawer,
  type Published,
  type Session,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { mediaTypeOf, readBytes } from "../files.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { table } from "../output.js";

/** How a command's options say what a file is. */
export interface DocumentOptions {
  title?: string | undefined;
  /** Media type. */
  type?: string | undefined;
}

interface Options extends DocumentOptions {
  scope: string;
  patient?: string;
}

export function uploadCommand(run: Run): Command {
  return new Command("upload")
    .description("Encrypt documents, store them on IPFS and anchor them on the chain; several go in one transaction.")
    .argument("<files...>", "the documents")
    .requiredOption("--scope <drawer>", "into which drawer")
    .option("--patient <patient>", "whose; your own by default")
    .option("--title <title>", "what people call it; for a single document")
    .option("--type <media type>", "media type, when the file's name doesn't tell")
    .action((files: string[], options: Options) =>
      run(async (context) => {
        if (options.title !== undefined && files.length > 1) {
          throw new CliError("USAGE", { reason: "--title is for a single document" });
        }
        checkLabels([options.scope]);
        const documents = await Promise.all(files.map((file) => readDocument(file, options)));
        const session = await context.unlocked();
        const patientId = await context.patient(options.patient, session);
        const drawer = await drawerByLabel(session, patientId, options.scope);
        const published = await upload(context, session, drawer, documents);
        const value = published.map(({ recordId, receipt }, index) => ({
          recordId,
          fileName: documents[index]?.fileName,
          mediaType: documents[index]?.mediaType,
          size: documents[index]?.content.length,
          transaction: receipt?.hash ?? null,
          blockNumber: receipt?.blockNumber ?? null,
        }));
        context.output.result({ patientId, scope: drawer.scope, records: value }, () =>
          table(
            ["DOCUMENT", "TYPE", "RECORD"],
            value.map((each) => [each.fileName ?? "", each.mediaType ?? "", each.recordId]),
          ),
        );
      }),
    );
}

/** A file as a document. @throws FILE_UNREADABLE */
export async function readDocument(path: string, { title, type }: DocumentOptions): Promise<Document> {
  const content = await readBytes(path);
  const fileName = basename(path);
  return { content, fileName, mediaType: type ?? mediaTypeOf(fileName, content), title };
}

async function upload(
  { output }: Context,
  session: Session,
  drawer: Drawer,
  documents: readonly Document[],
): Promise<Published[]> {
  const [only] = documents;
  const isSingle = documents.length === 1;
  const { onProgress, stop } = output.progress("storing", isSingle ? "bytes" : "documents");
  try {
    return only && isSingle
      ? [await publish(session, drawer, only, { onProgress })]
      : await publishBatch(session, drawer, documents, { onProgress });
  } finally {
    stop();
  }
}
