import { expect } from "chai";

import {
  billablePolicies,
  policyById,
  SalusError,
  type ContentStore,
  type ErrorCode,
  type Hex,
} from "../../../sdk/index.js";
import { utf8 } from "../../../sdk/core/bytes.js";
import { expectSalusError } from "../../expectSalusError.js";
import { endedVisit, insured, startClaimTown, type ClaimTown, type EndedVisit } from "./claim-world.js";
import { lying } from "./policy-world.js";

/** A store that fails for one object. */
function failing(store: ContentStore, digest: Hex, code: ErrorCode): ContentStore {
  return {
    ...store,
    get: (asked, ...rest) => (asked === digest ? Promise.reject(new SalusError(code)) : store.get(asked, ...rest)),
  };
}

describe("flows: bill, the policies of a visit", function () {
  this.timeout(180_000);

  let town: ClaimTown;
  let visit: EndedVisit;
  let offer: Hex;
  before(async () => {
    town = await startClaimTown();
    visit = await endedVisit(town);
    ({ offer } = await policyById(town.reader, town.policyId));
  });
  after(() => town.stop());

  const billableFrom = async (store: ContentStore, { visitId } = visit) =>
    (await billablePolicies({ ...town.reader, store }, visitId)).map(({ policy }) => policy.policyId);

  for (const code of ["IPFS_REFUSED", "CID_MISMATCH", "CONTENT_UNAVAILABLE", "IPFS_UNREACHABLE"] as const) {
    it(`never takes a patient for uncovered because the storage fails with ${code}`, async () => {
      await expectSalusError(billableFrom(failing(town.reader.store, offer, code)), code);
    });
  }

  it("leaves out a policy whose object isn't what the insurer should have stored", async () => {
    const { store } = town.reader;
    const text = new TextDecoder().decode(await store.get(offer));
    // No object of Salus, and terms that aren't those of the policy's reference.
    for (const stored of ["{}", text.replace('"deductible":"5000"', '"deductible":"0"')]) {
      expect(await billableFrom(lying(store, new Map([[offer, utf8(stored)]])))).to.deep.equal([]);
    }
  });

  it("bills to what it finds, although the storage fails with another policy's terms", async () => {
    const { amina, terms, policyId, reader } = town;
    const second = await insured(town, amina, { terms });
    const later = await endedVisit(town);
    for (const code of ["IPFS_REFUSED", "CID_MISMATCH", "CONTENT_UNAVAILABLE"] as const) {
      expect(await billableFrom(failing(reader.store, offer, code), later)).to.deep.equal([second]);
    }
    expect(await billableFrom(reader.store, later)).to.have.members([policyId, second]);
  });
});
