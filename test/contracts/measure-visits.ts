/** What a visit, its orders and their reports cost; a part of `measureGas`. */
import { type BaseContract, type TransactionResponse, ZeroAddress } from "ethers";

import { ReportStatus, Role, type Signer, type World } from "./fixture.js";
import type { Bound } from "./measure.js";
import { type Permit, signPermit } from "./signing.js";

/** The acts of a visit that the project has promised a limit for. */
export const VISIT_BOUNDS: Readonly<Record<string, Bound>> = {
  "Open a visit": { limit: 90_000 },
  "Open a visit by the patient": { limit: 74_000 },
  "Assign a doctor to a visit": { limit: 75_000 },
  "Close a visit": { limit: 33_000 },
  "Append a record in a visit by the hospital": { limit: 88_000 },
  "Append a record in a visit": { limit: 97_000 },
  "Place an order": { limit: 106_000 },
  "Write and place an order in one transaction": { limit: 153_000 },
  "Append a report on an order": { limit: 95_000 },
  "Fulfil an order": { limit: 130_000 },
  "Write and count a report in one transaction": { limit: 187_000 },
};

/** What `measureGas` hands over: its world and its means. */
export interface Measuring {
  world: World;
  measure: (sentence: string, sent: Promise<TransactionResponse>) => Promise<void>;
  word: () => string;
  entry: () => { nonce: bigint; size: bigint; payload: string; header: string };
  /** A time to come, of the same bytes on every day. */
  deadline: bigint;
  /** Bashir's pseudonym. */
  patientId: string;
}

/** Measures the acts of visits, orders and reports, with Bashir as the patient. */
export async function measureVisits({ world, measure, word, entry, deadline, patientId }: Measuring): Promise<void> {
  const { forwarder, consents, records, visits, orders, fulfilments, patients } = world;
  const { bashir, hospital, doctor, laboratory, pharmacy } = world;
  const [scope, key] = [word(), word()];
  await consents.connect(bashir).openScope(patientId, scope, key);
  // The patient's first record costs a slot more.
  await records.connect(bashir).append(patientId, scope, key, entry());

  const hash = await patients.hashOf(patientId);
  const permitFor = (): Permit => ({
    patientId,
    hash,
    hospital: hospital.address,
    nonce: entry().nonce,
    until: deadline,
    sealedKey: word(),
  });
  const keyOf = ({ nonce }: Permit) => ({ patientId, hospital: hospital.address, nonce });
  const open = async (permit: Permit) =>
    visits.connect(hospital).open(permit, deadline, await signPermit(visits, bashir, permit, deadline));
  const [permit, another, unused] = [permitFor(), permitFor(), permitFor()];
  const visit = keyOf(permit);
  await measure("Open a visit", open(permit));
  await measure("Open a visit by the patient", visits.connect(bashir).openDirectly(another));
  await measure("Withdraw a permit", visits.connect(bashir).withdraw(keyOf(unused)));
  await measure("Announce a permit", visits.connect(bashir).announce(hospital, word()));
  await measure("Assign a doctor to a visit", visits.connect(hospital).assign(visit, doctor, word()));
  await visits.connect(hospital).assign(visit, laboratory, word());

  const write = (by: Signer) => records.connect(by).appendInVisit(visit, scope, key, entry());
  await measure("Append a record in a visit by the hospital", write(hospital));
  await measure("Append a record in a visit", write(doctor));

  const call = async (target: BaseContract, name: string, args: readonly unknown[]) => ({
    target: await target.getAddress(),
    data: target.interface.encodeFunctionData(name, args),
  });
  const terms = (role: number, fills: number, fulfiller: string) => [role, fills, deadline, fulfiller, word()] as const;
  const orderFor = (nonce: bigint) => ({ visit, author: doctor.address, nonce });
  const [list, prescription] = [entry(), entry()];
  const order = orderFor(list.nonce);
  await records.connect(doctor).appendInVisit(visit, scope, key, list);
  await measure(
    "Place an order",
    orders.connect(doctor).place(order, ...terms(Role.Laboratory, 1, laboratory.address)),
  );
  await measure("Choose who carries an order out", orders.connect(bashir).assign(order, laboratory, word()));
  await measure("Ask to carry an order out", orders.connect(laboratory).request(order));
  const prescribed = orderFor(prescription.nonce);
  const placing = [
    await call(records, "appendInVisit", [visit, scope, key, prescription]),
    await call(orders, "place", [prescribed, ...terms(Role.Pharmacy, 3, ZeroAddress)]),
  ];
  await measure("Write and place an order in one transaction", forwarder.connect(doctor).batch(placing));
  await orders.connect(bashir).assign(prescribed, pharmacy, word());

  const report = entry();
  await measure("Append a report on an order", records.connect(laboratory).appendForOrder(order, scope, key, report));
  await measure("Fulfil an order", fulfilments.connect(laboratory).fulfil(order, report.nonce, ReportStatus.Final));
  for (const sentence of ["Write and count a report in one transaction", "Write and count the next dispensing"]) {
    const dispensed = entry();
    const counting = [
      await call(records, "appendForOrder", [prescribed, scope, key, dispensed]),
      await call(fulfilments, "fulfil", [prescribed, dispensed.nonce, ReportStatus.Final]),
    ];
    await measure(sentence, forwarder.connect(pharmacy).batch(counting));
  }
  await measure("Cancel an order", orders.connect(bashir).cancel(prescribed));
  await measure("Close a visit", visits.connect(hospital).close(visit));
}
