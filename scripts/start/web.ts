/**
 * The DApp's web server on this machine: static files under a strict policy, one JSON file of settings, and the papers of
 * people in the demo who aren't registered yet.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import sirv, { type RequestHandler } from "sirv";

import { contentSecurityPolicy } from "../csp.js";
import { ROOT } from "../lib/paths.js";

/** What the page needs to know about where it runs, at /salus.json; undefined until the contracts are deployed. */
export type Settings = () => object | undefined;

/** Where papers are, with a slash at both ends. */
const PAPERS_PATH = "/papers/";

const HEADERS = {
  "Content-Security-Policy": contentSecurityPolicy({ header: true }),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Answers a request for /salus.json; false if it was for something else. */
function answerSettings(request: IncomingMessage, response: ServerResponse, settings: Settings): boolean {
  if (request.url?.split("?")[0] !== "/salus.json") return false;
  const value = settings();
  response.writeHead(value === undefined ? 503 : 200, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
  });
  response.end(JSON.stringify(value ?? { reason: "The contracts are being deployed." }));
  return true;
}

/** Answers a request for something in /papers/; goes on to `next` when there is none. */
function papersIn(folder: string): RequestHandler {
  const files = sirv(folder, { dev: true, setHeaders: (response) => response.setHeader("Cache-Control", "no-store") });
  return (request, response, next) => {
    const { url = "" } = request;
    if (!url.startsWith(PAPERS_PATH)) {
      void next?.();
      return;
    }
    request.url = url.slice(PAPERS_PATH.length - 1);
    files(request, response, () => {
      request.url = url;
      void next?.();
    });
  };
}

/**
 * Serves dist/ on 127.0.0.1; port 0 takes a free one. Resolves when it listens.
 * @param papers folder of what is served under /papers/
 */
export async function serveBuild(
  port: number,
  settings: Settings,
  papers: string,
): Promise<{ url: string; close: () => void }> {
  const answerPapers = papersIn(papers);
  const files = sirv(join(ROOT, "dist"), {
    // Rebuilt while we run: ask the disk each time.
    dev: true,
    setHeaders: (response, path) => {
      const named = path.startsWith("/assets/") || path.startsWith("assets/");
      response.setHeader("Cache-Control", named ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (answerSettings(request, response, settings)) return;
    const notFound = () => {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found\n");
    };
    answerPapers(request, response, () => files(request, response, notFound));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Serves dapp/ from its sources by Vite, which reloads the page as they change. */
export async function serveSources(port: number, settings: Settings, papers: string): Promise<void> {
  const { createServer: createVite } = await import("vite");
  const vite = await createVite({
    configFile: join(ROOT, "vite.config.ts"),
    logLevel: "warn",
    server: { host: "127.0.0.1", port, strictPort: true },
    plugins: [
      {
        name: "salus:settings",
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (!answerSettings(request, response, settings)) next();
          });
          middlewares.use(papersIn(papers));
        },
      },
    ],
  });
  await vite.listen();
}
