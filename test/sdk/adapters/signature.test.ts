import { checkSignature } from "../../../sdk/adapters/signature.js";
import { offerTypedData } from "../../../sdk/core/typedData.js";
import type { Hex } from "../../../sdk/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { startTown, type Town } from "../../world.js";

const WORD: Hex = `0x${"11".repeat(32)}`;

describe("signatures", function () {
  this.timeout(60_000);

  let town: Town;
  before(async () => {
    town = await startTown();
  });
  after(() => town.stop());

  const offer = (nonce: string) => {
    const { chain } = town.reader;
    const { chainId, contracts } = chain.deployment;
    return offerTypedData(chainId, contracts.policies, {
      patientId: WORD,
      ref: WORD,
      previousRef: WORD,
      wording: WORD,
      schedule: WORD,
      from: 1,
      until: 2,
      offer: WORD,
      nonce,
      deadline: 3,
    });
  };

  it("pass if the account signed exactly this", async () => {
    const { account, signer } = town.insurer;
    const { domain, types, message } = offer("1");
    const signature = (await signer.signTypedData(domain, types, message)) as Hex;
    await checkSignature(town.reader.chain, account, offer("1"), signature);
    await expectSalusError(checkSignature(town.reader.chain, account, offer("2"), signature), "InvalidSignature");
  });

  it("of values that fit no type are nobody's, a contract's least of all", async () => {
    const { chain } = town.reader;
    const tooLarge = offer((2n ** 256n).toString());
    for (const signer of [town.insurer.account, chain.deployment.contracts.forwarder]) {
      await expectSalusError(checkSignature(chain, signer, tooLarge, "0x1234"), "InvalidSignature");
    }
  });
});
