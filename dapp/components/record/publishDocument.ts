/** Adds a document to a drawer: seals it here, stores the sealed file, anchors it. */
import type { Drawer, Intent, PatientId, Published } from "../../../sdk/index.js";
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";
import type { Draft } from "./guess.js";

/** The topic of what is added to a patient's record. */
export const recordTopic = (patientId: PatientId) => `record/${patientId}`;

/**
 * Publishes a draft. A drawer that isn't open yet is opened first, which takes one more signature.
 * @param drawer null when it isn't open yet, which only the patient can mend
 */
export function publishDocument(
  session: OwnSession,
  patientId: PatientId,
  drawer: Drawer | null,
  draft: Draft,
): Promise<Published | null> {
  return transact(about(session, patientId), async ({ onStatus, onProgress }) => {
    const { openDrawers, drawerByLabel } = await loadSdk();
    if (!drawer) await openDrawers(session, patientId, [draft.label]);
    const target = drawer ?? (await drawerByLabel(session, patientId, draft.label));
    return inWorker(session, "publish", { drawer: target, draft }, { onStatus, onProgress });
  });
}

/** Brings a document to its end that was cut off on its way. */
export function resumeDocument(session: OwnSession, intent: Intent): Promise<Published | null> {
  return transact(about(session, intent.patientId), (report) => inWorker(session, "resume", intent, report));
}

/** Gives up a document that was cut off on its way, and takes the sealed file out of the storage. */
export async function abandonDocument(session: OwnSession, intent: Intent): Promise<void> {
  const { abandon } = await loadSdk();
  await abandon(session, intent);
}

// What is cut off waits in the journal and is resumed from there.
const about = (session: OwnSession, patientId: PatientId) => ({
  topic: recordTopic(patientId),
  title: "Adding a document",
  account: session.account,
  isRetriable: false,
});
