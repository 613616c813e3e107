/**
 * "Who will know what": what each side learns by an action, in plain words, computed from the very object that is
 * signed (001-02, 004-07, 004-08). Honest about leaks: the chain is public.
 */
import type { Address, Hex, Rights } from "../types.js";

/** What each side learns, a sentence each. */
export interface Disclosure {
  grantee: string[];
  organisation: string[];
  everyone: string[];
}

/** The part of a grant's terms that the words depend on. */
interface Terms {
  patientId: Hex;
  subject: Hex;
  grantee: Address;
  rights: Rights;
  /** Unix seconds. */
  until: number;
}

/** What the words need beside the terms. */
export interface GrantContext {
  granteeName: string;
  /** Who accredited the grantee, if anyone did. */
  organisationName?: string;
  /** By subject: what it is called here, and how many documents it holds. */
  subjects: ReadonlyMap<Hex, { kind: "drawer" | "document"; name: string; documents: number }>;
  /** Writes an end date in the reader's language. */
  formatUntil: (until: number) => string;
}

/** A pseudonym or address in short: 7f3a…c91e. */
export function shortId(id: Hex): string {
  return `${id.slice(2, 6)}…${id.slice(-4)}`;
}

/** What granting these terms tells whom. All terms are of one patient, grantee, rights and end. */
export function discloseGrant(terms: readonly Terms[], context: GrantContext): Disclosure {
  const [first] = terms;
  if (!first) return { grantee: [], organisation: [], everyone: [] };
  const subjects = terms.map(
    ({ subject }) => context.subjects.get(subject) ?? { kind: "drawer" as const, name: "a drawer", documents: 0 },
  );
  const drawers = subjects.filter(({ kind }) => kind === "drawer");
  const documents = subjects.reduce((sum, subject) => sum + subject.documents, 0);
  const until = context.formatUntil(first.until);
  const reads = first.rights !== "write";
  const writes = first.rights !== "read";
  const where = drawers.length === 1 ? "this drawer" : "these drawers";

  const grantee: string[] = [];
  if (reads && drawers.length > 0) {
    grantee.push(
      `Can open ${count(documents, "document")} in ${list(drawers.map(({ name }) => name))}, and new ones, ${until}.`,
    );
  } else if (reads) {
    grantee.push(`Can open ${list(subjects.map(({ name }) => name))}, ${until}. Nothing else.`);
  }
  if (writes) grantee.push(`Can add documents to ${where}, ${until}.`);
  if (reads && drawers.length > 0) grantee.push("Learns the name you go by in Salus.");

  const organisation = context.organisationName
    ? [`Sees nothing of the content. It can see on the chain that ${context.granteeName} was given access.`]
    : ["No organisation vouches for this account."];

  const everyone = [
    `That ${shortId(first.patientId)} shared ${count(drawers.length, "drawer", documentsOnly(subjects))} with ${context.granteeName}'s account, and the end date.`,
    drawers.length > 0
      ? "No name of yours and no content. A drawer shows as a number, and so do the documents in it."
      : "No name of yours and no content. The document shows as a number.",
  ];
  return { grantee, organisation, everyone };
}

/** What stopping access tells whom. */
export function discloseRevocation(
  terms: Pick<Terms, "patientId">,
  context: { granteeName: string; organisationName?: string; movesDrawer: boolean },
): Disclosure {
  return {
    grantee: [
      `${context.granteeName} is refused from now on.`,
      ...(context.movesDrawer ? ["New documents are locked with a new key that isn't given to them."] : []),
      "What was opened before may have been kept.",
    ],
    organisation: [
      context.organisationName
        ? `Can see on the chain that the access of ${context.granteeName} ended.`
        : "No organisation vouches for this account.",
    ],
    everyone: [`That ${shortId(terms.patientId)} stopped sharing with this account, and when. Not why.`],
  };
}

/** What giving drawers a new key tells whom. `readers` are those who may open them now, besides the patient. */
export function discloseClosing(move: {
  patientId: Hex;
  drawers: readonly string[];
  readers: readonly string[];
}): Disclosure {
  const where = list(move.drawers);
  return {
    grantee: [
      move.readers.length > 0
        ? `${list(move.readers)} can open new documents in ${where} as before.`
        : `Nobody but you can open new documents in ${where}.`,
      "Whoever's time ran out can't, even with the key that they kept.",
    ],
    organisation: ["The storage keeps a sealed key that it can't open."],
    everyone: [
      `That ${shortId(move.patientId)} changed the lock of ${count(move.drawers.length, "drawer")}, and when.`,
      "Not what the drawers are called, nor what is in them.",
    ],
  };
}

/**
 * What adding a document tells whom.
 * @param record `size` in bytes; `organisationName` of whoever accredited the author, if anyone did; `opensDrawer` when
 * the drawer is new and is opened first
 */
export function discloseRecord(record: {
  patientId: Hex;
  size: number;
  readers: readonly string[];
  organisationName?: string;
  opensDrawer?: boolean;
}): Disclosure {
  const pseudonym = shortId(record.patientId);
  return {
    grantee: [record.readers.length > 0 ? `${list(record.readers)} can open it.` : "Nobody but you can open it."],
    organisation: [
      "The storage keeps a sealed file that it can't open.",
      ...(record.organisationName
        ? [`${record.organisationName} can see on the chain that you added it, and nothing of the content.`]
        : []),
    ],
    everyone: [
      ...(record.opensDrawer ? [`That ${pseudonym} has one more drawer. Not what it is called.`] : []),
      `That ${pseudonym} has one more document, who added it, when, and its size to within an eighth.`,
      "Which other documents lie in the same drawer. No title, no kind, no content.",
    ],
  };
}

/** What publishing an account's key tells whom. */
export function discloseKey(key: { account: Address; backup: boolean }): Disclosure {
  return {
    grantee: ["Whoever writes to you can seal documents that only you can open."],
    organisation: [
      key.backup
        ? "The storage keeps your key under your passphrase. Whoever guesses the passphrase has the key."
        : "The storage gets nothing.",
    ],
    everyone: [`That ${shortId(key.account)} uses Salus, and since when.`, "Not who you are."],
  };
}

function documentsOnly(subjects: readonly { kind: string }[]): string | undefined {
  const documents = subjects.filter(({ kind }) => kind === "document").length;
  return documents > 0 ? count(documents, "document") : undefined;
}

/** "no documents", "1 document", "2 documents"; with `also` behind it, which stands alone when there are none. */
export function count(n: number, noun: string, also?: string): string {
  const self = n === 0 && also ? "" : `${n === 0 ? "no" : n} ${noun}${n === 1 ? "" : "s"}`;
  return [self, also].filter(Boolean).join(" and ");
}

/** "a, b and c". */
export function list(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
