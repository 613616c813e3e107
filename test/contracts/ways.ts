/**
 * The ways in which a person acts on a contract: by a transaction, relayed by somebody who pays for it (ERC-2771), or
 * through a contract wallet. The contracts must treat all alike, so the unit tests run the same cases over each.
 */
import { expect } from "chai";
import { type BaseContract, concat, type TransactionResponse } from "ethers";

import { ethers, type Signer, type World } from "./fixture.js";
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

/** Every error that `refused` has seen, as `Contract.Error`'s signature. */
export const provoked = new Set<string>();

const encode = (target: BaseContract, name: string, args: readonly unknown[]) =>
  target.interface.encodeFunctionData(name, args);

const callFrom = async (from: string, target: BaseContract, data: string) =>
  ethers.provider.call({ from, to: await target.getAddress(), data });

function directly(_: World, signer: Signer): Promise<Way> {
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
export const WAYS = { directly, "by relay": relayed, "through a contract wallet": throughWallet };

/** Checks that the call is refused with exactly this error and these arguments, and that sending it fails as well. */
export async function refused(
  way: Way,
  target: BaseContract,
  name: string,
  args: readonly unknown[],
  error: string,
  errorArgs: readonly unknown[],
): Promise<void> {
  await expect(way.simulate(target, name, args))
    .to.be.revertedWithCustomError(target, error)
    .withArgs(...errorArgs);
  await expect(way.send(target, name, args)).to.revert(ethers);
  provoked.add(target.interface.getError(error)?.selector ?? error);
}
