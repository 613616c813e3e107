/** A patient who shares nothing with this account, or nothing more. */
import { IconHandStop } from "@tabler/icons-react";

import type { PatientId } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { useSessionQuery } from "../../lib/queries.js";
import { short } from "../../lib/text.js";

/** No grant, or no more: why, and what to do. */
export function Refused({ patientId }: { patientId: PatientId }) {
  const { data: grants } = useSessionQuery(["chain", "granted by", patientId], ({ grantsOf }, { chain, account }) =>
    grantsOf(chain, { patientId, grantee: account }),
  );
  const state = grants?.at(-1)?.state;
  return (
    <Page
      back={{ to: "/patients", label: "Patients" }}
      title={`Patient ${short(patientId)}`}
      sentence="You can't open or add anything here."
    >
      {grants && (
        <Notice
          tone="danger"
          icon={IconHandStop}
          live="status"
          title={
            state === "revoked"
              ? "The patient has stopped your access."
              : state === "expired"
                ? "Your access has run out."
                : "This patient shares nothing with you."
          }
        >
          The contract refuses it, and new documents are locked with a key that you don&apos;t have. If you need to read
          again, ask the patient to share anew.
        </Notice>
      )}
    </Page>
  );
}
