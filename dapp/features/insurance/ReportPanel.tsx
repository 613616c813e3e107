/** Reporting a mismatch: what it is, what everyone will see for good, and the signature. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { IssuedPolicy, OwnCopies } from "../../../sdk/index.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Facts, SkeletonRows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useOpenSession } from "../../lib/session.js";
import css from "./insurance.module.css";
import { prepareReport, report } from "./reportMismatch.js";

/** @param copiesKey tells these copies from others */
export function ReportPanel({
  policy,
  insurerName,
  own,
  copiesKey,
}: {
  policy: IssuedPolicy;
  insurerName: string;
  own: Partial<OwnCopies>;
  copiesKey: string;
}) {
  const expander = useExpander();
  return (
    <div className={css.expander}>
      <ExpanderButton expander={expander} variant="default" color="danger">
        Report this mismatch
      </ExpanderButton>
      <ExpanderPanel expander={expander} label="Report this mismatch" className={css.panel}>
        <Report policy={policy} insurerName={insurerName} own={own} copiesKey={copiesKey} onClose={expander.close} />
      </ExpanderPanel>
    </div>
  );
}

function Report({
  policy,
  insurerName,
  own,
  copiesKey,
  onClose,
}: Parameters<typeof ReportPanel>[0] & { onClose: () => void }) {
  const session = useOpenSession();
  const prepared = useQuery({
    queryKey: ["disclosure", "mismatch", policy.policyId, copiesKey],
    queryFn: () => prepareReport(session, policy, own, insurerName),
  });
  return (
    <>
      <p>
        If {insurerName} handed you this file as your policy, you can say so on the chain. It changes nothing about the
        policy: you still decide whether to accept it. Ask {insurerName} first if it may have been an honest mistake.
      </p>
      {prepared.error && <ErrorNotice error={prepared.error} retry={() => void prepared.refetch()} />}
      {prepared.isPending && <SkeletonRows rows={1} label="what would be reported" />}
      {prepared.data && (
        <>
          <h3>What everyone sees</h3>
          <Facts
            facts={[
              ["Yours, both parts", <code key="y">{prepared.data.mismatch.patients}</code>],
              ["The insurer's", <code key="i">{prepared.data.mismatch.insurers}</code>],
            ]}
          />
          <h3>Before you sign: who will know what</h3>
          <WhoWillKnow
            disclosure={prepared.data.disclosure}
            grantee={insurerName}
            organisation="Those you share with"
          />
        </>
      )}
      <div className={ui.foot}>
        <p className={ui.footNote}>
          A report stays for good. Keep the file: only with it can you show what you were given.
        </p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onClose}>
            Don&apos;t report
          </Button>
          <Button
            color="danger"
            disabled={!prepared.data}
            onClick={() => {
              onClose();
              void report(session, policy, own);
            }}
          >
            Report it to everyone
          </Button>
        </div>
      </div>
    </>
  );
}
