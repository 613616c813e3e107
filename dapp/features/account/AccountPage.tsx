/** Account: who is here, the key and its backup, how it looks, chain and storage. */
import { Button, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import {
  IconCloudCheck,
  IconCloudOff,
  IconKey,
  IconLink,
  IconLinkOff,
  IconLock,
  IconLockOpen2,
  IconWallet,
} from "@tabler/icons-react";
import { Link } from "react-router";

import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Mark, Pill, Row, RowIcon, Rows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { useChainState, useConfig, useStorageUp } from "../../lib/connection.js";
import { useIdentity, useOwnName } from "../../lib/identity.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useSession } from "../../lib/session.js";
import { capital, day, plain, short } from "../../lib/text.js";
import { Further } from "./Further.js";
import { Passphrase } from "./Passphrase.js";

/** The account that is connected. */
export default function AccountPage() {
  const { connected, isUnlocked, setRoot, disconnect } = useSession();
  const identity = useIdentity();
  const own = useOwnName();
  if (!connected) return null;
  const { participant = null, patientId = null } = identity.data ?? {};
  return (
    <Page
      title="Account"
      sentence={
        isUnlocked
          ? "Your key is open on this device until you lock it, switch, or leave."
          : "Your key is closed. Nothing of yours can be read on this device now."
      }
      action={
        <Button variant="default" component={Link} to="/connect">
          Switch wallet
        </Button>
      }
    >
      {problemOf(identity) !== null && <ErrorNotice error={identity.error} retry={() => void identity.refetch()} />}
      <Section title="Who you are">
        <Rows label="Who you are">
          <Row
            icon={<RowIcon icon={IconWallet} />}
            what={plain(own?.name ?? connected.wallet.info.name)}
            detail={
              <>
                {patientId && <>Known on chain as {short(patientId)}. </>}
                Account <span className="digest">{connected.account}</span>
              </>
            }
            side={
              <>
                {patientId && <Pill>patient</Pill>}
                {participant && (
                  <Pill>
                    {participant.valid ? `${participant.role}, until ${day(participant.until)}` : "accreditation ended"}
                  </Pill>
                )}
                <Button variant="subtle" color="danger" onClick={disconnect}>
                  Disconnect
                </Button>
              </>
            }
          />
        </Rows>
      </Section>
      <KeySection isUnlocked={isUnlocked} onLock={() => setRoot(null)} />
      {isUnlocked && <Passphrase />}
      {isUnlocked && patientId && <Further />}
      <Looks />
      <Connections />
    </Page>
  );
}

function KeySection({ isUnlocked, onLock }: { isUnlocked: boolean; onLock: () => void }) {
  const { connected } = useSession();
  const { data: identity } = useIdentity();
  const backup = useReaderQuery(["chain", "backup", connected?.account], async ({ backupOf }, { chain, store }) => {
    const digest = await backupOf(chain, connected?.account ?? "0x");
    return digest ? { digest, isStored: await store.isPinned(digest) } : null;
  });
  const key = identity?.key;
  return (
    <Section title="Your key">
      <Rows label="Your key">
        <Row
          icon={
            <RowIcon icon={isUnlocked ? IconLockOpen2 : IconLock} {...(isUnlocked ? { tone: "brand" as const } : {})} />
          }
          what={isUnlocked ? "Open on this device" : key ? "Closed" : "Not made yet"}
          detail={
            key
              ? `What others seal to: ${short(key.publicKey)}, version ${key.version}`
              : "Registering makes one, and so does setting up the account alone."
          }
          side={
            isUnlocked ? (
              <Button variant="default" onClick={onLock}>
                Lock
              </Button>
            ) : (
              <Button component={Link} to={key ? "/patients" : "/register"}>
                {key ? "Unlock" : "Register"}
              </Button>
            )
          }
        />
        {key && (
          <Row
            icon={<RowIcon icon={IconKey} />}
            what="Backup, sealed under your passphrase"
            detail={
              backup.data === undefined
                ? "Asking the storage."
                : backup.data === null
                  ? "There is none: keep the root that you made elsewhere."
                  : backup.data.isStored
                    ? "Stored. With it and your passphrase you can get back in from any device."
                    : "The storage doesn't promise to keep it. Change your passphrase to store it anew."
            }
            side={
              backup.data && (
                <Mark
                  icon={backup.data.isStored ? IconCloudCheck : IconCloudOff}
                  tone={backup.data.isStored ? "brand" : "attention"}
                >
                  {backup.data.isStored ? "Stored" : "Not kept"}
                </Mark>
              )
            }
          />
        )}
      </Rows>
    </Section>
  );
}

function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="How it looks">
      <SegmentedControl
        aria-label="Light or dark"
        data={[
          { value: "auto", label: "As the device" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
        value={colorScheme}
        onChange={(scheme) => setColorScheme(scheme)}
        style={{ alignSelf: "flex-start" }}
      />
    </Section>
  );
}

function Connections() {
  const { rpcUrl, ipfsUrl, deployment } = useConfig();
  const { state } = useChainState();
  const isStorageUp = useStorageUp();
  const isUp = state === "up";
  return (
    <Section title="Where it runs">
      <Rows label="Where it runs">
        <Row
          icon={<RowIcon icon={isUp ? IconLink : IconLinkOff} />}
          what={`Chain ${deployment.chainId}`}
          detail={<span className="digest">{rpcUrl}</span>}
          side={
            <Mark icon={isUp ? IconLink : IconLinkOff} tone={isUp ? "brand" : "attention"}>
              {isUp ? "Answers" : capital(state)}
            </Mark>
          }
        />
        <Row
          icon={<RowIcon icon={isStorageUp === false ? IconCloudOff : IconCloudCheck} />}
          what="Document storage"
          detail={<span className="digest">{ipfsUrl}</span>}
          side={
            <Mark
              icon={isStorageUp === false ? IconCloudOff : IconCloudCheck}
              tone={isStorageUp === false ? "attention" : "brand"}
            >
              {isStorageUp === false ? "Down" : "Answers"}
            </Mark>
          }
        />
      </Rows>
    </Section>
  );
}
