import { expect } from "chai";
import { TypedDataEncoder } from "ethers";

import {
  attest,
  beginEnrolment,
  connectChain,
  connectRegistry,
  deploySalus,
  identify,
  insure,
  patientsControlledBy,
  signOffer,
  type AttestationAnswer,
  type Enrolment,
  type InsurerService,
  type RegistryService,
  type SalusError,
  type SignedOffer,
} from "../../../sdk/index.js";
import { toHex, utf8 } from "../../../sdk/core/bytes.js";
import { accountKeys } from "../../../sdk/core/keys.js";
import { attestationTypedData, offerTypedData } from "../../../sdk/core/typedData.js";
import type { Address, Hex } from "../../../sdk/types.js";
import { expectSalusError } from "../../expectSalusError.js";
import { PASSPHRASE, type Unlocked } from "../../world.js";
import { CITIZENS, memoryDrafts, startOffices, WORDING, type Offices } from "./offices.js";

describe("flows: registering with services that lie", function () {
  this.timeout(120_000);

  const citizen = CITIZENS[7]!;
  const drafts = memoryDrafts();
  let offices: Offices;
  let begun: Enrolment;
  let identified: Enrolment;
  before(async () => {
    offices = await startOffices();
    const session = await offices.world.session(7);
    begun = await beginEnrolment(session, drafts, PASSPHRASE, { workFactor: 4 });
    identified = await identify(begun, offices.registry, citizen);
  });
  after(() => offices.stop());

  /** Nothing of what was refused may be kept, nor have been sent. */
  afterEach(async () => {
    const { session } = begun;
    expect(await patientsControlledBy(session.chain, session.account)).to.deep.equal([]);
    expect(await session.signer.getNonce()).to.equal(0);
  });

  async function invalid(work: Promise<unknown>, field: string): Promise<void> {
    expect((await expectSalusError(work, "SERVICE_ANSWER_INVALID")).details["field"]).to.equal(field);
  }

  describe("a registry", () => {
    /** The registry, with its answer altered. */
    const lying = (alter: (answer: AttestationAnswer) => AttestationAnswer | Promise<AttestationAnswer>) => ({
      ...offices.registry,
      attest: async (request: Parameters<RegistryService["attest"]>[0]) =>
        alter(await offices.registry.attest(request)),
    });

    async function refused(service: RegistryService): Promise<SalusError> {
      const before = drafts.bytes;
      const error = await identify(begun, service, citizen).then(
        () => expect.fail("accepted"),
        (thrown: unknown) => thrown as SalusError,
      );
      expect(drafts.bytes).to.equal(before);
      return error;
    }

    /** An attestation that the registry really signed, with another message or for another place. */
    async function signed(
      answer: AttestationAnswer,
      change: { chainId?: number; patients?: Address; controller?: Address; by?: Unlocked },
    ): Promise<AttestationAnswer> {
      const { deployment } = begun.session.chain;
      const { signer, account } = change.by ?? offices.accounts.registry;
      const { domain, types, message } = attestationTypedData(
        change.chainId ?? deployment.chainId,
        change.patients ?? deployment.contracts.patients,
        { controller: change.controller ?? begun.session.account, ...answer.attestation },
      );
      const signature = (await signer.signTypedData(domain, types, message)) as Hex;
      return { ...answer, attestation: { ...answer.attestation, registry: account, signature } };
    }

    it("can't name another registry", async () => {
      const other = lying((answer) => ({
        ...answer,
        attestation: { ...answer.attestation, registry: offices.accounts.insurer.account },
      }));
      await invalid(identify(begun, other, citizen), "registry");
    });

    it("can't attest another commitment, nor another name under the right one", async () => {
      const commitment = lying((answer) => ({
        ...answer,
        attestation: { ...answer.attestation, commitment: `0x${"1".repeat(64)}` },
      }));
      const name = lying((answer) => ({ ...answer, identity: { ...answer.identity, name: "Somebody Else" } }));
      await invalid(identify(begun, commitment, citizen), "commitment");
      await invalid(identify(begun, name, citizen), "commitment");
      expect((await refused(name)).code).to.equal("SERVICE_ANSWER_INVALID");
    });

    it("can't attest somebody else", async () => {
      const { registry } = offices.accounts;
      const instead = lying(async () => {
        const { nationalId, name, birthDate } = CITIZENS[0]!;
        const identity = { nationalId, name, birthDate };
        const request = { controller: begun.session.account, identity, salt: begun.salt };
        const attestation = await attest(registry, registry.signer, registry.root, request);
        return { attestation, identity, evidence: ["database"] };
      });
      await invalid(identify(begun, instead, citizen), "nationalId");
      const older = lying((answer) => ({ ...answer, identity: { ...answer.identity, birthDate: "1950-01-01" } }));
      await invalid(identify(begun, older, citizen), "birthDate");
    });

    it("can't attest for another chain, contract or wallet: refused before anything is sent", async () => {
      const { account } = offices.accounts.insurer;
      for (const change of [{ chainId: 1 }, { patients: account }, { controller: account }]) {
        await invalid(
          identify(
            begun,
            lying((answer) => signed(answer, change)),
            citizen,
          ),
          "signature",
        );
      }
      const garbled = lying((answer) => ({ ...answer, attestation: { ...answer.attestation, signature: "0x1234" } }));
      await invalid(identify(begun, garbled, citizen), "signature");
    });

    it("can't attest what has expired, nor without being accredited", async () => {
      const expired = lying((answer) => signed({ ...answer, attestation: { ...answer.attestation, deadline: 1 } }, {}));
      expect((await refused(expired)).code).to.equal("SignatureExpired");
      const { insurer } = offices.accounts;
      const impostor = {
        ...lying((answer) => signed(answer, { by: insurer })),
        info: async () => ({ ...(await offices.registry.info()), account: insurer.account }),
      };
      expect((await refused(impostor)).code).to.equal("NotCivilRegistry");
    });

    it("is refused when it works for another chain, other contracts, or is no registry", async () => {
      for (const [change, field] of [
        [{ chainId: 1 }, "chainId"],
        [{ contracts: { ...begun.session.chain.deployment.contracts, patients: begun.session.account } }, "patients"],
      ] as const) {
        const other = { ...offices.registry, info: async () => ({ ...(await offices.registry.info()), ...change }) };
        const error = await refused(other);
        expect([error.code, error.details["field"]]).to.deep.equal(["SERVICE_MISMATCH", field]);
      }
      expect((await refused(connectRegistry(offices.insurer.url))).code).to.equal("SERVICE_MISMATCH");
      const { world, accounts } = offices;
      const deployment = await deploySalus(accounts.registry.signer);
      const chain = await connectChain({ deployment, rpcUrl: world.rpcUrl });
      const elsewhere = { ...begun, session: { ...begun.session, chain } };
      await expectSalusError(identify(elsewhere, offices.registry, citizen), "SERVICE_MISMATCH");
    });
  });

  describe("an insurer", () => {
    type Alter = (offer: SignedOffer) => SignedOffer | Promise<SignedOffer>;
    const lying = (alter: Alter): InsurerService => ({
      ...offices.insurer,
      offer: async (...request) => alter(await offices.insurer.offer(...request)),
    });
    const ask = (insurer: InsurerService) =>
      insure(identified, insurer, { card: citizen.card, domain: offices.domain });

    /** The offer with changes, signed by the insurer all the same. */
    async function resigned(offer: SignedOffer): Promise<SignedOffer> {
      const { chainId, contracts } = begun.session.chain.deployment;
      const { domain, types, message } = offerTypedData(chainId, contracts.policies, offer);
      expect(TypedDataEncoder.hash(domain, types, message)).to.have.length(66);
      const signature = (await offices.accounts.insurer.signer.signTypedData(domain, types, message)) as Hex;
      return { ...offer, signature };
    }

    afterEach(() => expect(identified.cover).to.equal(null));

    it("can't offer to another patient, amend what isn't there, or name another insurer", async () => {
      const other = `0x${"2".repeat(64)}` as const;
      await invalid(ask(lying((offer) => resigned({ ...offer, patientId: other }))), "patientId");
      await invalid(ask(lying((offer) => resigned({ ...offer, previousRef: other }))), "previousRef");
      const { account } = offices.accounts.registry;
      await invalid(ask(lying((offer) => ({ ...offer, insurer: account }))), "insurer");
    });

    it("can't sign for something else than it says, nor offer what is over", async () => {
      await invalid(ask(lying((offer) => ({ ...offer, until: offer.until + 1 }))), "signature");
      await expectSalusError(ask(lying((offer) => resigned({ ...offer, deadline: 1 }))), "SignatureExpired");
      await expectSalusError(ask(lying((offer) => resigned({ ...offer, from: 1, until: 2 }))), "InvalidTerm");
    });

    it("can't offer files that don't fit its digests", async () => {
      const digest = `0x${"3".repeat(64)}` as const;
      for (const part of ["wording", "schedule"] as const) {
        const error = await expectSalusError(
          ask(lying((offer) => resigned({ ...offer, [part]: digest }))),
          "INSURER_COPY_DIFFERS",
        );
        expect(error.details["part"]).to.equal(part);
      }
    });

    it("can't offer files that aren't there, aren't an offer's, or are sealed to somebody else", async () => {
      const { insurer, registry } = offices.accounts;
      const { store } = begun.session;
      const { digest } = await store.add(utf8("not an offer"));
      await expectSalusError(ask(lying((offer) => resigned({ ...offer, offer: digest }))), "MANIFEST_MALFORMED");
      const file = { bytes: WORDING, fileName: "wording.txt", mediaType: "text/plain" };
      const sealedTo = (publicKey: Uint8Array) => async (offer: SignedOffer) => {
        const { patientId, from, until } = offer;
        const terms = { patientId, from, until, title: "Basic", wording: file, schedule: file };
        return signOffer(insurer, { ...terms, publicKey: toHex(publicKey) }, { nonce: 1 });
      };
      await expectSalusError(ask(lying(sealedTo(accountKeys(registry.root).publicKey))), "NOT_A_RECIPIENT");
    });

    it("isn't asked when nobody has accredited it", async () => {
      const { registry } = offices.accounts;
      const impostor = {
        ...offices.insurer,
        info: async () => ({ ...(await offices.insurer.info()), account: registry.account }),
        offer: () => expect.fail("asked"),
      };
      await expectSalusError(ask(impostor), "NotInsurer");
    });
  });
});
