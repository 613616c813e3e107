/** Giving a record up: what is shown and what is signed stand together. */
import type { Deregistered, Disclosure, PatientId } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** What giving up tells whom, and what it can't undo. */
export async function discloseLeaving(patientId: PatientId): Promise<Disclosure> {
  const { discloseDeregistration } = await loadSdk();
  return discloseDeregistration({ patientId });
}

/** The tombstone on the chain, then the storage is asked to forget. Told to `onDone`, at whichever attempt. */
export async function leave(
  session: OwnSession,
  patientId: PatientId,
  onDone: (done: Deregistered) => void,
): Promise<void> {
  const about = { topic: "account/leave", title: "Giving your record up", account: session.account };
  await transact(about, async ({ onStatus }) => {
    const { deregister } = await loadSdk();
    onDone(await deregister(session, patientId, { onStatus }));
  });
}
