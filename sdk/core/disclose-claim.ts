/** "Who will know what" of a claim: billed, looked at, asked about, decided and paid (002-15, 002-33, 004-19). */
import type { Address, Hex } from "../types.js";
import { shortId, type Disclosure } from "./disclosure.js";
import { formatAmount, formatShare, type TokenInfo } from "./terms.js";

/** Who is who, and the money's name. */
export interface ClaimWords {
  hospitalName: string;
  insurerName: string;
  token: Pick<TokenInfo, "symbol" | "decimals">;
}

const NOT_THE_ITEMS = "Not what was done, nor what the documents say, nor who the patient is.";

/** What billing a visit tells whom. `bill` is what is sent. */
export function discloseBill(
  bill: {
    visit: { patientId: Hex };
    amount: bigint;
    doctor: Address | null;
    doctorShare: number;
    records: readonly unknown[];
  },
  { hospitalName, insurerName, token }: ClaimWords,
  doctorName = "",
): Disclosure {
  const documents = `${bill.records.length} document${bill.records.length === 1 ? "" : "s"}`;
  return {
    grantee: [
      "The patient sees the bill, item by item, and can dispute it before anything is paid.",
      `${insurerName} sees the same bill. It doesn't get the documents: the patient decides about each.`,
    ],
    organisation: ["The storage keeps the bill, sealed to patient, insurer and hospital."],
    everyone: [
      `That ${hospitalName} billed ${insurerName} ${formatAmount(bill.amount, token)} for a visit of ${shortId(bill.visit.patientId)}, for when, and with which ${documents}.`,
      "The policy's terms: deductible, co-payment and limit.",
      ...(bill.doctor === null
        ? []
        : [`That ${doctorName || shortId(bill.doctor)} gets ${formatShare(bill.doctorShare)} of what is paid.`]),
      NOT_THE_ITEMS,
    ],
  };
}

/** What confirming a bill tells whom. */
export function discloseConfirmation({ insurerName, hospitalName }: Omit<ClaimWords, "token">): Disclosure {
  return {
    grantee: [`${insurerName} and ${hospitalName} learn that you say the bill is right. ${insurerName} can pay now.`],
    organisation: ["Nothing of your record."],
    everyone: ["That the patient of this visit confirmed the bill, and when.", NOT_THE_ITEMS],
  };
}

/** What disputing, asking or answering tells whom. */
export function discloseClaimNote(
  kind: "disputed" | "asked" | "answered",
  { insurerName, hospitalName }: Omit<ClaimWords, "token">,
): Disclosure {
  const [who, effect] = {
    disputed: ["the patient disputes the bill", `Nothing is paid until you confirm it, or ${hospitalName} bills anew.`],
    asked: [`${insurerName} asks about the bill`, "The patient reads the question, too. Time stands still for you."],
    answered: [`${hospitalName} answered`, `${insurerName}'s time to decide begins anew, and the patient's to look.`],
  }[kind] as [string, string];
  return {
    grantee: ["Patient, insurer and hospital can read the words.", effect],
    organisation: ["The storage keeps the words, sealed to these three."],
    everyone: [`That ${who}, and when.`, "Not the words."],
  };
}

/** What taking a bill back tells whom. */
export function discloseClaimWithdrawal({ insurerName }: Pick<ClaimWords, "insurerName">): Disclosure {
  return {
    grantee: [
      `The patient and ${insurerName} learn that the bill doesn't count any more. They keep what they have read.`,
    ],
    organisation: ["Nothing new is stored."],
    everyone: ["That the bill was taken back, and when.", NOT_THE_ITEMS],
  };
}

/** What deciding tells whom. `decision` is what is sent, with what the terms give of it. */
export function discloseDecision(
  decision: { eligible: bigint; amount: bigint; paid: bigint; fee: bigint; reasonText: string | null },
  { hospitalName, insurerName, token }: ClaimWords,
): Disclosure {
  const { eligible, amount, paid, fee, reasonText } = decision;
  const what =
    eligible === 0n
      ? `denied the bill of ${formatAmount(amount, token)}`
      : `acknowledged ${formatAmount(eligible, token)} of ${formatAmount(amount, token)} and paid ${formatAmount(paid, token)}`;
  return {
    grantee: [
      "The patient and the hospital read the response, with what you add in words.",
      ...(paid > 0n
        ? [
            `${hospitalName} can take out ${formatAmount(paid - fee, token)}${fee > 0n ? `, the doctor ${formatAmount(fee, token)}` : ""}. It can't be taken back.`,
          ]
        : []),
    ],
    organisation: ["The storage keeps the response, sealed to patient, insurer and hospital."],
    everyone: [
      `That ${insurerName} ${what}.`,
      ...(reasonText === null ? [] : [`Why not all of it: ${reasonText}`]),
      NOT_THE_ITEMS,
    ],
  };
}

/** What paying in or taking out tells whom. */
export function discloseFunds(
  kind: "deposit" | "collect",
  { account, amount, token }: { account: Address; amount: bigint; token: ClaimWords["token"] },
): Disclosure {
  const sum = formatAmount(amount, token);
  return {
    grantee: [
      kind === "deposit" ? "What is paid in pays the claims that you approve. You can take it out again." : "Nobody.",
    ],
    organisation: ["Nothing is stored."],
    everyone: [`That ${shortId(account)} ${kind === "deposit" ? "paid in" : "took out"} ${sum}, and when.`],
  };
}
