/** Deploying Salus, and the file that tells clients where it is. */
import type { Signer } from "ethers";
import * as v from "valibot";

import { CONTRACT_NAMES, deploySalus, type Address, type Deployment, type Hex } from "../sdk/index.js";
import { CliError } from "./cli/errors.js";
import { readJson, writeJson } from "./cli/files.js";

const hex = (bytes: number) =>
  v.custom<Hex>((x) => typeof x === "string" && new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(x));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const DEPLOYMENT_SCHEMA = v.object({
  chainId: count,
  genesisHash: hex(32),
  blockNumber: count,
  contracts: v.record(v.picklist(CONTRACT_NAMES), hex(20)),
});

/**
 * Deploys all contracts and writes the deployment file, replacing an older one.
 * @param signer pays; connected to the chain
 * @param root the top of the accreditation tree; the signer's account unless named
 * @param file path of the deployment file
 * @throws CHAIN_UNREACHABLE, INSUFFICIENT_FUNDS, TRANSACTION_FAILED
 */
export async function deploy({
  signer,
  root,
  file,
}: {
  signer: Signer;
  root?: Address;
  file: string;
}): Promise<Deployment> {
  const deployment = await deploySalus(signer, root);
  await writeJson(file, deployment, { replace: true });
  return deployment;
}

/** Reads a deployment file. @throws NO_DEPLOYMENT, FILE_INVALID */
export async function readDeployment(file: string): Promise<Deployment> {
  const deployment = await readJson(file, DEPLOYMENT_SCHEMA).catch((error: unknown) => {
    const isMissing = error instanceof CliError && error.code === "FILE_UNREADABLE";
    throw isMissing ? new CliError("NO_DEPLOYMENT", { file }) : error;
  });
  const missing = CONTRACT_NAMES.find((name) => !(name in deployment.contracts));
  if (missing) throw new CliError("FILE_INVALID", { file, field: `contracts.${missing}`, reason: "missing" });
  return deployment as Deployment;
}
