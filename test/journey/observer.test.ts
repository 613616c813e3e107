/** Somebody with the whole population's list, the whole chain and all that IPFS holds, after registrations by the services. */
import { createHmac, hash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import { canonicalJson } from "../../sdk/core/canonical.js";
import {
  beginEnrolment,
  comparePolicy,
  connectInsurer,
  connectRegistry,
  enrol,
  identify,
  insure,
  withoutInsurance,
  type Enrolled,
  type InsurerService,
  type RegistryService,
} from "../../sdk/index.js";
import { cardLines, citizenLines, citizens, type Citizen } from "../../scripts/seed/citizens.js";
import { wording } from "../../scripts/seed/insurance.js";
import { importInto, startAttest, type AttestService } from "../../services/attest/index.js";
import { memoryDrafts } from "../sdk/flows/offices.js";
import { PASSPHRASE, startWorld, type World } from "../world.js";
import { Haystack, wholeChain, wholeStorage, secretsAmong } from "./observed.js";

const POPULATION = 10_000;

/** Somebody who registered, and the salt that only they and the services know. */
interface Registered {
  citizen: Citizen;
  salt: string;
  enrolled: Enrolled;
  /** Sizes of what was stored on IPFS for it, sorted. */
  stored: number[];
}

describe("An observer with the list of the whole population", function () {
  this.timeout(900_000);

  const people = [...citizens(POPULATION)];
  let world: World;
  const services: AttestService[] = [];
  const registered: Registered[] = [];
  let storage: { cid: string; bytes: Uint8Array }[];
  let publicBytes: Uint8Array[];
  let words: Buffer[];

  before(async () => {
    world = await startWorld();
    const root = await world.account(0);
    const registryAccount = await world.participant(1, root, "civil registry", "Civil Registry");
    const insurerAccount = await world.participant(3, root, "insurer", "Harbour Mutual");

    const folder = join(world.folder, "population");
    await mkdir(folder);
    const terms = await wording();
    await writeFile(join(folder, terms.fileName), terms.bytes);
    const databases = { registry: join(folder, "registry.sqlite"), insurer: join(folder, "insurer.sqlite") };
    await importInto(databases.registry, "registry", citizenLines(POPULATION, { photos: false }));
    await importInto(databases.insurer, "insurer", cardLines(POPULATION), { folder });
    const open = async (face: "registry" | "insurer", session: typeof root) => {
      const name = session === insurerAccount ? "Harbour Mutual" : "Civil Registry";
      const service = await startAttest({ face, session, database: databases[face], origins: [], name });
      services.push(service);
      return service.url;
    };
    const registry = connectRegistry(await open("registry", registryAccount));
    const insurer = connectInsurer(await open("insurer", insurerAccount));

    const insured = people.filter(({ insuranceCard }) => insuranceCard !== undefined);
    const before = await world.reader.chain.provider.getBlockNumber();
    await register(5, insured[3]!, registry, insurer, terms.bytes);
    await register(6, insured[6_543]!, registry, insurer, terms.bytes);
    await register(7, people[4_321]!, registry, null, terms.bytes);

    const chain = await wholeChain(world);
    storage = await wholeStorage(world);
    publicBytes = [
      ...chain.map((hex) => Buffer.from(hex, "hex")),
      ...storage.flatMap(({ cid, bytes }) => [Buffer.from(cid), bytes]),
    ];
    words = secretsAmong(await wholeChain(world, before + 1));
  });
  after(async () => {
    for (const service of services) await service.close();
    await world.stop();
  });

  async function register(
    index: number,
    citizen: Citizen,
    registry: RegistryService,
    insurer: InsurerService | null,
    terms: Uint8Array,
  ): Promise<void> {
    const session = await world.session(index);
    const before = new Set((await wholeStorage(world)).map(({ cid }) => cid));
    const begun = await beginEnrolment(session, memoryDrafts(), PASSPHRASE, { workFactor: 4 });
    const identified = await identify(begun, registry, citizen);
    const card = citizen.insuranceCard;
    const confirmed =
      insurer && card !== undefined
        ? await comparePolicy(await insure(identified, insurer, { card, domain: new URL(insurer.url).host }), {
            wording: terms,
          })
        : await withoutInsurance(identified);
    const enrolled = await enrol(confirmed);
    const added = (await wholeStorage(world)).filter(({ cid }) => !before.has(cid));
    const stored = added.map(({ bytes }) => bytes.length).sort((a, b) => a - b);
    registered.push({ citizen, salt: begun.salt, enrolled, stored });
  }

  // -------- what the observer tries --------

  type Digest = (bytes: Uint8Array) => Buffer;
  const sha256: Digest = (bytes) => hash("sha256", bytes, "buffer");
  const keccak: Digest = (bytes) => Buffer.from(keccak_256(bytes));
  const plain: Record<string, Digest> = {
    "as it is": (bytes) => Buffer.from(bytes),
    sha256,
    keccak256: keccak,
    "sha256 twice": (bytes) => sha256(sha256(bytes)),
    "sha3-256": (bytes) => hash("sha3-256", bytes, "buffer"),
    sha512: (bytes) => hash("sha512", bytes, "buffer"),
    ripemd160: (bytes) => hash("ripemd160", sha256(bytes), "buffer"),
    sha1: (bytes) => hash("sha1", bytes, "buffer"),
    base64: (bytes) => Buffer.from(Buffer.from(bytes).toString("base64").replace(/=*$/, "").slice(0, -1)),
  };
  const salted: Record<string, (salt: Uint8Array, bytes: Uint8Array) => Buffer> = {
    "sha256(salt, value)": (salt, bytes) => sha256(Buffer.concat([salt, bytes])),
    "sha256(value, salt)": (salt, bytes) => sha256(Buffer.concat([bytes, salt])),
    "keccak256(salt, value)": (salt, bytes) => keccak(Buffer.concat([salt, bytes])),
    "HMAC-SHA256": (salt, bytes) => createHmac("sha256", salt).update(bytes).digest(),
    "keccak256(value, salt)": (salt, bytes) => keccak(Buffer.concat([bytes, salt])),
    "keccak256(salt, keccak256(value))": (salt, bytes) => keccak(Buffer.concat([salt, keccak(bytes)])),
  };

  /** The values of a person in the forms in which this project itself hashes or seals them, and alone. */
  function mainSpellings({ nationalId, name, birthDate, insuranceCard: card }: Citizen): Uint8Array[] {
    return [
      Buffer.from(nationalId),
      Buffer.from(name),
      Buffer.from(birthDate),
      ...(card === undefined ? [] : [Buffer.from(card)]),
      canonicalJson({ nationalId, name, birthDate }),
      canonicalJson(["care", nationalId]),
    ];
  }

  /** All forms that come to mind. Short numbers stand in words of 32 bytes only: alone they occur by chance. */
  function spellings(person: Citizen): Uint8Array[] {
    const { nationalId: id, name, birthDate, insuranceCard: card } = person;
    const [year, month, day] = birthDate.split("-") as [string, string, string];
    const bare = name.normalize("NFD").replace(/\p{M}/gu, "");
    const reversed = name.split(" ").reverse().join(" ");
    const texts = [
      `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}`,
      `${id.slice(0, 8)}-${id.slice(8)}`,
      ...[name.toLowerCase(), name.toUpperCase(), bare, bare.toLowerCase(), reversed, name.replaceAll(" ", "")],
      ...[`${day}.${month}.${year}`, `${day}/${month}/${year}`, `${month}/${day}/${year}`, `${year}${month}${day}`],
      ...["", " ", "|", ":", ",", "-", ";"].flatMap((by) => [`${id}${by}${birthDate}`, `${name}${by}${birthDate}`]),
      ...["", "|", ":", ","].flatMap((by) => [`${id}${by}${name}`, `${id}${by}${name}${by}${birthDate}`]),
      ...[id, name, birthDate].map((value) => JSON.stringify(value)),
      JSON.stringify({ nationalId: id, name, birthDate, insuranceCard: card }),
      ...(card === undefined ? [] : [card.toLowerCase(), card.replaceAll("-", ""), `${id}${card}`, `${id}|${card}`]),
    ];
    const seconds = Date.parse(birthDate) / 1_000;
    // Around 1970 they are small, like the durations that contracts are full of.
    const isRare = Math.abs(seconds) > 3 * 365 * 86_400;
    const numbers = [
      BigInt(id),
      BigInt(`${year}${month}${day}`),
      ...(isRare ? [BigInt.asUintN(64, BigInt(seconds))] : []),
    ];
    return [
      ...mainSpellings(person),
      ...texts.map((text) => Buffer.from(text)),
      ...numbers.map((number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex")),
      ...[id, name, birthDate, card ?? id].map((text) => Buffer.concat([Buffer.from(text), Buffer.alloc(32)], 32)),
    ];
  }

  /** Salts with a name: what a careless design would take. */
  function namedSalts(): Buffer[] {
    const { chainId, contracts } = world.deployment;
    const hexes = [
      ...Object.values(contracts),
      ...registered.flatMap(({ enrolled }) => [enrolled.account, enrolled.patientId]),
    ];
    const word = Buffer.from(chainId.toString(16).padStart(64, "0"), "hex");
    return [
      Buffer.alloc(32),
      word,
      Buffer.from("care"),
      Buffer.from("salus"),
      ...hexes.map((hex) => Buffer.from(hex.slice(2), "hex")),
    ];
  }

  type Traces = (person: Citizen) => Iterable<[way: string, trace: Buffer]>;

  /** What is found of `candidates`: ids of people, by trace. */
  function search(haystack: Haystack, candidates: readonly Citizen[], traces: Traces): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    for (const person of candidates) {
      for (const [, trace] of traces(person)) {
        if (!haystack.has(trace)) continue;
        const key = trace.toString("hex");
        found.set(key, (found.get(key) ?? new Set()).add(person.nationalId));
      }
    }
    return found;
  }

  /** Without a salt: every spelling as it is and by the usual hashes, the likeliest by all. */
  function* unsalted(person: Citizen): Generator<[string, Buffer]> {
    const likely = mainSpellings(person).length;
    for (const [index, spelt] of spellings(person).entries()) {
      const ways = Object.entries(plain).slice(0, index < likely ? undefined : 3);
      for (const [way, digest] of ways) {
        const trace = digest(spelt);
        // "Bo Li" as it is would be found by chance.
        if (trace.length >= 6) yield [way, trace];
      }
    }
  }

  /** The two formulas that this project has (sdk/core/attestation.ts), with something as secret. */
  function* ownFormulas(secrets: readonly Uint8Array[], person: Citizen): Generator<[string, Buffer]> {
    const { nationalId, name, birthDate } = person;
    const identity = canonicalJson({ nationalId, name, birthDate });
    const tagged = canonicalJson(["care", nationalId]);
    for (const secret of secrets) {
      yield ["commitment", sha256(Buffer.concat([secret, identity]))];
      yield ["person tag", createHmac("sha256", secret).update(tagged).digest()];
    }
  }

  function* saltedBy(
    salts: readonly Buffer[],
    spelt: readonly Uint8Array[],
    ways = Object.entries(salted),
  ): Generator<[string, Buffer]> {
    for (const bytes of spelt) {
      for (const salt of salts) {
        for (const [way, digest] of ways) yield [way, digest(salt, bytes)];
      }
    }
  }

  /**
   * Nothing of any candidate is found; and the same search sees traces that are planted: of one way after the other, `every`
   * so many, each of another person.
   */
  function expectNothing(candidates: readonly Citizen[], traces: Traces, every = 1): void {
    expect([...search(new Haystack(publicBytes), candidates, traces)]).to.deep.equal([]);

    const ways = [...traces(candidates[0]!)].length;
    const planted = new Map<string, { victim: Citizen; trace: Buffer }>();
    for (let at = 0; at < ways; at += every) {
      const victim = candidates[(at / every) % candidates.length]!;
      const [, trace] = [...traces(victim)][at] ?? [];
      if (trace) planted.set(trace.toString("hex"), { victim, trace });
    }
    expect(planted.size).to.be.greaterThan(10);
    const haystack = new Haystack([...publicBytes, ...[...planted.values()].map(({ trace }) => trace)]);
    const found = search(haystack, [...new Set([...planted.values()].map(({ victim }) => victim))], traces);
    for (const [trace, { victim }] of planted) expect(found.get(trace)?.has(victim.nationalId), trace).to.equal(true);
  }

  it("has all there is: three registrations, their events, calldata, storage and files", () => {
    expect(words.length).to.be.greaterThan(200);
    expect(storage.length).to.be.greaterThan(8);
    const haystack = new Haystack(publicBytes);
    expect(haystack.size).to.be.greaterThan(50_000);
    for (const { enrolled } of registered) {
      expect(haystack.has(Buffer.from(enrolled.patientId.slice(2), "hex"))).to.be.true;
      expect(haystack.has(Buffer.from(enrolled.patientHash.slice(2), "hex"))).to.be.true;
    }
    expect(haystack.has(Buffer.from("HARBOUR MUTUAL HEALTH INSURANCE"))).to.be.true;
  });

  it("finds the person at once with the salt, which is nowhere public", () => {
    const haystack = new Haystack(publicBytes);
    for (const { citizen, salt } of registered) {
      const secret = Buffer.from(salt.slice(2), "hex");
      expect(haystack.has(secret)).to.be.false;
      const found = search(haystack, people, (person) => ownFormulas([secret], person));
      expect([...found.values()].map((ids) => [...ids])).to.deep.equal([[citizen.nationalId]]);
    }
  });

  it("finds nobody of ten thousand by any spelling and hash", () => {
    expectNothing(people, unsalted);
  });

  it("finds nobody of ten thousand by hashes salted with what has a name", () => {
    const salts = namedSalts();
    const usual = Object.entries(salted).slice(0, 4);
    expectNothing(people, (person) => saltedBy(salts, mainSpellings(person), usual), 7);
  });

  it("finds nobody of ten thousand by the project's own formulas with every word of the chain as secret", () => {
    expectNothing(people, (person) => ownFormulas(words, person), 97);
  });

  it("can't tell people apart by the sizes of what is sent and stored for them", async () => {
    const { provider } = world.reader.chain;
    const [first, second] = registered as [Registered, Registered];
    expect(first.citizen.name.length).not.to.equal(second.citizen.name.length);
    const sent = async ({ enrolled }: Registered) => (await provider.getTransaction(enrolled.transaction))?.data.length;
    expect(await sent(first)).to.equal(await sent(second));
    // The first one brings the wording along, which is there for everybody afterwards.
    for (const size of second.stored) expect(first.stored).to.include(size);
  });
});
