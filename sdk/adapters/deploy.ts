/** Deploys all contracts in the order of their arrows. */
import type { Signer } from "ethers";

import {
  Claims__factory,
  Consents__factory,
  DemoEuro__factory,
  Forwarder__factory,
  Fulfilments__factory,
  Keys__factory,
  Orders__factory,
  Participants__factory,
  Patients__factory,
  Policies__factory,
  Records__factory,
  Visits__factory,
} from "../../typechain-types/index.js";
import { SalusError } from "../errors.js";
import type { Address, Hex } from "../types.js";
import type { Deployment } from "./chain.js";
import { guard } from "./refusal.js";

/**
 * Deploys Salus.
 * @param signer pays
 * @param root the top of the accreditation tree; the signer unless named
 * @throws CHAIN_UNREACHABLE, INSUFFICIENT_FUNDS, TRANSACTION_FAILED
 */
export async function deploySalus(signer: Signer, root?: Address): Promise<Deployment> {
  const { provider } = signer;
  if (!provider) throw new SalusError("INVALID_INPUT", { argument: "signer", reason: "it has no provider" });
  return guard(async () => {
    const [{ chainId }, blockNumber, genesis, owner] = await Promise.all([
      provider.getNetwork(),
      provider.getBlockNumber(),
      provider.getBlock(0),
      signer.getAddress(),
    ]);
    const address = async (
      contract: Promise<{ waitForDeployment(): Promise<unknown>; getAddress(): Promise<string> }>,
    ) => {
      const deployed = await contract;
      await deployed.waitForDeployment();
      return (await deployed.getAddress()) as Address;
    };
    const forwarder = await address(new Forwarder__factory(signer).deploy());
    const participants = await address(new Participants__factory(signer).deploy(root ?? owner));
    const keys = await address(new Keys__factory(signer).deploy(forwarder));
    const patients = await address(new Patients__factory(signer).deploy(forwarder, participants));
    const policies = await address(new Policies__factory(signer).deploy(forwarder, participants, patients));
    const consents = await address(new Consents__factory(signer).deploy(forwarder, patients));
    const visits = await address(new Visits__factory(signer).deploy(forwarder, participants, patients));
    const orders = await address(new Orders__factory(signer).deploy(forwarder, participants, patients, visits));
    const records = await address(
      new Records__factory(signer).deploy(forwarder, participants, patients, consents, visits, orders),
    );
    const fulfilments = await address(new Fulfilments__factory(signer).deploy(forwarder, orders, records));
    const claims = await address(new Claims__factory(signer).deploy(forwarder, patients, policies, visits, records));
    return {
      chainId: Number(chainId),
      genesisHash: (genesis?.hash ?? "0x") as Hex,
      blockNumber,
      contracts: {
        forwarder,
        participants,
        keys,
        patients,
        policies,
        consents,
        visits,
        orders,
        records,
        fulfilments,
        claims,
      },
    };
  });
}

/**
 * Deploys the demo's money: a token without value, for networks that have no other (contracts/demo/DemoEuro.sol).
 * @param signer pays; connected to the chain
 * @param supply cents, all of which `holder` gets
 * @throws CHAIN_UNREACHABLE, INSUFFICIENT_FUNDS, TRANSACTION_FAILED
 */
export async function deployDemoEuro(
  signer: Signer,
  { holder, supply }: { holder: Address; supply: bigint },
): Promise<Address> {
  return guard(async () => {
    const euro = await new DemoEuro__factory(signer).deploy(supply);
    await euro.waitForDeployment();
    await (await euro.transfer(holder, supply)).wait();
    return (await euro.getAddress()) as Address;
  });
}
