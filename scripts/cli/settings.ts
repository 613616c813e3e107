/** Where the settings of a call come from: flags, then environment, then configuration files, then defaults. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

import * as v from "valibot";

import { CliError } from "./errors.js";

/** The settings of one call. */
export interface Settings {
  /** JSON-RPC address of the chain. */
  rpc: string;
  /** Address of the IPFS node's RPC. */
  ipfs: string;
  /** A persona's name, or the path of a keystore. */
  as?: string;
  /** Path of the deployment file. */
  deployment: string;
  /** Path of a file that holds the password and nothing else. */
  passwordFile?: string;
  /** Whether stdout gets one JSON value. */
  json: boolean;
}

/** The flags that every command has. */
export interface GlobalFlags {
  rpc?: string;
  ipfs?: string;
  as?: string;
  deployment?: string;
  json?: boolean;
}

/** What settings are resolved against; tests give their own. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  cwd: string;
  home: string;
}

const DEFAULTS = { rpc: "http://127.0.0.1:8545", ipfs: "http://127.0.0.1:5001", deployment: ".salus/deployment.json" };

const CONFIG_SCHEMA = v.partial(
  v.strictObject({
    rpc: v.string(),
    ipfs: v.string(),
    as: v.string(),
    deployment: v.string(),
    passwordFile: v.string(),
  }),
);
type Config = v.InferOutput<typeof CONFIG_SCHEMA>;

/**
 * The settings that count for this call. Paths in a configuration file are relative to that file.
 * @throws CONFIG_INVALID, USAGE (an address that is none)
 */
export function resolveSettings(
  flags: GlobalFlags,
  { env, cwd, home }: Surroundings = { env: process.env, cwd: process.cwd(), home: homedir() },
): Settings {
  const local = readConfig(join(cwd, "salus.config.json"));
  const personal = readConfig(join(env.XDG_CONFIG_HOME || join(home, ".config"), "salus", "config.json"));
  const config: Config = { ...personal, ...local };
  return {
    rpc: checkUrl("--rpc", flags.rpc ?? (env.SALUS_RPC || config.rpc) ?? DEFAULTS.rpc),
    ipfs: checkUrl("--ipfs", flags.ipfs ?? (env.SALUS_IPFS || config.ipfs) ?? DEFAULTS.ipfs),
    as: flags.as ?? (env.SALUS_AS || config.as),
    deployment: resolve(cwd, flags.deployment ?? (env.SALUS_DEPLOYMENT || config.deployment) ?? DEFAULTS.deployment),
    passwordFile: env.SALUS_PASSWORD_FILE ? resolve(cwd, env.SALUS_PASSWORD_FILE) : config.passwordFile,
    json: flags.json ?? false,
  };
}

function readConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause: error });
  }
  const config = parseConfig(path, text);
  const base = dirname(path);
  return {
    ...config,
    ...(config.deployment ? { deployment: resolve(base, config.deployment) } : {}),
    ...(config.passwordFile ? { passwordFile: resolve(base, config.passwordFile) } : {}),
  };
}

function parseConfig(path: string, text: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError("CONFIG_INVALID", { file: path, reason: "it isn't JSON" }, { cause: error });
  }
  const result = v.safeParse(CONFIG_SCHEMA, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CliError("CONFIG_INVALID", { file: path, field: v.getDotPath(issue) ?? "(the whole)", reason: issue.type });
}

function checkUrl(option: string, url: string): string {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new CliError("USAGE", { option, reason: "it must be an http or https address" });
  }
  return url;
}
