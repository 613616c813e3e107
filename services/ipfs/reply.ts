/** Answers in Kubo's form. */
import type { IncomingMessage, ServerResponse } from "node:http";

import { RequestError, toCommandError, ClientGone } from "./errors.js";

const TRAILER = "X-Stream-Error";

/** One answer to one request. Nothing goes out before the first line or byte, so that an early failure still has its own status. */
export class Reply {
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {}

  /** Whether the client still listens. */
  get open(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  /** The whole answer as one JSON value. */
  json(value: unknown): void {
    this.#start(200, "application/json");
    this.response.end(`${JSON.stringify(value)}\n`);
  }

  /** One line of an answer that comes line by line; `end` follows the last. */
  line(value: unknown): void {
    this.#start(200, "application/json", { "X-Chunked-Output": "1" });
    if (this.open) this.response.write(`${JSON.stringify(value)}\n`);
  }

  /** Ends an answer made of lines, of which there may have been none. */
  end(): void {
    this.#start(200, "application/json", { "X-Chunked-Output": "1" });
    this.response.end();
  }

  /**
   * Bytes, no faster than the client takes them.
   *
   * @param size their number, if known beforehand.
   * @throws ClientGone if the client goes away, and whatever `content` throws.
   */
  async bytes(
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    contentType: string,
    size?: number,
  ): Promise<void> {
    const headers = { "X-Stream-Output": "1", ...(size !== undefined && { "X-Content-Length": String(size) }) };
    for await (const chunk of content) {
      this.#start(200, contentType, headers);
      if (!this.open) throw new ClientGone();
      if (!this.response.write(chunk)) await this.#drained();
    }
    this.#start(200, contentType, headers);
    this.response.end();
  }

  /** Says what went wrong, in the way that is still open. */
  fail(error: unknown): void {
    const { response } = this;
    if (!this.open) return;
    if (!response.headersSent && error instanceof RequestError) {
      for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.writeHead(error.status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${error.message}\n`);
      return;
    }
    const { message, status, code } = toCommandError(error);
    if (!response.headersSent) {
      this.#start(status, "application/json");
      response.end(`${JSON.stringify({ Message: message, Code: code, Type: "error" })}\n`);
    } else if (response.getHeader("X-Chunked-Output")) {
      // Clients wait for a last line that now doesn't come; those that read trailers learn why.
      response.addTrailers({ [TRAILER]: message.replace(/[^\x20-\x7e]/g, "?") });
      response.end();
    } else {
      // Half a document must not look like a whole one.
      response.destroy();
    }
  }

  #start(status: number, contentType: string, headers: Record<string, string> = {}): void {
    if (this.response.headersSent || !this.open) return;
    for (const [name, value] of Object.entries(headers)) this.response.setHeader(name, value);
    this.response.writeHead(status, { "Content-Type": contentType, Trailer: TRAILER });
  }

  #drained(): Promise<void> {
    const { response } = this;
    return new Promise((resolve) => {
      const done = () => {
        response.off("drain", done).off("close", done);
        resolve();
      };
      response.on("drain", done).on("close", done);
    });
  }
}
