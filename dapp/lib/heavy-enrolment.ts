/**
 * The worker's jobs of a registration. Each takes the registration as the page carries it, without what can't be posted,
 * and returns it one step on. The page gives the root with the session, once it has it.
 */
import {
  beginEnrolment,
  comparePolicy,
  connectInsurer,
  connectRegistry,
  enrol,
  enrolmentFiles,
  idbDrafts,
  identify,
  insure,
  renewAttestation,
  renewOffer,
  resumeEnrolment,
  rootOf,
  withoutInsurance,
  type Enrolled,
  type Enrolment,
  type PersonalDetails,
  type PolicyFile,
  type Schedule,
  type Session,
} from "../../sdk/index.js";
import type { Report } from "./transactions.js";

/** A registration as it is carried between page and worker: values only. */
export type Carried = Omit<Enrolment, "session" | "drafts">;

/** A registration with the root that it was begun with. */
export interface Opened {
  enrolment: Carried;
  root: Uint8Array;
}

/** What each job is given; services by their addresses. */
interface Given {
  enrolment: Carried;
}

/** The jobs, by name. */
export const ENROLMENT_JOBS = {
  beginEnrolment: async (session: Session, passphrase: string): Promise<Opened> =>
    opened(await beginEnrolment(session, await idbDrafts(session.account), passphrase)),

  resumeEnrolment: async (session: Session, passphrase: string): Promise<Opened> =>
    opened(await resumeEnrolment(session, await idbDrafts(session.account), passphrase)),

  identify: async (
    session: Session,
    { enrolment, registry, person }: Given & { registry: string; person: PersonalDetails },
  ): Promise<Carried> => carried(await identify(await whole(session, enrolment), connectRegistry(registry), person)),

  renewAttestation: async (
    session: Session,
    { enrolment, registry, photo }: Given & { registry: string; photo?: Uint8Array | undefined },
  ): Promise<Carried> =>
    carried(await renewAttestation(await whole(session, enrolment), connectRegistry(registry), photo)),

  insure: async (
    session: Session,
    { enrolment, insurer, card, domain }: Given & { insurer: string; card: string; domain: string },
  ): Promise<Carried> =>
    carried(await insure(await whole(session, enrolment), connectInsurer(insurer), { card, domain })),

  renewOffer: async (
    session: Session,
    { enrolment, insurer, domain }: Given & { insurer: string; domain: string },
  ): Promise<Carried> =>
    carried(await renewOffer(await whole(session, enrolment), connectInsurer(insurer), { domain })),

  withoutInsurance: async (session: Session, { enrolment }: Given): Promise<Carried> =>
    carried(await withoutInsurance(await whole(session, enrolment))),

  enrolmentFiles: async (
    session: Session,
    { enrolment }: Given,
  ): Promise<{ wording: PolicyFile; schedule: Schedule }> => enrolmentFiles(await whole(session, enrolment)),

  comparePolicy: async (
    session: Session,
    { enrolment, own }: Given & { own: { wording: Uint8Array; schedule?: Uint8Array | undefined } },
  ): Promise<Carried> => carried(await comparePolicy(await whole(session, enrolment), own)),

  enrol: async (session: Session, { enrolment }: Given, report: Report): Promise<Enrolled> =>
    enrol(await whole(session, enrolment), report),
};

async function whole(session: Session, enrolment: Carried): Promise<Enrolment> {
  return { ...enrolment, session: { ...session, root: rootOf(session) }, drafts: await idbDrafts(session.account) };
}

function opened(enrolment: Enrolment): Opened {
  return { enrolment: carried(enrolment), root: enrolment.session.root };
}

function carried({ step, backup, salt, proof, cover, profile, transaction, enrolled }: Enrolment): Carried {
  return { step, backup, salt, proof, cover, profile, transaction, enrolled };
}
