/** The files in a request's body, one after the other, each read no faster than it is stored. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

import busboy from "busboy";

import { CommandError, RequestError, ClientGone } from "./errors.js";

export interface FilePart {
  /** As the client calls it, decoded; "" if it doesn't. */
  name: string;
  /** To be read to its end before the next part comes. @throws CommandError if the body breaks off or is malformed. */
  content: AsyncIterable<Uint8Array>;
}

type Event = { part: FilePart } | { error: Error } | { end: true };

/**
 * @param argument Kubo's name for what is missing if there is no body: "path" or "data".
 * @throws RequestError 400 if the request isn't multipart, CommandError if it is malformed or holds a directory, ClientGone.
 */
export async function* fileParts(request: IncomingMessage, argument: string): AsyncGenerator<FilePart> {
  const parser = openParser(request, argument);
  const events: Event[] = [];
  let wake = () => {};
  const push = (event: Event) => {
    events.push(event);
    wake();
  };
  const abort = () => {
    if (!request.complete) parser.destroy(new ClientGone());
  };

  parser.on("file", (field, file, info) => {
    file.on("error", () => undefined);
    try {
      push({ part: { name: partName(field, info.filename, info.mimeType), content: readPart(file, request) } });
    } catch (error) {
      parser.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  parser.on("field", (name) =>
    parser.destroy(new CommandError(`multipart: part ${JSON.stringify(name)} is not a file`)),
  );
  parser.on("error", (error) => push({ error: error instanceof CommandError ? error : malformed(error) }));
  parser.on("close", () => push({ end: true }));
  request.on("close", abort);
  request.pipe(parser);
  if (request.destroyed) abort();

  try {
    for (;;) {
      const event = events.shift();
      if (!event) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if ("error" in event) throw event.error;
      if ("end" in event) return;
      yield event.part;
    }
  } finally {
    request.off("close", abort);
    request.unpipe(parser);
    parser.destroy();
    // What is still coming is thrown away, so that the client gets to read the answer.
    request.resume();
  }
}

function openParser(request: IncomingMessage, argument: string): busboy.Busboy {
  if (!request.headers["content-type"]?.startsWith("multipart/form-data")) {
    throw new RequestError(400, `file argument '${argument}' is required`);
  }
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: "utf8",
      preservePath: true,
      limits: { fieldSize: 1024, parts: 1000 },
    });
  } catch {
    throw new RequestError(400, "no multipart boundary param in Content-Type");
  }
}

function partName(field: string, filename: string | undefined, mediaType: string): string {
  const name = decode(filename ?? "");
  if (mediaType === "application/x-directory" || name.includes("/")) {
    throw new CommandError(
      "directories are not supported by this node: add the files one by one, without a path in their names",
    );
  }
  if (mediaType === "application/symlink") throw new CommandError("symbolic links are not supported by this node");
  if (/[?&](mode|mtime)/.test(field)) throw new CommandError("file modes and times are not supported by this node");
  return name;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}

async function* readPart(file: Readable, request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw request.complete ? malformed(error) : new ClientGone();
  }
}

function malformed(error: unknown): CommandError {
  return new CommandError(`multipart: ${error instanceof Error ? error.message : "malformed"}`);
}
