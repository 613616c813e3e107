import { expect } from "chai";
import { randomBytes } from "node:crypto";

import { sendCall } from "../../../sdk/adapters/chain.js";
import { encodeAnswer, encodeAsk, encodeDecide, encodeSubmit, type Bill } from "../../../sdk/adapters/claims.js";
import { sendPublishKey } from "../../../sdk/adapters/keys.js";
import { sendRotateController } from "../../../sdk/adapters/patients.js";
import { NO_REF, sendIssuePolicy } from "../../../sdk/adapters/policies.js";
import { billContentOf, billHashOf } from "../../../sdk/core/bill.js";
import { fromHex, utf8 } from "../../../sdk/core/bytes.js";
import { policyIdOf } from "../../../sdk/core/policy.js";
import { controllerRotationTypedData } from "../../../sdk/core/typedData.js";
import { sealForParties } from "../../../sdk/flows/claim-documents.js";
import { filesStoredFor, packFiles } from "../../../sdk/flows/policy-files.js";
import {
  acceptPolicy,
  allFundsOf,
  answerClaim,
  askAboutClaim,
  billablePolicies,
  cancelPolicy,
  chainTime,
  claimOf,
  claimsOf,
  closeVisit,
  collectFunds,
  confirmClaim,
  decideClaim,
  depositFunds,
  deregister,
  disputeClaim,
  drawerByLabel,
  enterVisit,
  issuePolicy,
  keyOf,
  policyById,
  prepareBill,
  publish,
  publishInVisit,
  readBill,
  readNotes,
  readOfferFiles,
  readResponse,
  settlementTokens,
  termsOf,
  visitById,
  visitRecords,
  withdrawClaim,
  type Claim,
  type Hex,
  type PolicyId,
  type PreparedBill,
} from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import type { PatientSession } from "../../world.js";
import {
  afterReview,
  AMOUNT,
  billedVisit,
  billFor,
  endedVisit,
  insured,
  ITEMS,
  startClaimTown,
  type ClaimTown,
} from "./claim-world.js";
import { draftFor, lying } from "./policy-world.js";
import { note, visitOf } from "./visit-world.js";

/** A public key that shares zero with everyone. */
const LOW_ORDER: Hex = `0x01${"00".repeat(31)}`;

const random32 = (): Hex => `0x${randomBytes(32).toString("hex")}`;

describe("flows: claim, against each other", function () {
  this.timeout(180_000);

  let town: ClaimTown;
  before(async () => {
    town = await startClaimTown();
  });
  after(() => town.stop());

  const again = ({ visitId }: Claim) => claimOf(town.reader, visitId);
  const parties = () => [town.amina, town.insurer, town.hospital];
  const prepared = async (changes: Partial<Parameters<typeof prepareBill>[1]> = {}): Promise<PreparedBill> => {
    const visit = await endedVisit(town);
    return prepareBill(town.hospital, { ...visit, policyId: town.policyId, items: ITEMS, ...changes });
  };
  /** Sends a bill as a program would that keeps to nothing, with a document that is stored. */
  const sent = async ({ bill, document, visitId }: PreparedBill, changes: Partial<Bill> = {}): Promise<Claim> => {
    const { hospital } = town;
    await hospital.store.add(document);
    await sendCall(hospital.chain, hospital.signer, encodeSubmit(hospital.chain, { ...bill, ...changes }));
    return claimOf(town.reader, visitId);
  };
  const expectMismatch = async (claim: Claim, field: string) => {
    for (const party of parties()) {
      const { details } = await expectSalusError(readBill(party, claim), "CLAIM_MISMATCH");
      expect(details["field"]).to.equal(field);
    }
  };

  describe("a sealed bill that the chain contradicts", () => {
    it("abuse: a bill whose sealed document says another amount", async () => {
      const ready = await prepared();
      await expectMismatch(await sent(ready, { amount: AMOUNT + 1n }), "amount");
    });

    it("abuse: another visit's bill, shown for this one", async () => {
      const [first, second] = [await prepared(), await prepared()];
      await sent(first);
      await expectMismatch(await sent(second, { document: first.bill.document }), "visitId");
    });

    it("abuse: a bill that shows fewer documents than it bills", async () => {
      const visit = await endedVisit(town, { documents: 2 });
      const draft = { visitId: visit.visitId, policyId: town.policyId, items: ITEMS };
      const ready = await prepareBill(town.hospital, { ...draft, records: visit.records.slice(0, 1) });
      const all = await prepareBill(town.hospital, { ...draft, records: visit.records });
      await expectMismatch(await sent(ready, { records: all.bill.records }), "records");
    });

    it("abuse: a bill that says another time", async () => {
      const ready = await prepared();
      await expectMismatch(await sent(ready, { from: ready.bill.from + 1 }), "from");
    });

    it("abuse: a bill shown to the patient for another policy than it is put to", async () => {
      const { amina, terms, policyId } = town;
      const other = await insured(town, amina, { terms: { ...terms, limit: 1n } });
      const ready = await prepared({ policyId });
      const { bill } = await prepareBill(town.hospital, {
        visitId: ready.visitId,
        records: (await readyRecords(ready)).slice(0, 1),
        policyId: other,
        items: ITEMS,
      });
      await expectMismatch(await sent(ready, { cover: bill.cover }), "policy");
    });

    it("abuse: items that don't come to the total", async () => {
      const { hospital, insurer } = town;
      const ready = await prepared();
      const claim = await sent(ready);
      const { resource } = await readBill(hospital, claim);
      const padded = { ...resource, item: resource.item?.slice(0, 1) };
      await withdrawClaim(hospital, claim);
      const document = await sealForParties(hospital, claim.key, insurer.account, padded);
      const { digest } = await hospital.store.add(document);
      await expectMismatch(await sent({ ...ready, document }, { document: digest }), "items");
    });

    it("abuse: an item that was given half a time", async () => {
      const { hospital, insurer } = town;
      const ready = await prepared();
      const claim = await sent(ready);
      const { resource } = await readBill(hospital, claim);
      const halved = { ...resource, item: resource.item?.map((item) => ({ ...item, quantity: { value: 0.5 } })) };
      await withdrawClaim(hospital, claim);
      const document = await sealForParties(hospital, claim.key, insurer.account, halved);
      const { digest } = await hospital.store.add(document);
      await expectMismatch(await sent({ ...ready, document }, { document: digest }), "item");
    });

    it("abuse: a response, or a note, shown for the bill; words that are no bill at all", async () => {
      const { hospital, insurer } = town;
      const claim = await billedVisit(town);
      await decideClaim(insurer, claim, { eligible: 0n, reason: 1 });
      const decided = await again(claim);
      const response = decided.history.find((event) => event.kind === "decided");
      const shown = { ...decided, document: response?.kind === "decided" ? response.document : random32() };
      await expectSalusError(readBill(hospital, shown), "CLAIM_MISMATCH");

      const ready = await prepared();
      const document = await sealForParties(hospital, ready.bill.visit, insurer.account, { v: 1, text: "200 euros" });
      const { digest } = await hospital.store.add(document);
      const said = await sent({ ...ready, document }, { document: digest });
      for (const party of parties()) await expectSalusError(readBill(party, said), "FHIR_INVALID");
    });

    it("abuse: a bill that was sealed to the insurer alone", async () => {
      const { hospital, insurer, amina } = town;
      const ready = await prepared();
      const { patientId, hospital: account } = ready.bill.visit;
      // Somebody else in the patient's place.
      const document = await sealForParties(
        hospital,
        { patientId: town.bashir.patientId, hospital: account },
        insurer.account,
        { patientId },
      );
      const { digest } = await hospital.store.add(document);
      const claim = await sent({ ...ready, document }, { document: digest });
      await expectSalusError(readBill(amina, claim), "NOT_A_RECIPIENT");
      // What can't be read needn't be believed.
      await disputeClaim(amina, claim, "I can't open this bill.");
      await expectSalusError(decideClaim(insurer, await again(claim), { eligible: 1n, reason: 1 }), "WrongStatus");
    });

    it("abuse: storage that answers with other bytes", async () => {
      const claim = await billedVisit(town);
      const other = await billedVisit(town);
      const bytes = await town.reader.store.get(other.document);
      const swapped = { ...town.amina, store: lying(town.amina.store, new Map([[claim.document, bytes]])) };
      await expectSalusError(readBill(swapped, claim), "CLAIM_MISMATCH");
      const torn = new Map([[claim.document, bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))]]);
      await expectSalusError(
        readBill({ ...town.amina, store: lying(town.amina.store, torn) }, claim),
        "PAYLOAD_TAMPERED",
      );
    });

    it("abuse: a node that tells of another bill than the contract stores", async () => {
      const claim = await billedVisit(town);
      const { chain } = town.reader;
      const claims = new Proxy(chain.claims, {
        get: (target, key) =>
          key === "claimOf"
            ? async (visitId: string) => {
                const { amount, approved, since, status, isAsked } = await target.claimOf(visitId);
                return { amount, approved, since, status, isAsked, bill: random32() };
              }
            : (Reflect.get(target, key, target) as unknown),
      });
      await expectSalusError(claimOf({ chain: { ...chain, claims } }, claim.visitId), "ANCHOR_MISMATCH");
    });
  });

  describe("a bill that isn't right", () => {
    it("abuse: billed twice, and billed again after it was paid", async () => {
      const claim = await billedVisit(town);
      await expectSalusError(billFor(town, { ...claim, items: ITEMS }), "AlreadyBilled");
      await confirmClaim(town.amina, claim);
      await decideClaim(town.insurer, claim, { eligible: AMOUNT, reason: 0 });
      await expectSalusError(billFor(town, { ...claim, items: ITEMS }), "AlreadyBilled");
      await expectSalusError(decideClaim(town.insurer, claim, { eligible: AMOUNT, reason: 0 }), "WrongStatus");
    });

    it("abuse: billed while the visit is open", async () => {
      const { amina, hospital, doctor, policyId } = town;
      const visitId = await visitOf(amina, hospital, { members: [doctor] });
      const { recordId } = await publishInVisit(doctor, await enterVisit(doctor, visitId), "visits", note("n"));
      const draft = { visitId, policyId, items: ITEMS, records: [recordId] };
      await expectSalusError(prepareBill(hospital, draft), "VisitNotEnded");
      await closeVisit(hospital, visitId);
      await prepareBill(hospital, draft);
    });

    it("abuse: a bill in something that is no token hides nobody's money from the doctor whom it names", async () => {
      const { amina, doctor, euro, insurer, reader, terms } = town;
      const other = { ...terms, token: doctor.account };
      const salted = await termsOf(reader, await policyById(reader, await insured(town, amina, { terms: other })));
      await sent(await prepared({ doctor: doctor.account, doctorShare: 100 }));
      const bill = await prepared({ doctor: doctor.account, doctorShare: 100 });
      await sent(bill, { cover: { insurer: insurer.account, ...salted! } });
      expect(await settlementTokens(reader, doctor.account)).to.include.members([doctor.account, euro]);
      expect((await allFundsOf(reader, doctor.account)).map(({ token }) => token)).to.deep.equal([euro]);
    });

    it("abuse: a patient who ends the visit before anything is written in it leaves nothing to bill", async () => {
      const { amina, hospital, doctor, policyId } = town;
      const visitId = await visitOf(amina, hospital, { members: [doctor] });
      const access = await enterVisit(doctor, visitId);
      await closeVisit(amina, visitId);
      await expectSalusError(publishInVisit(doctor, access, "visits", note("too late")), "NotAuthorIn");
      await expectSalusError(prepareBill(hospital, { visitId, policyId, items: ITEMS, records: [] }), "InvalidRecords");
    });

    it("abuse: billed by another hospital, by the doctor, by anyone", async () => {
      const { otherHospital, doctor, insurer, policyId } = town;
      const visit = await endedVisit(town);
      for (const other of [otherHospital, doctor, insurer]) {
        await expectSalusError(prepareBill(other, { ...visit, policyId, items: ITEMS }), "NotHospitalOfVisit");
      }
    });

    it("abuse: with documents of another visit, of the patient's own, of nobody, of none, of too many", async () => {
      const { hospital, amina, policyId } = town;
      const [visit, other] = [await endedVisit(town), await endedVisit(town)];
      const own = await publish(amina, await drawerByLabel(amina, amina.patientId, "visits"), note("mine"));
      const bill = (records: Hex[]) => prepareBill(hospital, { ...visit, policyId, items: ITEMS, records });
      for (const records of [other.records, [own.recordId], [random32()], [...visit.records, ...other.records]]) {
        await expectSalusError(bill(records), "NotOfVisit");
      }
      await expectSalusError(bill([]), "InvalidRecords");
      await expectSalusError(bill(Array.from({ length: 21 }, () => visit.records[0]!)), "InvalidRecords");
    });

    it("abuse: to a policy of somebody else, without terms, never accepted, or over at the time", async () => {
      const { hospital, insurer, amina, bashir, terms } = town;
      const without = await insured(town, amina, {});
      const foreign = await insured(town, bashir, { terms });
      const visit = await endedVisit(town);
      const bill = (policyId: PolicyId) => prepareBill(hospital, { ...visit, policyId, items: ITEMS });
      await expectSalusError(bill(without), "NO_TERMS");
      await expectSalusError(bill(foreign), "NotCovered");
      await expectSalusError(bill(random32()), "UnknownPolicy");
      // Accepted after the visit.
      await expectSalusError(bill(await insured(town, amina, { terms })), "NotCovered");
      const offered = await draftFor(amina, amina.patientId, { terms });
      const { policyId } = await issuePolicy(insurer, offered);
      await expectSalusError(bill(policyId), "NotCovered");
      const ended = await insured(town, amina, { terms });
      await cancelPolicy(amina, ended);
      const later = await endedVisit(town);
      await expectSalusError(prepareBill(hospital, { ...later, policyId: ended, items: ITEMS }), "NotCovered");
      const billable = await billablePolicies(town.reader, later.visitId);
      expect(billable.map((each) => each.policy.policyId)).not.to.include.members([without, foreign, policyId, ended]);
    });

    it("abuse: to the version before the one that was in force", async () => {
      const { hospital, amina, terms } = town;
      const before = await insured(town, amina, { terms });
      const after = await insured(town, amina, { terms: { ...terms, limit: 500n }, previous: before });
      const visit = await endedVisit(town);
      await expectSalusError(prepareBill(hospital, { ...visit, policyId: before, items: ITEMS }), "NotCovered");
      const { estimate } = await prepareBill(hospital, { ...visit, policyId: after, items: ITEMS });
      expect(estimate.paid).to.equal(500n);
    });

    it("bills the part of a visit that a policy covers: one that begins during it, and one that ends", async () => {
      const { hospital, doctor, terms, insurer, registry } = town;
      const patient = await town.patient(19, registry, "Carla Diaz");
      const first = await insured(town, patient, { terms });
      const visitId = await visitOf(patient, hospital, { members: [doctor] });
      const { recordId } = await publishInVisit(doctor, await enterVisit(doctor, visitId), "visits", note("n"));
      await town.advance(60);
      await cancelPolicy(patient, first);
      await town.advance(60);
      const second = await insured(town, patient, { terms });
      await town.advance(600);
      await closeVisit(hospital, visitId);
      await insured(town, patient, { terms });

      const { openedAt, end } = await visitById(town.reader, visitId);
      const [cancelled, begun] = [await policyById(town.reader, first), await policyById(town.reader, second)];
      const billable = await billablePolicies(town.reader, visitId);
      // The longer part first; the policy that was accepted after the visit isn't among them.
      expect(billable.map(({ policy, span }) => ({ policyId: policy.policyId, ...span }))).to.deep.equal([
        { policyId: second, from: Math.max(begun.from, begun.acceptedAt), until: end },
        { policyId: first, from: openedAt, until: cancelled.end - 1 },
      ]);
      for (const { policy, span } of billable) {
        const draft = { visitId, policyId: policy.policyId, records: [recordId], items: ITEMS };
        await expectSalusError(prepareBill(hospital, draft), "NotCovered");
        for (const beyond of [{ from: span.from - 1 }, { until: span.until + 1 }] as Partial<typeof span>[]) {
          const isWithin = (beyond.from ?? openedAt) >= openedAt && (beyond.until ?? end) <= end;
          const refusal = isWithin ? "NotCovered" : "OutsideVisit";
          await expectSalusError(prepareBill(hospital, { ...draft, ...span, ...beyond }), refusal);
        }
        const { bill } = await prepareBill(hospital, { ...draft, ...span });
        expect(bill).to.include(span);
      }
      const claim = await billFor(town, { visitId, policyId: first, records: [recordId], ...billable[1]!.span });
      for (const party of [patient, insurer, hospital]) await readBill(party, claim);
    });

    it("abuse: a hospital that puts better terms to the policy, or hides them", async () => {
      const ready = await prepared();
      const { cover } = ready.bill;
      for (const change of [
        { terms: { ...cover.terms, deductible: 0n } },
        { terms: { ...cover.terms, coPayment: 0 } },
        { terms: { ...cover.terms, limit: cover.terms.limit + 1n } },
        { salt: random32() },
        { insurer: town.stranger.account },
      ]) {
        await expectSalusError(sent(ready, { cover: { ...cover, ...change } }), "NotCovered");
      }
    });

    it("abuse: amounts of nothing, of more than there can be; shares of more than all, and for nobody", async () => {
      const visit = await endedVisit(town);
      const { doctor, hospital, policyId } = town;
      const draft = { ...visit, policyId, items: ITEMS };
      const ready = await prepareBill(hospital, draft);
      for (const amount of [0n, 2n ** 96n, 2n ** 256n - 1n]) {
        await expectSalusError(sent(ready, { amount }), "InvalidAmount");
      }
      const shares = { doctor: doctor.account, doctorShare: 10_001 };
      await expectSalusError(prepareBill(hospital, { ...draft, ...shares }), "InvalidShare");
      await expectSalusError(prepareBill(hospital, { ...draft, doctorShare: 1 }), "InvalidShare");
      const free = [{ ...ITEMS[0]!, unitPrice: 0n }];
      await expectSalusError(prepareBill(hospital, { ...draft, items: free }), "InvalidAmount");
      await expectSalusError(prepareBill(hospital, { ...draft, items: [] }), "INVALID_INPUT");
      const huge = [{ ...ITEMS[0]!, unitPrice: 2n ** 256n - 1n }];
      await expectSalusError(prepareBill(hospital, { ...draft, items: huge }), "INVALID_INPUT");
      await expectSalusError(
        prepareBill(hospital, { ...draft, items: [{ ...ITEMS[0]!, quantity: -1 }] }),
        "INVALID_INPUT",
      );
    });

    it("abuse: times outside the visit", async () => {
      const { from, until } = (await prepared()).bill;
      for (const change of [{ from: from - 10_000 }, { until: until + 10_000 }]) {
        await expectSalusError(prepared(change), "OutsideVisit");
      }
    });
  });

  describe("decisions and words that aren't right", () => {
    it("abuse: an insurer that acknowledges more than was billed, or less without saying why", async () => {
      const { insurer, amina } = town;
      const claim = await billedVisit(town);
      await confirmClaim(amina, claim);
      const decide = (eligible: bigint, reason: number) => decideClaim(insurer, claim, { eligible, reason });
      await expectSalusError(decide(AMOUNT + 1n, 0), "AboveBill");
      await expectSalusError(decide(AMOUNT - 1n, 0), "InvalidReason");
      await expectSalusError(decide(0n, 0), "InvalidReason");
      await expectSalusError(decide(AMOUNT, 1), "InvalidReason");
      await expectSalusError(decide(0n, 77), "INVALID_INPUT");
      expect((await again(claim)).status).to.equal("confirmed");
    });

    it("abuse: somebody else decides, asks, answers, confirms, disputes, withdraws", async () => {
      const { amina, bashir, insurer, hospital, otherHospital, doctor, stranger } = town;
      const claim = await billedVisit(town);
      for (const other of [hospital, amina, stranger]) {
        await expectSalusError(decideClaim(other, claim, { eligible: 0n, reason: 1 }), "OtherClaim");
        await expectSalusError(askAboutClaim(other, claim, "?"), "OtherClaim");
      }
      for (const other of [insurer, bashir, doctor]) {
        await expectSalusError(confirmClaim(other, claim), "NotController");
        await expectSalusError(disputeClaim(other, claim, "no"), "NotController");
      }
      for (const other of [otherHospital, amina, insurer]) {
        await expectSalusError(withdrawClaim(other, claim), "NotHospitalOfVisit");
        await expectSalusError(answerClaim(other, claim, "yes"), "NotHospitalOfVisit");
      }
      expect((await again(claim)).history).to.have.length(1);
    });

    it("abuse: a hospital that bills anew while a list is being read keeps nobody from reading it", async () => {
      const { hospital, insurer, reader } = town;
      const other = await billedVisit(town);
      const claim = await billedVisit(town);
      let isFirst = true;
      const claims = new Proxy(reader.chain.claims, {
        get: (target, name) => {
          if (name !== "claimOf") return Reflect.get(target, name) as unknown;
          return async (visitId: string) => {
            if (isFirst && visitId === claim.visitId) {
              isFirst = false;
              await withdrawClaim(hospital, claim);
              await billFor(town, claim);
            }
            return target.claimOf(visitId);
          };
        },
      });
      const listed = await claimsOf({ chain: { ...reader.chain, claims } }, { insurer: insurer.account });
      const found = (visitId: string) => listed.find((each) => each.visitId === visitId);
      expect(found(other.visitId)).to.include({ round: 1 });
      expect(found(claim.visitId)).to.include({ round: 2, status: "submitted" });
    });

    it("abuse: a bill exchanged for a higher one while the patient's and the insurer's word is on its way", async () => {
      const { amina, insurer, hospital, doctor } = town;
      const seen = await billedVisit(town);
      await withdrawClaim(hospital, seen);
      const share = { doctor: doctor.account, doctorShare: 10_000 };
      await billFor(town, { ...seen, items: [{ ...ITEMS[0]!, quantity: 9 }], ...share });
      await expectSalusError(confirmClaim(amina, seen), "OtherClaim");
      await expectSalusError(disputeClaim(amina, seen, "Not this one."), "OtherClaim");
      await expectSalusError(decideClaim(insurer, seen, { eligible: 0n, reason: 1 }), "OtherClaim");
      const [none] = (await readNotes(amina, await again(seen))).map(({ text }) => text);
      expect(none).to.equal(undefined);
    });

    it("abuse: an insurer that approves what it can't pay", async () => {
      const { amina, insurer, euro, bashir } = town;
      const { amount } = await collectFunds(insurer, { token: euro });
      try {
        const claim = await billedVisit(town);
        await confirmClaim(amina, claim);
        const refusal = await expectSalusError(
          decideClaim(insurer, claim, { eligible: AMOUNT, reason: 0 }),
          "InsufficientBalance",
        );
        expect(refusal.details["available"]).to.equal("0");
        // To deny costs nothing.
        await decideClaim(insurer, claim, { eligible: 0n, reason: 3 });
        await expectSalusError(collectFunds(bashir, { token: euro, amount: 1n }), "InsufficientBalance");
      } finally {
        await depositFunds(insurer, { token: euro, amount });
      }
    });

    it("abuse: a note of somebody else, of another claim, of the bill before, shown for one's own", async () => {
      const { amina, insurer, hospital } = town;
      const { chain } = hospital;
      const claim = await billedVisit(town);
      const wordsOf = async (each: Claim, kind: string) => {
        const event = (await again(each)).history.findLast((found) => found.kind === kind);
        return event && "document" in event ? event.document : random32();
      };
      const decision = { ...decisionOn(claim), eligible: 0n, reason: 0 };
      const problemsIn = async (each: Claim) =>
        (await readNotes(amina, await again(each))).map(({ text, problem }) => problem?.code ?? text);

      await askAboutClaim(insurer, claim, "Why?");
      const question = await wordsOf(claim, "asked");
      // The hospital answers with the insurer's own question.
      await sendCall(chain, hospital.signer, encodeAnswer(chain, claim.key, question));
      expect(await problemsIn(claim)).to.deep.equal(["Why?", "CLAIM_MISMATCH"]);

      // The insurer asks with what it asked about another claim.
      const other = await billedVisit(town);
      const cover = await coverFor(other);
      await sendCall(
        chain,
        insurer.signer,
        encodeAsk(chain, { ...decisionOn(other), cover, eligible: 0n, reason: 0, document: question }),
      );
      expect(await problemsIn(other)).to.deep.equal(["CLAIM_MISMATCH"]);

      // And with what it asked about the bill before, of the same visit.
      await withdrawClaim(hospital, claim);
      const anew = await billFor(town, { ...claim, items: ITEMS });
      await sendCall(
        chain,
        insurer.signer,
        encodeAsk(chain, { ...decision, ...decisionOn(anew), cover: await coverFor(anew), document: question }),
      );
      expect(await problemsIn(anew)).to.deep.equal(["Why?", "CLAIM_MISMATCH", "CLAIM_MISMATCH"]);
      // A digest of nothing.
      const away = { ...decision, ...decisionOn(anew), cover: await coverFor(anew), document: random32() };
      await sendCall(chain, insurer.signer, encodeAsk(chain, away));
      expect((await problemsIn(anew)).at(-1)).to.equal("CONTENT_UNAVAILABLE");
    });

    it("abuse: a response that says more than was decided, or another claim's", async () => {
      const { amina, insurer, hospital } = town;
      const { chain } = insurer;
      const kind = await billedVisit(town);
      await confirmClaim(amina, kind);
      await decideClaim(insurer, kind, { eligible: 12_000n, reason: 8 });
      const decided = (await again(kind)).history.at(-1);
      const response = decided?.kind === "decided" ? decided.document : random32();
      const claim = await billedVisit(town);
      const base = { ...decisionOn(claim), cover: await coverFor(claim) };
      await sendCall(
        chain,
        insurer.signer,
        encodeDecide(chain, { ...base, eligible: 0n, reason: 1, document: response }),
      );
      for (const party of [amina, hospital]) {
        const { details } = await expectSalusError(readResponse(party, await again(claim)), "CLAIM_MISMATCH");
        expect(details["field"]).to.equal("visitId");
      }
      const { resource } = (await readResponse(amina, await again(kind)))!;
      const words = JSON.parse(JSON.stringify(resource).replaceAll(kind.visitId, "VISIT")) as typeof resource;
      const third = await billedVisit(town);
      const kinder = JSON.parse(JSON.stringify(words).replaceAll("VISIT", third.visitId)) as typeof resource;
      const sealed = await sealForParties(insurer, third.key, insurer.account, kinder);
      const { digest } = await insurer.store.add(sealed);
      const denial = { ...decisionOn(third), cover: await coverFor(third), eligible: 0n, reason: 8, document: digest };
      await sendCall(chain, insurer.signer, encodeDecide(chain, denial));
      const refusal = await expectSalusError(readResponse(amina, await again(third)), "CLAIM_MISMATCH");
      expect(refusal.details["field"]).to.equal("eligible");
    });
  });

  describe("a patient whom nothing can be sealed to", () => {
    /** A patient who was treated, and then does `act`. */
    const treated = async (index: number, act: (patient: PatientSession) => Promise<unknown>) => {
      const patient = await town.patient(index, town.registry, `Patient ${index}`);
      const policyId = await insured(town, patient, { terms: town.terms });
      const visit = await endedVisit(town, { patient });
      await act(patient);
      return { patient, policyId, visit };
    };
    /** Bill, question, answer, denial; then a second bill, which is approved. */
    const expectSettled = async ({ patient, policyId, visit }: Awaited<ReturnType<typeof treated>>) => {
      const { insurer, hospital } = town;
      const claim = await billFor(town, { ...visit, policyId });
      for (const party of [insurer, hospital]) await readBill(party, claim);
      await expectSalusError(readBill(patient, claim), "NOT_A_RECIPIENT");
      await askAboutClaim(insurer, claim, "Why?");
      await answerClaim(hospital, await again(claim), "So.");
      expect((await readNotes(insurer, await again(claim))).map(({ text }) => text)).to.deep.equal(["Why?", "So."]);
      await decideClaim(insurer, await again(claim), { eligible: 0n, reason: 1 });
      expect((await again(claim)).status).to.equal("denied");
      const second = await billFor(town, { ...visit, policyId });
      await afterReview(town, second);
      await decideClaim(insurer, second, { eligible: AMOUNT, reason: 0, note: "Paid." });
      const decided = await again(second);
      expect(decided.approved).to.equal(13_500n);
      for (const party of [insurer, hospital]) expect((await readResponse(party, decided))?.note).to.equal("Paid.");
    };

    it("abuse: a patient who publishes a key of low order before the bill", async () => {
      const care = await treated(15, ({ chain, signer }) => sendPublishKey(chain, signer, LOW_ORDER, null));
      await expectSettled(care);
    });

    it("abuse: a patient who deregisters before the bill", async () => {
      const care = await treated(16, (patient) => deregister(patient, patient.patientId));
      await expectSettled(care);
    });

    it("abuse: a patient who moves to an account without a key", async () => {
      const { signer, account: to } = await town.session(18);
      const care = await treated(17, async ({ chain, patientId, ...patient }) => {
        const deadline = (await chainTime(chain)) + 3_600;
        const { chainId, contracts } = chain.deployment;
        const move = { patientId, from: patient.account, to, nonce: "0", deadline };
        const { domain, types, message } = controllerRotationTypedData(chainId, contracts.patients, move);
        const signature = (await signer.signTypedData(domain, types, message)) as Hex;
        await sendRotateController(chain, patient.signer, { patientId, to, deadline, signature });
      });
      await expectSettled(care);
    });

    it("never leaves out whoever seals: without a usable key of their own they are told", async () => {
      const sender = await town.session(18);
      const visit = { patientId: town.amina.patientId, hospital: sender.account };
      const seal = () => sealForParties(sender, visit, town.insurer.account, {});
      await expectSalusError(seal(), "NO_PUBLISHED_KEY");
      await sendPublishKey(sender.chain, sender.signer, LOW_ORDER, null);
      await expectSalusError(seal(), "NO_PUBLISHED_KEY");
    });
  });

  describe("terms that aren't what was accepted", () => {
    it("abuse: an offer whose public terms aren't those of its reference", async () => {
      const { amina, insurer, terms, hospital } = town;
      const { title = "", wording, schedule, from, until } = await draftFor(amina, amina.patientId);
      const publicKey = fromHex((await keyOf(amina.chain, amina.account))!.publicKey);
      const packed = await packFiles({ title, wording, schedule, terms: { ...terms, deductible: 0n } }, publicKey);
      const ref = random32();
      const offer = { patientId: amina.patientId, ref, previousRef: NO_REF, ...packed.digests, from, until };
      await filesStoredFor(insurer.store, packed.objects, () => sendIssuePolicy(insurer.chain, insurer.signer, offer));
      const policyId = policyIdOf({ insurer: insurer.account, patientId: amina.patientId, ref });
      const policy = await policyById(town.reader, policyId);
      await expectSalusError(termsOf(town.reader, policy), "NO_TERMS");
      await expectSalusError(readOfferFiles(amina, policy), "NO_TERMS");
      await expectSalusError(acceptPolicy(amina, policyId, { wording: wording.bytes }), "NO_TERMS");
      const visit = await endedVisit(town);
      await expectSalusError(prepareBill(hospital, { ...visit, policyId, items: ITEMS }), "NO_TERMS");
    });

    it("abuse: storage that shows the patient kinder terms than the insurer stored", async () => {
      const { amina, policyId } = town;
      const policy = await policyById(town.reader, policyId);
      const text = new TextDecoder().decode(await town.reader.store.get(policy.offer));
      for (const kinder of [
        text.replace('"deductible":"5000"', '"deductible":"0"'),
        text.replace('"coPayment":1000', '"coPayment":0'),
      ]) {
        expect(kinder).not.to.equal(text);
        const store = lying(amina.store, new Map([[policy.offer, utf8(kinder)]]));
        await expectSalusError(termsOf({ store }, policy), "NO_TERMS");
      }
      const store = lying(amina.store, new Map([[policy.offer, utf8(text.replace(/,"terms":.*$/, "}"))]]));
      // Hidden terms are none: nothing can be billed by a program that doesn't know them.
      expect(await termsOf({ store }, policy)).to.equal(null);
    });
  });

  /** What an insurer's program repeats of a claim. */
  function decisionOn(claim: Claim) {
    expect(billHashOf(claim)).to.match(/^0x[0-9a-f]{64}$/);
    const { key, doctor, doctorShare } = claim;
    const cover = { insurer: claim.insurer, terms: town.terms, salt: random32() };
    return { visit: key, cover, doctor, doctorShare, content: billContentOf(claim), document: random32() };
  }

  async function coverFor({ policyId, insurer }: Claim) {
    const salted = await termsOf(town.reader, await policyById(town.reader, policyId));
    if (!salted) throw new Error("no terms");
    return { insurer, ...salted };
  }

  async function readyRecords({ visitId }: PreparedBill): Promise<Hex[]> {
    return (await visitRecords(town.reader, visitId)).map(({ recordId }) => recordId);
  }
});
