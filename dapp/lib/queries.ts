/**
 * What screens read. Keys begin with "chain" for what a new block may change, and with "opened" for what was decrypted
 * and can't change; the latter is forgotten when another account takes over.
 */
import { useQueries, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { createContext, use } from "react";

import type {
  Access,
  AnchoredRecord,
  Drawer,
  Hex,
  Intent,
  IssuedPolicy,
  Manifest,
  Participant,
  PatientId,
  Reader,
  RecordId,
  SharingPatient,
  VerifiedHistory,
} from "../../sdk/index.js";
import { nameOf } from "./access.js";
import { useReader } from "./connection.js";
import type { OwnSession } from "./heavy.js";
import { limiter } from "./limit.js";
import { loadSdk } from "./sdk.js";
import { useSession } from "./session.js";
import { plain } from "./text.js";

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** A query that needs no account. */
export function useReaderQuery<T>(
  key: readonly unknown[],
  ask: (sdk: Sdk, reader: Reader) => Promise<T>,
  isEnabled = true,
): UseQueryResult<T> {
  const { data: reader } = useReader();
  return useQuery({
    queryKey: key,
    enabled: reader !== undefined && isEnabled,
    queryFn: async () => {
      if (!reader) throw new Error("not connected");
      return ask(await loadSdk(), reader);
    },
    staleTime: key[0] === "opened" ? Infinity : undefined,
  });
}

/** A query of the unlocked account. */
export function useSessionQuery<T>(
  key: readonly unknown[],
  ask: (sdk: Sdk, session: OwnSession) => Promise<T>,
  isEnabled = true,
): UseQueryResult<T> {
  const { session, isUnlocked } = useSession();
  return useQuery({
    queryKey: key,
    enabled: session !== null && isUnlocked && isEnabled,
    queryFn: async () => {
      if (!session) throw new Error("not connected");
      return ask(await loadSdk(), session);
    },
    staleTime: key[0] === "opened" ? Infinity : undefined,
  });
}

/** A list as it was read, with the head that the contract stored then if the list changes with nothing else. */
interface ReadList {
  head: Hex | null;
  records: AnchoredRecord[];
}

const recordsIn = ({ records }: ReadList) => records;

/** The records of a patient that this account may open, oldest first. */
export function useRecords(patientId: PatientId | null | undefined): UseQueryResult<AnchoredRecord[]> {
  const { session, isUnlocked } = useSession();
  const queryClient = useQueryClient();
  const queryKey = ["chain", "records", patientId];
  return useQuery({
    queryKey,
    enabled: session !== null && isUnlocked && Boolean(patientId),
    queryFn: async (): Promise<ReadList> => {
      if (!session) throw new Error("not connected");
      const { headOf, patientOf, readableRecords } = await loadSdk();
      const id = patientId ?? "0x";
      const [current, patient] = await Promise.all([headOf(session.chain, id), patientOf(session.chain, id)]);
      // To a grantee, other records may be readable with every block; to the patient, none but new ones.
      const head = patient?.controller === session.account ? current : null;
      // What was read before stands with its head: a reading that was given up leaves nothing behind.
      const before = queryClient.getQueryData<ReadList>(queryKey);
      if (before && head !== null && before.head === head) return before;
      return { head, records: await readableRecords(session, id) };
    },
    select: recordsIn,
  });
}

/** All records of a patient, proved complete against the head that the contract stores. */
export function useVerifiedHistory(patientId: PatientId | null | undefined): UseQueryResult<VerifiedHistory> {
  const queryClient = useQueryClient();
  const queryKey = ["chain", "verified", patientId];
  return useReaderQuery(
    queryKey,
    async ({ headOf, verifyHistory }, reader) => {
      const head = await headOf(reader.chain, patientId ?? "0x");
      const before = queryClient.getQueryData<VerifiedHistory>(queryKey);
      return before?.head === head ? before : verifyHistory(reader, patientId ?? "0x");
    },
    Boolean(patientId),
  );
}

/** Each takes a dozen small requests; more at a time would starve what the person asks for. */
const opening = limiter(6);

/** Opens what a record says of itself, with keys that whoever shows the list has. */
export type ReadManifest = (sdk: Sdk, session: OwnSession, recordId: RecordId) => Promise<Manifest>;

/** How manifests are opened here. */
export const ManifestContext = createContext<ReadManifest>(({ readManifest }, session, recordId) =>
  readManifest(session, recordId),
);

/** Gives everything below another way to open manifests than that of a record's owner and grantees: a visit's. */
export const ManifestSource = ManifestContext.Provider;

/** How one record's manifest is asked for. */
export function manifestQuery(session: OwnSession | null, isUnlocked: boolean, recordId: RecordId, read: ReadManifest) {
  return {
    queryKey: ["opened", "manifest", recordId],
    enabled: session !== null && isUnlocked,
    staleTime: Infinity,
    // A row that is scrolled away before its turn gives it up.
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      opening(async () => {
        signal.throwIfAborted();
        if (!session) throw new Error("locked");
        return read(await loadSdk(), session, recordId);
      }),
  };
}

/** What one record says of itself. Asked for when a row of it is shown, so a long list fetches what is looked at. */
export function useManifest(recordId: RecordId): UseQueryResult<Manifest> {
  const { session, isUnlocked } = useSession();
  return useQuery(manifestQuery(session, isUnlocked, recordId, use(ManifestContext)));
}

/** What each of these records says of itself, opened a few at a time in this order. */
export function useManifests(records: readonly AnchoredRecord[]): ReadonlyMap<string, UseQueryResult<Manifest>> {
  const { session, isUnlocked } = useSession();
  const read = use(ManifestContext);
  const results = useQueries({
    queries: records.map(({ recordId }) => manifestQuery(session, isUnlocked, recordId, read)),
  });
  return new Map(records.map(({ recordId }, i) => [recordId, results[i] as UseQueryResult<Manifest>]));
}

/** The patient's own drawers that are open. */
export function useDrawers(patientId: PatientId | null | undefined): UseQueryResult<Drawer[]> {
  return useSessionQuery(
    ["chain", "drawers", patientId],
    ({ ownDrawers }, session) => ownDrawers(session, patientId ?? "0x"),
    Boolean(patientId),
  );
}

/** Who has or had access, newest first. */
export function useAccesses(patientId: PatientId | null | undefined): UseQueryResult<Access[]> {
  return useSessionQuery(
    ["chain", "access", patientId],
    ({ accessOf }, session) => accessOf(session, patientId ?? "0x"),
    Boolean(patientId),
  );
}

/** Drawers whose lock should change, because somebody's access has run out, a visit is over, or a permit was never used. */
export function useDrawersToClose(patientId: PatientId | null | undefined): UseQueryResult<Drawer[]> {
  return useSessionQuery(
    ["chain", "to close", patientId],
    async ({ drawersToClose, idbPermits }, session) =>
      drawersToClose(session, patientId ?? "0x", await idbPermits(session.account)),
    Boolean(patientId),
  );
}

/** Documents that were on their way when something cut them off. */
export function useIntents(): UseQueryResult<Intent[]> {
  const { session } = useSession();
  return useSessionQuery(["chain", "intents", session?.account], async ({ pending, recordsOf, resume }, own) => {
    const waiting: Intent[] = [];
    for (const intent of await pending(own)) {
      const [anchored] = await recordsOf(own.chain, { recordId: intent.recordId });
      // A reload came between the chain's answer and ours: it only has to be crossed out, which asks nobody.
      if (anchored) await resume(own, intent);
      else waiting.push(intent);
    }
    return waiting;
  });
}

/** Everyone who is accredited now. */
export function useParticipants(): UseQueryResult<Participant[]> {
  return useReaderQuery(["chain", "participants"], ({ listParticipants }, reader) => listParticipants(reader));
}

/** The accreditation and name of an account, null when it never had any. */
export function useParticipant(account: `0x${string}` | null | undefined): UseQueryResult<Participant | null> {
  return useReaderQuery(
    ["chain", "participant", account],
    ({ participantOf }, reader) => participantOf(reader, account ?? "0x"),
    Boolean(account),
  );
}

/** What to call who accredited somebody; undefined when nobody did. */
export function useVoucherName(participant: Participant | null | undefined): string | undefined {
  const { data: voucher = null } = useParticipant(participant?.parent);
  return participant ? plain(nameOf(voucher, participant.parent)) : undefined;
}

/** The account that acts for a patient. */
export function useController(patientId: PatientId): UseQueryResult<`0x${string}` | null> {
  return useReaderQuery(["chain", "controller", patientId], async ({ patientOf }, { chain }) => {
    const patient = await patientOf(chain, patientId);
    return patient?.controller ?? null;
  });
}

/** Policies of a patient or of an insurer, oldest first. */
export function usePolicies(
  by: { patientId: PatientId } | { insurer: `0x${string}` } | null,
): UseQueryResult<IssuedPolicy[]> {
  return useReaderQuery(
    ["chain", "policies", by],
    ({ policiesOf }, { chain }) => policiesOf(chain, by ?? {}),
    by !== null,
  );
}

/** The plan's name of a policy. It never changes. */
export function usePolicyTitle(policy: Pick<IssuedPolicy, "offer"> | undefined): UseQueryResult<string> {
  return useReaderQuery(
    ["opened", "policy title", policy?.offer],
    ({ readTitle }, reader) => readTitle(reader, { offer: policy?.offer ?? "0x" }),
    policy !== undefined,
  );
}

/** The patients who share something with this account now. */
export function useSharingPatients(): UseQueryResult<SharingPatient[]> {
  const { session } = useSession();
  return useSessionQuery(["chain", "sharing", session?.account], ({ sharingPatients }, own) => sharingPatients(own));
}
