/** How many connections one address may hold: slow clients then wait for themselves, and for nobody else. */
import type { Server } from "node:net";

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
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > PER_ADDRESS) socket.destroy();
  });
}
