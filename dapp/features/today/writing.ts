/** What the panels of a visit have in common. */
import type { fhir, VisitAccess, VisitId } from "../../../sdk/index.js";
import { useDisclosure } from "../../components/SignPanel.js";
import { nameOf } from "../../lib/access.js";
import { useIdentity } from "../../lib/identity.js";
import { useParticipants } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { plain, short } from "../../lib/text.js";
import { useVisit } from "./useVisit.js";

/** What a panel is given. */
export interface Writing {
  access: VisitAccess;
  /** The hospital's name. */
  hospital: string;
  /** Unix seconds. */
  openedAt: number;
  onClose: () => void;
}

/** The name of a draft of a visit. */
export const draftName = (visitId: VisitId, kind: string) => `visit/${visitId}/${kind}`;

/** The patient as the permit names them. */
export function patientIn({ name, visit }: VisitAccess): string {
  return name === "" ? `Patient ${short(visit.patientId)}` : plain(name);
}

/** The doctor who writes, as the document names them. */
export function useAuthor(): fhir.Party {
  const { account } = useOpenSession();
  const { data: identity } = useIdentity();
  return { account, name: identity?.participant?.name ?? undefined };
}

/** The first of a form's problems, as what has to be done before signing; null when there is none. */
export function problemIn(problems: Readonly<Record<string, string>>): string | null {
  return Object.values(problems)[0] ?? null;
}

/** What a document of the visit tells whom. */
export function useWritingDisclosure({ access, hospital }: Pick<Writing, "access" | "hospital">) {
  const { patientId } = access.visit;
  const { data: visit } = useVisit(access.visitId);
  const { data: participants } = useParticipants();
  const doctors = visit?.members
    .filter(({ removed }) => !removed)
    .map(({ account }) => participants?.find((each) => each.account === account) ?? null)
    .flatMap((each) => (each?.role === "doctor" ? [plain(nameOf(each, each.account))] : []));
  const by = visit && participants && { patientId, patientName: patientIn(access), hospitalName: hospital, doctors };
  return useDisclosure("writing", by, (sdk, { doctors: names = [], ...rest }) =>
    sdk.discloseVisitRecord({ patientId: rest.patientId }, { ...rest, doctors: names }),
  );
}
