/**
 * The ways in which a person acts on a contract: by a transaction, in a batch, relayed by somebody who pays for it
 * (ERC-2771), or through a contract wallet. The contracts must treat all alike, so the unit tests run the same cases over
 * each.
 */
import { expect } from "chai";
import { AbiCoder, type BaseContract, concat, keccak256, type TransactionResponse } from "ethers";

import { bytes32, ethers, type Signer, type World } from "./fixture.js";
import { sign } from "./signing.js";

/** One way for one person to act. */
export interface Way {
  /** Whom the contract takes for the caller. */
  account: string;
  /** Who signs for that account. */
  signer: Signer;
  /** Sends a call. */
  send: (target: BaseContract, name: string, args: readonly unknown[]) => Promise<TransactionResponse>;
  /** Simulates it as the contract sees it, so that the contract's own error shows through a relay. */
  simulate: (target: BaseContract, name: string, args: readonly unknown[]) => Promise<string>;
}

/** The names of all errors that `refused` has seen. */
export const provoked = new Set<string>();

const encode = (target: BaseContract, name: string, args: readonly unknown[]) =>
  target.interface.encodeFunctionData(name, args);

const callFrom = async (from: string, target: BaseContract, data: string) =>
  ethers.provider.call({ from, to: await target.getAddress(), data });

/** Acts by a transaction of `signer`'s own. */
export function directly(_: World, signer: Signer): Promise<Way> {
  return Promise.resolve({
    account: signer.address,
    signer,
    send: async (target, name, args) =>
      signer.sendTransaction({ to: await target.getAddress(), data: encode(target, name, args) }),
    simulate: (target, name, args) => callFrom(signer.address, target, encode(target, name, args)),
  });
}

async function relayed({ forwarder, relayer, until }: World, signer: Signer): Promise<Way> {
  const forwarderAddress = await forwarder.getAddress();
  return {
    account: signer.address,
    signer,
    send: async (target, name, args) => {
      const request = {
        from: signer.address,
        to: await target.getAddress(),
        value: 0n,
        gas: 5_000_000n,
        deadline: until,
        data: encode(target, name, args),
      };
      const nonce = await forwarder.nonces(signer);
      const signature = await sign(forwarder, "Salus", signer, "ForwardRequest", { ...request, nonce });
      return forwarder.connect(relayer).execute({ ...request, signature });
    },
    simulate: (target, name, args) =>
      callFrom(forwarderAddress, target, concat([encode(target, name, args), signer.address])),
  };
}

async function inBatch({ forwarder }: World, signer: Signer): Promise<Way> {
  const forwarderAddress = await forwarder.getAddress();
  return {
    account: signer.address,
    signer,
    send: async (target, name, args) =>
      forwarder.connect(signer).batch([{ target: await target.getAddress(), data: encode(target, name, args) }]),
    simulate: (target, name, args) =>
      callFrom(forwarderAddress, target, concat([encode(target, name, args), signer.address])),
  };
}

async function throughWallet(_: World, signer: Signer): Promise<Way> {
  const wallet = await ethers.deployContract("ContractWallet", [signer]);
  const account = await wallet.getAddress();
  return {
    account,
    signer,
    send: async (target, name, args) => {
      const data = wallet.interface.encodeFunctionData("execute", [
        await target.getAddress(),
        encode(target, name, args),
      ]);
      return signer.sendTransaction({ to: account, data });
    },
    simulate: (target, name, args) => callFrom(account, target, encode(target, name, args)),
  };
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
