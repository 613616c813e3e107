/** What a hospital does with a visit; each is one signature. */
import type { Address, ReadPermit, Visit, VisitId } from "../../../sdk/index.js";
import { visitTopic } from "../../components/visit/CloseVisit.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Opens the visit. @returns its id, or null when it didn't come through */
export function open(session: OwnSession, permit: ReadPermit): Promise<VisitId | null> {
  const about = { topic: visitTopic(permit.visitId), title: "Opening the visit", account: session.account };
  return transact(about, async ({ onStatus }) => {
    const { openVisit } = await loadSdk();
    return (await openVisit(session, permit, { onStatus })).visitId;
  });
}

/** Lets somebody of the hospital's own staff act in the visit. */
export function assign(session: OwnSession, { visitId }: Visit, account: Address): Promise<unknown> {
  const about = { topic: visitTopic(visitId), title: "Assigning", account: session.account };
  return transact(about, async ({ onStatus }) =>
    (await loadSdk()).assignMember(session, visitId, account, { onStatus }),
  );
}

/** Takes that back. */
export function unassign(session: OwnSession, { visitId }: Visit, account: Address): Promise<unknown> {
  const about = { topic: visitTopic(visitId), title: "Taking the assignment back", account: session.account };
  return transact(about, async ({ onStatus }) =>
    (await loadSdk()).unassignMember(session, visitId, account, { onStatus }),
  );
}
