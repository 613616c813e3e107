/**
 * The door to every command: `node scripts/bootstrap.mjs <script.ts> [arguments]`.
 *
 * Runs on any Node from 20 on, before anything is installed, so it imports nothing but Node itself. It installs what is
 * missing, under a Node that Hardhat's native part accepts, and then runs the script under the Node that package.json
 * pins. It prints on stderr only: stdout belongs to the script.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const lockFile = join(root, "package-lock.json");
/** Holds the digest of the lockfile that node_modules was installed from. */
const stampFile = join(modules, ".salus-lock");
const windows = process.platform === "win32";
const pinnedNode = join(modules, "node", "bin", windows ? "node.exe" : "node");

/** What an installation takes on disk, npm's cache included, with room for a build. */
const NEEDED_BYTES = 2.5 * 1024 ** 3;

const lock = readFileSync(lockFile);
const digest = createHash("sha256").update(lock).digest("hex");
const { packages } = JSON.parse(lock);

/** Ends with one line that says what is wrong and what to do. */
function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

const atLeast = (version, [major, minor]) => {
  const [a, b] = version.split(".").map(Number);
  return a > major || (a === major && b >= minor);
};

/** npm's own entry point: what npm says when it runs us, else the copy beside this Node. */
function findNpm() {
  const beside = windows ? ["node_modules"] : ["..", "lib", "node_modules"];
  const candidates = [process.env.npm_execpath, join(dirname(process.execPath), ...beside, "npm", "bin", "npm-cli.js")];
  return candidates.find((path) => path?.endsWith(".js") && existsSync(path));
}

/** A line a moment on a terminal, a line every five seconds elsewhere, until the returned function is called. */
function showProgress() {
  // Packages for other platforms are optional, and never arrive.
  const expected = Object.keys(packages).filter((path) => path !== "" && !packages[path].optional);
  const terminal = process.stderr.isTTY;
  const started = Date.now();
  const show = () => {
    const here = expected.filter((path) => existsSync(join(root, path, "package.json"))).length;
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = `Installing: ${here} of ${expected.length} packages, ${seconds} s`;
    process.stderr.write(terminal ? `\r${line}` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? 500 : 5000);
  show();
  return () => {
    clearInterval(timer);
    show();
    if (terminal) process.stderr.write("\n");
  };
}

/** Runs `npm ci`; resolves when node_modules matches the lockfile. */
async function install() {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < NEEDED_BYTES) {
    const free = (bavail * bsize) / 1024 ** 3;
    fail(`The disk has ${free.toFixed(1)} GiB free, and installing takes 2.5. Free some space and run this again.`);
  }
  const npm = findNpm();
  if (npm === undefined) fail("npm was not found. Run this by npm (npm start, npm test), or install Node with npm.");

  // Under an older Node, npm leaves out Hardhat's native part without a word.
  const suitable = atLeast(process.versions.node, [22, 13]);
  const version = packages["node_modules/node"].version;
  const ci = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const command = suitable ? ci : [npm, "exec", "--yes", `--package=node@${version}`, "--", "node", ...ci];

  const stopProgress = showProgress();
  const installer = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [installer.stdout, installer.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => {
    installer.on("error", (error) => resolve(String(error)));
    installer.on("close", resolve);
  });
  stopProgress();

  if (code !== 0 || !existsSync(pinnedNode)) {
    const log = join(root, ".salus", "install.log");
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, output);
    process.stderr.write(`${output.trim().split("\n").slice(-15).join("\n")}\n`);
    fail(`Installing failed (see .salus/install.log). Check the connection to the npm registry and run this again.`);
  }
  writeFileSync(stampFile, digest);
}

/** Tells npm's process from any other: our parent, or the parent of the shell that stays between us on some systems. */
function npmProcess() {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, "utf8");
    if (/^Name:\t(sh|dash|bash)$/m.test(status)) return /^PPid:\t(\d+)$/m.exec(status)?.[1];
  } catch {
    // No such file where there is no Linux.
  }
  return String(process.ppid);
}

/** Runs the script under the pinned Node and ends as it ends. */
function run([script, ...args]) {
  const tsx = pathToFileURL(join(modules, "tsx", "dist", "loader.mjs")).href;
  const child = spawn(pinnedNode, ["--import", tsx, join(root, script), ...args], {
    // The channel tells the script when this process is gone, however it went.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // npm can be killed without a word to us: then nobody waits for the script any more.
  if (process.env.npm_lifecycle_event !== undefined) {
    const before = npmProcess();
    setInterval(() => npmProcess() !== before && child.kill("SIGTERM"), 1000).unref();
  }
  child.on("error", (error) => fail(`The installed Node can't be started (${error.message}). Delete node_modules.`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (!atLeast(process.versions.node, [20, 0])) {
  fail(`Salus needs Node 20, 22 or 24, and this is ${process.versions.node}. Install one from https://nodejs.org.`);
}
const installed = existsSync(stampFile) && readFileSync(stampFile, "utf8") === digest && existsSync(pinnedNode);
if (!installed) await install();
run(process.argv.slice(2));
