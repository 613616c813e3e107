/** Steps 1 to 5 of seed 002 (002-17 to 002-23): a newcomer proves who they are, once, and both hashes of the policy agree. */
import { join } from "node:path";

import {
  beginEnrolment,
  comparePolicy,
  connectInsurer,
  connectRegistry,
  discardEnrolment,
  enrol,
  hasDraft,
  history,
  identify,
  insure,
  patientsControlledBy,
  type PatientId,
  type Reader,
} from "../../sdk/index.js";
import { fileDrafts } from "../../sdk/node.js";
import { schedule, wording } from "../seed/insurance.js";
import { knownPersona } from "../seed/personas.js";
import { player, visitor, type Player } from "./people.js";
import type { Tell } from "./story.js";

/** Who registers. */
export const NEWCOMER = "dana";

/** The attestation services that registering needs. */
export interface Services {
  registry: string;
  insurer: string;
}

/** A patient who takes part. */
export interface Patient extends Player {
  patientId: PatientId;
}

/** Registers the newcomer, or says how they were registered by an earlier run. */
export async function registered(reader: Reader, services: Services, journals: string, tell: Tell): Promise<Patient> {
  const { account } = await visitor(reader, NEWCOMER, journals);
  const [known] = await patientsControlledBy(reader.chain, account);
  if (known) return registeredBefore(reader, known, journals, tell);

  const persona = knownPersona(NEWCOMER);
  const { identity } = persona;
  if (!identity) throw new RangeError(`${NEWCOMER} has no identity`);
  const session = await visitor(reader, NEWCOMER, journals);
  const drafts = fileDrafts(join(journals, `${account}.registration`));
  // A demonstration that was broken off begins anew.
  if (await hasDraft(drafts)) await discardEnrolment(session, drafts);
  const begun = await beginEnrolment(session, drafts, persona.passphrase);
  tell({ step: "1", who: persona.name, what: "gives national id, a photo and the insurance card's number" });

  // Late: the faces come with a model that nothing else here needs.
  const { liveOf } = await import("../seed/faces.js");
  const { nationalId, birthDate, insuranceCard } = identity;
  const photo = await liveOf(NEWCOMER);
  tell({ step: "2a", who: "Civil registry", what: "is asked about the national id, with the photo" });
  const identified = await identify(begun, connectRegistry(services.registry), { nationalId, birthDate, photo });
  const { proof } = identified;
  tell({
    step: "3a",
    who: proof?.registryName ?? "",
    what: "attests who this is",
    facts: { by: proof?.evidence.join(" and ") },
  });

  const insurer = connectInsurer(services.insurer);
  tell({ step: "2b", who: "Insurer", what: "is asked about the card" });
  const insured = await insure(identified, insurer, { card: insuranceCard, domain: new URL(insurer.url).host });
  const own = { wording: (await wording()).bytes, schedule: schedule(persona, "Care Plus").bytes };
  const compared = await comparePolicy(insured, own);
  const equal = compared.cover?.comparisons.every((each) => each.equal);
  tell({
    step: "3b",
    who: insured.cover?.insurerName ?? "",
    what: "hands over its policy; its hash and the patient's own are compared",
    facts: { equal: String(equal), policy: compared.cover?.policyId },
  });

  const enrolled = await enrol(compared);
  tell({
    step: "4",
    who: persona.name,
    what: "registers: encrypted data and the policy's hash, in one transaction",
    transactions: [enrolled.transaction],
    facts: { patient: enrolled.patientId },
  });
  tell({
    step: "5",
    who: persona.name,
    what: "holds H, the hash of what is stored",
    facts: { H: enrolled.patientHash },
  });
  return { ...(await player(reader, NEWCOMER, journals)), patientId: enrolled.patientId };
}

async function registeredBefore(reader: Reader, patientId: PatientId, journals: string, tell: Tell): Promise<Patient> {
  const [registration] = await history(reader, patientId);
  const own = await player(reader, NEWCOMER, journals);
  tell({
    step: "1-5",
    who: own.persona.name,
    what: "has registered before",
    transactions: registration ? [registration.transactionHash] : [],
    facts: { patient: patientId },
  });
  return { ...own, patientId };
}
