/** One account below the reader's: what it is, how it stands, and what can be done about it. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

import type { Branch, Member } from "../../../sdk/index.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Mark, Row } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import type { Placement } from "../../components/VirtualRows.js";
import ui from "../../components/ui.module.css";
import { useOpenSession } from "../../lib/session.js";
import { count, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { renewMember } from "./accreditMember.js";
import { nameOf, roleWords, standingWords } from "./members.js";
import css from "./organisations.module.css";
import { RenewPanel } from "./RenewPanel.js";
import { RevokePanel } from "./RevokePanel.js";
import { revokeMember } from "./revokeMember.js";
import { parentNameOf } from "./useBranch.js";

const MARKS = { brand: IconCircleCheck, attention: IconAlertTriangle, danger: IconBan } as const;

/** How an accreditation stands, in a shape and a word. */
export function StandingMark({ member }: { member: Member }) {
  const { word, tone = "brand" } = standingWords(member);
  return (
    <Mark icon={MARKS[tone]} tone={tone}>
      {word}
    </Mark>
  );
}

/** A row with its panels. */
export function MemberRow({ member, branch, placement }: { member: Member; branch: Branch; placement: Placement }) {
  const session = useOpenSession();
  const [panel, setPanel] = useState<"renew" | "revoke" | null>(null);
  const renewing = useRef<HTMLButtonElement>(null);
  const revoking = useRef<HTMLButtonElement>(null);
  const progress = useRef<HTMLDivElement>(null);
  const [isSigned, setSigned] = useState(false);
  const transactions = useTransactions(`organisations/${member.account}`);
  const isBusy = transactions.some(isUnderWay);
  useEffect(() => {
    // What was pressed is gone: the focus goes where it's told how far it is.
    if (isSigned) progress.current?.focus();
  }, [isSigned]);
  const { state } = member.standing;
  const name = plain(nameOf(member));
  const canAccredit = branch.mayAccredit.includes(member.role);
  const isAgain = state === "revoked" || state === "fallen";
  const toggle = (which: "renew" | "revoke") => {
    setSigned(false);
    setPanel(panel === which ? null : which);
  };
  const close = () => {
    setPanel(null);
    (panel === "renew" ? renewing : revoking).current?.focus();
  };
  const sign = (act: () => Promise<unknown>) => {
    setPanel(null);
    setSigned(true);
    void act();
  };
  const parentName = parentNameOf(branch);
  return (
    <Row
      {...placement}
      icon={<Avatar name={nameOf(member)} />}
      what={<PersonName name={member.name} id={member.account} source="accredited" />}
      detail={
        <>
          {roleWords(member)}
          {member.below > 0 && `, ${count(member.below, "account")} below it`}
        </>
      }
      side={
        <>
          <StandingMark member={member} />
          <div className={css.buttons}>
            {canAccredit && (
              <Button
                ref={renewing}
                variant="subtle"
                disabled={isBusy}
                aria-expanded={panel === "renew"}
                aria-label={`${isAgain ? "Accredit again:" : "Renew"} ${name}`}
                onClick={() => toggle("renew")}
              >
                {isAgain ? "Accredit again" : "Renew"}
              </Button>
            )}
            {!isAgain && (
              <Button
                ref={revoking}
                variant="subtle"
                color="danger"
                disabled={isBusy}
                aria-expanded={panel === "revoke"}
                aria-label={`Revoke ${name}`}
                onClick={() => toggle("revoke")}
              >
                Revoke
              </Button>
            )}
          </div>
        </>
      }
      under={
        panel === "revoke" ? (
          <RevokePanel
            member={member}
            parentName={parentName}
            onClose={close}
            onSign={() => sign(() => revokeMember(session, member.account))}
          />
        ) : panel === "renew" ? (
          <RenewPanel
            member={member}
            parentName={parentName}
            onClose={close}
            onSign={(until) => sign(() => renewMember(session, member.account, until))}
          />
        ) : (
          transactions.length > 0 && (
            <div ref={progress} tabIndex={-1} className={ui.panel}>
              <TransactionNotices transactions={transactions} />
            </div>
          )
        )
      }
    />
  );
}
