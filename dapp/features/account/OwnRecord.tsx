/** The record of the account that is open. What ends or moves it still needs it while the chain already says otherwise. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";

import type { PatientId } from "../../../sdk/index.js";
import { Page } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import type { OwnSession } from "../../lib/heavy.js";
import { useIdentity } from "../../lib/identity.js";
import { useSession } from "../../lib/session.js";

/** An open account and the patient that it acts for. */
export interface OwnRecord {
  session: OwnSession;
  patientId: PatientId;
}

/** The record, null unless it's open; and how to hold on to it through what ends it. */
export function useOwnRecord(): [OwnRecord | null, hold: (record: OwnRecord) => void] {
  const { session, isUnlocked } = useSession();
  const { data: identity } = useIdentity();
  const [held, hold] = useState<OwnRecord | null>(null);
  const patientId = identity?.patientId;
  return [held ?? (session && isUnlocked && patientId ? { session, patientId } : null), hold];
}

/** What is shown to whom has no open record. */
export function OpenFirst({ title }: { title: string }) {
  const { data: identity } = useIdentity();
  if (!identity) return <SkeletonRows label="your account" />;
  return (
    <Page
      back={{ to: "/account", label: "Account" }}
      title={title}
      sentence={
        identity.patientId
          ? "Your key is closed. Open your record first, then come back here."
          : "This account acts for no record."
      }
    >
      <div>
        <Button component={Link} to="/record">
          {identity.patientId ? "Open your record" : "Register"}
        </Button>
      </div>
    </Page>
  );
}
