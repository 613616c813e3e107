/**
 * `npm run build`: the DApp as static files in dist/, for any web server.
 *
 * SALUS_CONNECT_SRC  what the page may connect to besides its own server, for example
 *                    "https://rpc.example.org wss://rpc.example.org https://ipfs.example.org"
 * SALUS_BASE         path under which the files will stand; relative unless given
 */
import { bringTypesUpToDate } from "./lib/contracts.js";
import { buildDapp } from "./lib/dapp.js";

try {
  await bringTypesUpToDate();
  await buildDapp({ force: true });
  console.log("Built into dist/: serve that folder by any web server, with salus.json beside index.html.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
