/** What a bill needs to know of its visit, from the events of `Visits`, `Orders` and `Records`. */
import { visitIdOf, type VisitKey } from "../core/visit.js";
import { SalusError } from "../errors.js";
import type { Address, PatientId, RecordId, VisitId } from "../types.js";
import type { Chain } from "./chain.js";
import type { BilledRecord } from "./claims.js";
import { eventsOf, logsAbout } from "./logs.js";
import { placedOrders } from "./orders.js";
import { recordsOf } from "./records.js";

/** The keys of visits: those of a hospital, or these. @throws CHAIN_UNREACHABLE */
export async function visitKeysOf(
  chain: Chain,
  by: { hospital: Address } | { visitIds: readonly VisitId[] },
): Promise<Map<VisitId, VisitKey>> {
  const { visits } = chain;
  const opened =
    "hospital" in by
      ? (await eventsOf(chain, visits, visits.filters.VisitOpened(undefined, by.hospital))).map(({ args }) => args)
      : (await logsAbout(chain, visits, by.visitIds)).flatMap((log) => {
          const parsed = visits.interface.parseLog(log);
          return parsed?.name === "VisitOpened" ? [parsed.args as unknown as OpenedArgs] : [];
        });
  const keys = opened.map(({ patientId, hospital, nonce }: OpenedArgs) => ({
    patientId: patientId as PatientId,
    hospital: hospital as Address,
    nonce,
  }));
  return new Map(keys.map((key) => [visitIdOf(key), key]));
}

/** The key of a visit that was opened. @throws VISIT_UNKNOWN, CHAIN_UNREACHABLE */
export async function visitKeyOf(chain: Chain, visitId: VisitId): Promise<VisitKey> {
  const key = (await visitKeysOf(chain, { visitIds: [visitId] })).get(visitId);
  if (!key) throw new SalusError("VISIT_UNKNOWN", { visitId });
  return key;
}

/**
 * Proves that these records are the visit's: each was written in it, or reports on an order of it.
 * @throws NotOfVisit, CHAIN_UNREACHABLE
 */
export async function billedRecordsOf(
  chain: Chain,
  visitId: VisitId,
  recordIds: readonly RecordId[],
): Promise<BilledRecord[]> {
  const { records } = chain;
  return Promise.all(
    recordIds.map(async (recordId) => {
      const refusal = new SalusError("NotOfVisit", { visitId, recordId });
      const [[written], [record]] = await Promise.all([
        eventsOf(chain, records, records.filters.RecordWrittenUnder(undefined, recordId)),
        recordsOf(chain, { recordId }),
      ]);
      if (!written || !record) throw refusal;
      const { context, nonce } = written.args;
      const order = context === visitId ? null : await orderOf(chain, visitId, context as RecordId);
      if (order === undefined) throw refusal;
      return { author: record.author, nonce, order };
    }),
  );
}

/** The arguments of `VisitOpened` that are its key. */
interface OpenedArgs {
  patientId: string;
  hospital: string;
  nonce: bigint;
}

/** An order of this visit, or undefined when it is another's. */
async function orderOf(chain: Chain, visitId: VisitId, orderId: RecordId): Promise<BilledRecord["order"] | undefined> {
  const [order] = await placedOrders(chain, { orderId });
  return order?.visitId === visitId ? { author: order.author, nonce: order.nonce } : undefined;
}
