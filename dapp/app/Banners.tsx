/** What is wrong with chain, storage or wallet, said above the page, where it matters. It goes away by itself. */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconCloudOff, IconPlugConnectedX, IconRefresh, IconWallet } from "@tabler/icons-react";
import { useEffect } from "react";
import { useLocation } from "react-router";

import { Notice } from "../components/Notice.js";
import { useChainState, useConfig, useStorageUp } from "../lib/connection.js";
import { failureOf } from "../lib/errors.js";
import { useSession } from "../lib/session.js";

/** Pages that need no document storage. */
const WITHOUT_STORAGE = ["/verify", "/connect"];

/** All banners that apply now. */
export function Banners() {
  const chain = useChainState();
  const isStorageUp = useStorageUp();
  const { pathname } = useLocation();
  return (
    <>
      {chain.state === "down" && (
        <Notice icon={IconPlugConnectedX} tone="attention" title="The chain doesn't answer." live="status">
          What you see may be out of date, and nothing can be signed now. Nothing is lost. Salus keeps trying.
        </Notice>
      )}
      {chain.state === "restarted" && (
        <Notice
          icon={IconRefresh}
          tone="attention"
          title="The local chain was started anew and has forgotten everything."
          live="alert"
          action={
            <Button variant="default" mt={8} onClick={() => window.location.reload()}>
              Load this page anew
            </Button>
          }
        >
          A local chain keeps nothing across a restart. Once <code>npm start</code> has set everything up again, load
          this page anew.
        </Notice>
      )}
      {chain.state === "wrong" && (
        <Notice tone="danger" title={failureOf(chain.error).what} live="alert">
          {failureOf(chain.error).next}
        </Notice>
      )}
      {isStorageUp === false && !WITHOUT_STORAGE.includes(pathname) && (
        <Notice icon={IconCloudOff} tone="attention" title="The document storage doesn't answer." live="status">
          You can see your lists, but not open or add documents. Nothing is lost. Salus keeps trying.
        </Notice>
      )}
      <WalletNetwork />
    </>
  );
}

/** A wallet that stands on another network than the contracts. */
function WalletNetwork() {
  const { connected } = useSession();
  const { deployment } = useConfig();
  const queryClient = useQueryClient();
  const wallet = connected?.wallet;
  const { data: chainId } = useQuery({
    queryKey: ["wallet network", wallet?.info.uuid],
    enabled: wallet !== undefined,
    queryFn: async () => Number(await wallet?.provider.request({ method: "eth_chainId" })),
    retry: false,
  });
  useEffect(() => {
    const onChange = () => void queryClient.invalidateQueries({ queryKey: ["wallet network"] });
    wallet?.provider.on?.("chainChanged", onChange);
    return () => {
      wallet?.provider.removeListener?.("chainChanged", onChange);
    };
  }, [wallet, queryClient]);
  if (!wallet || chainId === undefined || chainId === deployment.chainId) return null;
  const change = () =>
    wallet.provider
      .request({ method: "wallet_switchEthereumChain", params: [{ chainId: `0x${deployment.chainId.toString(16)}` }] })
      .catch(() => undefined);
  return (
    <Notice
      icon={IconWallet}
      tone="attention"
      title="Your wallet is on another network."
      live="status"
      action={
        <Button variant="default" mt={8} onClick={() => void change()}>
          Switch network in the wallet
        </Button>
      }
    >
      Salus is on network {deployment.chainId}, your wallet on {chainId}. You can read here, but not sign.
    </Notice>
  );
}
