/** An organisation registers by its licence: the authority checks it and signs, the organisation carries that. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import type { Licence, OfferedAccreditation } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Avatar } from "../../components/Person.js";
import { Card, Row, Rows, SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useConfig } from "../../lib/connection.js";
import { isSalusFailure } from "../../lib/errors.js";
import { useIdentity } from "../../lib/identity.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, day, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import css from "./organisations.module.css";
import { ask, carry, discloseOffer } from "./registerOrganisation.js";

/** Registers, or renews, by licence. */
export default function RegisterPage() {
  const { account } = useOpenSession();
  const { services } = useConfig();
  const { data: identity } = useIdentity();
  const isMember = identity?.participant?.valid === true;
  return (
    <Page
      title={isMember ? "Renew by licence" : "Register an organisation"}
      sentence="Hospitals, laboratories, pharmacies and doctors show their licence to the health authority, once. It signs, and then everyone can see that it vouches for you."
      {...(identity?.participant && { back: { to: "/organisations", label: "Your accreditation" } })}
    >
      {identity?.patientId ? (
        <Notice tone="danger" title="This account acts for a patient.">
          An organisation&apos;s name beside it would tell everyone whose record that is, for good. Connect another
          account for the organisation.
        </Notice>
      ) : services.authority === undefined ? (
        <Notice title="This page knows no health authority's service.">
          Ask the authority to accredit you by hand, and give it this account: <span className="digest">{account}</span>
        </Notice>
      ) : (
        <Steps authorityUrl={services.authority} />
      )}
    </Page>
  );
}

function Steps({ authorityUrl }: { authorityUrl: string }) {
  const session = useOpenSession();
  const transactions = useTransactions(`organisations/${session.account}`);
  const asking = useMutation({ mutationFn: (licence: Licence) => ask(session, authorityUrl, licence) });
  const isDone = transactions.some(({ status }) => status.state === "final");
  const isBusy = transactions.some(isUnderWay);
  return (
    <>
      <TransactionNotices transactions={transactions} />
      {isDone && asking.data ? (
        <Notice
          tone="brand"
          title={`${plain(asking.data.name)} is registered.`}
          action={
            <Link className={ui.link} to="/organisations">
              Go on
            </Link>
          }
        >
          Everyone can see now that {plain(asking.data.parent.name ?? "the health authority")} vouches for it.
        </Notice>
      ) : asking.data ? (
        <Offer
          offered={asking.data}
          isBusy={isBusy}
          onBack={asking.reset}
          onSign={() => void carry(session, asking.data)}
        />
      ) : (
        <LicenceForm authorityUrl={authorityUrl} asking={asking} />
      )}
    </>
  );
}

function LicenceForm({
  authorityUrl,
  asking,
}: {
  authorityUrl: string;
  asking: { mutate: (licence: Licence) => void; isPending: boolean; error: unknown };
}) {
  const [licence, setLicence] = useState("");
  const [code, setCode] = useState("");
  const given = { licence: licence.trim(), code: code.trim() };
  const submit = () => asking.mutate(given);
  const canRetry = isSalusFailure(
    asking.error,
    "SERVICE_UNREACHABLE",
    "SERVICE_BUSY",
    "SIGNATURE_REJECTED",
    "CHAIN_UNREACHABLE",
    "IPFS_UNREACHABLE",
  );
  return (
    <>
      <Card>
        <form
          className={css.form}
          style={{ gap: 16 }}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className={css.fields}>
            <TextInput
              label="Licence number"
              description="As it stands on the licence."
              value={licence}
              onChange={(event) => setLicence(event.currentTarget.value)}
              maxLength={120}
              autoComplete="off"
              spellCheck={false}
              required
            />
            <TextInput
              label="Activation code"
              description="The authority sent it to you with the licence."
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              maxLength={120}
              autoComplete="one-time-code"
              spellCheck={false}
              required
            />
          </div>
          <p className={ui.sectionHint}>
            Both go to the authority&apos;s service at {new URL(authorityUrl).host} and nowhere else. It learns that
            this account has the licence. Your wallet asks you to sign in to it, which sends nothing to the chain.
          </p>
          <div>
            <Button type="submit" loading={asking.isPending} disabled={given.licence === "" || given.code === ""}>
              Show it to the authority
            </Button>
          </div>
          {asking.isPending && (
            <p className={ui.sectionHint} role="status">
              Look at your wallet: it asks you to sign in. Then the authority checks the licence.
            </p>
          )}
        </form>
      </Card>
      {asking.error !== null && <ErrorNotice error={asking.error} {...(canRetry && { retry: submit })} />}
    </>
  );
}

function Offer({
  offered,
  isBusy,
  onBack,
  onSign,
}: {
  offered: OfferedAccreditation;
  isBusy: boolean;
  onBack: () => void;
  onSign: () => void;
}) {
  const { accreditation, name, department, parent } = offered;
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "licence", accreditation],
    queryFn: () => discloseOffer(offered),
  });
  const voucher = plain(parent.name ?? "The health authority");
  return (
    <>
      <Section title="What the authority says of you">
        <Rows label="What the authority says of you">
          <Row
            icon={<Avatar name={name} />}
            what={plain(name)}
            detail={`${capital(
              [accreditation.role, department]
                .filter(Boolean)
                .map((text) => plain(String(text)))
                .join(", "),
            )}. ${voucher} vouches for it until ${day(accreditation.until)}.`}
          />
        </Rows>
      </Section>
      <Section title="Before you sign: who will know what">
        {disclosure ? (
          <WhoWillKnow disclosure={disclosure} grantee="You" organisation={voucher} />
        ) : (
          <SkeletonRows rows={1} label="who will know what" />
        )}
      </Section>
      <div className={ui.foot}>
        <p className={ui.footNote}>
          If the name is wrong, don&apos;t sign: ask the authority to correct its record. You can give the accreditation
          up at any time.
        </p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onBack} disabled={isBusy}>
            Not now
          </Button>
          <Button onClick={onSign} disabled={!disclosure || isBusy}>
            Register {plain(name, 40)}
          </Button>
        </div>
      </div>
    </>
  );
}
