/** New keys for drawers: what is shown and what is signed stand together. */
import type { Disclosure, Drawer, PatientId, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** What changing these locks tells whom. `readers` may open the drawers now, besides the patient. */
export async function discloseLocks(
  patientId: PatientId,
  drawers: readonly Drawer[],
  readers: readonly string[],
): Promise<Disclosure> {
  const { discloseClosing } = await loadSdk();
  return discloseClosing({ patientId, drawers: drawers.map(({ label }) => label), readers });
}

/** Changes the locks of drawers whose readers' time ran out. */
export function changeLocks(session: Session, patientId: PatientId, drawers: readonly Drawer[]): Promise<unknown> {
  return transact(
    { topic: "access/locks", title: "Changing locks", account: session.account },
    async ({ onStatus }) => {
      const { closeDrawers } = await loadSdk();
      return closeDrawers(session, patientId, drawers, { onStatus });
    },
  );
}

/** Gives drawers whose key on the chain isn't the patient's one that is. */
export function repairLocks(session: Session, patientId: PatientId, drawers: readonly Drawer[]): Promise<unknown> {
  return transact(
    { topic: "access/locks", title: "Repairing drawers", account: session.account },
    async ({ onStatus }) => {
      const { healDrawers } = await loadSdk();
      return healDrawers(session, patientId, drawers, { onStatus });
    },
  );
}
