/** What a patient does with a permit (002-24). */
import type { GivenPermit, PreparedPermit } from "../../../sdk/index.js";
import { visitTopic } from "../../components/visit/CloseVisit.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Signs the permit and stores it, sealed to the hospital. Nothing goes to the chain. */
export async function give(session: OwnSession, prepared: PreparedPermit): Promise<GivenPermit> {
  const { givePermit, idbPermits } = await loadSdk();
  return givePermit(session, prepared, await idbPermits(session.account));
}

/** Tells the hospital on the chain where the permit is, so that its short code can be typed. */
export function announce(session: OwnSession, given: GivenPermit): Promise<unknown> {
  const about = { topic: visitTopic(given.visitId), title: "A code to type", account: session.account };
  return transact(about, async ({ onStatus }) => (await loadSdk()).announcePermit(session, given, { onStatus }));
}

/** Makes the permit worthless. @returns null when it didn't come through */
export function withdraw(session: OwnSession, given: GivenPermit): Promise<unknown> {
  const about = { topic: visitTopic(given.visitId), title: "Withdrawing the code", account: session.account };
  return transact(about, async ({ onStatus }) => {
    const { idbPermits, withdrawPermit } = await loadSdk();
    return withdrawPermit(session, given, await idbPermits(session.account), { onStatus });
  });
}
