/** The recovery sheet of who is registered, made anew from chain and storage. */
import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { RecoverySheetView } from "../../components/recovery/RecoverySheetView.js";
import { SkeletonRows } from "../../components/Rows.js";
import { useIdentity } from "../../lib/identity.js";
import { useSessionQuery } from "../../lib/queries.js";
import { recoveryOf } from "./recovery.js";

/** Shows the sheet. */
export default function RecoveryPage() {
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId ?? null;
  const sheet = useSessionQuery(
    ["opened", "recovery", patientId],
    (sdk, session) => recoveryOf(sdk, session, patientId ?? "0x"),
    patientId !== null,
  );
  return (
    <Page
      back={{ to: "/account", label: "Account" }}
      title="Your recovery sheet"
      sentence="With it and your passphrase you get back in, whatever happens to this device. It names nobody."
    >
      {sheet.error && <ErrorNotice error={sheet.error} retry={() => void sheet.refetch()} />}
      {sheet.isPending && <SkeletonRows label="the recovery sheet" />}
      {sheet.data && <RecoverySheetView sheet={sheet.data} />}
    </Page>
  );
}
