/**
 * New blocks, as they come: over a WebSocket, which brings one in tens of milliseconds, or by asking every few seconds
 * where there is none. The socket only rings; what is read is read from the chain's own provider, once that has the block.
 */
import { Network, WebSocketProvider } from "ethers";

import { isSalusError, SalusError } from "../errors.js";
import { checkChain, type Chain } from "./chain.js";
import { guard } from "./refusal.js";

/** How blocks arrive now. */
export type LiveState = "connecting" | "live" | "polling";

/** How blocks are waited for. */
export interface HeadOptions {
  /** Address of the node's WebSocket, ws: or wss:. Without one, the node is asked. */
  wsUrl?: string | undefined;
  /** Called for the latest block, never twice at a time; blocks that come meanwhile are one call. Called again if it fails. */
  onHead: (blockNumber: number) => Promise<void>;
  /** @param reason why it isn't live, for instance WRONG_CHAIN: the node behind the socket is of another chain */
  onState?: ((state: LiveState, reason?: SalusError) => void) | undefined;
  /** How often the node is asked while there is no socket, in milliseconds. */
  pollEvery?: number | undefined;
}

const POLL_MS = 4_000;
/** A call that failed is made again after this. */
const RETRY_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A connection that lasted this long had no trouble of its own. */
const STEADY_MS = 10_000;
const ANSWER_MS = 10_000;
/** How often a silent socket is asked whether it is still there. */
const BEAT_MS = 20_000;
/** The provider that is read from may be a moment behind the socket. */
const BEHIND_MS = 2_000;

/** Watches the chain grow. @returns ends it */
export function watchHeads(chain: Chain, { wsUrl, onHead, onState, pollEvery = POLL_MS }: HeadOptions): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const ring = ringer(chain, onHead, signal);
  let state: LiveState | undefined;
  const become = (next: LiveState, reason?: SalusError) => {
    if (signal.aborted || (state === next && !reason)) return;
    state = next;
    onState?.(next, reason);
  };
  if (wsUrl === undefined) become("polling");
  else void keepConnected(chain, wsUrl, { ring, become, signal });
  void poll(chain, pollEvery, { ring, isNeeded: () => state !== "live", signal });
  return () => ended.abort();
}

/** Makes one call for all blocks that came during the last. */
function ringer(chain: Chain, onHead: HeadOptions["onHead"], signal: AbortSignal): (block: number) => void {
  let latest: number | null = null;
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    try {
      while (latest !== null && !signal.aborted) {
        const block: number = latest;
        latest = null;
        try {
          await reach(chain, block, signal);
          await onHead(block);
        } catch (error) {
          if (!isSalusError(error)) throw error;
          latest ??= block;
          await sleep(RETRY_MS, signal);
        }
      }
    } finally {
      isRunning = false;
    }
  };
  return (block) => {
    latest = block;
    if (!isRunning) void run();
  };
}

/** Waits until the provider that is read from has the block. */
async function reach({ provider }: Chain, block: number, signal: AbortSignal): Promise<void> {
  const giveUp = Date.now() + BEHIND_MS;
  while (!signal.aborted && (await guard(() => provider.getBlockNumber())) < block && Date.now() < giveUp) {
    await sleep(50, signal);
  }
}

interface Loop {
  ring: (block: number) => void;
  signal: AbortSignal;
}

async function poll(
  { provider }: Chain,
  every: number,
  { ring, isNeeded, signal }: Loop & { isNeeded: () => boolean },
): Promise<void> {
  let last: number | undefined;
  while (!signal.aborted) {
    if (isNeeded()) {
      // A node that doesn't answer is asked again next time; whoever reads from it says so.
      const block = await guard(() => provider.getBlockNumber()).catch(() => last);
      if (block !== undefined && block !== last) ring(block);
      last = block;
    }
    await sleep(every, signal);
  }
}

/** Connects, and connects anew with growing pauses whenever the socket is lost. */
async function keepConnected(
  chain: Chain,
  wsUrl: string,
  { ring, become, signal }: Loop & { become: (state: LiveState, reason?: SalusError) => void },
): Promise<void> {
  let wait = FIRST_WAIT_MS;
  become("connecting");
  while (!signal.aborted) {
    const begun = Date.now();
    let reason: SalusError | undefined;
    try {
      await connection(chain, wsUrl, ring, () => become("live"), signal);
    } catch (error) {
      if (!isSalusError(error)) throw error;
      reason = error;
    }
    become("polling", reason);
    wait = Date.now() - begun > STEADY_MS ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
    // Not all clients at the same moment, after a node was started anew.
    await sleep(wait * (0.5 + Math.random() / 2), signal);
  }
}

/**
 * One connection, from opening to its end.
 * @throws CHAIN_UNREACHABLE; WRONG_CHAIN, CHAIN_RESTARTED, NOT_DEPLOYED for a node of another chain, which is not listened to
 */
async function connection(
  { deployment }: Chain,
  wsUrl: string,
  ring: (block: number) => void,
  onOpen: () => void,
  signal: AbortSignal,
): Promise<void> {
  const network = Network.from(deployment.chainId);
  const { socket, lost } = openSocket(wsUrl);
  const provider = new WebSocketProvider(socket, network, { staticNetwork: network });
  const close = () => void provider.destroy();
  signal.addEventListener("abort", close);
  // What was asked over a socket that is lost is never answered.
  const answer = <T>(asked: Promise<T>): Promise<T> => Promise.race([asked, lost, tooLate(signal)]);
  try {
    await answer(checkChain({ provider, deployment }));
    // A node without subscriptions says so here; asked by `on`, it would say so to nobody.
    const probe: unknown = await answer(guard(() => provider.send("eth_subscribe", ["newHeads"])));
    await answer(guard(() => provider.send("eth_unsubscribe", [probe])));
    await provider.on("block", ring);
    for (let isFirst = true; ; isFirst = false) {
      ring(Number(await answer(guard(() => provider.send("eth_blockNumber", [])))));
      if (isFirst) onOpen();
      await Promise.race([sleep(BEAT_MS, signal), lost]);
      if (signal.aborted) return;
    }
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** A socket on its way, and a promise that fails when it is lost. */
function openSocket(wsUrl: string): { socket: WebSocket; lost: Promise<never> } {
  let socket: WebSocket;
  try {
    socket = new WebSocket(wsUrl);
  } catch (cause) {
    // No address of a socket, or one that the page may not open.
    throw new SalusError("CHAIN_UNREACHABLE", {}, { cause });
  }
  const lost = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new SalusError("CHAIN_UNREACHABLE"));
    socket.addEventListener("close", fail);
    socket.addEventListener("error", fail);
  });
  // Whether anybody waits for it at that moment or not.
  lost.catch(() => undefined);
  return { socket, lost };
}

async function tooLate(signal: AbortSignal): Promise<never> {
  await sleep(ANSWER_MS, signal);
  throw new SalusError("CHAIN_UNREACHABLE");
}

/** Waits, but not past the end. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
