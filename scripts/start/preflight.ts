/** What must hold before anything starts; each failure is one line that ends with the remedy. */
import { statfsSync } from "node:fs";
import { createServer } from "node:net";

import { ROOT } from "../lib/paths.js";

/** Room for the build, the log and the documents of a first session. */
const NEEDED_BYTES = 512 * 1024 ** 2;

/** Something that the person can put right: the message is all they need. */
export class CannotStart extends Error {}

/** @throws CannotStart if the disk is nearly full */
export function checkDisk(): void {
  const { bavail, bsize } = statfsSync(ROOT);
  if (bavail * bsize >= NEEDED_BYTES) return;
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  throw new CannotStart(`The disk has ${free} MiB free, and Salus needs 512. Free some space and start again.`);
}

/** @throws CannotStart if two parts were given the same port, or another program has one */
export async function checkPorts(wanted: Record<string, number>): Promise<void> {
  const entries = Object.entries(wanted);
  const twice = entries.find(([, port], index) => entries.findIndex(([, other]) => other === port) !== index);
  if (twice) throw new CannotStart(`Port ${twice[1]} was given twice. Choose another for the ${twice[0]}.`);

  const taken = (
    await Promise.all(entries.map(async ([name, port]) => ((await isFree(port)) ? [] : [`${port} (${name})`])))
  ).flat();
  if (taken.length === 0) return;
  const [ports, are, them] = taken.length === 1 ? ["Port", "is", "it"] : ["Ports", "are", "them"];
  throw new CannotStart(
    `${ports} ${taken.join(", ")} ${are} taken by another program (or another Salus): end it, or leave ${them} alone by ` +
      `npm start -- --port ${suggestion(Object.values(wanted))}`,
  );
}

/** Away from every port that was wanted, and from where the system puts short-lived connections. */
function suggestion(busy: readonly number[]): number {
  return [6173, 7173, 8173].find((port) => busy.every((other) => Math.abs(other - port) > 10)) ?? 9173;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
