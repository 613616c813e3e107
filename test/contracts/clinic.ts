/** The people of a visit, each acting in one of the ways; what names a visit, an order and a record in them. */
import { bytes32, deployed, entry, networkHelpers, Role, YEAR, ZERO } from "./fixture.js";
import { type Permit, signPermit } from "./signing.js";
import { hash, registered, type Way, type WAYS } from "./ways.js";

/** Makes the way in which everybody acts. */
type Act = (typeof WAYS)[keyof typeof WAYS];

/** What names a visit, as in IVisits.sol. */
export interface VisitKey {
  patientId: string;
  hospital: string;
  nonce: bigint;
}

/** What names an order, as in IOrders.sol. */
export interface OrderKey {
  visit: VisitKey;
  author: string;
  nonce: bigint;
}

const idIn = (context: string, account: string, nonce: bigint) =>
  hash(["bytes32", "address", "uint64"], [context, account, nonce]);

export const visitIdOf = ({ patientId, hospital, nonce }: VisitKey): string => idIn(patientId, hospital, nonce);
/** The id of a record that is written under a patient, a visit or an order. */
export const recordIdIn = (context: string, author: string, nonce: bigint): string => idIn(context, author, nonce);
export const orderIdOf = ({ visit, author, nonce }: OrderKey): string => idIn(visitIdOf(visit), author, nonce);

/** The block's time, Unix seconds. */
export const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());

/**
 * A patient with an open drawer, and a visit for a day that isn't opened yet: its permit is signed. Two hospitals, each
 * with a doctor and a laboratory; a pharmacy of the authority's; Bashir, another patient.
 */
export async function clinic(act: Act) {
  const base = await deployed();
  const { participants, patients, consents, visits, authority, until } = base;
  const ways = {
    patient: await act(base, base.amina),
    otherPatient: await act(base, base.bashir),
    hospital: await act(base, base.hospital),
    doctor: await act(base, base.doctor),
    laboratory: await act(base, base.laboratory),
    pharmacy: await act(base, base.pharmacy),
    otherHospital: await act(base, base.otherHospital),
    otherDoctor: await act(base, base.otherDoctor),
    otherLaboratory: await act(base, base.otherLaboratory),
    stranger: await act(base, base.stranger),
  };
  /** Accredits below a hospital. Only direct callers are listened to, a contract wallet being one. */
  const accredit = async (parent: Way, account: string, role: number, end = until) => {
    const args = [account, role, end, bytes32()] as const;
    if (parent.account !== parent.signer.address) await parent.send(participants, "accredit", args);
    else await participants.connect(parent.signer).accredit(...args);
  };
  /** Revokes below a hospital. */
  const revoke = async (parent: Way, account: string) => {
    if (parent.account !== parent.signer.address) await parent.send(participants, "revoke", [account]);
    else await participants.connect(parent.signer).revoke(account);
  };
  // Those who act directly are accredited by the fixture already; this renews.
  for (const { account } of [ways.hospital, ways.otherHospital]) {
    await participants.connect(authority).accredit(account, Role.Hospital, until, bytes32());
  }
  await participants.connect(authority).accredit(ways.pharmacy.account, Role.Pharmacy, until, bytes32());
  await accredit(ways.hospital, ways.doctor.account, Role.Doctor);
  await accredit(ways.hospital, ways.laboratory.account, Role.Laboratory);
  await accredit(ways.otherHospital, ways.otherDoctor.account, Role.Doctor);
  await accredit(ways.otherHospital, ways.otherLaboratory.account, Role.Laboratory);

  const patientId = await registered(base, ways.patient);
  const otherPatientId = await registered(base, ways.otherPatient);
  const [scope, scopeKey] = [bytes32(), bytes32()];
  await ways.patient.send(consents, "openScope", [patientId, scope, scopeKey]);

  /** What the patient may sign now for the hospital. */
  const permitOf = async (change: Partial<Permit> = {}): Promise<Permit> => ({
    patientId,
    hash: await patients.hashOf(patientId),
    hospital: ways.hospital.account,
    nonce: entry().nonce,
    until: (await now()) + 24n * 3600n,
    sealedKey: bytes32(),
    ...change,
  });
  /** The arguments of `open`: permit, deadline, and the signature of whoever `signer` signs for. */
  const signed = async (permit: Permit, { signer = ways.patient.signer, deadline = until, target = visits } = {}) =>
    [permit, deadline, await signPermit(target, signer, permit, deadline)] as const;
  const permit = await permitOf();
  const visit: VisitKey = { patientId, hospital: permit.hospital, nonce: permit.nonce };
  return {
    ...base,
    ways,
    accredit,
    revoke,
    patientId,
    otherPatientId,
    scope,
    scopeKey,
    permitOf,
    signed,
    permit,
    visit,
    visitId: visitIdOf(visit),
  };
}

/** `clinic`, with the visit opened, and the hospital's doctor and laboratory assigned to it. */
export async function inVisit(act: Act) {
  const base = await clinic(act);
  const { ways, visits, visit, permit, signed } = base;
  await ways.hospital.send(visits, "open", await signed(permit));
  for (const { account } of [ways.doctor, ways.laboratory]) {
    await ways.hospital.send(visits, "assign", [visit, account, ZERO]);
  }
  return base;
}

/** `inVisit`, with a test list that the doctor wrote and placed for the house's laboratory, to be done within a year. */
export async function withOrder(act: Act) {
  const base = await inVisit(act);
  const { ways, records, orders, visit, scope, scopeKey } = base;
  const { doctor, laboratory } = ways;
  /** Writes a record of the visit and places it as an order; returns what names it. */
  const place = async ({
    role = Role.Laboratory,
    fills = 1,
    until = 0n,
    fulfiller = laboratory.account,
  }: { role?: number; fills?: number; until?: bigint; fulfiller?: string } = {}): Promise<OrderKey> => {
    const written = entry();
    const end = until === 0n ? (await now()) + BigInt(YEAR) : until;
    const order = { visit, author: doctor.account, nonce: written.nonce };
    await doctor.send(records, "appendInVisit", [visit, scope, scopeKey, written]);
    await doctor.send(orders, "place", [order, role, fills, end, fulfiller, bytes32()]);
    return order;
  };
  /** Writes a record under an order, as somebody who may; returns its nonce. */
  const report = async (by: Way, order: OrderKey): Promise<bigint> => {
    const written = entry();
    await by.send(records, "appendForOrder", [order, scope, scopeKey, written]);
    return written.nonce;
  };
  const order = await place();
  return { ...base, place, report, order, orderId: orderIdOf(order) };
}
