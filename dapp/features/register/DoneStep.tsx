/** Registered: what to keep, and the way on. */
import { Button } from "@mantine/core";
import { Link } from "react-router";

import type { Enrolled } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { RecoverySheetView } from "../../components/recovery/RecoverySheetView.js";
import { Card, Facts } from "../../components/Rows.js";
import { useConfig } from "../../lib/connection.js";
import { short } from "../../lib/text.js";

/** H, transaction, pseudonym, and the recovery sheet. */
export function DoneStep({ enrolled }: { enrolled: Enrolled }) {
  const { deployment } = useConfig();
  const { patientId, patientHash, transaction, policyId } = enrolled;
  return (
    <Page
      title="You are registered"
      sentence={`Your record begins. On chain you are ${short(patientId)}. Nobody but the registry${policyId ? " and your insurer" : ""} can tell who that is.`}
      action={
        <Button component={Link} to="/record">
          Go to your record
        </Button>
      }
    >
      <Notice tone="attention" title="Print or keep the recovery sheet now.">
        With it and your passphrase you get back in, whatever happens to this device. You find it again under Account.
      </Notice>
      <Section title="Your recovery sheet">
        <RecoverySheetView
          sheet={{ ...enrolled, chainId: deployment.chainId, patients: deployment.contracts.patients }}
        />
      </Section>
      <Card>
        <details open>
          <summary>Proof</summary>
          <Facts
            facts={[
              ["Pseudonym", <code key="p">{patientId}</code>],
              ["H, hash of what is stored", <code key="h">{patientHash}</code>],
              ["Transaction", <code key="t">{transaction}</code>],
              ...(policyId ? [["Policy", <code key="i">{policyId}</code>] as const] : []),
            ]}
          />
        </details>
      </Card>
    </Page>
  );
}
