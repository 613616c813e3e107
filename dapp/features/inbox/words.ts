/** What a notice says, and where one acts on it. */
import {
  IconCalendarOff,
  IconClipboardCheck,
  IconClipboardList,
  IconClipboardOff,
  IconDoorEnter,
  IconFileDiff,
  IconKey,
  IconKeyOff,
  IconReceipt,
  IconReceiptOff,
  IconUserQuestion,
  type Icon,
} from "@tabler/icons-react";

import type { Notice, NoticeKind, NoticeSide, Role } from "../../../sdk/index.js";

/** What is needed to word a notice. */
interface Named {
  /** Who did it, or whom it is about; "Somebody" when nobody knows. */
  who: string;
}

const ICONS: Record<NoticeKind, Icon> = {
  "visit opened": IconDoorEnter,
  "visit assigned": IconDoorEnter,
  "visit unassigned": IconCalendarOff,
  "visit closed": IconCalendarOff,
  "order placed": IconClipboardList,
  "order assigned": IconClipboardList,
  "order unassigned": IconClipboardOff,
  "order requested": IconUserQuestion,
  "order reported": IconClipboardCheck,
  "order cancelled": IconClipboardOff,
  "access given": IconKey,
  "access ended": IconKeyOff,
  "bill submitted": IconReceipt,
  "bill confirmed": IconReceipt,
  "bill disputed": IconReceiptOff,
  "bill asked": IconUserQuestion,
  "bill answered": IconReceipt,
  "bill withdrawn": IconReceiptOff,
  "bill decided": IconReceipt,
  "policy offered": IconFileDiff,
  "policy amended": IconFileDiff,
  "policy accepted": IconFileDiff,
  "policy cancelled": IconFileDiff,
  "policy mismatch": IconFileDiff,
};

/** The icon of a kind. */
export function noticeIcon(kind: NoticeKind): Icon {
  return ICONS[kind];
}

/** What each side is told; those that aren't listed are told in the words for everybody. */
const WORDS: Record<NoticeKind, (named: Named, as: NoticeSide) => string> = {
  "visit opened": ({ who }) => `${who} opened your visit`,
  "visit assigned": ({ who }, as) =>
    as === "member" ? "You were assigned to a visit" : `${who} is part of your visit`,
  "visit unassigned": () => "You were taken off a visit",
  "visit closed": (_, as) => (as === "patient" ? "Your visit was closed" : "A visit was closed"),
  "order placed": ({ who }) => `${who} ordered something for you`,
  "order assigned": () => "An order was given to you",
  "order unassigned": () => "An order of yours was given to somebody else",
  "order requested": ({ who }) => `${who} asks to carry out an order`,
  "order reported": ({ who }) => `${who} reported on an order`,
  "order cancelled": () => "An order was cancelled",
  "access given": () => "A patient shared something with you",
  "access ended": () => "A patient stopped sharing something with you",
  "bill submitted": (_, as) => (as === "insurer" ? "A visit was billed to you" : "Your visit was billed"),
  "bill confirmed": () => "The patient says that the bill is right",
  "bill disputed": () => "The patient says that the bill is wrong",
  "bill asked": (_, as) => (as === "hospital" ? "The insurer asks about a bill" : "Your insurer asks about the bill"),
  "bill answered": () => "The hospital answered your question about a bill",
  "bill withdrawn": () => "The hospital took the bill back",
  "bill decided": (_, as) =>
    as === "patient"
      ? "Your insurer decided on the bill"
      : as === "payee"
        ? "A bill with a part for you was paid"
        : "The insurer decided on a bill",
  "policy offered": ({ who }) => `${who} offers you a policy`,
  "policy amended": ({ who }) => `${who} offers you a new version of your policy`,
  "policy accepted": () => "A patient accepted your policy",
  "policy cancelled": (_, as) =>
    as === "insurer" ? "A patient ended or declined a policy" : "Your insurer ended or withdrew a policy",
  "policy mismatch": () => "A patient says that their copy of a policy differs",
};

/** What a notice says. */
export function noticeWords({ kind, as }: Pick<Notice, "kind" | "as">, who: string): string {
  return WORDS[kind]({ who }, as);
}

/** What to do about a notice that asks its reader to act; undefined for the others. */
export function actWords({ kind, as, isForMe }: Pick<Notice, "kind" | "as" | "isForMe">): string | undefined {
  if (!isForMe) return undefined;
  if (kind === "order requested") return "Choose them, or somebody else";
  if (kind === "bill submitted" && as === "patient") return "Look at it before your insurer pays";
  if (kind.startsWith("policy") && as === "patient") return "Compare it, then accept or decline";
  return "It waits for you";
}

/** The place where one acts on a notice. @param role the reader's, if accredited */
export function noticePath(notice: Notice, role: Role | undefined): string {
  const { kind, as, visitId, orderId, policyId, patientId } = notice;
  if (policyId) return `/insurance/${policyId}`;
  if (kind.startsWith("access")) return `/patients/${patientId}`;
  const visit = visitId ?? "";
  switch (as) {
    case "patient":
      return `/visits/${visit}`;
    case "hospital":
      return kind.startsWith("bill") ? `/desk/${visit}/bill` : `/desk/${visit}`;
    case "insurer":
      return `/claims/${visit}`;
    case "fulfiller":
      return `/${role === "pharmacy" ? "counter" : "bench"}/${orderId ?? ""}`;
    case "member":
    case "payee":
    case "doctor":
    case "grantee":
      // Of the staff, only doctors have visits to enter: laboratories and pharmacies are given orders.
      return role === "laboratory" ? "/bench" : role === "pharmacy" ? "/counter" : `/today/${visit}`;
  }
}
