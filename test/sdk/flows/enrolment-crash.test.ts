import { expect } from "chai";
import type { AbstractSigner } from "ethers";

import {
  beginEnrolment,
  comparePolicy,
  discardEnrolment,
  enrol,
  hasDraft,
  identify,
  insure,
  patientsControlledBy,
  policiesOf,
  readProfile,
  resumeEnrolment,
  unlock,
  type ContentStore,
  type Enrolled,
  type Enrolment,
  type Hex,
  type Session,
} from "../../../sdk/index.js";
import { PASSPHRASE } from "../../world.js";
import { CITIZENS, memoryDrafts, scheduleOf, startOffices, WORDING, type Citizen, type Offices } from "./offices.js";

/** Every place at which a registration waits for something outside it. A crash comes before or after each. */
const PLACES = ["save", "remove", "add", "unpin", "sendTransaction", "signMessage", "attest", "offer"] as const;

describe("flows: a registration that is cut off", function () {
  this.timeout(600_000);

  let offices: Offices;
  before(async () => {
    offices = await startOffices();
  });
  after(() => offices.stop());

  /** Counts the steps. At the one that it is told everything ends: no later step is taken, by whatever cleans up. */
  function mortal(die: string | null) {
    const steps: string[] = [];
    let isDead = false;
    const step = async (name: string) => {
      if (isDead) await new Promise(() => undefined);
      const label = `${name} ${steps.filter((each) => each.startsWith(name)).length + 1}`;
      steps.push(label);
      if (label !== die) return;
      isDead = true;
      throw new Error("died");
    };
    const wrap = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(object, name) {
          const value = Reflect.get(object, name) as unknown;
          if (typeof value !== "function" || !PLACES.some((each) => each === name)) return value;
          return async (...args: unknown[]) => {
            await step(`before ${String(name)}`);
            const result: unknown = await (value as (...args: unknown[]) => Promise<unknown>).apply(object, args);
            await step(`after ${String(name)}`);
            return result;
          };
        },
      });
    const hasDied = async () => {
      while (!isDead) await new Promise((resolve) => setTimeout(resolve, 5));
      // What had left the device by then arrives.
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    return { steps, wrap, hasDied };
  }

  /** A person with a device that remembers what it had stored and let go. */
  interface Someone {
    session: Session;
    citizen: Citizen;
    drafts: ReturnType<typeof memoryDrafts>;
    stored: Set<Hex>;
  }

  let next = 5;
  async function someone(): Promise<Someone> {
    const index = next++;
    const session = await offices.world.session(index);
    await offices.world.rpc("hardhat_setBalance", session.account, "0x56bc75e2d63100000");
    const stored = new Set<Hex>();
    const store: ContentStore = {
      ...session.store,
      async add(bytes, options) {
        const object = await session.store.add(bytes, options);
        stored.add(object.digest);
        return object;
      },
      async unpin(digest, size) {
        await session.store.unpin(digest, size);
        stored.delete(digest);
      },
    };
    return { session: { ...session, store }, citizen: CITIZENS[index]!, drafts: memoryDrafts(), stored };
  }

  /** What a person does, from wherever it was left. */
  async function register(
    { session, citizen, drafts }: Someone,
    wrap: <T extends object>(target: T) => T = (target) => target,
  ): Promise<Enrolled> {
    const signer = wrap(session.signer as AbstractSigner);
    const wrapped: Session = { ...session, store: wrap(session.store), signer };
    const kept = wrap(drafts);
    let enrolment: Enrolment = (await hasDraft(drafts))
      ? await resumeEnrolment(wrapped, kept, PASSPHRASE)
      : await beginEnrolment(wrapped, kept, PASSPHRASE, { workFactor: 1 });
    if (enrolment.step === "identity") enrolment = await identify(enrolment, wrap(offices.registry), citizen);
    if (enrolment.step === "insurance") {
      const { card } = citizen;
      enrolment = await insure(enrolment, wrap(offices.insurer), { card, domain: offices.domain });
    }
    if (enrolment.step === "policy") {
      enrolment = await comparePolicy(enrolment, { wording: WORDING, schedule: scheduleOf(citizen) });
    }
    return enrol(enrolment);
  }

  async function cutOff(die: string): Promise<Someone> {
    const person = await someone();
    const { wrap, hasDied } = mortal(die);
    const end = await Promise.race([register(person, wrap).catch(() => "died"), hasDied()]);
    expect(typeof end, die).not.to.equal("object");
    await hasDied();
    return person;
  }

  const isRegistered = async ({ session: { chain, account } }: Someone) =>
    (await patientsControlledBy(chain, account)).length > 0;

  /** One patient, one accepted policy, a profile and a backup that open, and nothing else stored. */
  async function expectWhole({ session, citizen, drafts, stored }: Someone, die: string): Promise<void> {
    const patients = await patientsControlledBy(session.chain, session.account);
    expect(patients, die).to.have.length(1);
    const root = await unlock(session, session.account, PASSPHRASE);
    expect((await readProfile({ ...session, root }, patients[0]!)).insuranceCard, die).to.equal(citizen.card);
    const policies = await policiesOf(session.chain, { patientId: patients[0]! });
    // In force from the insurer's time on, which may be ahead of the chain's by a block.
    expect(policies, die).to.have.length(1);
    expect(policies[0]!.status, die).to.be.oneOf(["accepted", "active"]);
    expect(stored.size, die).to.equal(2);
    for (const digest of stored) expect(await session.store.isPinned(digest), die).to.equal(true);
    expect(drafts.bytes, die).to.equal(null);
  }

  let steps: string[];

  it("has no more steps than these", async () => {
    const person = await someone();
    const { steps: taken, wrap } = mortal(null);
    await register(person, wrap);
    await expectWhole(person, "none");
    steps = taken;
    const places = new Set(steps.map((step) => step.split(" ")[1]));
    expect([...places].sort()).to.deep.equal(PLACES.filter((place) => place !== "unpin").sort());
    expect(steps).to.include.members(["before save 6", "after add 2", "after sendTransaction 1", "after remove 1"]);
  });

  it("at any step goes on where it was left: registered once, nothing lost, nothing left over", async () => {
    for (const die of steps) {
      const person = await cutOff(die);
      // Before the draft is there nothing has happened; after it is gone all has.
      if ((await hasDraft(person.drafts)) || !(await isRegistered(person))) await register(person);
      await expectWhole(person, die);
    }
  });

  it("at any step can be given up without the passphrase, and leaves nothing, unless it had arrived", async () => {
    for (const die of steps) {
      const person = await cutOff(die);
      await discardEnrolment(person.session, person.drafts);
      if (await isRegistered(person)) {
        await expectWhole(person, die);
      } else {
        expect([...person.stored], die).to.deep.equal([]);
        expect(person.drafts.bytes, die).to.equal(null);
      }
    }
  });
});
