/** What has to be so before a page is shown: connected, set up, unlocked, registered. One step is asked at a time. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, Navigate, useLocation } from "react-router";

import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { Card, SkeletonRows } from "../../components/Rows.js";
import { useChainState } from "../../lib/connection.js";
import { useIdentity } from "../../lib/identity.js";
import { useSession } from "../../lib/session.js";
import { SetUpScreen } from "./SetUpScreen.js";
import { UnlockScreen } from "./UnlockScreen.js";

/** Shows `children` once what they need is there: an account, its open key, or a registered patient's open key. */
export default function Gate({ needs, children }: { needs: "account" | "key" | "patient"; children: ReactNode }) {
  const { connected, isRestoring, session, isUnlocked } = useSession();
  const identity = useIdentity();
  const chain = useChainState();
  const { pathname, search } = useLocation();

  if (!connected) {
    if (isRestoring) return <SkeletonRows label="your account" />;
    return <Navigate to={`/connect?then=${encodeURIComponent(pathname + search)}`} replace />;
  }
  if (needs === "account") return children;
  if (identity.error && chain.state === "up") {
    return <ErrorNotice error={identity.error} retry={() => void identity.refetch()} />;
  }
  if (!identity.data || !session) return <SkeletonRows label="your account" />;
  if (!identity.data.key) return <SetUpScreen />;
  if (!isUnlocked) return <UnlockScreen />;
  if (needs === "patient" && !identity.data.patientId) return <NotRegistered />;
  return children;
}

function NotRegistered() {
  return (
    <Page title="No record yet" sentence="This account is set up, but it isn't registered as a patient.">
      <Card>
        <p>
          A civil registry confirms once who you are, and signs for it. Then you get a pseudonym, and your record
          begins. The command line does this: <code>npm run salus -- register</code>. If you came to look after
          patients, go to <Link to="/patients">Patients</Link>.
        </p>
        <Button component={Link} to="/account" variant="default" mt={16}>
          Switch account
        </Button>
      </Card>
    </Page>
  );
}
