/** The accreditation tree from where the reader stands: the same page for operator, authority, hospital and leaf. */
import type { Branch } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import { problemOf } from "../../lib/errors.js";
import { capital, count } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";
import { AddButton, MemberList } from "./MemberList.js";
import { sorted, type Level } from "./members.js";
import { OwnPlace, WhyNot } from "./OwnPlace.js";
import RegisterPage from "./RegisterPage.js";
import { levelOf, useBranch } from "./useBranch.js";

const TITLES: Record<Level, string> = {
  operator: "Organisations",
  authority: "Organisations",
  hospital: "Staff",
  other: "Accreditation",
};

/** The place "Organisations", or what it is called for who comes here. */
export default function OrganisationsPage() {
  const branch = useBranch();
  const transactions = useTransactions("organisations/");
  if (!branch.data) {
    return (
      <Page title="Organisations">
        {branch.error ? (
          <ErrorNotice error={branch.error} retry={() => void branch.refetch()} />
        ) : (
          <SkeletonRows label="who vouches for whom" />
        )}
      </Page>
    );
  }
  const { isRoot, self, members, mayAccredit } = branch.data;
  if (!isRoot && !self) return <RegisterPage />;
  const level = levelOf(branch.data);
  const isShownBelow = new Set([...members, ...(self ? [self] : [])].map(({ account }) => `organisations/${account}`));
  return (
    <Page
      title={TITLES[level]}
      sentence={sentenceOf(branch.data, level)}
      action={mayAccredit.length > 0 && <AddButton level={level} />}
    >
      <TransactionNotices transactions={transactions.filter(({ topic }) => !isShownBelow.has(topic))} />
      {problemOf(branch) !== null && <ErrorNotice error={branch.error} retry={() => void branch.refetch()} />}
      <WhyNot branch={branch.data} />
      {(level !== "other" || members.length > 0) && <MemberList branch={branch.data} level={level} />}
      <OwnPlace branch={branch.data} />
    </Page>
  );
}

/** What is true now. */
function sentenceOf({ self, members, mayAccredit }: Branch, level: Level): string {
  const { needing, present } = sorted(members, level);
  const valid = present.length + needing.filter(({ standing }) => standing.state === "valid").length;
  if (level === "other") {
    return self?.standing.state === "valid"
      ? "You are vouched for. Everyone can see by whom, and until when."
      : "Nobody vouches for this account now.";
  }
  if (mayAccredit.length === 0) return "You can't vouch for anybody now, and nobody below you counts.";
  const who = level === "hospital" ? count(valid, "account") : count(valid, "organisation");
  const soon =
    needing.length > 0
      ? ` ${capital(count(needing.length, "accreditation"))} ${needing.length === 1 ? "needs" : "need"} you.`
      : "";
  return `You vouch for ${who} now.${soon} Revoking one ends every right of whoever is below it, in the same block.`;
}
