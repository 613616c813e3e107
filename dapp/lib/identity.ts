/** Who the connected account is: patient, participant, both or neither. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { Address, Participant, PatientId, PublishedKey } from "../../sdk/index.js";
import { useReader } from "./connection.js";
import { loadSdk } from "./sdk.js";
import { useSession } from "./session.js";

/** What the chain knows about an account. */
export interface Identity {
  account: Address;
  /** Null when the account hasn't been set up. */
  key: PublishedKey | null;
  /** Null when the account acts for no patient. */
  patientId: PatientId | null;
  /** Null when nobody accredited the account. */
  participant: Participant | null;
  /** Whether it is the operator's, at the top of the accreditation tree. */
  isRoot: boolean;
}

/** What the chain knows about the connected account. */
export function useIdentity(): UseQueryResult<Identity> {
  const { data: reader } = useReader();
  const { connected } = useSession();
  const account = connected?.account;
  return useQuery({
    queryKey: ["chain", "identity", account],
    enabled: reader !== undefined && account !== undefined,
    queryFn: async (): Promise<Identity> => {
      if (!reader || !account) throw new Error("not connected");
      const { keyOf, participantOf, patientIdOf, rootAccountOf } = await loadSdk();
      const [key, participant, root, patientId] = await Promise.all([
        keyOf(reader.chain, account),
        participantOf(reader, account),
        rootAccountOf(reader.chain),
        patientIdOf({ chain: reader.chain, account }).catch((error: unknown) => {
          if (error instanceof Error && "code" in error && error.code === "NOT_REGISTERED") return null;
          throw error;
        }),
      ]);
      return { account, key, participant, patientId, isRoot: root === account };
    },
  });
}

/** The name that the connected person goes by: decrypted here for a patient, from the accreditation for others. */
export function useOwnName(): { name: string; source: "decrypted" | "accredited" } | null {
  const { session, isUnlocked } = useSession();
  const { data: identity } = useIdentity();
  const patientId = identity?.patientId;
  const { data: name } = useQuery({
    queryKey: ["opened", "own name", patientId],
    enabled: session !== null && isUnlocked && patientId !== undefined && patientId !== null,
    staleTime: Infinity,
    queryFn: async () => {
      if (!session || !patientId) throw new Error("locked");
      const { readProfile } = await loadSdk();
      return (await readProfile(session, patientId)).identity.name;
    },
  });
  if (patientId && name) return { name, source: "decrypted" };
  return identity?.participant?.name ? { name: identity.participant.name, source: "accredited" } : null;
}
