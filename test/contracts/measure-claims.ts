/** What a bill, the words about it, its decision and the money cost; a part of `measureGas`. */
import { toBeHex, ZeroAddress } from "ethers";

import { type Bill, billHashOf, decisionOn, refOf, type Terms } from "./billing.js";
import { ethers, networkHelpers, ZERO } from "./fixture.js";
import type { Bound } from "./measure.js";
import type { Measuring } from "./measure-visits.js";

/**
 * The acts on a claim that the project has promised a limit for. The peer, HealthGuardX, is the only one with claims; it
 * keeps them in strings, and approves and pays in two transactions.
 */
export const CLAIM_BOUNDS: Readonly<Record<string, Bound>> = {
  "Bill a visit with two records": { limit: 120_000, peer: { gas: 375_810, what: "a claim" } },
  "Confirm a bill": { limit: 40_000 },
  "Dispute a bill": { limit: 41_000 },
  "Decide on a claim and pay it": {
    limit: 120_000,
    peer: { gas: 113_057, what: "76,226 to approve and 36,831 to pay; no terms" },
  },
  "Decide on a policy's next claim and pay it": { limit: 66_000 },
  "Deposit for the first time": { limit: 92_000 },
  "Withdraw what is owed": { limit: 62_000 },
};

/** Unix seconds that are as dear in calldata on every day: without a zero byte in their four. */
async function markedTime(): Promise<bigint> {
  let time = (await networkHelpers.time.latest()) + 1;
  while (toBeHex(time, 4).slice(2).match(/../g)?.includes("00")) ++time;
  await networkHelpers.time.setNextBlockTimestamp(time);
  return BigInt(time);
}

/** Measures the acts on claims, with Bashir as the patient. */
export async function measureClaims(measuring: Measuring): Promise<void> {
  const { world, measure, word, entry, deadline, patientId } = measuring;
  const { consents, records, visits, orders, patients, policies, claims } = world;
  const { bashir, hospital, doctor, laboratory, insurer, root } = world;
  const euro = await ethers.deployContract("DemoEuro", [10n ** 9n], root);
  const terms: Terms = { token: await euro.getAddress(), deductible: 5_000n, coPayment: 1_000n, limit: 10n ** 6n };
  const cover = { insurer: insurer.address, terms, salt: word() };
  const [ref, wording, schedule] = [refOf(terms, cover.salt), word(), word()];
  const offer = { patientId, ref, previousRef: ZERO, wording, schedule, from: 1n, until: deadline, offer: word() };
  await policies.connect(insurer).issue(offer);
  await policies.connect(bashir).accept({ insurer: insurer.address, patientId, ref }, wording, schedule);
  const [scope, key] = [word(), word()];
  await consents.connect(bashir).openScope(patientId, scope, key);
  const hash = await patients.hashOf(patientId);

  /** A visit with a doctor's order and its report, from opening to closing, and the bill for it. */
  const attended = async (): Promise<Bill> => {
    const visit = { patientId, hospital: hospital.address, nonce: entry().nonce };
    const from = await markedTime();
    await visits.connect(bashir).openDirectly({ ...visit, hash, until: deadline, sealedKey: word() });
    for (const member of [doctor, laboratory]) await visits.connect(hospital).assign(visit, member, word());
    const [list, report] = [entry(), entry()];
    await records.connect(doctor).appendInVisit(visit, scope, key, list);
    const order = { visit, author: doctor.address, nonce: list.nonce };
    await orders.connect(doctor).place(order, 5, 1, deadline, laboratory, word());
    await records.connect(laboratory).appendForOrder(order, scope, key, report);
    const until = await markedTime();
    await visits.connect(hospital).close(visit);
    const written = { author: doctor.address, nonce: list.nonce, orderAuthor: ZeroAddress, orderNonce: 0n };
    const reported = {
      author: laboratory.address,
      nonce: report.nonce,
      orderAuthor: doctor.address,
      orderNonce: list.nonce,
    };
    const share = { doctor: doctor.address, doctorShare: 2_000n };
    return { visit, cover, amount: 20_000n, from, until, ...share, records: [written, reported], document: word() };
  };
  const first = await attended();
  const next = await attended();
  const decided = (bill: Bill, eligible: bigint) => decisionOn(bill, { eligible, reason: 3, document: word() });

  await euro.transfer(insurer, 200_000n);
  await euro.connect(insurer).approve(claims, 200_000n);
  await measure("Deposit for the first time", claims.connect(insurer).deposit(euro, 100_000n));
  await measure("Deposit again", claims.connect(insurer).deposit(euro, 50_000n));
  await measure("Bill a visit with two records", claims.connect(hospital).submit(first));
  await measure("Dispute a bill", claims.connect(bashir).dispute(first.visit, billHashOf(first), word()));
  await measure("Confirm a bill", claims.connect(bashir).confirm(first.visit, billHashOf(first)));
  await measure("Ask about a bill", claims.connect(insurer).ask(decided(first, 0n)));
  await measure("Answer about a bill", claims.connect(hospital).answer(first.visit, word()));
  await measure("Withdraw a bill", claims.connect(hospital).withdrawClaim(first.visit));
  await measure("Bill a visit anew", claims.connect(hospital).submit(first));
  await claims.connect(bashir).confirm(first.visit, billHashOf(first));
  await measure("Decide on a claim and pay it", claims.connect(insurer).decide(decided(first, 15_000n)));
  await claims.connect(hospital).submit(next);
  await measure("Deny a claim", claims.connect(insurer).decide(decided(next, 0n)));
  await claims.connect(hospital).submit(next);
  await claims.connect(bashir).confirm(next.visit, billHashOf(next));
  await measure("Decide on a policy's next claim and pay it", claims.connect(insurer).decide(decided(next, 15_000n)));
  const owed = await claims.balanceOf(euro, doctor);
  await measure("Withdraw what is owed", claims.connect(doctor).withdraw(euro, owed));
}
