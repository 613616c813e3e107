/** The page's side of the worker for long computations: see heavy.worker.ts. */
import type { Session } from "../../sdk/index.js";
import { plainError, type JobMessage, type PlainError, type WorkerMessage, type Workplace } from "./heavy-messages.js";
import type { Jobs } from "./heavy.worker.js";
import { loadSdk } from "./sdk.js";
import type { Report } from "./transactions.js";
import type { Eip1193Provider } from "./wallets.js";

/** A session that the worker can take up: where it is, and the wallet to ask. */
export interface OwnSession extends Session {
  place: Workplace;
  wallet: Eip1193Provider;
}

type Result<Name extends keyof Jobs> = Awaited<ReturnType<Jobs[Name]>>;

let worker: Worker | undefined;
/** Told when the worker itself fails: its file can't be loaded, or it ran out of memory. */
const underWay = new Set<(error: Error) => void>();

function theWorker(): Worker {
  if (worker) return worker;
  const started = new Worker(new URL("./heavy.worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("error", () => {
    // The next job gets a new one.
    if (worker === started) worker = undefined;
    started.terminate();
    for (const fail of underWay) fail(new TypeError("Failed to fetch a dynamically imported module: the worker"));
  });
  return (worker = started);
}

/** Runs a job in the worker. @throws what the SDK's flow of the same name throws */
export async function inWorker<Name extends keyof Jobs>(
  session: OwnSession,
  name: Name,
  input: Parameters<Jobs[Name]>[1],
  report: Partial<Report> = {},
): Promise<Result<Name>> {
  const { SalusError } = await loadSdk();
  const { port1: port, port2: itsPort } = new MessageChannel();
  const { place, wallet, root } = session;
  const message: JobMessage = { name, input, place: { ...place, ...(root ? { root } : {}) } };
  let fail: (error: Error) => void = () => undefined;
  try {
    return await new Promise<Result<Name>>((resolve, reject) => {
      fail = reject;
      underWay.add(fail);
      port.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        switch (data.kind) {
          case "status":
            report.onStatus?.(data.status);
            break;
          case "progress":
            report.onProgress?.(data.done, data.total);
            break;
          case "ask":
            void answer(port, wallet, data);
            break;
          case "done":
            resolve(data.value as Result<Name>);
            break;
          case "failed":
            reject(revived(data.error));
        }
      };
      theWorker().postMessage(message, [itsPort]);
    });
  } finally {
    underWay.delete(fail);
    port.close();
  }

  function revived(error: PlainError): Error {
    return error.kind === "salus" ? new SalusError(error.code, error.details) : new Error(error.message);
  }
}

async function answer(
  port: MessagePort,
  wallet: Eip1193Provider,
  { id, request }: Extract<WorkerMessage, { kind: "ask" }>,
): Promise<void> {
  try {
    port.postMessage({ id, value: await wallet.request(request) });
  } catch (error) {
    port.postMessage({ id, error: plainError(error) });
  }
}
