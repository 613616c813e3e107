/** The reader's own place in the tree, and what it is called there. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { Branch } from "../../../sdk/index.js";
import { useBranchOf } from "../../lib/branch.js";
import { useOpenSession } from "../../lib/session.js";
import { nameOf, type Level } from "./members.js";

/** The connected account's place. */
export function useBranch(): UseQueryResult<Branch> {
  return useBranchOf(useOpenSession().account);
}

/** Whom a page is for. */
export function levelOf({ isRoot, self }: Branch): Level {
  if (isRoot) return "operator";
  if (self?.role === "health authority") return "authority";
  return self?.role === "hospital" ? "hospital" : "other";
}

/** What this account is called where it vouches for others. */
export function parentNameOf({ isRoot, self }: Branch): string {
  return self ? nameOf(self) : isRoot ? "The operator" : "This account";
}
