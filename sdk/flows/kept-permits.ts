/**
 * Permits that a device has given (002-24), kept sealed until they are used, or over and their drawers closed: a code that
 * was shown may have been read by its hospital, and the keys of drawers go along with it, also when no visit follows.
 */
import * as v from "valibot";

import type { Drafts } from "../adapters/drafts.js";
import { blockTime } from "../adapters/logs.js";
import { visitStateOf } from "../adapters/visits.js";
import { decodeCode, shortCodeOf } from "../core/code.js";
import { openWith, sealTo } from "../core/envelope.js";
import { AccountAddress, Hex32, paddedJson, parseJson, UnixTime } from "../core/json.js";
import { accountKeys } from "../core/keys.js";
import { visitIdOf, visitKeyFromJson, VisitKeySchema, visitKeyToJson, type VisitKey } from "../core/visit.js";
import { isSalusError } from "../errors.js";
import type { Address, Hex, ScopeId, VisitId } from "../types.js";
import { rootOf, type Session } from "./session.js";

/** A drawer whose keys up to an epoch went along with a permit. */
export interface GivenDrawer {
  scope: ScopeId;
  label: string;
  epoch: number;
}

/** A permit that was signed, and the codes that name it. The codes open nothing for anyone but the hospital. */
export interface GivenPermit {
  visit: VisitKey;
  visitId: VisitId;
  hospital: Address;
  /** The text of the QR. */
  code: string;
  /** To type, once `announcePermit` was sent: "XXXX-XXXX-X". */
  shortCode: string;
  /** Can be used up to this time, Unix seconds. */
  deadline: number;
  /** The visit ends before this time, Unix seconds. */
  until: number;
  /** Digest of the sealed keys. */
  sealedKey: Hex;
  /** The drawers that the visit may read. */
  given: GivenDrawer[];
}

/** Where a permit stands: it can be used, it was, or it ran out or was withdrawn. */
export type PermitState = "pending" | "used" | "over";

const KeptSchema = v.strictObject({
  v: v.literal(1),
  permits: v.array(
    v.strictObject({
      visits: AccountAddress,
      genesis: Hex32,
      visit: VisitKeySchema,
      code: v.pipe(v.string(), v.maxLength(80)),
      deadline: UnixTime,
      until: UnixTime,
      sealedKey: Hex32,
      given: v.array(
        v.strictObject({
          scope: Hex32,
          label: v.pipe(v.string(), v.maxLength(60)),
          epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        }),
      ),
    }),
  ),
});

/** Where permits stand now, in their order. */
export async function statesOf({ chain }: Session, permits: readonly GivenPermit[]): Promise<PermitState[]> {
  const now = await blockTime(chain);
  return Promise.all(
    permits.map(async ({ visitId, deadline }) => {
      const { status } = await visitStateOf(chain, visitId);
      if (status === "open" || status === "ended") return "used";
      return status === "none" && deadline >= now ? "pending" : "over";
    }),
  );
}

/** The tail of each account's changes: a list that is being cleared mustn't lose a permit that is just given. */
const changes = new Map<Address, Promise<unknown>>();

/**
 * Does one thing after another over all tabs of a browser (Web Locks), whose storage they share. Node has no such lock, or
 * one within the process only: there `changes` orders what a process does.
 */
function alone<T>(account: Address, act: () => Promise<T>): Promise<T> {
  const { navigator: browser } = globalThis as { navigator?: { locks?: LockManager } };
  return browser?.locks ? browser.locks.request(`salus-permits/${account}`, act) : act();
}

/** Changes what is kept, one change after another. @returns what is kept then */
export function changeKept(
  session: Session,
  kept: Drafts,
  change: (permits: GivenPermit[]) => GivenPermit[] | Promise<GivenPermit[]>,
): Promise<GivenPermit[]> {
  const inTurn = async () => {
    const before = await loadKept(session, kept);
    const after = await change(before);
    if (after.length !== before.length) await save(session, kept, after);
    return after;
  };
  const run = () => alone(session.account, inTurn);
  const turn = (changes.get(session.account) ?? Promise.resolve()).then(run, run);
  changes.set(
    session.account,
    turn.catch(() => undefined),
  );
  return turn;
}

/** The permits of this deployment. Those of others, which a test chain leaves behind, are dropped with the next save. */
export async function loadKept(session: Session, kept: Drafts): Promise<GivenPermit[]> {
  const file = await kept.load();
  if (!file) return [];
  const secretKey = accountKeys(rootOf(session)).secretKey;
  const { genesisHash, contracts } = session.chain.deployment;
  try {
    const { permits } = parseJson(KeptSchema, await openWith(file, secretKey), "permits");
    return permits
      .filter(({ genesis, visits }) => genesis === genesisHash && visits === contracts.visits)
      .map(({ visit: key, code, deadline, until, sealedKey, given }) => {
        const visit = visitKeyFromJson(key);
        const shortCode = shortCodeOf(decodeCode(code, "visit"));
        const { hospital } = visit;
        return { visit, visitId: visitIdOf(visit), hospital, code, shortCode, deadline, until, sealedKey, given };
      });
  } catch (error) {
    // Another root's, or damaged: there is nothing that could be done with it.
    if (isSalusError(error)) return [];
    throw error;
  }
}

async function save(session: Session, kept: Drafts, permits: readonly GivenPermit[]): Promise<void> {
  if (permits.length === 0) return kept.remove();
  const { genesisHash: genesis, contracts } = session.chain.deployment;
  const entries = permits.map(({ visit, code, deadline, until, sealedKey, given }) => ({
    visits: contracts.visits,
    genesis,
    visit: visitKeyToJson(visit),
    code,
    deadline,
    until,
    sealedKey,
    given: given.map(({ scope, label, epoch }) => ({ scope, label, epoch })),
  }));
  const file = paddedJson({ v: 1, permits: entries } satisfies v.InferInput<typeof KeptSchema>);
  await kept.save(await sealTo(file, [accountKeys(rootOf(session)).publicKey]));
}
