/** "Who will know what" of orders: placed, given to somebody, reported on (002-27 to 002-31, 002-40). */
import type { PatientId } from "../types.js";
import { count, list, shortId, type Disclosure } from "./disclosure.js";

type Role = "laboratory" | "pharmacy";

/** What it is called. */
const NAMES: Readonly<Record<Role, string>> = { laboratory: "a test list", pharmacy: "a prescription" };

/** What placing an order tells whom. */
export function discloseOrder(
  order: { patientId: PatientId; role: Role; fills: number; until: number },
  words: {
    patientName: string;
    hospitalName: string;
    /** Who is to carry it out; null leaves the choice to the patient. */
    fulfillerName: string | null;
    formatTime: (time: number) => string;
  },
): Disclosure {
  const { patientName, hospitalName, fulfillerName, formatTime } = words;
  const { role, fills, until } = order;
  const pseudonym = shortId(order.patientId);
  return {
    grantee: [
      `${patientName}, ${hospitalName} and the doctors of the visit can open it.`,
      fulfillerName
        ? `${fulfillerName} gets this order, the name ${patientName}, and the drawers to put results into. Nothing else of the record.`
        : `Nobody can carry it out until ${patientName} has chosen somebody.`,
    ],
    organisation: ["The storage keeps it sealed. Its QR holds a number: a photograph of it opens nothing."],
    everyone: [
      `That you ordered something for ${pseudonym} in this visit: ${NAMES[role]}, ${count(fills, "time")}, until ${formatTime(until)}${fulfillerName ? `, from ${fulfillerName}` : ""}.`,
      "Not which tests or medicines. That a laboratory or a pharmacy is needed can tell something by itself.",
    ],
  };
}

/** What choosing who carries an order out tells whom. */
export function discloseChoice(
  order: { patientId: PatientId; role: Role },
  words: { fulfillerName: string; drawers: readonly string[]; earlierName?: string | undefined },
): Disclosure {
  const { fulfillerName, drawers, earlierName } = words;
  return {
    grantee: [
      `${fulfillerName} can open this order, learns the name you go by in Salus, and can put results into ${list(drawers)}.`,
      "It can open nothing else of your record, not even its own results later.",
      ...(earlierName ? [`${earlierName} can't carry it out any more. It may have kept the order.`] : []),
    ],
    organisation: ["The storage keeps the order once more, sealed to them."],
    everyone: [`That ${fulfillerName} is to carry out ${NAMES[order.role]} of ${shortId(order.patientId)}, and when.`],
  };
}

/** What asking to be chosen tells whom. */
export function discloseRequest(order: { patientId: PatientId }, words: { accountName: string }): Disclosure {
  return {
    grantee: [
      "Asking opens nothing. What the chain tells everyone of the order you can see without it: the patient's pseudonym, the visit, the doctor, how often and until when.",
      "What is ordered and the patient's name you get once the patient or the doctor chooses you.",
    ],
    organisation: ["The storage gets nothing."],
    everyone: [`That ${words.accountName} asks to carry out an order of ${shortId(order.patientId)}, and when.`],
  };
}

/** What a report tells whom. */
export function discloseReport(
  order: { patientId: PatientId; role: Role; status: "partial" | "final" | "corrected" },
  words: { patientName: string; drawer: string; hospitalName: string; isVisitOpen: boolean },
): Disclosure {
  const { patientName, drawer, hospitalName, isVisitOpen } = words;
  const act = order.role === "pharmacy" ? "a dispensing" : "a report";
  return {
    grantee: [
      `${patientName} can open it, and whoever was given access to ${drawer}.`,
      isVisitOpen
        ? `So can ${hospitalName} and the doctors of the visit, until that ends.`
        : "The visit is over: its hospital and doctors can't, unless the patient shares it with them.",
      "You can't open it yourself once it is sent: keep what you must keep.",
    ],
    organisation: ["The storage keeps a sealed file that it can't open."],
    everyone: [
      `That you gave ${act} (${order.status}) on an order of ${shortId(order.patientId)}, when, which report it follows, and its size to within an eighth.`,
      "Not what it says. Reports are added, never replaced.",
    ],
  };
}

/** What cancelling an order tells whom. */
export function discloseOrderCancellation(
  order: { patientId: PatientId; role: Role },
  words: { fulfillerName: string | null },
): Disclosure {
  return {
    grantee: [
      words.fulfillerName
        ? `${words.fulfillerName} can't report on it any more. It may have kept what it opened.`
        : "Nobody can be chosen for it any more.",
    ],
    organisation: ["The storage keeps it sealed, as before."],
    everyone: [`That ${NAMES[order.role]} of ${shortId(order.patientId)} was cancelled, by whom and when. Not why.`],
  };
}
