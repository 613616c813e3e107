/** Wallets, found by EIP-6963: each announces itself by an event, none has to fight for `window.ethereum`. */
import { useSyncExternalStore } from "react";

/** A wallet's provider (EIP-1193). */
export interface Eip1193Provider {
  request(request: { method: string; params?: readonly unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: never) => void): unknown;
  removeListener?(event: string, listener: (value: never) => void): unknown;
}

/** A wallet as it announces itself (EIP-6963). */
export interface Wallet {
  info: {
    uuid: string;
    name: string;
    /** A data: address. */
    icon: string;
    /** Reverse domain name; the same after a reload, which the uuid isn't. */
    rdns: string;
  };
  provider: Eip1193Provider;
}

let wallets: readonly Wallet[] = [];
const listeners = new Set<() => void>();

function add(event: Event): void {
  const wallet = (event as CustomEvent<Wallet>).detail;
  if (wallets.some(({ info }) => info.uuid === wallet.info.uuid)) return;
  wallets = [...wallets, wallet];
  for (const listener of listeners) listener();
}

/** Announces a wallet of our own, as EIP-6963 wants it: now, and whenever somebody asks. */
export function announce(wallet: Wallet): void {
  const detail = Object.freeze({ info: Object.freeze(wallet.info), provider: wallet.provider });
  const dispatch = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", dispatch);
  dispatch();
}

/** Starts to listen for wallets and asks them to announce themselves. */
export function discoverWallets(): void {
  window.addEventListener("eip6963:announceProvider", add);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** All wallets that have announced themselves, in that order. */
export function useWallets(): readonly Wallet[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wallets,
  );
}
