/** Members of a branch in words: how they stand, what needs somebody, and in which groups they are shown. */
import type { Member, Role, Standing } from "../../../sdk/index.js";
import type { Tone } from "../../components/Rows.js";
import { needsRenewal } from "../../lib/branch.js";
import { capital, day, plain, secondsLeft, short } from "../../lib/text.js";

/** Whom a page is for: the place in the tree decides its words, not its form. */
export type Level = "operator" | "authority" | "hospital" | "other";

/** The members of a branch, each in one of three lists. */
export interface Sorted {
  /** Run out, or about to. */
  needing: Member[];
  present: Member[];
  /** Revoked, or fallen with somebody above. */
  ended: Member[];
}

/** Sorts members by what there is to do about them; each list by group, then name. */
export function sorted(members: readonly Member[], level: Level): Sorted {
  const all = members.toSorted(
    (a, b) => groupOf(a, level).localeCompare(groupOf(b, level)) || nameOf(a).localeCompare(nameOf(b)),
  );
  return {
    needing: all.filter(needsRenewal),
    present: all.filter((member) => member.standing.state === "valid" && !needsRenewal(member)),
    ended: all.filter(({ standing }) => standing.state === "revoked" || standing.state === "fallen"),
  };
}

/** A hospital's people stand by department, organisations by what they are. */
export function groupOf({ role, department }: Pick<Member, "role" | "department">, level: Level): string {
  if (level !== "hospital") return PLURALS[role];
  return department ? plain(department) : role === "doctor" ? "No department" : PLURALS[role];
}

const PLURALS: Record<Role, string> = {
  none: "Others",
  "civil registry": "Civil registries",
  "health authority": "Health authorities",
  insurer: "Insurers",
  hospital: "Hospitals",
  laboratory: "Laboratories",
  pharmacy: "Pharmacies",
  doctor: "Doctors",
};

/** The public name, or the account in short when storage doesn't have it. */
export function nameOf({ name, account }: Pick<Member, "name" | "account">): string {
  return name ?? short(account);
}

/** "Doctor, Cardiology". */
export function roleWords({ role, department }: Pick<Member, "role" | "department">): string {
  return capital(
    [role, department]
      .filter(Boolean)
      .map((text) => plain(String(text)))
      .join(", "),
  );
}

/** How an accreditation stands, in a word, with its colour. @param ownName whoever reads it, when it's they who fell */
export function standingWords(member: Pick<Member, "standing" | "until" | "account">): { word: string; tone?: Tone } {
  const { standing, until } = member;
  switch (standing.state) {
    case "valid": {
      const days = Math.ceil(secondsLeft(until) / 86_400);
      return needsRenewal(member)
        ? { word: days <= 1 ? "ends today" : `ends in ${days} days`, tone: "attention" }
        : { word: `until ${day(until)}`, tone: "brand" };
    }
    case "expired":
      return { word: `ran out ${day(until)}`, tone: "attention" };
    case "revoked":
      return { word: standing.by === member.account ? "gave it up" : "revoked", tone: "danger" };
    case "fallen":
      return { word: FALLEN[standing.why], tone: "danger" };
  }
}

const FALLEN: Record<Extract<Standing, { state: "fallen" }>["why"], string> = {
  expired: "fell: time above ran out",
  revoked: "fell with a revocation",
  "accredited anew": "fell, not yet accredited again",
};

/** "and the 12 accounts below it", or nothing. */
export function andBelow(below: number): string {
  return below === 0 ? "" : ` and the ${below.toLocaleString()} ${below === 1 ? "account" : "accounts"} below it`;
}
