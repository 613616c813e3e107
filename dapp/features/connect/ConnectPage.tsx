/** Connect: choose a wallet, or the persona whose wallet it is on a local chain. */
import { Button } from "@mantine/core";
import { IconUserPlus, IconWallet } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";

import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar } from "../../components/Person.js";
import { Empty, Pill, Row, RowIcon, Rows } from "../../components/Rows.js";
import { useConfig } from "../../lib/connection.js";
import { useSession } from "../../lib/session.js";
import { capital, plain } from "../../lib/text.js";
import { useWallets, type Wallet } from "../../lib/wallets.js";

/** EIP-1193: the person said no. */
const REJECTED = 4001;

/** Whom a newcomer wants to be, first of all. */
const ORDER = [
  "newcomer",
  "patient",
  "doctor",
  "laboratory",
  "insurer",
  "hospital",
  "health authority",
  "civil registry",
  "operator",
  "stranger",
];

/** Chooses a wallet. */
export default function ConnectPage() {
  const wallets = useWallets();
  const { personas } = useConfig();
  const { connect } = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const connecting = useMutation({
    mutationFn: connect,
    onSuccess: () => navigate(search.get("then") ?? "/"),
  });
  const isToRegister = search.get("then") === "/register";
  const personaOf = ({ info }: Wallet) => personas.find(({ account }) => info.rdns.endsWith(account.toLowerCase()));
  const rank = (wallet: Wallet) => ORDER.indexOf(personaOf(wallet)?.role ?? "stranger");
  const demo = wallets.filter((wallet) => personaOf(wallet)).toSorted((a, b) => rank(a) - rank(b));
  const own = wallets.filter((wallet) => !personaOf(wallet));
  const isRefused = (connecting.error as { code?: unknown } | null)?.code === REJECTED;

  return (
    <Page
      title="Your health record, kept by you"
      sentence="Documents are sealed on this device before they leave it. Only people you choose can open them."
    >
      {isToRegister ? (
        <Notice title="To register, choose the wallet that will sign for you." live="status">
          It becomes the key to your record&apos;s door. You can move to another one later.
        </Notice>
      ) : (
        <Section title="New here?">
          <Rows label="New here">
            <Row
              icon={<RowIcon icon={IconUserPlus} tone="brand" />}
              what="Begin a record of your own"
              detail="Takes about two minutes, your national id, and a photo of you."
              side={
                <Button component={Link} to="/register">
                  Register
                </Button>
              }
            />
          </Rows>
        </Section>
      )}
      {connecting.error &&
        (isRefused ? (
          <Notice title="Your wallet wasn't connected." live="status">
            You declined. Nothing was sent; choose a wallet whenever you are ready.
          </Notice>
        ) : (
          <ErrorNotice error={connecting.error} />
        ))}
      {demo.length > 0 && (
        <Section
          title="Try it as somebody"
          hint="This chain runs on your own machine. These people are invented, and their wallets are for trying only."
        >
          <Rows label="Personas">
            {demo.map((wallet) => {
              const persona = personaOf(wallet);
              return (
                <Row
                  key={wallet.info.uuid}
                  icon={<Avatar name={wallet.info.name} />}
                  what={plain(wallet.info.name)}
                  detail={persona && `${capital(persona.about)}.`}
                  side={
                    <>
                      {persona && <Pill>{persona.role}</Pill>}
                      <ConnectButton wallet={wallet} connecting={connecting} />
                    </>
                  }
                />
              );
            })}
          </Rows>
        </Section>
      )}
      <Section title={demo.length > 0 ? "Or with your own wallet" : "Choose your wallet"}>
        {own.length > 0 ? (
          <Rows label="Wallets">
            {own.map((wallet) => (
              <Row
                key={wallet.info.uuid}
                icon={
                  /^data:image\//.test(wallet.info.icon) ? (
                    <img src={wallet.info.icon} alt="" width={38} height={38} style={{ borderRadius: 10 }} />
                  ) : (
                    <RowIcon icon={IconWallet} />
                  )
                }
                what={plain(wallet.info.name)}
                detail="In this browser. It signs for you, and never sees your documents."
                side={<ConnectButton wallet={wallet} connecting={connecting} />}
              />
            ))}
          </Rows>
        ) : (
          <Empty>
            No wallet was found in this browser. A wallet is an extension or a browser that signs for you; install one
            that you trust (any with EIP-6963 will do), then load this page anew. To check a document you need none.
          </Empty>
        )}
      </Section>
    </Page>
  );
}

function ConnectButton({
  wallet,
  connecting,
}: {
  wallet: Wallet;
  connecting: { mutate: (wallet: Wallet) => void; isPending: boolean; variables?: Wallet };
}) {
  const isThis = connecting.isPending && connecting.variables?.info.uuid === wallet.info.uuid;
  return (
    <Button
      variant="default"
      onClick={() => connecting.mutate(wallet)}
      loading={isThis}
      disabled={connecting.isPending && !isThis}
      aria-label={`Continue as ${plain(wallet.info.name)}`}
    >
      Continue
    </Button>
  );
}
