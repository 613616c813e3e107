/**
 * Who is at the screen: a wallet, its account, and the account root once it's unlocked. The root lives in memory only and
 * is forgotten on a reload, a lock or a change of account.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import type { Address } from "../../sdk/index.js";
import { useConfig, useReader } from "./connection.js";
import type { OwnSession } from "./heavy.js";
import { loadSdk } from "./sdk.js";
import { useWallets, type Wallet } from "./wallets.js";

/** A wallet with the account that it acts for. */
interface Connected {
  wallet: Wallet;
  account: Address;
}

interface SessionState {
  /** Null when no wallet is connected. */
  connected: Connected | null;
  /** True while a wallet of an earlier visit is being looked for. */
  isRestoring: boolean;
  /** An account at work, locked or not; null until wallet, chain and storage are there. */
  session: OwnSession | null;
  isUnlocked: boolean;
  /** Asks the wallet for an account. Rejects with the wallet's own error. */
  connect: (wallet: Wallet) => Promise<void>;
  disconnect: () => void;
  /** Keeps the opened root, or forgets it when null. */
  setRoot: (root: Uint8Array | null) => void;
}

const SessionContext = createContext<SessionState | null>(null);
const REMEMBERED = "salus.wallet";
/** How long a wallet of an earlier visit may take to announce itself. */
const ANNOUNCE_MS = 800;

/** Who is at the screen. */
export function useSession(): SessionState {
  const state = use(SessionContext);
  if (!state) throw new Error("SessionProvider is missing");
  return state;
}

/** An account at work. Only below a gate that has seen to it. */
export function useOpenSession(): OwnSession {
  const { session } = useSession();
  if (!session) throw new Error("no session: a gate is missing above");
  return session;
}

/** Gives the session to all below. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [connected, setConnected] = useState<Connected | null>(null);
  const [root, keepRoot] = useState<Uint8Array | null>(null);
  const [isRestoring, setRestoring] = useState(() => localStorage.getItem(REMEMBERED) !== null);

  const setRoot = useCallback(
    (next: Uint8Array | null) => {
      keepRoot(next);
      if (next) return;
      // What was opened with it goes along, keys of visits and drafts included; and it is nothing to the next account.
      queryClient.removeQueries({ queryKey: ["chain"] });
      queryClient.removeQueries({ queryKey: ["opened"] });
    },
    [queryClient],
  );

  const become = useCallback(
    (next: Connected | null) => {
      setConnected(next);
      setRoot(null);
    },
    [setRoot],
  );

  const connect = useCallback(
    async (wallet: Wallet) => {
      const account = await accountOf(wallet, "eth_requestAccounts");
      if (!account) return;
      localStorage.setItem(REMEMBERED, wallet.info.rdns);
      become({ wallet, account });
    },
    [become],
  );

  const disconnect = useCallback(() => {
    localStorage.removeItem(REMEMBERED);
    become(null);
  }, [become]);

  useRestoredWallet(isRestoring, setConnected, setRestoring);
  useAccountChanges(connected, become);

  const base = useBaseSession(connected);
  const session = useMemo(() => (base ? { ...base, ...(root ? { root } : {}) } : null), [base, root]);
  const value = useMemo(
    () => ({ connected, isRestoring, session, isUnlocked: root !== null, connect, disconnect, setRoot }),
    [connected, isRestoring, session, root, connect, disconnect, setRoot],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** Takes up the wallet of the last visit, if it still knows an account. */
function useRestoredWallet(
  isRestoring: boolean,
  setConnected: (connected: Connected) => void,
  setRestoring: (is: boolean) => void,
): void {
  const wallets = useWallets();
  useEffect(() => {
    if (!isRestoring) return;
    const remembered = wallets.find(({ info }) => info.rdns === localStorage.getItem(REMEMBERED));
    if (!remembered) {
      const timer = setTimeout(() => setRestoring(false), ANNOUNCE_MS);
      return () => clearTimeout(timer);
    }
    let isStale = false;
    void accountOf(remembered, "eth_accounts")
      .catch(() => null)
      .then((account) => {
        if (isStale) return;
        if (account) setConnected({ wallet: remembered, account });
        setRestoring(false);
      });
    return () => {
      isStale = true;
    };
  }, [isRestoring, wallets, setConnected, setRestoring]);
}

/** Follows the wallet to another account, and out. */
function useAccountChanges(connected: Connected | null, become: (next: Connected | null) => void): void {
  useEffect(() => {
    if (!connected) return;
    const { wallet, account } = connected;
    const onAccounts = (accounts: string[]) => {
      void checksummed(accounts[0]).then((next) => {
        if (next !== account) become(next ? { wallet, account: next } : null);
      });
    };
    wallet.provider.on?.("accountsChanged", onAccounts);
    return () => {
      wallet.provider.removeListener?.("accountsChanged", onAccounts);
    };
  }, [connected, become]);
}

function useBaseSession(connected: Connected | null): OwnSession | null {
  const { data: reader } = useReader();
  const { rpcUrl, ipfsUrl, deployment } = useConfig();
  const { data } = useQuery({
    queryKey: ["session", connected?.wallet.info.uuid, connected?.account],
    enabled: connected !== null && reader !== undefined,
    staleTime: Infinity,
    queryFn: async (): Promise<OwnSession> => {
      if (!connected || !reader) throw new Error("not connected");
      const [{ BrowserProvider }, { idbJournal }] = await Promise.all([import("ethers"), loadSdk()]);
      const { wallet, account } = connected;
      // "any": a wallet that changes its network is told so by the screen, and is usable again when it is back.
      const provider = new BrowserProvider(wallet.provider, "any");
      const journal = `salus-journal-${deployment.genesisHash.slice(2, 18)}-${deployment.contracts.records.slice(2, 10)}`;
      const [signer, opened] = await Promise.all([provider.getSigner(account), idbJournal(journal)]);
      const place = { rpcUrl, ipfsUrl, deployment, account, journal };
      return { ...reader, signer, account, journal: opened, place, wallet: wallet.provider };
    },
  });
  return connected && data?.account === connected.account ? data : null;
}

async function accountOf(wallet: Wallet, method: "eth_accounts" | "eth_requestAccounts"): Promise<Address | null> {
  const accounts = (await wallet.provider.request({ method })) as string[];
  return checksummed(accounts[0]);
}

async function checksummed(account: string | undefined): Promise<Address | null> {
  if (account === undefined) return null;
  const { getAddress } = await import("ethers");
  return getAddress(account) as Address;
}
