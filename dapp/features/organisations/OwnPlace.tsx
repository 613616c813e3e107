/** The reader's own accreditation: as what, by whom, until when, why it doesn't count if it doesn't, giving it up. */
import { Button } from "@mantine/core";
import { IconBinaryTree2, IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Link } from "react-router";

import type { Branch, Member } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { useConfig } from "../../lib/connection.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, day, plain } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { nameOf, roleWords } from "./members.js";
import { StandingMark } from "./MemberRow.js";
import css from "./organisations.module.css";
import { RevokePanel } from "./RevokePanel.js";
import { giveUp } from "./revokeMember.js";

/** Who vouches for the reader. */
const voucherOf = ({ above }: Branch) => (above[0] ? plain(nameOf(above[0])) : "the operator");

/** Why the accreditation doesn't count, and what to do; nothing while it does. */
export function WhyNot({ branch }: { branch: Branch }) {
  const { self, above } = branch;
  if (!self || self.standing.state === "valid") return null;
  const { standing } = self;
  const voucher = voucherOf(branch);
  if (standing.state === "expired") {
    return (
      <Notice tone="attention" title={`Your accreditation ran out ${day(self.until)}.`}>
        Nothing is lost. Ask {voucher} to renew it; whoever you accredited counts again with you.
      </Notice>
    );
  }
  if (standing.state === "revoked") {
    const isOwn = standing.by === self.account;
    return (
      <Notice tone="danger" title={isOwn ? "You gave your accreditation up." : "Your accreditation was revoked."}>
        What you published until then stays. Only {voucher} can accredit you again, and whoever you accredited has to be
        accredited anew.
      </Notice>
    );
  }
  const fallen = above.find(({ account }) => account === standing.account);
  const who = fallen ? plain(nameOf(fallen)) : "An organisation above you";
  return (
    <Notice tone="danger" title={`You lost every right with ${who}.`}>
      {standing.why === "expired"
        ? `Its accreditation ran out. As soon as it is renewed, yours counts again.`
        : standing.why === "revoked"
          ? `It was revoked, and so was everyone below it. Once it is accredited again, ask ${voucher} to accredit you anew.`
          : `It was revoked and accredited anew, which brings nobody back by itself. Ask ${voucher} to accredit you again.`}
    </Notice>
  );
}

/** The row of the reader's own place. */
export function OwnPlace({ branch }: { branch: Branch }) {
  const { self, isRoot } = branch;
  if (isRoot) {
    return (
      <Section title="Your place">
        <Rows label="Your place">
          <Row
            icon={<RowIcon icon={IconBinaryTree2} tone="brand" />}
            what="The top of the tree"
            detail="You accredit and revoke civil registries, health authorities and insurers. That is all you can do: no document, no policy and no registration passes you."
          />
        </Rows>
      </Section>
    );
  }
  return self && <Own own={self} branch={branch} />;
}

function Own({ own, branch }: { own: Member; branch: Branch }) {
  const session = useOpenSession();
  const { services } = useConfig();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const transactions = useTransactions(`organisations/${own.account}`);
  const isBusy = transactions.some(isUnderWay);
  const voucher = voucherOf(branch);
  const isOver = own.standing.state === "revoked";
  // The authority's service takes nobody back by licence whom somebody above has revoked.
  const isBarred = own.standing.state === "revoked" && own.standing.by !== own.account;
  const hasLicence = services.authority !== undefined && branch.above[0]?.role === "health authority" && !isBarred;
  return (
    <Section title="Your place">
      <Rows label="Your place">
        <Row
          icon={<RowIcon icon={IconRosetteDiscountCheck} {...(own.standing.state === "valid" && { tone: "brand" })} />}
          what={plain(nameOf(own))}
          detail={
            <>
              {roleWords(own)}. {capital(voucher)} {own.standing.state === "valid" ? "vouches" : "vouched"} for it.
              Everyone can read this name beside <span className="digest">{own.account}</span>
            </>
          }
          side={
            <>
              <StandingMark member={own} />
              <div className={css.buttons}>
                {hasLicence && (
                  <Button variant="subtle" component={Link} to="/organisations/register">
                    Renew by licence
                  </Button>
                )}
                {!isOver && (
                  <Button
                    ref={opener}
                    variant="subtle"
                    color="danger"
                    disabled={isBusy}
                    aria-expanded={isOpen}
                    onClick={() => setOpen(!isOpen)}
                  >
                    Give it up
                  </Button>
                )}
              </div>
            </>
          }
          under={
            isOpen && !isOver ? (
              <RevokePanel
                member={own}
                parentName={voucher}
                isOwn
                onClose={() => {
                  setOpen(false);
                  opener.current?.focus();
                }}
                onSign={() => {
                  setOpen(false);
                  void giveUp(session, own);
                }}
              />
            ) : (
              transactions.length > 0 && <TransactionNotices transactions={transactions} />
            )
          }
        />
      </Rows>
    </Section>
  );
}
