/**
 * The demo's small world: participants, three patients with documents, grants and policies. Everything goes through the
 * SDK, the way everyone goes. What different accounts do runs side by side; one account's transactions queue.
 */
import {
  acceptPolicy,
  accredit,
  attest,
  chainTime,
  depositFunds,
  drawerByLabel,
  grant,
  issuePolicy,
  openDrawers,
  ownDrawers,
  patientsControlledBy,
  prepareGrant,
  publishBatch,
  register,
  requestRegistration,
  SCOPE_LABELS,
  type Address,
  type PatientId,
  type PolicyDraft,
  type PolicyId,
  type Reader,
  type Rights,
  type Role,
  type ScopeLabel,
} from "../../sdk/index.js";
import { setUpAccount, type Unlocked } from "./account.js";
import { documentsOf } from "./content.js";
import { deployEuro } from "./euro.js";
import { amendedWording, claimTerms, schedule, wording } from "./insurance.js";
import { knownPersona, PERSONAS, type Persona } from "./personas.js";

export { PERSONAS, type Persona } from "./personas.js";

/** What the seed made. */
export interface SeededWorld {
  patients: { persona: string; patientId: PatientId; records: number }[];
  policies: { patientId: PatientId; policyId: PolicyId; accepted: boolean }[];
  /** The token that claims are settled in, without value. */
  euro: Address;
}

/** What the seed works on. */
export interface SeedOptions extends Reader {
  /** Folder for the journals of the personas. */
  journals: string;
  /** The demo's token; deployed unless named. */
  euro?: Address | undefined;
  /** Told before each step. */
  onStep?: (step: string) => void;
  /** Told when registries, authorities and insurers are accredited, and can run their services. */
  onParticipants?: () => void;
}

interface SharePlan {
  patient: string;
  grantee: string;
  scopes: ScopeLabel[];
  rights: Rights;
  days: number;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/** What the insurer pays in for claims: a million dEUR, in cents. */
const DEPOSIT = 100_000_000n;

const SHARES: readonly SharePlan[] = [
  { patient: "amina", grantee: "lee", scopes: ["medication", "visits"], rights: "read and write", days: 30 },
  { patient: "amina", grantee: "laboratory", scopes: ["laboratory"], rights: "write", days: 2 },
  { patient: "bashir", grantee: "lee", scopes: ["visits", "laboratory"], rights: "read and write", days: 90 },
  { patient: "bashir", grantee: "laboratory", scopes: ["laboratory"], rights: "write", days: 2 },
];

/**
 * Seeds a deployment on which the operator is the root and nobody has registered.
 * @returns what was made, or null when the deployment was seeded before
 */
export async function seed({
  chain,
  store,
  journals,
  euro: deployed,
  onStep,
  onParticipants,
}: SeedOptions): Promise<SeededWorld | null> {
  const reader = { chain, store };
  const patients = PERSONAS.filter(({ role }) => role === "patient");
  const registered = await Promise.all(patients.map(({ address }) => patientsControlledBy(chain, address)));
  if (registered.flat().length > 0) return null;

  onStep?.("Setting up accounts");
  // A newcomer starts from nothing: that is what there is to try.
  const settled = PERSONAS.filter(({ role }) => role !== "newcomer");
  const sessions = await Promise.all(settled.map((persona) => setUpAccount(reader, persona, journals)));
  const byId = new Map(settled.map(({ id }, index) => [id, sessions[index]]));
  const as = (id: string): Unlocked => {
    const session = byId.get(id);
    if (!session) throw new RangeError(`no session of ${id}`);
    return session;
  };

  onStep?.("Accrediting participants and registering patients");
  const until = (await chainTime(chain)) + 5 * YEAR;
  await accreditBy(as, "operator", ["registry", "authority", "insurer"], until);
  onParticipants?.();
  const [ids] = await Promise.all([
    registerAll(as, patients),
    accreditBy(as, "authority", ["hospital", "laboratory", "pharmacy"], until).then(() =>
      accreditBy(as, "hospital", ["lee", "haddad"], until),
    ),
  ]);

  onStep?.("Opening drawers, granting access and issuing policies");
  const euro = deployed ?? (await deployEuro(as("operator").signer));
  await Promise.all(patients.map(({ id }) => openDrawers(as(id), patientIdOf(ids, id), SCOPE_LABELS)));
  const [policies] = await Promise.all([
    depositFunds(as("insurer"), { token: euro, amount: DEPOSIT }).then(() => issueAll(as, ids, euro)),
    ...SHARES.map((plan) => share(as, plan, patientIdOf(ids, plan.patient))),
  ]);

  onStep?.("Publishing documents");
  const made = patients.map(async (persona) => {
    const patientId = patientIdOf(ids, persona.id);
    return { persona: persona.id, patientId, records: await publishAll(as, persona, patientId) };
  });
  return { patients: await Promise.all(made), policies, euro };
}

// -------- steps --------

/** The session of a persona, by its id. */
type As = (id: string) => Unlocked;
type PatientIds = ReadonlyMap<string, PatientId>;

function patientIdOf(ids: PatientIds, persona: string): PatientId {
  const patientId = ids.get(persona);
  if (!patientId) throw new RangeError(`${persona} is no patient`);
  return patientId;
}

async function accreditBy(as: As, parent: string, ids: string[], until: number): Promise<void> {
  const accreditations = ids.map(knownPersona).map(({ address, role, name, department }) => {
    const terms = { account: address, role: role as Role, until, name, department };
    return accredit(as(parent), terms);
  });
  await Promise.all(accreditations);
}

async function registerAll(as: As, patients: readonly Persona[]): Promise<PatientIds> {
  const registrations = patients.map(async ({ id, identity }) => {
    if (!identity) throw new RangeError(`${id} has no identity`);
    const request = requestRegistration(as(id), identity);
    const registry = as("registry");
    const attestation = await attest(registry, registry.signer, registry.root, request);
    const { insuranceCard } = identity;
    const { patientId } = await register(as(id), request, attestation, { insuranceCard });
    return [id, patientId] as const;
  });
  return new Map(await Promise.all(registrations));
}

async function share(as: As, plan: SharePlan, patientId: PatientId): Promise<void> {
  const session = as(plan.patient);
  const own = await ownDrawers(session, patientId);
  const prepared = await prepareGrant(session, {
    patientId,
    grantee: knownPersona(plan.grantee).address,
    drawers: own.filter(({ label }) => plan.scopes.some((scope) => scope === label)),
    records: [],
    rights: plan.rights,
    until: (await chainTime(session.chain)) + plan.days * DAY,
  });
  await grant(session, prepared);
}

/** Each patient has a policy in force; two offers wait for Amina, a change of hers and a second policy. */
async function issueAll(as: As, ids: PatientIds, euro: Address): Promise<SeededWorld["policies"]> {
  const insurer = as("insurer");
  const [own, amended] = await Promise.all([wording(), amendedWording()]);
  const from = await chainTime(insurer.chain);
  const offer = async (
    patientId: PatientId,
    draft: Pick<PolicyDraft, "title" | "wording" | "schedule" | "terms" | "previous">,
  ) => {
    const { policyId } = await issuePolicy(insurer, { patientId, from, until: from + YEAR, ...draft });
    return { patientId, policyId, accepted: false };
  };
  const issued = [...ids].map(async ([id, patientId]) => {
    const persona = knownPersona(id);
    const [title, dental] = ["Care Plus", "Care Plus Dental"] as const;
    const sums = schedule(persona, title);
    const terms = claimTerms(title, euro);
    const first = await offer(patientId, { title, wording: own, schedule: sums, terms });
    await acceptPolicy(as(id), first.policyId, { wording: own.bytes });
    const accepted = { ...first, accepted: true };
    if (id !== "amina") return [accepted];
    return [
      accepted,
      await offer(patientId, {
        title: dental,
        wording: own,
        schedule: schedule(persona, dental),
        terms: claimTerms(dental, euro),
      }),
      await offer(patientId, {
        title,
        wording: amended,
        schedule: sums,
        terms: claimTerms(title, euro, { isAmended: true }),
        previous: first.policyId,
      }),
    ];
  });
  return (await Promise.all(issued)).flat();
}

/** @returns how many documents the patient has */
async function publishAll(as: As, persona: Persona, patientId: PatientId): Promise<number> {
  const bundles = await documentsOf(persona);
  const published = bundles.map(async ({ author, scope, documents }) => {
    const session = as(author === "patient" ? persona.id : author);
    return publishBatch(session, await drawerByLabel(session, patientId, scope), documents);
  });
  return (await Promise.all(published)).flat().length;
}
