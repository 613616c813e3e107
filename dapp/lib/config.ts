/**
 * The runtime configuration, `salus.json` beside index.html: where the chain, the storage and the contracts are. The
 * built files hold no address, so the same build serves every deployment.
 */
import * as v from "valibot";

import type { Address, Deployment, Hex } from "../../sdk/index.js";

/** Somebody to act as on a local chain. All of it is invented; the key is one of the well-known development keys. */
export interface Persona {
  name: string;
  role: string;
  /** What to try. */
  about: string;
  account: Address;
  privateKey: Hex;
  /** Opens the backup of the persona's account root. */
  passphrase: string;
}

/** Where everything is. */
export interface SalusConfig {
  rpcUrl: string;
  ipfsUrl: string;
  deployment: Deployment;
  personas: Persona[];
}

/** What is wrong with `salus.json`, in words for the person who set the page up. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const hex = (bytes: number) =>
  v.custom<Hex>(
    (value) => typeof value === "string" && new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(value),
    `Expected ${bytes} bytes as hex with 0x`,
  );
const address = hex(20);

const ConfigSchema = v.object({
  rpcUrl: v.pipe(v.string(), v.minLength(1)),
  ipfsUrl: v.pipe(v.string(), v.minLength(1)),
  deployment: v.object({
    chainId: v.pipe(v.number(), v.integer()),
    genesisHash: hex(32),
    blockNumber: v.pipe(v.number(), v.integer(), v.minValue(0)),
    contracts: v.object({
      forwarder: address,
      participants: address,
      keys: address,
      patients: address,
      policies: address,
      consents: address,
      records: address,
    }),
  }),
  personas: v.optional(
    v.array(
      v.object({
        name: v.string(),
        role: v.string(),
        about: v.string(),
        account: address,
        privateKey: hex(32),
        passphrase: v.string(),
      }),
    ),
    [],
  ),
});

/** `npm start` serves the page before the chain is ready: the file comes by itself. */
export class StillStarting extends ConfigError {}

/** Reads `salus.json`. Addresses in it may be relative to the page. @throws ConfigError */
export async function loadConfig(): Promise<SalusConfig> {
  let response: Response;
  try {
    response = await fetch(new URL("salus.json", document.baseURI), { cache: "no-store" });
  } catch {
    throw new ConfigError("The web server doesn't answer.");
  }
  if (response.status === 503)
    throw new StillStarting("It is being set up at this moment; the page goes on by itself.");
  if (!response.ok) throw new ConfigError(`The web server has no salus.json (status ${response.status}).`);
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new ConfigError("salus.json isn't JSON.");
  }
  const parsed = v.safeParse(ConfigSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new ConfigError(`salus.json: ${v.getDotPath(issue) ?? "the whole"}: ${issue.message}.`);
  }
  const { rpcUrl, ipfsUrl, ...rest } = parsed.output;
  return { ...rest, rpcUrl: absolute(rpcUrl), ipfsUrl: absolute(ipfsUrl) };
}

function absolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href.replace(/\/$/, "");
  } catch {
    throw new ConfigError(`salus.json: "${url}" is no address.`);
  }
}
