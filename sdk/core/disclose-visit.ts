/** "Who will know what" of permits, visits and what is written in them (002-24 to 002-26, 001-02, 004-08). */
import type { Address, PatientId } from "../types.js";
import { count, list, shortId, type Disclosure } from "./disclosure.js";

/** The part of a prepared permit that the words depend on. */
interface Permit {
  permit: { patientId: PatientId; until: number };
  /** Can be used up to this time, Unix seconds. */
  deadline: number;
  readable: readonly string[];
  writable: readonly string[];
}

/** What a permit tells whom: before it is used, and once it is. */
export function disclosePermit(
  { permit, deadline, readable, writable }: Permit,
  words: {
    hospitalName: string;
    /** How many documents lie in the drawers that the visit may read. */
    documents: number;
    /** Whether the code can be typed as well, which takes a transaction. */
    isAnnounced: boolean;
    formatTime: (time: number) => string;
  },
): Disclosure {
  const { hospitalName, documents, isAnnounced, formatTime } = words;
  const pseudonym = shortId(permit.patientId);
  const until = formatTime(permit.until);
  const where = readable.length === 1 ? "this drawer" : "these drawers";
  return {
    grantee: [
      `${hospitalName} can open a visit with it, once, until ${formatTime(deadline)}. The visit ends by ${until}.`,
      "Reading the code, it learns the name you go by in Salus, and what your drawers are called.",
      readable.length > 0
        ? `It and the doctors that it assigns can open ${count(documents, "document")} in ${list(readable)}, and new ones, while the visit lasts.`
        : "It can open nothing that you had before: only what is written in the visit.",
      `They can add documents to ${count(writable.length, "drawer")}, and open what they and their colleagues wrote.`,
      ...(readable.length > 0
        ? [
            `The keys of ${where} go along with the code: whoever reads it there could keep them, even if the visit is never opened. Close ${where} afterwards.`,
          ]
        : []),
    ],
    organisation: [
      "The storage keeps the permit and its keys sealed, and can't open them.",
      `Laboratories and pharmacies of ${hospitalName} get nothing until something is ordered from them.`,
    ],
    everyone: [
      "Nothing by the code itself: it names a sealed file. Whoever photographs it can read nothing with it, but could show it at that desk before you.",
      ...(isAnnounced
        ? [`A code to type takes a transaction of your account: that ${pseudonym} is about to visit ${hospitalName}.`]
        : []),
      `Once it is used: that ${pseudonym} is in a visit at ${hospitalName}, from when until when, whom the hospital assigns, and how many documents are written, by whom and when.`,
      "Not your name, not why you are there, not which drawers may be read. Whoever knows whose pseudonym this is, knows where you are treated.",
    ],
  };
}

/** What withdrawing a permit tells whom. */
export function discloseWithdrawal(
  { patientId }: { patientId: PatientId },
  words: { hospitalName: string },
): Disclosure {
  const { hospitalName } = words;
  return {
    grantee: [
      `${hospitalName} can't open a visit with it any more.`,
      "If it has read the code before, it knows your name, and may have kept the keys of the drawers that you chose.",
    ],
    organisation: ["The storage is asked to forget the permit and its keys."],
    everyone: [`That ${shortId(patientId)} took back a permit for ${hospitalName}, and when. Not why.`],
  };
}

/** What assigning somebody to a visit tells whom. */
export function discloseAssignment(
  visit: { patientId: PatientId; account: Address; role: "doctor" | "laboratory" | "pharmacy" },
  words: { memberName: string; hospitalName: string; patientName: string; readable: readonly string[] },
): Disclosure {
  const { memberName, hospitalName, patientName, readable } = words;
  return {
    grantee:
      visit.role === "doctor"
        ? [
            `${memberName} learns that the patient is ${patientName || shortId(visit.patientId)}, and can write into all drawers until the visit ends.`,
            readable.length > 0
              ? `Can open what lies in ${list(readable)}, and what is written in the visit.`
              : "Can open what is written in the visit, and nothing from before.",
          ]
        : [`${memberName} can be given orders of this visit. It can open nothing until it is given one.`],
    organisation: [
      visit.role === "doctor"
        ? "The storage keeps the visit's keys once more, sealed to the doctor."
        : "The storage gets nothing.",
    ],
    everyone: [
      `That ${hospitalName} assigned ${memberName} to a visit of ${shortId(visit.patientId)}, and when.`,
      "What somebody is a specialist of can tell what the visit is about.",
    ],
  };
}

/** What a document of a visit tells whom. */
export function discloseVisitRecord(
  record: { patientId: PatientId },
  words: { patientName: string; hospitalName: string; doctors: readonly string[] },
): Disclosure {
  const { patientName, hospitalName, doctors } = words;
  return {
    grantee: [
      `${patientName} can open it for good.`,
      `${list([hospitalName, ...doctors])} can open it until the visit ends, whichever drawer it goes into.`,
    ],
    organisation: ["The storage keeps a sealed file that it can't open."],
    everyone: [
      `That ${shortId(record.patientId)} has one more document, written by you in this visit, when, and its size to within an eighth.`,
      "Which other documents lie in the same drawer. No title, no kind, no content.",
    ],
  };
}

/** What the end of a visit tells whom. */
export function discloseVisitEnd(
  visit: { patientId: PatientId; readable: readonly string[] },
  words: { hospitalName: string },
): Disclosure {
  const { readable } = visit;
  return {
    grantee: [
      `${words.hospitalName} and those that it assigned are refused from this block on, to write and to read.`,
      "What was opened before may have been kept.",
      ...(readable.length > 0
        ? [`So may the keys of ${list(readable)}: close them, and new documents are locked with new keys.`]
        : []),
      "Orders stand on their own: whoever carries one out can still report on it, until its time is over or it is cancelled.",
    ],
    organisation: ["The storage gets nothing new."],
    everyone: [
      `That the visit of ${shortId(visit.patientId)} at ${words.hospitalName} ended, when, and which side ended it.`,
    ],
  };
}
