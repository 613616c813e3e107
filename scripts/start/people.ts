/**
 * Makes who is in the databases of `npm start`'s services, and the papers of those who aren't registered yet:
 * `node --import tsx scripts/start/people.ts FOLDER PAPERS TOKEN`. A process of its own, for it may have to find the personas'
 * faces in a picture; it gives way to everything that somebody waits for.
 */
import { setPriority } from "node:os";

import type { Address } from "../../sdk/index.js";
import { writeCitizens } from "../seed/citizens.js";
import { writePapers } from "../seed/papers.js";

/** Few enough to be taken in within a second. */
const COUNT = 300;

setPriority(10);
const [folder, papers, token] = process.argv.slice(2);
if (folder === undefined || papers === undefined) throw new TypeError("Name two folders.");
await Promise.all([writeCitizens(folder, COUNT, token as Address | undefined), writePapers(papers)]);
