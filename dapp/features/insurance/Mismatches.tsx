/** What patients reported about an insurer's copies: each with both digests, and where it stands on the chain. */
import { IconFileAlert } from "@tabler/icons-react";
import { useState } from "react";

import type { MismatchReport, PolicyId } from "../../../sdk/index.js";
import proof from "../../components/Proof.module.css";
import { Facts, Row, RowIcon, Rows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { useReaderQuery } from "../../lib/queries.js";
import { day, short } from "../../lib/text.js";

/** A few at first: this list only grows. */
const FEW = 5;

/** The latest first. @param pathOf where a policy is shown */
export function Mismatches({
  reports,
  pathOf,
}: {
  reports: readonly MismatchReport[];
  pathOf: (policyId: PolicyId) => string;
}) {
  const [isAll, setAll] = useState(false);
  const latest = reports.toReversed();
  return (
    <>
      <Rows label="Mismatches reported" tone="attention">
        {latest.slice(0, isAll ? undefined : FEW).map((report) => (
          <ReportRow key={`${report.transactionHash}/${report.logIndex}`} report={report} pathOf={pathOf} />
        ))}
      </Rows>
      {latest.length > FEW && !isAll && (
        <div>
          <button type="button" className={ui.link} onClick={() => setAll(true)}>
            Show all {latest.length}
          </button>
        </div>
      )}
    </>
  );
}

function ReportRow({ report, pathOf }: { report: MismatchReport; pathOf: (policyId: PolicyId) => string }) {
  const { data: time } = useReaderQuery(["opened", "block time", report.blockNumber], ({ chainTime }, { chain }) =>
    chainTime(chain, report.blockNumber),
  );
  return (
    <Row
      icon={<RowIcon icon={IconFileAlert} tone="attention" />}
      what={`${short(report.patientId)} says: my copy is another`}
      detail={`About policy ${short(report.policyId)}${time === undefined ? "" : `, ${day(time)}`}`}
      to={pathOf(report.policyId)}
      under={
        <details className={proof.proof}>
          <summary>Proof</summary>
          <Facts
            facts={[
              ["The insurer's", <code key="i">{report.insurers}</code>],
              ["The patient's", <code key="p">{report.patients}</code>],
              ["Policy", <code key="o">{report.policyId}</code>],
              ["Transaction", <code key="t">{report.transactionHash}</code>],
              ["Block", report.blockNumber],
            ]}
          />
        </details>
      }
    />
  );
}
