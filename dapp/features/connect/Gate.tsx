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
import css from "./connect.module.css";
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
  if (needs === "patient" && !identity.data.patientId) return <NotRegistered hasKey={identity.data.key !== null} />;
  if (!identity.data.key) return <SetUpScreen />;
  if (!isUnlocked) return <UnlockScreen />;
  return children;
}

function NotRegistered({ hasKey }: { hasKey: boolean }) {
  return (
    <Page
      title="No record yet"
      sentence={
        hasKey
          ? "This account is set up, but it isn't registered as a patient."
          : "This account is new here: it has no key and no record yet."
      }
    >
      <Card>
        <p>
          A civil registry confirms once who you are, by your national id and a photo. Then you get a pseudonym, and
          your record begins. It takes about two minutes. If you came to look after patients, go to{" "}
          <Link to="/patients">Patients</Link>.
        </p>
        <div className={css.actions} style={{ marginBlockStart: 16 }}>
          <Button component={Link} to="/register">
            Register
          </Button>
          <Button component={Link} to="/connect" variant="default">
            Switch wallet
          </Button>
        </div>
      </Card>
    </Page>
  );
}
