/** Moving to another wallet: choose it, see who will know what, both sign. */
import { Button } from "@mantine/core";
import { IconWallet } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import type { Disclosure } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Card, Empty, Facts, Row, RowIcon, Rows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { isSalusFailure } from "../../lib/errors.js";
import { useSession } from "../../lib/session.js";
import { plain, short } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useWallets, type Wallet } from "../../lib/wallets.js";
import { accountIn, checkMove, moveTo, type NextWallet } from "./moving.js";
import { OpenFirst, useOwnRecord, type OwnRecord } from "./OwnRecord.js";

/** EIP-1193: the person said no. */
const REJECTED = 4001;

/** Chooses the other wallet, then moves. */
export default function MovePage() {
  const [record, hold] = useOwnRecord();
  const [movedTo, setMovedTo] = useState<string | null>(null);
  if (movedTo !== null) return <Moved to={movedTo} />;
  if (!record) return <OpenFirst title="Move to another wallet" />;
  return <Move record={record} onStart={() => hold(record)} onMoved={setMovedTo} />;
}

function Move({
  record: { session, patientId },
  onStart,
  onMoved,
}: {
  record: OwnRecord;
  onStart: () => void;
  onMoved: (to: string) => void;
}) {
  const { connected, connect, setRoot } = useSession();
  const wallets = useWallets().filter(({ info }) => info.uuid !== connected?.wallet.info.uuid);
  const [chosen, setChosen] = useState<{ next: NextWallet; disclosure: Disclosure } | null>(null);
  const transactions = useTransactions("account/move/");
  const choosing = useMutation({
    mutationFn: async (wallet: Wallet) => {
      const next = await accountIn(wallet);
      return { next, disclosure: await checkMove(session, next, patientId) };
    },
    onSuccess: setChosen,
  });
  const moving = useMutation({
    mutationFn: async ({ next }: { next: NextWallet }) => {
      onStart();
      if (!(await moveTo(session, next, patientId))) return;
      onMoved(plain(next.wallet.info.name));
      await connect(next.wallet);
      // The same root: the record stays open on this page.
      if (session.root) setRoot(session.root);
    },
  });
  const isRefused = (choosing.error as { code?: unknown } | null)?.code === REJECTED;

  return (
    <Page
      back={{ to: "/account", label: "Account" }}
      title="Move to another wallet"
      sentence="Both wallets sign: the new one that it takes over, the old one that it hands over. Until both have, nothing changes."
    >
      <Section title="What stays, and what changes">
        <Card>
          <Facts
            facts={[
              ["Stays", "Your record, your pseudonym, who has access, your policies, your key and its passphrase."],
              ["Changes", "Which wallet signs for you. The old one can do nothing for your record any more."],
              ["Doesn't move", "What others have given the old account itself access to."],
            ]}
          />
        </Card>
      </Section>
      <Section title="Which wallet takes over">
        {wallets.length === 0 ? (
          <Empty>
            No other wallet was found in this browser. Install the one that you want to move to (any with EIP-6963 will
            do), then load this page anew.
          </Empty>
        ) : (
          <Rows label="Other wallets">
            {wallets.map((wallet) => (
              <Row
                key={wallet.info.uuid}
                icon={<RowIcon icon={IconWallet} />}
                what={plain(wallet.info.name)}
                detail={
                  chosen?.next.wallet.info.uuid === wallet.info.uuid
                    ? `Account ${short(chosen.next.account)} takes over.`
                    : undefined
                }
                side={
                  <Button
                    variant="default"
                    aria-label={`Choose ${plain(wallet.info.name)}`}
                    loading={choosing.isPending && choosing.variables.info.uuid === wallet.info.uuid}
                    disabled={moving.isPending}
                    onClick={() => {
                      setChosen(null);
                      choosing.mutate(wallet);
                    }}
                  >
                    Choose
                  </Button>
                }
              />
            ))}
          </Rows>
        )}
        {choosing.error &&
          (isRefused ? (
            <Notice title="The other wallet wasn't connected." live="status">
              You declined there. Nothing was changed.
            </Notice>
          ) : isSalusFailure(choosing.error, "KEY_EXISTS") ? (
            <Notice tone="danger" title="That account has another key already." live="alert">
              Nothing was changed. It belongs to somebody in Salus, or to you for something else; choose an account that
              is new here.
            </Notice>
          ) : (
            <ErrorNotice error={choosing.error} />
          ))}
      </Section>
      {chosen && (
        <Section title="Before you sign: who will know what">
          <WhoWillKnow disclosure={chosen.disclosure} grantee="Those you share with" organisation="The storage" />
          <div className={ui.foot}>
            <p className={ui.footNote}>
              {plain(chosen.next.wallet.info.name)} asks you first, twice: to publish your key, and to take over. Then{" "}
              {plain(connected?.wallet.info.name ?? "this wallet")} asks you to hand over.
            </p>
            <Button
              loading={moving.isPending || transactions.some(isUnderWay)}
              onClick={() => moving.mutate({ next: chosen.next })}
            >
              Move
            </Button>
          </div>
        </Section>
      )}
      <TransactionNotices transactions={transactions} />
      {moving.error && <ErrorNotice error={moving.error} />}
    </Page>
  );
}

function Moved({ to }: { to: string }) {
  return (
    <Page title="You have moved" sentence={`${to} acts for your record from now on. The old wallet can't any more.`}>
      <Notice tone="brand" title="Your documents, access and passphrase are the same." live="status">
        Print a new recovery sheet: it names the account that you use now.
      </Notice>
      <div className={ui.actions}>
        <Button component={Link} to="/record">
          Go to your record
        </Button>
        <Button variant="default" component={Link} to="/account/recovery">
          New recovery sheet
        </Button>
      </div>
    </Page>
  );
}
