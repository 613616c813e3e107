/** Prescribing: U_P, for a pharmacy, with its repeats counted on the chain (002-13, 002-28). */
import { EMPTY_PRESCRIPTION, readPrescription, type PrescriptionDraft } from "../../components/fhir/drafts.js";
import { PrescriptionForm } from "../../components/fhir/PrescriptionForm.js";
import { loadSdk } from "../../lib/sdk.js";
import { OrderPanel } from "./OrderPanel.js";
import type { Writing } from "./writing.js";

/** The form, who is to dispense it, until when, and what signing it tells whom. */
export function PrescriptionPanel(props: Writing) {
  return (
    <OrderPanel<PrescriptionDraft, ReturnType<typeof readPrescription>["written"]>
      {...props}
      name="prescription"
      role="pharmacy"
      act="Prescribe it"
      empty={EMPTY_PRESCRIPTION}
      Form={PrescriptionForm}
      read={readPrescription}
      fills={({ fills }) => fills}
      document={async (written, { until, ...of }) => {
        const { fhir } = await loadSdk();
        return fhir.writeFhir(fhir.medicationRequest({ ...of, ...written, until }));
      }}
    />
  );
}
