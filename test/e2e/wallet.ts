/** A wallet of somebody's own in the page, found by EIP-6963. The test's node signs for it: its accounts are the node's. */
import type { Page } from "playwright-core";

/** How the wallet behaves. */
interface Behaviour {
  account: string;
  /** Refuse to sign, as a person who presses "Reject". */
  isRejecting: boolean;
  /** The network it stands on. */
  chainId: number;
}

declare global {
  interface Window {
    /** Read by the wallet each time it's asked. */
    testWallet?: Behaviour;
  }
}

/** What the wallet calls itself. */
export const WALLET_NAME = "Test Wallet";

/** Gives every page of this tab the wallet. Call it before the page is loaded. */
export async function injectWallet(page: Page, rpcUrl: string, account: string, chainId = 31_337): Promise<void> {
  await page.addInitScript(
    (given) => {
      const behaviour: Behaviour = { account: given.account, isRejecting: false, chainId: given.chainId };
      window.testWallet = behaviour;
      const listeners = new Map<string, Set<(value: unknown) => void>>();
      const tell = (event: string, value: unknown) => listeners.get(event)?.forEach((listener) => listener(value));
      const fail = (code: number, message: string) => Object.assign(new Error(message), { code });
      const forward = async (method: string, params: readonly unknown[]) => {
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
        const response = await fetch(given.rpcUrl, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body,
        });
        const { result, error } = (await response.json()) as {
          result: unknown;
          error?: { code: number; message: string };
        };
        if (error) throw Object.assign(fail(error.code, error.message), error);
        return result;
      };
      const provider = {
        request: ({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
          if (method === "eth_accounts" || method === "eth_requestAccounts") {
            return Promise.resolve([behaviour.account]);
          }
          if (method === "eth_chainId") return Promise.resolve(`0x${behaviour.chainId.toString(16)}`);
          if (method === "wallet_switchEthereumChain") {
            const [{ chainId: wanted }] = params as [{ chainId: string }];
            behaviour.chainId = Number(wanted);
            tell("chainChanged", wanted);
            return Promise.resolve(null);
          }
          const signs = ["eth_sendTransaction", "personal_sign"].includes(method) || method.startsWith("eth_sign");
          if (signs && behaviour.isRejecting) return Promise.reject(fail(4001, "User rejected the request."));
          return forward(method, params);
        },
        on: (event: string, listener: (value: unknown) => void) => {
          listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
        },
        removeListener: (event: string, listener: (value: unknown) => void) => {
          listeners.get(event)?.delete(listener);
        },
      };
      const info = {
        uuid: crypto.randomUUID(),
        name: given.name,
        icon: "data:image/png;base64,",
        rdns: "org.test.wallet",
      };
      const announce = () => {
        window.dispatchEvent(
          new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }),
        );
      };
      window.addEventListener("eip6963:requestProvider", announce);
      announce();
    },
    { rpcUrl, account, chainId, name: WALLET_NAME },
  );
}

/** Makes the wallet refuse to sign, or sign again. */
export async function setRejecting(page: Page, isRejecting: boolean): Promise<void> {
  await page.evaluate((is) => {
    if (window.testWallet) window.testWallet.isRejecting = is;
  }, isRejecting);
}
