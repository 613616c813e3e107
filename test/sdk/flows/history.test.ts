import { expect } from "chai";

import {
  answerClaim,
  askAboutClaim,
  cancelPolicy,
  claimOf,
  confirmClaim,
  decideClaim,
  deregister,
  disputeClaim,
  history,
  withdrawClaim,
} from "../../../sdk/index.js";
import { AMOUNT, billFor, endedVisit, insured, startClaimTown, type ClaimTown } from "./claim-world.js";

describe("flows: history", function () {
  this.timeout(180_000);

  let town: ClaimTown;
  before(async () => {
    town = await startClaimTown();
  });
  after(() => town.stop());

  it("tells a patient's claims, from the bill to the decision, and who did what", async () => {
    const { hospital, insurer, amina, reader } = town;
    const visit = await endedVisit(town);
    const claim = () => claimOf(reader, visit.visitId);
    await withdrawClaim(hospital, await billFor(town, visit));
    await billFor(town, visit);
    await askAboutClaim(insurer, await claim(), "Why two blood counts?");
    await answerClaim(hospital, await claim(), "Before and after the infusion.");
    await disputeClaim(amina, await claim(), "");
    await confirmClaim(amina, await claim());
    await decideClaim(insurer, await claim(), { eligible: AMOUNT, reason: 0 });

    const told = (await history(reader, amina.patientId)).filter(
      ({ kind, subject }) => kind.startsWith("claim ") && subject === visit.visitId,
    );
    expect(told.map(({ kind, account }) => [kind, account])).to.deep.equal([
      ["claim submitted", hospital.account],
      ["claim withdrawn", hospital.account],
      ["claim submitted", hospital.account],
      ["claim asked", insurer.account],
      ["claim answered", hospital.account],
      ["claim disputed", null],
      ["claim confirmed", null],
      ["claim decided", insurer.account],
    ]);
    expect(await history(reader, town.bashir.patientId)).not.to.deep.include.members(told);
  });

  it("tells the end of a policy, and that the patient gave the pseudonym up", async () => {
    const { bashir, reader, terms } = town;
    const policyId = await insured(town, bashir, { terms });
    await cancelPolicy(bashir, policyId);
    await deregister(bashir, bashir.patientId);
    const events = await history(reader, bashir.patientId);
    expect(
      events.filter(({ subject }) => subject === policyId).map(({ kind, account }) => [kind, account]),
    ).to.deep.equal([
      ["policy issued", town.insurer.account],
      ["policy accepted", town.insurer.account],
      ["policy cancelled", bashir.account],
    ]);
    expect(events.at(-1)).to.deep.include({ kind: "deregistered", account: null, subject: null });
  });
});
