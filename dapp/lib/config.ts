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

/** The attestation services that this page sends people to. Without one, the page says whom to ask instead. */
export interface Services {
  /** The civil registry's. */
  registry?: string;
  /** The health authority's. */
  authority?: string;
  /** The insurers', in the order in which they are offered. */
  insurers: string[];
}

/**
 * What a newcomer of the demo would hold in their hands: enough to try registration with. Invented, and the page says
 * so where it offers them. Only `npm start` writes papers.
 */
export interface Papers {
  /** Whose papers: a persona's account. */
  account: Address;
  nationalId: string;
  /** ISO date. */
  birthDate: string;
  /** Number of the insurance card. */
  card: string;
  /** Address of a photo of the persona, JPEG. */
  photo: string;
  /** Address of the persona's own copy of the policy's wording. */
  wording: string;
  /** Address of the persona's own copy of the policy's schedule. */
  schedule: string;
}

/** Where everything is. */
export interface SalusConfig {
  rpcUrl: string;
  /** Of the chain's WebSocket, ws: or wss:; at the place of `rpcUrl` unless salus.json names another. */
  wsUrl: string;
  ipfsUrl: string;
  deployment: Deployment;
  services: Services;
  personas: Persona[];
  papers: Papers[];
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
const url = v.pipe(v.string(), v.minLength(1));

const ConfigSchema = v.object({
  rpcUrl: url,
  wsUrl: v.optional(url),
  ipfsUrl: url,
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
      visits: address,
      orders: address,
      records: address,
      fulfilments: address,
      claims: address,
    }),
  }),
  services: v.optional(
    v.object({
      registry: v.exactOptional(url),
      authority: v.exactOptional(url),
      insurers: v.optional(v.array(url), []),
    }),
    { insurers: [] },
  ),
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
  papers: v.optional(
    v.array(
      v.object({
        account: address,
        nationalId: v.string(),
        birthDate: v.string(),
        card: v.string(),
        photo: url,
        wording: url,
        schedule: url,
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
  const { rpcUrl, wsUrl = rpcUrl, ipfsUrl, services, papers, ...rest } = parsed.output;
  const { registry, authority, insurers } = services;
  return {
    ...rest,
    rpcUrl: absolute(rpcUrl),
    wsUrl: absolute(wsUrl).replace(/^http/, "ws"),
    ipfsUrl: absolute(ipfsUrl),
    services: {
      ...(registry === undefined ? {} : { registry: absolute(registry) }),
      ...(authority === undefined ? {} : { authority: absolute(authority) }),
      insurers: insurers.map(absolute),
    },
    papers: papers.map((each) => ({
      ...each,
      photo: absolute(each.photo),
      wording: absolute(each.wording),
      schedule: absolute(each.schedule),
    })),
  };
}

function absolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href.replace(/\/$/, "");
  } catch {
    throw new ConfigError(`salus.json: "${url}" is no address.`);
  }
}
