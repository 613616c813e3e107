/** An account that somebody wants to accredit, looked up before anything is signed. */
import type { UseQueryResult } from "@tanstack/react-query";

import type { Candidate, Member } from "../../../sdk/index.js";
import { useReaderQuery } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain, short } from "../../lib/text.js";
import { nameOf, roleWords } from "./members.js";

/** What was found, with who vouches for it now. "mistyped" when the checksum in the capitals doesn't fit. */
export type Found = "mistyped" | (Candidate & { voucher: Member | null });

/** Looks `text` up once it has the form of an account. */
export function useCandidate(text: string): UseQueryResult<Found> {
  const { account: own } = useOpenSession();
  return useReaderQuery(
    ["chain", "candidate", own, text],
    async ({ branchOf, candidateFor }, reader): Promise<Found> => {
      const { getAddress, isAddress } = await import("ethers");
      if (!isAddress(text)) return "mistyped";
      const account = getAddress(text) as `0x${string}`;
      const candidate = await candidateFor(reader, own, account);
      const { above } = await branchOf(reader, account);
      return { ...candidate, voucher: above[0] ?? null };
    },
    isAccount(text),
  );
}

/** Whether `text` has the form of an account. */
export function isAccount(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text);
}

/** What to say of it, and whether it may go on. */
export interface Verdict {
  tone: "brand" | "attention" | "danger";
  title: string;
  text: string;
  isFine: boolean;
}

/** Puts what was found into words, with what to do next. */
export function verdictOn(found: Found): Verdict {
  const no = (title: string, text: string): Verdict => ({ tone: "danger", title, text, isFine: false });
  if (found === "mistyped") {
    return no("A character of this account is mistyped.", "Ask for it once more, and paste it rather than type it.");
  }
  const { refusal, member, voucher, hasKey, isPatient, account } = found;
  const name = member ? plain(nameOf(member)) : short(account);
  if (refusal === "own account") return no("This is your own account.", "Ask the other one for theirs.");
  if (refusal === "root")
    return no("This is the operator's account.", "It stands above everyone; nobody accredits it.");
  if (refusal === "accredited elsewhere" && member) {
    const by = voucher ? plain(nameOf(voucher)) : "the operator";
    return no(
      `${name} is vouched for by ${by} already.`,
      `The chain lets nobody take an account over. Either ${by} revokes it first, or its owner gives it up: in Salus, under Accreditation, "Give it up". That also helps when somebody accredited it without being asked.`,
    );
  }
  if (isPatient) {
    return no(
      "This account acts for a patient.",
      "A public name beside it would tell everyone whose record that is, for good. Ask for another account.",
    );
  }
  if (!hasKey) {
    return no(
      "This account isn't set up.",
      "It has published no key, so nobody could share with it, and perhaps nobody owns it. Ask its owner to open Salus once and set it up.",
    );
  }
  if (member?.standing.state === "valid") {
    return {
      tone: "attention",
      title: `You vouch for ${name} already: ${roleWords(member)}.`,
      text: "In the same role this renews it, also under another name. In another role it begins with nobody below it.",
      isFine: true,
    };
  }
  return {
    tone: "brand",
    title: "This account is set up, and nobody else vouches for it.",
    text: "Make sure that it belongs to whom you mean: ask them to read its first and last characters to you.",
    isFine: true,
  };
}
