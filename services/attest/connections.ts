/** How many connections one network may hold: slow clients then wait for themselves, and for nobody else. */
import { isIPv6, type Server } from "node:net";

const MAX_CONNECTIONS = 4_096;
/** More than a browser or a program opens, and room for the many people behind one address. */
const PER_ADDRESS = 256;

/** Cuts off whoever opens more. @param proxies addresses behind which are many */
export function limitConnections(server: Server, proxies: readonly string[] = []): void {
  const open = new Map<string, number>();
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || proxies.includes(address.replace(/^::ffff:/, ""))) return;
    const network = networkOf(address);
    const count = (open.get(network) ?? 0) + 1;
    open.set(network, count);
    socket.once("close", () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
    if (count > PER_ADDRESS) socket.destroy();
  });
}

/**
 * Whom an address stands for. Whoever has IPv6 has at least a network of 64 bits to take addresses from, so all of it is one
 * caller; else each address would bring guesses of its own.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [left = "", right] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split("::");
  const [front, back] = [left, right ?? ""].map((half) => half.split(":").filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - front.length - back.length).fill("0");
  return `${[...front, ...zeros, ...back].slice(0, 4).join(":")}::/64`;
}
