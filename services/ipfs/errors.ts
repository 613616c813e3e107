/**
 * Errors in Kubo's form: `{ Message, Code, Type: "error" }` for a command that failed, a line of text for a request that never
 * became a command. Messages are Kubo's own where it has one, because clients match on them.
 */

/** Kubo's error codes (go-ipfs-cmds): an ordinary failure, and a fault of the request. */
export const CODE = { normal: 0, client: 1 } as const;

/** A command that failed: sent as JSON. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    message: string,
    /** HTTP status: Kubo answers 500 for whatever goes wrong inside a command. */
    readonly status = 500,
    readonly code: number = CODE.normal,
  ) {
    super(message);
  }
}

/** A request that is refused before any command runs: sent as plain text. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** The block isn't here. The node is offline: it asks nobody else. */
export class BlockNotFound extends CommandError {
  constructor(cid: string) {
    super(`block was not found locally (offline): ipld: could not find ${cid}`);
  }
}

/** The disk returned other bytes than the CID names. They are not served. */
export class BlockCorrupt extends CommandError {
  constructor(cid: string) {
    super(`block in storage has different hash than requested: ${cid}`);
  }
}

/** The client went away, or fell silent. Nobody reads the answer. */
export class ClientGone extends CommandError {
  constructor() {
    super("context canceled", 400, CODE.client);
  }
}

/** The file is larger than the node accepts. */
export class FileTooLarge extends CommandError {
  constructor(limit: number) {
    super(
      `file is larger than this node accepts (${limit} bytes): split it, or raise the node's limit`,
      413,
      CODE.client,
    );
  }
}

const STORAGE: Record<string, string> = {
  ENOSPC: "no space left on device",
  EDQUOT: "disk quota exceeded",
  EROFS: "read-only file system",
  EACCES: "permission denied",
  EIO: "input/output error",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
};

/** The system's code of a file system error (for instance "ENOSPC"), if it is one. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Whatever was thrown, as an error that may be sent: file system errors lose their paths, defects lose their details. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const code = systemCode(error);
  if (code) return new CommandError(`storage: ${STORAGE[code] ?? code}`);
  return new CommandError("internal error");
}
