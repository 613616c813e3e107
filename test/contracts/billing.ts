/** A visit that has ended, a policy with terms and an insurer with money: what a bill needs, and what can be wrong with it. */
import type { BaseContract, ContractTransactionResponse, TransactionResponse } from "ethers";

import { visitIdOf, now, recordIdIn, withOrder, type VisitKey } from "./clinic.js";
import { bytes32, entry, ethers, networkHelpers, Role, YEAR, ZERO } from "./fixture.js";
import { hash, type Way, type WAYS } from "./ways.js";

/** `enum ClaimStatus` of IClaims.sol. */
export const ClaimStatus = {
  None: 0,
  Submitted: 1,
  Confirmed: 2,
  Disputed: 3,
  Approved: 4,
  Denied: 5,
  Withdrawn: 6,
} as const;

const DAY = 24n * 3600n;
/** `BILLING_PERIOD`, `REVIEW_PERIOD` and `DECISION_PERIOD` of IClaims.sol, in seconds. */
export const [BILLING, REVIEW, DECISION] = [365n * DAY, 3n * DAY, 30n * DAY];
export const NOBODY = `0x${"00".repeat(20)}`;

/** What a policy pays, as in IClaims.sol. */
export interface Terms {
  token: string;
  deductible: bigint;
  coPayment: bigint;
  limit: bigint;
}

/** The policy that a bill is put to, as in IClaims.sol. */
export interface Cover {
  insurer: string;
  terms: Terms;
  salt: string;
}

/** A record that a bill is for, as in IClaims.sol. */
export interface BilledRecord {
  author: string;
  nonce: bigint;
  orderAuthor: string;
  orderNonce: bigint;
}

/** What a hospital bills, as in IClaims.sol. */
export interface Bill {
  visit: VisitKey;
  cover: Cover;
  amount: bigint;
  from: bigint;
  until: bigint;
  doctor: string;
  doctorShare: bigint;
  records: BilledRecord[];
  document: string;
}

/** What an insurer decides, as in IClaims.sol. */
export interface Decision {
  visit: VisitKey;
  cover: Cover;
  doctor: string;
  doctorShare: bigint;
  content: string;
  eligible: bigint;
  reason: number;
  document: string;
}

export const refOf = ({ token, deductible, coPayment, limit }: Terms, salt: string): string =>
  hash(["address", "uint256", "uint256", "uint256", "bytes32"], [token, deductible, coPayment, limit, salt]);

export const policyIdOf = ({ insurer, terms, salt }: Cover, patientId: string): string =>
  hash(["address", "bytes32", "bytes32"], [insurer, patientId, refOf(terms, salt)]);

/** The ids of a bill's records, as its event says them. */
export const recordIdsOf = ({ visit, records }: Bill): string[] =>
  records.map(({ author, nonce, orderAuthor, orderNonce }) => {
    const visitId = visitIdOf(visit);
    return recordIdIn(orderAuthor === NOBODY ? visitId : recordIdIn(visitId, orderAuthor, orderNonce), author, nonce);
  });

const contentOf = (bill: Bill): string =>
  hash(
    ["uint256", "uint48", "uint48", "bytes32[]", "bytes32"],
    [bill.amount, bill.from, bill.until, recordIdsOf(bill), bill.document],
  );

/** What a patient names a bill by. */
export const billHashOf = (bill: Bill): string =>
  hash(
    ["bytes32", "address", "uint16", "bytes32"],
    [policyIdOf(bill.cover, bill.visit.patientId), bill.doctor, bill.doctorShare, contentOf(bill)],
  );

/** The decision to acknowledge all of a bill, or what `change` says. */
export const decisionOn = (bill: Bill, change: Partial<Decision> = {}): Decision => ({
  visit: bill.visit,
  cover: bill.cover,
  doctor: bill.doctor,
  doctorShare: bill.doctorShare,
  content: contentOf(bill),
  eligible: bill.amount,
  reason: change.eligible === undefined || change.eligible === bill.amount ? 0 : 1,
  document: bytes32(),
  ...change,
});

/** Calls a contract that doesn't know the forwarder: by a transaction, or through the contract wallet. */
export const inPerson = (
  { account, signer, send }: Way,
  target: BaseContract,
  name: string,
  args: readonly unknown[],
): Promise<TransactionResponse> =>
  account === signer.address
    ? (target.connect(signer).getFunction(name)(...args) as Promise<ContractTransactionResponse>)
    : send(target, name, args);

/**
 * `withOrder`, with a policy that was accepted before the service, a report of the laboratory and an ended visit. By its
 * terms the patient pays the first 50.00 and 10 % of the rest, and the insurer 300.00 at most.
 */
export async function billable(act: (typeof WAYS)[keyof typeof WAYS]) {
  const base = await withOrder(act);
  const { ways, participants, patients, policies, visits, records, claims, root, until: forLong } = base;
  const { patient, hospital, doctor, laboratory } = ways;
  const insurer = await act(base, base.insurer);
  const otherInsurer = await act(base, base.relayer);
  for (const { account } of [insurer, otherInsurer]) {
    await participants.connect(root).accredit(account, Role.Insurer, forLong, ZERO);
  }
  const token = await ethers.deployContract("DemoEuro", [10n ** 30n]);
  const terms: Terms = { token: await token.getAddress(), deductible: 5_000n, coPayment: 1_000n, limit: 30_000n };

  /** A policy in force from now for a year, or as `change` says, that `of` has accepted. */
  const insure = async ({
    by = insurer,
    of = patient,
    patientId = base.patientId,
    terms: own = terms,
    previousRef = ZERO,
    from = 0n,
    until = 0n,
    accepts = true,
  } = {}): Promise<Cover> => {
    const cover = { insurer: by.account, terms: own, salt: bytes32() };
    const ref = refOf(own, cover.salt);
    const [wording, schedule] = [bytes32(), bytes32()];
    const begin = from === 0n ? await now() : from;
    const end = until === 0n ? begin + BigInt(YEAR) : until;
    const offer = { patientId, ref, previousRef, wording, schedule, from: begin, until: end, offer: bytes32() };
    await by.send(policies, "issue", [offer]);
    const key = { insurer: by.account, patientId, ref };
    if (accepts) await of.send(policies, "accept", [key, wording, schedule]);
    return cover;
  };
  /** A visit of a day with one record of the hospital's own, closed after an hour. */
  const attended = async ({ by = hospital, of = patient, patientId = base.patientId, closes = true } = {}) => {
    const nonce = entry().nonce;
    const visit = { patientId, hospital: by.account, nonce };
    const begin = await now();
    const permit = { ...visit, hash: await patients.hashOf(patientId), until: begin + DAY, sealedKey: ZERO };
    await of.send(visits, "openDirectly", [permit]);
    const from = await now();
    const written = entry();
    await by.send(records, "appendInVisit", [visit, base.scope, base.scopeKey, written]);
    await networkHelpers.time.increase(3600);
    if (closes) await by.send(visits, "close", [visit]);
    const record: BilledRecord = { author: by.account, nonce: written.nonce, orderAuthor: NOBODY, orderNonce: 0n };
    return { visit, from, until: await now(), record };
  };
  /** Pays into the ledger for the insurer. */
  const fund = async (amount: bigint, who = insurer) => {
    await token.transfer(who.account, amount);
    await inPerson(who, token, "approve", [await claims.getAddress(), amount]);
    await who.send(claims, "deposit", [terms.token, amount]);
  };

  const cover = await insure();
  const { openedAt } = await visits.visitOf(base.visitId);
  const from = await now();
  const note = { author: doctor.account, nonce: base.order.nonce, orderAuthor: NOBODY, orderNonce: 0n };
  const reported = await base.report(laboratory, base.order);
  const report = {
    author: laboratory.account,
    nonce: reported,
    orderAuthor: doctor.account,
    orderNonce: base.order.nonce,
  };
  await networkHelpers.time.increase(3600);
  await hospital.send(visits, "close", [base.visit]);
  const until = await now();
  const bill: Bill = {
    visit: base.visit,
    cover,
    amount: 20_000n,
    from,
    until,
    doctor: doctor.account,
    doctorShare: 2_000n,
    records: [note, report],
    document: bytes32(),
  };
  const policyId = policyIdOf(cover, base.patientId);
  return {
    ...base,
    ways: { ...ways, insurer, otherInsurer },
    token,
    terms,
    insure,
    attended,
    fund,
    openedAt,
    bill,
    policyId,
  };
}

/** `billable`, with the bill submitted and the insurer's 1,000.00 deposited. */
export async function billed(act: (typeof WAYS)[keyof typeof WAYS]) {
  const base = await billable(act);
  const { claims, ways, bill, fund } = base;
  await fund(100_000n);
  await ways.hospital.send(claims, "submit", [bill]);
  return { ...base, since: await now(), hash: billHashOf(bill) };
}

/** `billed`, and confirmed by the patient. */
export async function confirmed(act: (typeof WAYS)[keyof typeof WAYS]) {
  const base = await billed(act);
  const { claims, ways, bill, hash: seen } = base;
  await ways.patient.send(claims, "confirm", [bill.visit, seen]);
  return base;
}
