import { expect } from "chai";

import {
  answerClaim,
  askAboutClaim,
  cancelOrder,
  chooseFulfiller,
  claimOf,
  confirmClaim,
  decideClaim,
  disputeClaim,
  enterVisit,
  inbox,
  openOrder,
  placeOrder,
  reportOnOrder,
  requestOrder,
  withdrawClaim,
  type Notice,
  type PatientId,
  type RecordId,
  type Session,
  type VisitId,
} from "../../../sdk/index.js";
import { AMOUNT, billFor, endedVisit, startClaimTown, type ClaimTown } from "./claim-world.js";
import { note, tomorrow, visitOf } from "./visit-world.js";

describe("flows: notices of a visit", function () {
  this.timeout(180_000);

  let town: ClaimTown;
  let since: number;
  before(async () => {
    town = await startClaimTown();
  });
  after(() => town.stop());
  beforeEach(async () => {
    since = (await town.reader.chain.provider.getBlockNumber()) + 1;
  });

  const heardBy = (session: Session & { patientId?: PatientId }): Promise<Notice[]> =>
    inbox(town.reader, { account: session.account, patientId: session.patientId ?? null }, since);
  const said = ({ kind, as, isForMe }: Notice) => `${as}: ${kind}${isForMe ? " (acts)" : ""}`;
  const saidTo = async (session: Session): Promise<string[]> => (await heardBy(session)).map(said);

  async function place(visitId: VisitId, fulfiller?: Session): Promise<RecordId> {
    const { doctor } = town;
    const { recordId } = await placeOrder(doctor, await enterVisit(doctor, visitId), {
      drawer: "visits",
      document: note("HbA1c"),
      role: "laboratory",
      fills: 1,
      until: await tomorrow(doctor),
      ...(fulfiller && { fulfiller: fulfiller.account }),
    });
    return recordId;
  }

  it("an order comes to its laboratory, what becomes of it to patient and doctor, and a change of hands to both", async () => {
    const { amina, hospital, doctor, laboratory, otherLaboratory } = town;
    const visitId = await visitOf(amina, hospital, { members: [doctor, laboratory] });
    const orderId = await place(visitId, laboratory);
    await requestOrder(otherLaboratory, orderId);
    await chooseFulfiller(amina, orderId, otherLaboratory.account);
    await reportOnOrder(otherLaboratory, await openOrder(otherLaboratory, orderId), note("6.1 %"), "final");
    const dropped = await place(visitId, laboratory);
    await cancelOrder(amina, dropped);

    expect(await saidTo(amina)).to.deep.equal([
      "patient: visit opened",
      "patient: visit assigned",
      "patient: visit assigned",
      "patient: order placed",
      "patient: order requested (acts)",
      "patient: order reported",
      "patient: order placed",
    ]);
    expect(await saidTo(doctor)).to.deep.equal([
      "member: visit assigned (acts)",
      "doctor: order requested (acts)",
      "doctor: order reported",
      "doctor: order cancelled",
    ]);
    expect(await saidTo(laboratory)).to.deep.equal([
      "member: visit assigned (acts)",
      "fulfiller: order assigned (acts)",
      "fulfiller: order unassigned",
      "fulfiller: order assigned (acts)",
      "fulfiller: order cancelled",
    ]);
    expect(await saidTo(otherLaboratory)).to.deep.equal(["fulfiller: order assigned (acts)"]);
    const ofOrder = (await heardBy(amina)).filter((notice) => notice.orderId === orderId);
    expect(ofOrder.map(({ visitId: of }) => of)).to.deep.equal([visitId, visitId, visitId]);
    expect(ofOrder.map(({ by }) => by)).to.deep.equal([
      doctor.account,
      otherLaboratory.account,
      otherLaboratory.account,
    ]);
  });

  it("a bill comes to patient and insurer, and each of its turns to whoever must act", async () => {
    const { amina, hospital, doctor, insurer, stranger } = town;
    const { visitId, records } = await endedVisit(town);
    // From here on: what each had a part in before counts, too.
    since = (await town.reader.chain.provider.getBlockNumber()) + 1;
    const wrong = await billFor(town, { visitId, records });
    await withdrawClaim(hospital, wrong);
    const draft = { visitId, records, doctor: doctor.account, doctorShare: 3_000 };
    let claim = await billFor(town, draft);
    await disputeClaim(amina, claim, "I was there once.");
    await askAboutClaim(insurer, await claimOf(town.reader, visitId), "How often?");
    await answerClaim(hospital, await claimOf(town.reader, visitId), "Once.");
    await confirmClaim(amina, await claimOf(town.reader, visitId));
    claim = await claimOf(town.reader, visitId);
    await decideClaim(insurer, claim, { eligible: AMOUNT, reason: 0 });

    expect(await saidTo(amina)).to.deep.equal([
      "patient: bill submitted (acts)",
      "patient: bill withdrawn",
      "patient: bill submitted (acts)",
      "patient: bill asked",
      "patient: bill decided",
    ]);
    expect(await saidTo(hospital)).to.deep.equal([
      "hospital: bill disputed (acts)",
      "hospital: bill asked (acts)",
      "hospital: bill confirmed",
      "hospital: bill decided",
    ]);
    expect(await saidTo(insurer)).to.deep.equal([
      "insurer: bill submitted (acts)",
      "insurer: bill withdrawn",
      "insurer: bill submitted (acts)",
      "insurer: bill disputed",
      "insurer: bill answered (acts)",
      "insurer: bill confirmed (acts)",
    ]);
    expect(await saidTo(doctor)).to.deep.equal(["payee: bill decided"]);
    expect(await saidTo(stranger)).to.deep.equal([]);
    expect((await heardBy(insurer)).every((notice) => notice.visitId === visitId)).to.equal(true);
  });
});
