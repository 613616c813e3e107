/** "Who will know what" of policies: offered, accepted, ended, found to differ (002-34, 002-35, 002-49). */
import type { Hex } from "../types.js";
import { shortId, type Disclosure } from "./disclosure.js";

/** Who and what a policy's disclosures are about. */
interface About {
  patientId: Hex;
  insurerName: string;
}

/** What offering a policy tells whom. `offer` is what is signed. */
export function discloseIssue(
  offer: { patientId: Hex; title: string; from: number; until: number; isNextVersion: boolean; hasTerms?: boolean },
  words: { insurerName: string; formatDay: (time: number) => string },
): Disclosure {
  const { patientId, title, from, until, isNextVersion, hasTerms = false } = offer;
  const { insurerName, formatDay } = words;
  const term = `${formatDay(from)} to ${formatDay(until)}`;
  return {
    grantee: [
      "Can read the wording and, alone, open the schedule.",
      isNextVersion
        ? "Nothing changes for them unless they accept; silence is refusal."
        : "Isn't insured by it unless they accept.",
    ],
    organisation: [
      `The storage keeps the wording and the plan's name, "${title}", in the clear.`,
      "And the schedule, sealed: it can't open it, and sees its size to within an eighth.",
    ],
    everyone: [
      `That ${insurerName} offered ${shortId(patientId)} ${isNextVersion ? "a next version of a policy" : "a policy"}, which plan and wording, and the term: ${term}.`,
      ...(hasTerms ? ["The terms for claims: deductible, co-payment and limit."] : []),
      "Not what the schedule says. Whoever knows whose pseudonym this is, knows whose insurance it is.",
    ],
  };
}

/** What accepting a policy tells whom. `endsPrevious` is the day on which the version before ends by it, in words. */
export function discloseAcceptance({
  patientId,
  insurerName,
  endsPrevious,
}: About & { endsPrevious?: string | undefined }): Disclosure {
  return {
    grantee: [
      `${insurerName} learns that you accepted, to the bit, the copy that it issued.`,
      ...(endsPrevious === undefined ? [] : [`The version before ends on ${endsPrevious}; this one takes its place.`]),
    ],
    organisation: ["Nothing of your record."],
    everyone: [
      `That ${shortId(patientId)} accepted a policy of ${insurerName}, its wording, and its term.`,
      ...(endsPrevious === undefined ? [] : ["Which version it follows, and when that one ends."]),
      "Not who you are, nor what the schedule says.",
    ],
  };
}

/** What ending a policy or an offer tells whom. */
export function discloseCancellation(
  end: About & {
    /** An offer that wasn't accepted ends at once, whatever `from` is. */
    isOffer: boolean;
    isInsurer: boolean;
    /** Unix seconds. */
    from: number;
  },
  formatDay: (time: number) => string,
): Disclosure {
  const { patientId, insurerName, isOffer, isInsurer, from } = end;
  const pseudonym = shortId(patientId);
  const when = formatDay(from);
  const other = isInsurer
    ? isOffer
      ? "The patient can't accept it any more."
      : `The patient is insured by it until ${when}.`
    : isOffer
      ? `${insurerName} learns that you don't take this offer. Not why.`
      : `${insurerName} learns that you end the policy on ${when}. Not why.`;
  const act = isOffer
    ? isInsurer
      ? `That ${insurerName} withdrew what it offered to ${pseudonym}.`
      : `That ${pseudonym} declined an offer of ${insurerName}.`
    : isInsurer
      ? `That ${insurerName} ends a policy of ${pseudonym} on ${when}.`
      : `That ${pseudonym} ends a policy of ${insurerName} on ${when}.`;
  return {
    grantee: [other],
    organisation: [isInsurer ? "The storage keeps the files." : "Nothing of your record."],
    everyone: [act, `It counts in ${insurerName}'s public record.`],
  };
}

/** What reporting a mismatch tells whom. `mismatch` is what is sent. */
export function discloseMismatch(
  { patientId, insurerName }: About,
  mismatch: { insurers: Hex; patients: Hex; parts: readonly { part: string; equal: boolean }[] },
): Disclosure {
  const differing = mismatch.parts.filter(({ equal }) => !equal).map(({ part }) => part);
  return {
    grantee: [
      `${insurerName} learns that you hold another copy than the one that it anchored.`,
      "It can't read your copy from this; show it yourself if you want it to be looked at.",
    ],
    organisation: ["Nothing of your record."],
    everyone: [
      `That ${shortId(patientId)} says: my copy isn't ${insurerName}'s. With the digests of both, ${shortId(mismatch.patients)} and ${shortId(mismatch.insurers)}, for good.`,
      `It counts in ${insurerName}'s public record. It is your word: the digests don't tell who is right.`,
      `Not what either ${differing.length === 1 ? (differing[0] ?? "copy") : "copy"} says, nor who you are.`,
    ],
  };
}
