import { expect } from "chai";

import { sendBatch } from "../../../sdk/adapters/chain.js";
import {
  encodeAcceptPolicy,
  encodeIssueBySig,
  encodeIssuePolicy,
  NO_REF,
  policiesInTransaction,
  policiesOf,
  policyInTransaction,
  sendCancelPolicy,
  sendIssueBySig,
  sendIssuePolicy,
  type PolicyOffer,
  type SignedOffer,
} from "../../../sdk/adapters/policies.js";
import { randomBytes, toHex } from "../../../sdk/core/bytes.js";
import { policyIdOf } from "../../../sdk/core/policy.js";
import { offerTypedData } from "../../../sdk/core/typedData.js";
import { chainTime, type Hex } from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { startTown, type Town } from "../../world.js";

const YEAR = 365 * 24 * 3600;
const random = (): Hex => toHex(randomBytes(32));

describe("policies on chain", function () {
  this.timeout(60_000);

  let town: Town;
  before(async () => {
    town = await startTown();
  });
  after(() => town.stop());

  const offered = async (change: Partial<PolicyOffer> = {}): Promise<PolicyOffer> => {
    const from = await chainTime(town.reader.chain);
    return {
      insurer: town.insurer.account,
      patientId: town.amina.patientId,
      ref: random(),
      previousRef: NO_REF,
      wording: random(),
      schedule: random(),
      from,
      until: from + YEAR,
      offer: random(),
      ...change,
    };
  };
  const signed = async (offer: PolicyOffer): Promise<SignedOffer> => {
    const { chain } = town.reader;
    const rest = { nonce: "18446744073709551617", deadline: offer.until };
    const { policies } = chain.deployment.contracts;
    const { domain, types, message } = offerTypedData(chain.deployment.chainId, policies, { ...offer, ...rest });
    return { ...offer, ...rest, signature: (await town.insurer.signer.signTypedData(domain, types, message)) as Hex };
  };
  const byId = async (offer: PolicyOffer) =>
    (await policiesOf(town.reader.chain, { policyId: policyIdOf(offer) }))[0] ?? expect.fail("no such policy");

  it("tell of each version what it follows and where it stands", async () => {
    const { amina } = town;
    const { chain } = town.reader;
    const first = await offered();
    await sendBatch(chain, amina.signer, [encodeIssueBySig(await signed(first)), encodeAcceptPolicy(first, first)]);
    expect(await byId(first)).to.include({ previous: null, status: "active", end: first.until });

    const second = await offered({ previousRef: first.ref });
    await sendIssueBySig(chain, town.stranger.signer, await signed(second));
    expect(await byId(second)).to.include({ previous: policyIdOf(first), status: "offered", acceptedAt: 0 });
    const accepting = await sendBatch(chain, amina.signer, [encodeAcceptPolicy(second, second)]);
    expect(await policiesInTransaction(chain, accepting.hash)).to.deep.equal([policyIdOf(second)]);
    const replaced = await byId(first);
    expect(replaced.status).to.equal("superseded");
    expect(replaced.end).to.equal((await byId(second)).acceptedAt);

    await sendCancelPolicy(chain, amina.signer, second, 0);
    expect((await byId(second)).status).to.equal("cancelled");
    await expectSalusError(sendCancelPolicy(chain, town.stranger.signer, second, 0), "NotParty");
  });

  it("are found by a transaction that is about several of them", async () => {
    const { insurer } = town;
    const { chain } = town.reader;
    const offers = [await offered(), await offered()];
    const { hash } = await sendBatch(chain, insurer.signer, offers.map(encodeIssuePolicy));
    expect(await policiesInTransaction(chain, hash)).to.deep.equal(offers.map(policyIdOf));
    expect(await policyInTransaction(chain, hash)).to.equal(policyIdOf(offers[0]!));
    const elsewhere = await insurer.signer.sendTransaction({ to: insurer.account });
    await elsewhere.wait();
    await expectSalusError(policyInTransaction(chain, elsewhere.hash as Hex), "UnknownPolicy");
  });

  it("are refused when they follow what isn't there", async () => {
    const { chain } = town.reader;
    const error = await expectSalusError(
      sendIssuePolicy(chain, town.insurer.signer, await offered({ previousRef: random() })),
      "NotAmendable",
    );
    expect(error.details.status).to.equal("0");
  });
});
