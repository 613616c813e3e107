/** What stands on a recovery sheet, gathered from the chain and the storage. */
import type { PatientId, RecoverySheet } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import type { loadSdk } from "../../lib/sdk.js";

/** The sheet of a patient whose account this is. @throws UnknownPatient, CONTENT_UNAVAILABLE, CHAIN_UNREACHABLE */
export async function recoveryOf(
  sdk: Awaited<ReturnType<typeof loadSdk>>,
  { chain, store, account }: OwnSession,
  patientId: PatientId,
): Promise<RecoverySheet> {
  const [patient, events, policies, digest] = await Promise.all([
    sdk.patientOf(chain, patientId),
    sdk.history({ chain, store }, patientId),
    sdk.policiesOf(chain, { patientId }),
    sdk.backupOf(chain, account),
  ]);
  const registered = events.find(({ kind }) => kind === "registered");
  if (!patient || !registered) throw new sdk.SalusError("UnknownPatient", { patientId });
  const file = digest ? await store.get(digest) : null;
  const { chainId, contracts } = chain.deployment;
  return {
    account,
    patientId,
    patientHash: patient.hash,
    transaction: registered.transactionHash,
    policyId: policies.find(({ status }) => status === "active")?.policyId ?? null,
    backup: file && { cid: (await sdk.computeCid(file)).cid, file },
    chainId,
    patients: contracts.patients,
  };
}
