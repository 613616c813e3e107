/** Registering: from nothing to a record of one's own, without help (002-01, 002-17 to 002-23). */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";

import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { Card, SkeletonRows } from "../../components/Rows.js";
import { useChainState, useConfig } from "../../lib/connection.js";
import type { OwnSession } from "../../lib/heavy.js";
import { useIdentity, type Identity } from "../../lib/identity.js";
import { useService, useServices } from "../../lib/services.js";
import { useSession } from "../../lib/session.js";
import { BeginStep } from "./BeginStep.js";
import { CardStep } from "./CardStep.js";
import { ConfirmStep } from "./ConfirmStep.js";
import { Discard } from "./Discard.js";
import { DoneStep } from "./DoneStep.js";
import { enrol, isBegun, useEnrolling, type Enrolling } from "./enrolling.js";
import { PersonStep } from "./PersonStep.js";
import { PhotoStep } from "./PhotoStep.js";
import { PolicyStep } from "./PolicyStep.js";
import { ResumeStep } from "./ResumeStep.js";
import { addressOf, furthestOf, shownStep } from "./steps.js";

/** Registers the connected account; sees to it first that there is one. */
export default function RegisterPage() {
  const { connected, isRestoring, session } = useSession();
  const identity = useIdentity();
  const chain = useChainState();
  if (!connected) {
    if (isRestoring) return <SkeletonRows label="your account" />;
    return <Navigate to="/connect?then=/register" replace />;
  }
  if (identity.error && chain.state === "up") {
    return <ErrorNotice error={identity.error} retry={() => void identity.refetch()} />;
  }
  if (!identity.data || !session) return <SkeletonRows label="your account" />;
  return <Registration key={session.account} session={session} identity={identity.data} />;
}

function Registration({ session, identity }: { session: OwnSession; identity: Identity }) {
  const { account } = session;
  const [enrolling, change] = useEnrolling(account);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const begun = useQuery({ queryKey: ["begun", account], queryFn: () => isBegun(session), staleTime: 0 });
  const { services } = useConfig();
  const { setRoot } = useSession();

  const opened = async (next: Enrolling) => {
    change(next);
    if (next.enrolment.enrolled) setRoot(next.root);
    await navigate(addressOf(furthestOf(next.enrolment, hasDetails(next))), { replace: true });
  };
  const discarded = async () => {
    change(null);
    await queryClient.resetQueries({ queryKey: ["begun", account] });
    await navigate("/register", { replace: true });
  };

  if (enrolling?.enrolment.enrolled) return <DoneStep enrolled={enrolling.enrolment.enrolled} />;
  if (begun.error) return <ErrorNotice error={begun.error} retry={() => void begun.refetch()} />;
  if (!enrolling && begun.data === undefined) return <SkeletonRows label="what was begun" />;
  if (!enrolling && begun.data) {
    return <ResumeStep session={session} onOpen={(next) => void opened(next)} onDiscard={() => void discarded()} />;
  }
  if (identity.patientId) return <RegisteredAlready />;
  if (services.registry === undefined) return <NoRegistry />;
  if (!enrolling) {
    return <BeginStep session={session} hasKey={identity.key !== null} onOpen={(next) => void opened(next)} />;
  }
  return (
    <Steps
      session={session}
      enrolling={enrolling}
      registryUrl={services.registry}
      onChange={change}
      onDiscard={() => void discarded()}
    />
  );
}

function Steps({
  session,
  enrolling,
  registryUrl,
  onChange,
  onDiscard,
}: {
  session: OwnSession;
  enrolling: Enrolling;
  registryUrl: string;
  onChange: (next: Partial<Enrolling>) => void;
  onDiscard: () => void;
}) {
  const [search] = useSearchParams();
  const { services } = useConfig();
  const { setRoot } = useSession();
  const registry = useService("registry", registryUrl);
  const insurers = useServices("insurer", services.insurers);
  const step = shownStep(search.get("step"), furthestOf(enrolling.enrolment, hasDetails(enrolling)));
  const props = { session, enrolling, onChange };
  const sign = () =>
    enrol(session, enrolling, (enrolled) => {
      onChange({ enrolment: { ...enrolling.enrolment, step: "done", enrolled } });
      // The record opens without asking for the passphrase once more.
      setRoot(enrolling.root);
    });
  if (!registry) return null;
  return (
    <>
      {step === "person" && <PersonStep {...props} registry={registry} />}
      {step === "photo" && <PhotoStep {...props} registry={registry} />}
      {step === "insurance" && <CardStep {...props} insurers={insurers} />}
      {step === "policy" && <PolicyStep {...props} />}
      {step === "confirm" && <ConfirmStep {...props} insurers={insurers} onSign={() => void sign()} />}
      <div style={{ marginBlockStart: 40 }}>
        <Discard session={session} onDiscard={onDiscard} />
      </div>
    </>
  );
}

function hasDetails({ typed, enrolment }: Enrolling): boolean {
  return enrolment.proof !== null || (typed.nationalId !== "" && typed.birthDate !== "");
}

function RegisteredAlready() {
  return (
    <Page
      title="You are registered"
      sentence="This account has a record already. A person has one, so there is nothing to do."
    >
      <div>
        <Button component={Link} to="/record">
          Go to your record
        </Button>
      </div>
    </Page>
  );
}

function NoRegistry() {
  return (
    <Page
      title="Register"
      sentence="No civil registry is connected to this page, so nobody can confirm here who you are."
    >
      <Card>
        <p>
          Ask whoever runs this page for one: its address belongs into <code>services.registry</code> of{" "}
          <code>salus.json</code>. With <code>npm start</code> on your own machine there is one to try with.
        </p>
      </Card>
    </Page>
  );
}
