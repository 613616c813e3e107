/** An insurer's desk: what it has issued and where each stands, what patients reported, offering a policy. */
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";

import type { Address, IssuedPolicy } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { PolicyRow, recordPath } from "../../components/PolicyRow.js";
import { Empty, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { TransactionNotices } from "../../components/TransactionNotice.js";
import ui from "../../components/ui.module.css";
import { VirtualRows } from "../../components/VirtualRows.js";
import { problemOf } from "../../lib/errors.js";
import { usePolicies } from "../../lib/queries.js";
import { count } from "../../lib/text.js";
import { useTransactions } from "../../lib/transactions.js";
import { Mismatches } from "./Mismatches.js";
import { useInsurerRecord } from "./insurerRecord.js";

/** From this many policies on, a search field helps. */
const MANY = 8;

/** @param children what else the page holds */
export function InsurerDesk({ insurer, children }: { insurer: Address; children: ReactNode }) {
  const policies = usePolicies({ insurer });
  const record = useInsurerRecord(insurer);
  const transactions = useTransactions("insurance/issue");
  const [query, setQuery] = useState("");
  const all = policies.data?.toReversed() ?? [];
  const shown = all.filter(({ patientId, policyId }) => query === "" || matches(query, `${patientId} ${policyId}`));
  const reports = record.data?.mismatches.reports ?? [];
  return (
    <Page
      title="Insurance"
      sentence={policies.data && sentenceOf(all)}
      action={
        <Button component={Link} to="/insurance/issue">
          Offer a policy
        </Button>
      }
    >
      <TransactionNotices transactions={transactions} />
      {reports.length > 0 && (
        <Section
          title="Mismatches reported"
          hint="Patients who say that the copy that they hold isn't the one that you anchored. Everyone can see this."
        >
          <Mismatches reports={reports} pathOf={(id) => `/insurance/${id}`} />
        </Section>
      )}
      <Section
        title="Issued"
        hint="Patients are known here by their pseudonyms. Open a policy to propose a change, to renew or to end it."
        action={
          <Link className={ui.link} to={recordPath(insurer)}>
            Your public record
          </Link>
        }
      >
        {problemOf(policies) !== null && <ErrorNotice error={policies.error} retry={() => void policies.refetch()} />}
        {policies.isPending && <SkeletonRows label="policies" rows={2} />}
        {policies.data && all.length === 0 && (
          <Empty
            action={
              <Button component={Link} to="/insurance/issue">
                Offer a policy
              </Button>
            }
          >
            Policies that you offer will be listed here, with where each stands.
          </Empty>
        )}
        {all.length >= MANY && <Search label="Search by pseudonym or policy id" value={query} onChange={setQuery} />}
        {all.length > 0 && shown.length === 0 && (
          <Empty>No policy fits. Search by a part of a pseudonym or an id.</Empty>
        )}
        {shown.length > 0 && (
          <VirtualRows
            label="Policies"
            items={shown}
            keyOf={({ policyId }) => policyId}
            estimate={() => 78}
            render={(policy, placement) => (
              <PolicyRow
                key={policy.policyId}
                policy={policy}
                to={`/insurance/${policy.policyId}`}
                placement={placement}
              />
            )}
          />
        )}
      </Section>
      {children}
    </Page>
  );
}

function sentenceOf(all: readonly IssuedPolicy[]): string {
  const waiting = all.filter(({ status }) => status === "offered").length;
  const issued = count(all.length, "policy").replace("policys", "policies");
  const rest = "Nobody, you included, can alter one after it was accepted.";
  return waiting > 0
    ? `You have issued ${issued}; ${waiting} ${waiting === 1 ? "waits" : "wait"} for the patient's answer. ${rest}`
    : `You have issued ${issued}. ${rest}`;
}
