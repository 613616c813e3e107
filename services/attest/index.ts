/**
 * The attestation services that authorities run over their own databases (002-01 to 002-06, 002-17 to 002-23, 002-34,
 * 002-38, 002-39): a civil registry, an insurer, a health authority. One program with three faces, each a process with its
 * own port, database and signing account. What they answer is signed for the contracts; see docs/decisions/0010.
 */
import type { AddressInfo } from "node:net";

import type { Session } from "../../sdk/index.js";
import { Audit } from "./audit.js";
import { engineOf } from "./database/dialect.js";
import { openDatabase } from "./database/index.js";
import type { FaceMatcher } from "./face/types.js";
import type { Face, PhotoRule } from "./faces.js";
import { buildFrame } from "./frame.js";
import { DEFAULT_LIMITS, Turns, type Limits } from "./limits.js";
import type { LogStream } from "./log.js";
import type { Service } from "./service.js";
import { taggerOf } from "./tags.js";

export { openDatabase, type Database } from "./database/index.js";
export { FACES, type Face, type PhotoRule } from "./faces.js";
export { describe } from "./frame.js";
export { importInto, type Imported } from "./imports.js";
export type { Limits } from "./limits.js";
export type { LogStream } from "./log.js";

/** Milliseconds that requests under way get when the service closes. */
const GRACE = 5_000;

export interface AttestOptions {
  face: Face;
  /** The signing account, with its root; the account must be accredited in the face's role for its signatures to count. */
  session: Session & { root: Uint8Array };
  /** Path of an SQLite file, made if it isn't there, or a postgres:// URL. */
  database: string;
  /** "127.0.0.1" by default. */
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Under which clients know the service: what a sign-in must name. Its own address by default. */
  publicUrl?: string;
  /** Web origins that may call from a browser, for instance "http://localhost:5173". No wildcard. */
  origins: readonly string[];
  /** What the authority is called. */
  name: string;
  /** A registry's; "when on file" by default. */
  photo?: PhotoRule;
  limits?: Partial<Limits>;
  /** Addresses of reverse proxies in front, whose X-Forwarded-For names the caller. None by default. */
  proxies?: readonly string[];
  /** Takes structured logs, a JSON line a request. They hold no body, no query and no address. */
  log?: LogStream;
  /** Present time, Unix seconds; the system's clock by default. */
  now?: () => number;
}

export interface AttestService {
  /** "http://127.0.0.1:4001" */
  url: string;
  port: number;
  /** Lets requests under way finish for up to five seconds, then ends the service. Calling it again is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a service.
 *
 * @throws Error if the database can't be opened or migrated, if the port is taken (EADDRINUSE), if an origin isn't one.
 */
export async function startAttest(options: AttestOptions): Promise<AttestService> {
  const { face, session, origins, name, host = "127.0.0.1", port = 0, photo = "when on file" } = options;
  checkOrigins(origins);
  const db = await openDatabase(options.database);
  let faces: FaceMatcher | null = null;
  try {
    faces = face === "registry" ? await startMatcher() : null;
    const own = { url: "" };
    const service: Service = {
      face,
      name,
      session,
      db,
      audit: new Audit(db, engineOf(options.database)),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      turns: new Turns(),
      tag: taggerOf(session.root),
      now: options.now ?? (() => Math.floor(Date.now() / 1_000)),
      publicUrl: () => (options.publicUrl ?? own.url).replace(/\/+$/, ""),
      isOwnPage: (domain) => [...origins, options.publicUrl ?? own.url].some((page) => new URL(page).host === domain),
      photo,
      faces,
    };
    const { log, proxies } = options;
    const app = await buildFrame({ face, service, origins, ...(proxies && { proxies }), ...(log && { log }) });
    await app.listen({ host, port });
    const address = app.server.address() as AddressInfo;
    own.url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;

    const shutDown = async () => {
      // Who neither sends nor takes anything mustn't keep it from ending.
      const cut = setTimeout(() => app.server.closeAllConnections(), GRACE);
      await app.close();
      clearTimeout(cut);
      await faces?.close();
      await db.destroy();
    };
    let closing: Promise<void> | undefined;
    return { url: own.url, port: address.port, close: () => (closing ??= shutDown()) };
  } catch (error) {
    await faces?.close();
    await db.destroy();
    throw error;
  }
}

/** Loaded when a registry starts: the others needn't carry the models. */
async function startMatcher(): Promise<FaceMatcher> {
  const { startFaceMatcher } = await import("./face/index.js");
  return startFaceMatcher();
}

/** @throws Error if an origin isn't one; a wildcard isn't. */
function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(
        `${JSON.stringify(origin)} is not a web origin. Write it like http://localhost:5173, without a path.`,
      );
    }
  }
}
