import { hmac } from "@noble/hashes/hmac.js";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { keccak256 } from "ethers";
import { create } from "ipfs-http-client";

import {
  acceptPolicy,
  chainTime,
  drawerByLabel,
  FOREVER,
  grant,
  issuePolicy,
  prepareGrant,
  publish,
  readProfile,
  type Hex,
} from "../../sdk/index.js";
import { canonicalJson } from "../../sdk/core/canonical.js";
import { concat, fromHex, utf8 } from "../../sdk/core/bytes.js";
import { startTown, type Town } from "../world.js";

const NAME = "Amina Rahman";

describe("Nothing public lets a person be found by guessing", function () {
  this.timeout(90_000);

  let town: Town;
  /** All that anyone can have of the chain and of storage, as one string of hex. */
  let everything: string;
  /** What a guesser would try as salt: every public value of the chain. */
  let salts: Uint8Array[];
  let anchor: string;
  let identity: { nationalId: string; name: string; birthDate: string; insuranceCard: string };

  before(async () => {
    town = await startTown();
    const { amina, doctor, insurer } = town;
    const profile = await readProfile(amina, amina.patientId);
    identity = { ...profile.identity, insuranceCard: profile.insuranceCard! };
    const drawer = await drawerByLabel(amina, amina.patientId, "laboratory");
    const content = utf8(JSON.stringify({ ...identity, note: "Haemoglobin 13.1 g/dL" }));
    const { recordId } = await publish(amina, drawer, {
      content,
      fileName: `${NAME}.json`,
      mediaType: "application/json",
      title: NAME,
    });
    const request = { patientId: amina.patientId, grantee: doctor.account, drawers: [drawer], records: [] };
    await grant(amina, await prepareGrant(amina, { ...request, rights: "read and write", until: FOREVER }));
    const file = (text: string, fileName: string) => ({ bytes: utf8(text), fileName, mediaType: "text/plain" });
    const wording = file("Clause 1. We pay for hospital stays.", "wording.txt");
    const schedule = file(`Insured: ${NAME}, ${identity.nationalId}, card ${identity.insuranceCard}`, `${NAME}.txt`);
    const from = await chainTime(amina.chain);
    const { policyId } = await issuePolicy(insurer, {
      patientId: amina.patientId,
      wording,
      schedule,
      from,
      until: from + 60,
    });
    await acceptPolicy(amina, policyId, { wording: wording.bytes, schedule: schedule.bytes });

    const chain = await wholeChain();
    // Only the contract's storage holds the anchor: no input and no event does.
    anchor = (await town.reader.chain.records.anchorOf(recordId)).slice(2);
    everything = [...chain, ...(await wholeStorage())].join("\n");
    salts = saltsOf(chain);
  });
  after(() => town.stop());

  /** Every input, topic, datum and code, and the storage of each contract as far as traces tell it. */
  async function wholeChain(): Promise<string[]> {
    const { provider } = town.reader.chain;
    const found: string[] = [];
    const last = await provider.getBlockNumber();
    for (let number = 0; number <= last; number++) {
      const block = (await town.rpc("eth_getBlockByNumber", `0x${number.toString(16)}`, true)) as {
        transactions: { hash: string; input: string }[];
      };
      for (const transaction of block.transactions) {
        found.push(transaction.input, ...(await storageTouched(transaction.hash)));
      }
    }
    for (const { topics, data } of await provider.getLogs({ fromBlock: 0 })) found.push(...topics, data);
    for (const address of Object.values(town.deployment.contracts))
      found.push(address, await provider.getCode(address));
    return found.map((hex) => hex.replace(/^0x/, "").toLowerCase());
  }

  /** The words that a transaction wrote or read. */
  async function storageTouched(hash: string): Promise<string[]> {
    const options = { disableMemory: true, disableStack: true };
    const trace = (await town.rpc("debug_traceTransaction", hash, options)) as {
      structLogs: { storage?: Record<string, string> }[];
    };
    const words = trace.structLogs.flatMap(({ storage }) => Object.entries(storage ?? {}).flat());
    return [...new Set(words)];
  }

  /** Every block that the node holds for a pin, as it lies there. */
  async function wholeStorage(): Promise<string[]> {
    const client = create({ url: town.ipfsUrl });
    const blocks: string[] = [];
    for await (const { cid } of client.pin.ls()) {
      blocks.push(cid.toString(), Buffer.from(await client.block.get(cid)).toString("hex"));
    }
    return blocks;
  }

  /** The words of 32 bytes, and the addresses, of all that is on chain: a salt may be any of them. */
  function saltsOf(chain: readonly string[]): Uint8Array[] {
    const { amina, registry, deployment } = town;
    const named: Hex[] = [amina.patientId, amina.account, registry.account, deployment.contracts.patients];
    const words = new Set<string>();
    for (const hex of chain.filter((each) => each.length <= 2_000)) {
      for (let at = hex.length % 64; at < hex.length; at += 64) words.add(hex.slice(at, at + 64));
    }
    const chainId = fromHex(`0x${deployment.chainId.toString(16).padStart(64, "0")}`);
    const strange = [...words].filter((word) => !/^0{16}/.test(word)).map((word) => fromHex(`0x${word}`));
    return [chainId, ...named.map(fromHex), ...strange.slice(0, 400)];
  }

  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const keccak = (bytes: Uint8Array) => fromHex(keccak256(bytes) as Hex);
  const HASHES = [sha256, keccak, ripemd160, (bytes: Uint8Array) => ripemd160(sha256(bytes))];

  /** The ways in which a value may be written before it is hashed, or put on chain as it is. */
  function spellings(value: string): Uint8Array[] {
    const plain = utf8(value);
    const word = new Uint8Array(32);
    word.set(plain.subarray(0, 32));
    const digits = value.replace(/\D/g, "");
    const number = digits ? fromHex(`0x${BigInt(digits).toString(16).padStart(64, "0")}`) : word;
    return [
      plain,
      utf8(value.toLowerCase()),
      word,
      number,
      utf8(JSON.stringify(value)),
      canonicalJson(["care", value]),
    ];
  }

  /** What would betray `value`, in hex. With `salted`, also by every public value as salt or as key. */
  function* traces(value: string, salted: boolean): Generator<string> {
    for (const [index, spelt] of spellings(value).entries()) {
      // As it is: in bytes, in base64, and the number as a word. A short number alone occurs by chance.
      if (spelt.length >= 6 && (index !== 3 || spelt[24] !== 0 || spelt[25] !== 0 || spelt[26] !== 0)) yield hex(spelt);
      for (const hash of HASHES) yield hex(hash(spelt));
      yield hex(hmac(sha256, new Uint8Array(32), spelt));
      if (!salted) continue;
      for (const salt of salts) {
        yield hex(sha256(concat(salt, spelt)));
        yield hex(sha256(concat(spelt, salt)));
        yield hex(keccak(concat(salt, spelt)));
        yield hex(keccak(concat(spelt, salt)));
        yield hex(hmac(sha256, salt, spelt));
      }
    }
  }

  /** The words of 16 bytes that occur anywhere, at any offset of a byte: what a hash is looked up among. */
  function indexOf(text: string): { has(trace: string): boolean } {
    const at = new Set<string>();
    for (const line of text.split("\n")) {
      for (let start = 0; start + 20 <= line.length; start += 2) at.add(line.slice(start, start + 20));
    }
    return {
      has: (trace) => (trace.length >= 20 ? at.has(trace.slice(0, 20)) && text.includes(trace) : text.includes(trace)),
    };
  }

  function found(text: string, values: readonly string[], salted: boolean): string[] {
    const index = indexOf(text);
    return values.filter((value) => {
      for (const trace of traces(value, salted)) if (index.has(trace)) return true;
      return false;
    });
  }

  const people = () => [identity.nationalId, NAME, "Amina", "Rahman", identity.birthDate, identity.insuranceCard];

  it("has enough to look at", () => {
    expect(everything.length).to.be.greaterThan(50_000);
    expect(salts.length).to.be.greaterThan(100);
    expect(everything).to.include(town.amina.patientId.slice(2));
    expect(everything).to.include(hex(utf8("Clause 1. We pay for hospital stays.")));
    expect(everything).to.include(anchor);
    expect(everything).to.include(hex(utf8("Dr Sarah Lee")));
  });

  it("shows no national id of ten thousand, plain or hashed", () => {
    const real = BigInt(identity.nationalId);
    const candidates = Array.from({ length: 10_000 }, (_, i) => String(real - 5_000n + BigInt(i)));
    expect(candidates).to.include(identity.nationalId);
    expect(found(everything, candidates, false)).to.deep.equal([]);
  });

  it("shows no name, birth date, card or number, salted with anything that is public", () => {
    expect(found(everything, people(), true)).to.deep.equal([]);
    const whole = [JSON.stringify(identity), new TextDecoder().decode(canonicalJson(identity))];
    expect(found(everything, whole, true)).to.deep.equal([]);
  });

  it("would find them: every trace that is planted is found", () => {
    for (const value of people()) {
      const planted = [...traces(value, true)];
      expect(planted.length).to.be.greaterThan(1_000);
      // One after another would take long; each kind once, the last of the salted ones included.
      for (const trace of [...planted.slice(0, 6), planted.at(-1)!]) {
        expect(found(`${everything}\nabcd${trace}ef`, [value], true), trace).to.deep.equal([value]);
      }
    }
  });
});
