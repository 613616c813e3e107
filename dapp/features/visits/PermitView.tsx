/** The code to show at a hospital's desk: as a QR, and as letters to type when no camera is at hand (002-24, 002-41). */
import { Button } from "@mantine/core";
import { useNavigate } from "react-router";

import type { GivenPermit } from "../../../sdk/index.js";
import { Code, ShortCode } from "../../components/code/Code.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { Page, Section } from "../../components/Page.js";
import { Card } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { visitTopic } from "../../components/visit/CloseVisit.js";
import { nameOf } from "../../lib/access.js";
import { useParticipant, useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, countdown, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { useNow } from "../../lib/useNow.js";
import { announce, withdraw } from "./permit.js";
import css from "./visits.module.css";

/** The page of a permit that waits. */
export function PermitView({ given }: { given: GivenPermit }) {
  const { data: hospital = null } = useParticipant(given.hospital);
  const name = plain(nameOf(hospital, given.hospital));
  const left = given.deadline - useNow();
  const transactions = useTransactions(visitTopic(given.visitId));
  const isBusy = transactions.some(isUnderWay);
  return (
    <Page
      back={{ to: "/visits", label: "Visits" }}
      title={`Show this at ${name}`}
      sentence="It works once, and for this hospital only. Don't let anybody photograph it: shown at that desk it opens a visit in your name."
    >
      <Card>
        <div className={css.permit}>
          <Code text={given.code} label={`QR code that lets ${name} open a visit with you`} />
          <p className={css.left}>
            {left > 0 ? (
              <>
                Works for another <strong role="timer">{countdown(left)}</strong>, until {clock(given.deadline)}
              </>
            ) : (
              <strong>Its time is over. Make a new one.</strong>
            )}
          </p>
          <p className={css.hint} role="status">
            Waiting for {name}. This page goes on by itself.
          </p>
        </div>
      </Card>
      <TransactionNotices transactions={transactions.filter(({ status }) => status.state !== "final")} />
      <TypedCode given={given} name={name} isBusy={isBusy} />
      <Withdrawal given={given} name={name} isBusy={isBusy} />
    </Page>
  );
}

/** The short code. It finds the permit only once the chain says where it is, which everybody can see. */
function TypedCode({ given, name, isBusy }: { given: GivenPermit; name: string; isBusy: boolean }) {
  const session = useOpenSession();
  const expander = useExpander();
  const announced = useReaderQuery(
    ["chain", "announced", given.visitId],
    async ({ announcedPermits, decodeCode }, { chain }) =>
      (await announcedPermits(chain, given.hospital)).includes(decodeCode(given.code, "visit")),
  );
  return (
    <Section title="No camera there?">
      <Card>
        {announced.data ? (
          <div className={css.typed}>
            <ShortCode code={given.shortCode} />
            <p className={css.hint}>Read it out at the desk of {name}, or let them see it. Nobody else can use it.</p>
          </div>
        ) : (
          <>
            <div className={ui.foot}>
              <p className={ui.footNote}>Nine letters and digits can be typed instead of scanning.</p>
              <ExpanderButton expander={expander} variant="default" disabled={isBusy}>
                A code to type
              </ExpanderButton>
            </div>
            <ExpanderPanel expander={expander} label="A code to type" className={css.panel}>
              <p>
                The letters stand for something longer, and {name} finds it through the chain. So everyone can see now
                that your pseudonym&apos;s account made a code for {name}, which they would otherwise see when the visit
                is opened. One signature.
              </p>
              <div className={ui.actions}>
                <Button variant="default" onClick={expander.close}>
                  Not now
                </Button>
                <Button
                  onClick={() => {
                    expander.close();
                    void announce(session, given);
                  }}
                >
                  Make it findable
                </Button>
              </div>
            </ExpanderPanel>
          </>
        )}
      </Card>
    </Section>
  );
}

function Withdrawal({ given, name, isBusy }: { given: GivenPermit; name: string; isBusy: boolean }) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const expander = useExpander();
  const { patientId } = given.visit;
  const disclosure = useDisclosure("withdrawal", { patientId, name }, ({ discloseWithdrawal }) =>
    discloseWithdrawal({ patientId }, { hospitalName: name }),
  );
  return (
    <Section title="Changed your mind?">
      <Card>
        <div className={ui.foot}>
          <p className={ui.footNote}>A code that nobody has used can be made worthless.</p>
          <ExpanderButton expander={expander} variant="default" color="danger" disabled={isBusy}>
            Withdraw it
          </ExpanderButton>
        </div>
        <ExpanderPanel expander={expander} label="Withdraw the code" className={css.panel}>
          <SignPanel
            question="Withdraw it for good?"
            disclosure={disclosure}
            who={name}
            note="To go there after all, make a new one."
            keep="Keep it"
            act="Withdraw the code"
            isDanger
            onClose={expander.close}
            onSign={async () => {
              const { href } = window.location;
              // Whoever has gone elsewhere meanwhile stays there.
              if ((await withdraw(session, given)) !== null && window.location.href === href) await navigate("/visits");
            }}
          />
        </ExpanderPanel>
      </Card>
    </Section>
  );
}
