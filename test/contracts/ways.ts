/**
 * The ways in which a person acts on a contract: by a transaction, in a batch, relayed by somebody who pays for it
 * (ERC-2771), or through a contract wallet. The contracts must treat all alike, so the unit tests run the same cases over
 * each.
 */
import { expect } from "chai";
import { AbiCoder, type BaseContract, concat, keccak256, toQuantity, type TransactionResponse } from "ethers";

import { bytes32, ethers, type Signer, type World } from "./fixture.js";
import { sign } from "./signing.js";

/** A transaction as a node takes it. */
interface Transaction {
  from: string;
  to: string;
  data: string;
}

/** One way for one person to act. */
export interface Way {
  /** Whom the contract takes for the caller. */
  account: string;
  /** Who signs for that account. */
  signer: Signer;
  /** Sends a call. */
  send: (target: BaseContract, name: string, args: readonly unknown[]) => Promise<TransactionResponse>;
  /** The transaction that `send` would send, for `inOneBlock`. */
  prepare: (target: BaseContract, name: string, args: readonly unknown[]) => Promise<Transaction>;
  /** Simulates it as the contract sees it, so that the contract's own error shows through a relay. */
  simulate: (target: BaseContract, name: string, args: readonly unknown[]) => Promise<string>;
}

/** The names of all errors that `refused` has seen. */
export const provoked = new Set<string>();

const encode = (target: BaseContract, name: string, args: readonly unknown[]) =>
  target.interface.encodeFunctionData(name, args);

const callFrom = async (from: string, target: BaseContract, data: string) =>
  ethers.provider.call({ from, to: await target.getAddress(), data });

/** A way, by the transaction of `payer` that a call becomes. */
function way(
  account: string,
  signer: Signer,
  payer: Signer,
  transaction: (target: BaseContract, data: string) => Promise<{ to: string; data: string }>,
  simulate: (target: BaseContract, data: string) => Promise<string>,
): Way {
  return {
    account,
    signer,
    send: async (target, name, args) => payer.sendTransaction(await transaction(target, encode(target, name, args))),
    prepare: async (target, name, args) => ({
      from: payer.address,
      ...(await transaction(target, encode(target, name, args))),
    }),
    simulate: (target, name, args) => simulate(target, encode(target, name, args)),
  };
}

/** Acts by a transaction of `signer`'s own. */
export function directly(_: World, signer: Signer): Promise<Way> {
  const transaction = async (target: BaseContract, data: string) => ({ to: await target.getAddress(), data });
  const simulate = (target: BaseContract, data: string) => callFrom(signer.address, target, data);
  return Promise.resolve(way(signer.address, signer, signer, transaction, simulate));
}

async function relayed({ forwarder, relayer, until }: World, signer: Signer): Promise<Way> {
  const to = await forwarder.getAddress();
  const transaction = async (target: BaseContract, data: string) => {
    const call = { to: await target.getAddress(), value: 0n, gas: 5_000_000n, deadline: until, data };
    const request = { from: signer.address, ...call };
    const nonce = await forwarder.nonces(signer);
    const signature = await sign(forwarder, "Salus", signer, "ForwardRequest", { ...request, nonce });
    return { to, data: encode(forwarder, "execute", [{ ...request, signature }]) };
  };
  const simulate = (target: BaseContract, data: string) => callFrom(to, target, concat([data, signer.address]));
  return way(signer.address, signer, relayer, transaction, simulate);
}

async function inBatch({ forwarder }: World, signer: Signer): Promise<Way> {
  const to = await forwarder.getAddress();
  const transaction = async (target: BaseContract, data: string) => ({
    to,
    data: encode(forwarder, "batch", [[{ target: await target.getAddress(), data }]]),
  });
  const simulate = (target: BaseContract, data: string) => callFrom(to, target, concat([data, signer.address]));
  return way(signer.address, signer, signer, transaction, simulate);
}

async function throughWallet(_: World, signer: Signer): Promise<Way> {
  const wallet = await ethers.deployContract("ContractWallet", [signer]);
  const account = await wallet.getAddress();
  const transaction = async (target: BaseContract, data: string) => ({
    to: account,
    data: encode(wallet, "execute", [await target.getAddress(), data]),
  });
  const simulate = (target: BaseContract, data: string) => callFrom(account, target, data);
  return way(account, signer, signer, transaction, simulate);
}

/**
 * Mines transactions of different people in one block, in this order, and tells which of them were taken. One person's
 * relayed requests can't share a block: they would be signed over the same nonce.
 */
export async function inOneBlock(transactions: readonly Transaction[]): Promise<boolean[]> {
  const { provider } = ethers;
  const before = await provider.getBlockNumber();
  await provider.send("evm_setAutomine", [false]);
  const hashes: string[] = [];
  try {
    for (const [index, transaction] of transactions.entries()) {
      // The dearer comes first.
      const gasPrice = toQuantity(10n ** 12n - BigInt(index));
      const sent: unknown = await provider.send("eth_sendTransaction", [
        { ...transaction, gas: toQuantity(2_000_000), gasPrice },
      ]);
      hashes.push(sent as string);
    }
    await provider.send("evm_mine", []);
  } finally {
    await provider.send("evm_setAutomine", [true]);
  }
  const block = await provider.getBlock(before + 1);
  expect(block?.transactions, "all in one block, in this order").to.deep.equal(hashes);
  const receipts = await Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash)));
  return receipts.map((receipt) => receipt?.status === 1);
}

/** All ways, by the words that name them in a test. */
export const WAYS = {
  directly,
  "by relay": relayed,
  "in a batch": inBatch,
  "through a contract wallet": throughWallet,
};

/**
 * Checks that the call is refused with exactly this error and these arguments, and that sending it fails as well.
 * `source` is the contract that declares the error, when it isn't the one that is called.
 */
export async function refused(
  way: Way,
  target: BaseContract,
  name: string,
  args: readonly unknown[],
  error: string,
  errorArgs: readonly unknown[],
  source = target,
): Promise<void> {
  await expect(way.simulate(target, name, args))
    .to.be.revertedWithCustomError(source, error)
    .withArgs(...errorArgs);
  await expect(way.send(target, name, args)).to.revert(ethers);
  provoked.add(error);
}

/** Registers the person behind `way` and returns the pseudonym. */
export async function registered({ attest, patients }: World, way: Way): Promise<string> {
  const { attestation, signature } = await attest(way.account);
  await way.send(patients, "register", [attestation, bytes32(), signature]);
  return hash(["address", "bytes32"], [way.account, attestation.commitment]);
}

/** keccak256(abi.encode(values)), as the contracts hash. */
export const hash = (types: readonly string[], values: readonly unknown[]): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
