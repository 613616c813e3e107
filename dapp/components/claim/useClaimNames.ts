/** Who is who in a claim. */
import type { Claim } from "../../../sdk/index.js";
import { nameOf } from "../../lib/access.js";
import { useParticipant } from "../../lib/queries.js";
import { plain } from "../../lib/text.js";
import type { ClaimNames } from "./ClaimStory.js";

/** The names by which hospital and insurer are accredited; short accounts until they are known. */
export function useClaimNames({ key, insurer }: Pick<Claim, "key" | "insurer">): ClaimNames {
  const { data: hospital = null } = useParticipant(key.hospital);
  const { data: payer = null } = useParticipant(insurer);
  return { hospital: plain(nameOf(hospital, key.hospital)), insurer: plain(nameOf(payer, insurer)) };
}
