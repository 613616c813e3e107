/**
 * A process that publishes one document, or resumes what an earlier one left, and dies by SIGKILL at the step that it is
 * told. The steps are counted by wrapping the adapters; the product's code knows nothing of it.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { HDNodeWallet, type TransactionRequest, type TransactionResponse } from "ethers";

import {
  abandon,
  connectChain,
  connectIpfs,
  drawerByLabel,
  isSalusError,
  pending,
  publish,
  resume,
  rpcProvider,
  type Address,
  type Deployment,
  type Drawer,
  type Hex,
  type Session,
} from "../../sdk/index.js";
import { fileJournal } from "../../sdk/node.js";

/** What the child is told once it is up. */
export interface Task {
  act: "publish" | "resume" | "abandon";
  rpcUrl: string;
  ipfsUrl: string;
  journal: string;
  deployment: Deployment;
  phrase: string;
  path: string;
  root: Hex | null;
  patientId: Hex;
  /** Published into this drawer as it was, or into "laboratory" as it is. */
  drawer: Drawer | null;
  content: string;
  /** Name of the step at which the process dies, or null to live. */
  die: string | null;
}

const task = await new Promise<Task>((resolve) => process.once("message", (message) => resolve(message as Task)));
const counts = new Map<string, number>();

async function step(name: string): Promise<void> {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  const label = `${name} ${count}`;
  process.stdout.write(`step ${label}\n`);
  if (label === task.die) {
    process.kill(process.pid, "SIGKILL");
    // The signal comes from outside: nothing may happen until it does.
    await sleep(10_000);
  }
}

/** An object whose named methods are steps, each with a point before and one after. */
function stepping<T extends object>(target: T, names: readonly (keyof T & string)[]): T {
  const steps = Object.fromEntries(
    names.map((name) => {
      const method = target[name] as unknown as (...args: unknown[]) => Promise<unknown>;
      return [
        name,
        async (...args: unknown[]) => {
          await step(`before ${name}`);
          const result = await method.apply(target, args);
          await step(`after ${name}`);
          return result;
        },
      ];
    }),
  );
  return { ...target, ...steps };
}

class SteppingWallet extends HDNodeWallet {
  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    await step("before send");
    const response = await super.sendTransaction(request);
    await step("after send");
    return response;
  }
}

async function sessionOf(): Promise<Session> {
  const provider = rpcProvider(task.rpcUrl, task.deployment.chainId);
  const wallet = HDNodeWallet.fromPhrase(task.phrase, undefined, task.path).connect(provider);
  Object.setPrototypeOf(wallet, SteppingWallet.prototype);
  return {
    chain: await connectChain({ deployment: task.deployment, provider }),
    store: stepping(connectIpfs(task.ipfsUrl), ["add", "unpin"]),
    journal: stepping(await fileJournal(task.journal), ["put", "noteTransaction", "sealed", "remove"]),
    signer: wallet,
    account: (await wallet.getAddress()) as Address,
    ...(task.root ? { root: new Uint8Array(Buffer.from(task.root.slice(2), "hex")) } : {}),
  };
}

async function act(session: Session): Promise<void> {
  const onStatus = ({ state }: { state: string }) => process.stdout.write(`status ${state}\n`);
  if (task.act === "publish") {
    const drawer = task.drawer ?? (await drawerByLabel(session, task.patientId, "laboratory"));
    const content = new TextEncoder().encode(task.content);
    await publish(session, drawer, { content, fileName: "crash.txt", mediaType: "text/plain" }, { onStatus });
    return;
  }
  for (const intent of await pending(session)) {
    if (task.act === "resume") await resume(session, intent, { onStatus });
    else await abandon(session, intent);
  }
}

try {
  await act(await sessionOf());
  process.stdout.write("done\n");
  process.exit(0);
} catch (error) {
  process.stdout.write(`refused ${isSalusError(error) ? error.code : String(error)}\n`);
  process.exit(1);
}
