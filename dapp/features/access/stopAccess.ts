/** Stopping access: what is shown and what is signed stand together. */
import type { Access, Disclosure, PatientId, Session } from "../../../sdk/index.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** What stopping these grants of one grantee tells whom. */
export async function discloseStop(
  accesses: readonly Access[],
  granteeName: string,
  organisationName?: string,
): Promise<Disclosure | null> {
  const [first] = accesses;
  if (!first) return null;
  const { discloseRevocation } = await loadSdk();
  const movesDrawer = accesses.some(({ kind, grant }) => kind === "drawer" && grant.rights !== "write");
  return discloseRevocation(first.grant, { granteeName, organisationName, movesDrawer });
}

/** Stops these grants with one signature, and changes the locks of the drawers that could be read. */
export function stop(session: Session, patientId: PatientId, accesses: readonly Access[]): Promise<unknown> {
  const [first] = accesses;
  const topic = `access/${first?.grant.grantee ?? ""}`;
  return transact({ topic, title: "Stopping access", account: session.account }, async ({ onStatus }) => {
    const { stopAccess } = await loadSdk();
    return stopAccess(
      session,
      patientId,
      accesses.map(({ grant }) => grant),
      { onStatus },
    );
  });
}
