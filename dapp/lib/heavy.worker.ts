/**
 * The SDK's flows that compute for long, in a worker, so that the page stays alive: scrypt for a passphrase, sealing and
 * opening, hashing every byte. The same flows over the same chain and storage; only the wallet is asked by way of the page.
 */
import { BrowserProvider, JsonRpcSigner } from "ethers";

import {
  attachToOrder,
  changePassphrase,
  connectChain,
  connectIpfs,
  createAccount,
  idbJournal,
  lookUpFile,
  publish,
  publishInVisit,
  readInVisit,
  readRecord,
  recordById,
  resume,
  rootOf,
  unlock,
  type Document,
  type Drawer,
  type Intent,
  type OpenedOrder,
  type RecordId,
  type Session,
  type VisitAccess,
} from "../../sdk/index.js";
import { ENROLMENT_JOBS } from "./heavy-enrolment.js";
import {
  plainError,
  type JobMessage,
  type WalletAnswer,
  type WorkerMessage,
  type Workplace,
} from "./heavy-messages.js";
import type { Report } from "./transactions.js";

/** A document whose content is still a file: the page hands over a reference, not the bytes. */
interface FileToPublish extends Omit<Document, "content"> {
  file: File;
}

async function contentOf({ file, fileName, mediaType, title }: FileToPublish): Promise<Document> {
  return { content: new Uint8Array(await file.arrayBuffer()), fileName, mediaType, title };
}

const JOBS = {
  unlock: (session: Session, passphrase: string) => unlock(session, session.account, passphrase),
  createAccount: (session: Session, passphrase: string, report: Report) => createAccount(session, passphrase, report),
  changePassphrase: (session: Session, passphrase: string, report: Report) =>
    changePassphrase(session, rootOf(session), passphrase, report),
  publish: async (session: Session, { drawer, draft }: { drawer: Drawer; draft: FileToPublish }, report: Report) =>
    publish(session, drawer, await contentOf(draft), report),
  publishInVisit: async (
    session: Session,
    { access, label, draft }: { access: VisitAccess; label: string; draft: FileToPublish },
    report: Report,
  ) => publishInVisit(session, access, label, await contentOf(draft), report),
  attachToOrder: async (
    session: Session,
    { opened, label, draft }: { opened: OpenedOrder; label: string; draft: FileToPublish },
    report: Report,
  ) => attachToOrder(session, opened, await contentOf(draft), { ...report, drawer: label }),
  resume: (session: Session, intent: Intent, report: Report) => resume(session, intent, report),
  readRecord: async (
    session: Session,
    { recordId, access }: { recordId: RecordId; access?: VisitAccess | undefined },
    report: Report,
  ) =>
    access
      ? readInVisit(session, access, await recordById(session, recordId), report)
      : readRecord(session, recordId, report),
  lookUpFile: (session: Session, bytes: Uint8Array) => lookUpFile(session, bytes),
  ...ENROLMENT_JOBS,
};

/** The jobs, by name. */
export type Jobs = typeof JOBS;

const chains = new Map<string, ReturnType<typeof connectChain>>();
const journals = new Map<string, ReturnType<typeof idbJournal>>();

self.addEventListener("message", (event: MessageEvent<JobMessage>) => {
  const [port] = event.ports;
  if (port) void run(port, event.data);
});

async function run(port: MessagePort, { name, input, place }: JobMessage): Promise<void> {
  const say = (message: WorkerMessage) => port.postMessage(message);
  const report: Report = {
    onStatus: (status) => say({ kind: "status", status }),
    onProgress: (done, total) => say({ kind: "progress", done, total }),
  };
  try {
    const session = await sessionAt(place, port, say);
    const job = JOBS[name as keyof Jobs] as (session: Session, input: unknown, report: Report) => Promise<unknown>;
    say({ kind: "done", value: await job(session, input, report) });
  } catch (error) {
    say({ kind: "failed", error: plainError(error) });
  } finally {
    port.close();
  }
}

async function sessionAt(place: Workplace, port: MessagePort, say: (message: WorkerMessage) => void): Promise<Session> {
  const { rpcUrl, ipfsUrl, deployment, account, journal, root } = place;
  const [chain, kept] = await Promise.all([
    once(chains, `${rpcUrl} ${deployment.genesisHash}`, () => connectChain({ deployment, rpcUrl })),
    once(journals, journal, () => idbJournal(journal)),
  ]);
  // The page has asked the wallet for the account already.
  const signer = new JsonRpcSigner(new BrowserProvider(walletBehind(port, say), "any"), account);
  return { chain, store: connectIpfs(ipfsUrl), signer, account, journal: kept, ...(root ? { root } : {}) };
}

/** The page's wallet, asked over the port. */
function walletBehind(port: MessagePort, say: (message: WorkerMessage) => void) {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  port.onmessage = ({ data }: MessageEvent<WalletAnswer>) => {
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if ("value" in data) resolve?.(data.value);
    else reject?.(Object.assign(new Error(), data.error));
  };
  return {
    request: (request: { method: string; params?: readonly unknown[] | Record<string, unknown> }) =>
      new Promise<unknown>((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        const { method, params } = request;
        say({ kind: "ask", id, request: { method, params: params as readonly unknown[] | undefined } });
      }),
  };
}

/** Makes something once; what failed is tried anew the next time. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const making = make();
  made.set(key, making);
  making.catch(() => made.delete(key));
  return making;
}
