/** The accreditation tree around an account, and which part of it needs somebody. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { Address, Branch, Member } from "../../sdk/index.js";
import { useReaderQuery } from "./queries.js";
import { secondsLeft } from "./text.js";

/** Accreditations that end within this are worth a look: 30 days. */
const SOON_S = 30 * 86_400;

/** An account's place in the tree: itself, those above and those below. */
export function useBranchOf(account: Address | null | undefined): UseQueryResult<Branch> {
  return useReaderQuery(
    ["chain", "branch", account],
    ({ branchOf }, reader) => branchOf(reader, account ?? "0x"),
    Boolean(account),
  );
}

/** Whether somebody's time has run out, or is about to. */
export function needsRenewal({ standing, until }: Pick<Member, "standing" | "until">): boolean {
  return standing.state === "expired" || (standing.state === "valid" && secondsLeft(until) < SOON_S);
}
