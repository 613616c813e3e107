/** "Go to a hospital": which one, what it may read, for how long, who will know; then sign (002-24). */
import { useState } from "react";

import type { Address, Participant } from "../../../sdk/index.js";
import { Page } from "../../components/Page.js";
import { PersonSearch } from "../../components/PersonSearch.js";
import { PermitTerms } from "./PermitTerms.js";

/** One step after the other, on one page. */
export default function NewVisitPage() {
  const [hospital, setHospital] = useState<{ account: Address; participant: Participant | null } | null>(null);
  if (hospital) return <PermitTerms {...hospital} onBack={() => setHospital(null)} />;
  return (
    <Page
      back={{ to: "/visits", label: "Visits" }}
      title="Go to a hospital"
      sentence="Choose the hospital. You get a code to show at its desk; it works there only, and once."
    >
      <PersonSearch
        roles={["hospital"]}
        canPaste={false}
        onChoose={(account, participant) => setHospital({ account, participant })}
      />
    </Page>
  );
}
