/**
 * Wallets of the personas, for a local chain only. Each announces itself by EIP-6963 as any wallet does, so the rest of
 * the page can't tell them apart. They sign at once: what they hold are development keys that everybody knows.
 */
import type { JsonRpcProvider, TypedDataDomain, TypedDataField, Wallet } from "ethers";

import type { Persona, SalusConfig } from "./config.js";
import { announce, type Eip1193Provider } from "./wallets.js";

const LOCAL_CHAIN_ID = 31337;

/** Prefix of the personas' reverse domain names. */
export const DEMO_RDNS = "org.salus.demo.";

/** Announces a wallet for each persona. Does nothing for any chain but the local one. */
export function announceDemoWallets({ personas, rpcUrl, deployment }: SalusConfig): void {
  if (deployment.chainId !== LOCAL_CHAIN_ID) return;
  for (const persona of personas) {
    const rdns = DEMO_RDNS + persona.account.toLowerCase();
    const info = { uuid: crypto.randomUUID(), name: persona.name, icon: ICON, rdns };
    announce({ info, provider: demoProvider(persona, rpcUrl) });
  }
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="16" fill="#E4F1EC"/><circle cx="16" cy="13" r="5" fill="#0B6650"/><path d="M6 28a10 10 0 0 1 20 0Z" fill="#0B6650"/></svg>',
)}`;

/** An error as EIP-1193 has it. */
class ProviderError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

function demoProvider({ account, privateKey }: Persona, rpcUrl: string): Eip1193Provider {
  let wallet: Promise<Wallet> | undefined;
  const open = () => (wallet ??= connect(privateKey, rpcUrl));

  async function request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return [account];
      case "eth_sendTransaction": {
        const { from, gas, ...transaction } = params[0] as Record<string, string>;
        checkAccount(from ?? account);
        const signer = await open();
        return forward(async () => (await signer.sendTransaction({ ...transaction, gasLimit: gas })).hash);
      }
      case "eth_signTypedData_v4": {
        checkAccount(String(params[0]));
        const data = JSON.parse(String(params[1])) as {
          domain: TypedDataDomain;
          types: Record<string, TypedDataField[]>;
          message: Record<string, unknown>;
        };
        const types = Object.fromEntries(Object.entries(data.types).filter(([name]) => name !== "EIP712Domain"));
        return (await open()).signTypedData(data.domain, types, data.message);
      }
      case "personal_sign": {
        const [message, signedBy] = params.map(String);
        checkAccount(signedBy ?? account);
        const [signer, { getBytes }] = await Promise.all([open(), import("ethers")]);
        return signer.signMessage(getBytes(message ?? "0x"));
      }
      case "wallet_switchEthereumChain":
        throw new ProviderError(4902, "Personas live on the local chain only.");
      default: {
        const provider = (await open()).provider as JsonRpcProvider;
        return forward(() => provider.send(method, [...params]) as Promise<unknown>);
      }
    }
  }

  function checkAccount(address: string): void {
    if (address.toLowerCase() !== account.toLowerCase()) throw new ProviderError(4100, "Not this persona's account.");
  }

  // A persona has one account on one chain: there is nothing to be told of.
  return { request, on: () => undefined, removeListener: () => undefined };
}

async function connect(privateKey: string, rpcUrl: string): Promise<Wallet> {
  const { JsonRpcProvider, Wallet } = await import("ethers");
  const provider = new JsonRpcProvider(rpcUrl, LOCAL_CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 100,
  });
  // Asked of the node itself, for the key must never sign for a chain where it could be worth something.
  if (Number(await provider.send("eth_chainId", [])) !== LOCAL_CHAIN_ID) {
    throw new ProviderError(4901, "Personas live on the local chain only.");
  }
  return new Wallet(privateKey, provider);
}

/** Hands on the node's own error object, as wallets do: it holds the contract's refusal. */
async function forward<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { info, error: inner } = error as { info?: { error?: unknown }; error?: unknown };
    const cause = (info?.error ?? inner) as { code?: number; message?: string; data?: unknown } | undefined;
    if (!cause?.message) throw error;
    throw new ProviderError(cause.code ?? -32603, cause.message, cause.data);
  }
}
