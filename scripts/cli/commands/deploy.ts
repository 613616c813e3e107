/** `salus deploy`: puts the contracts onto a chain. */
import { Command } from "commander";

import { rpcProvider } from "../../../sdk/index.js";
import { deploy, readDeployment } from "../../deploy.js";
import { LOCAL_CHAIN_ID } from "../../seed/personas.js";
import { chainIdAt } from "../context.js";
import { CliError } from "../errors.js";
import { openIdentity } from "../identity.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";

export function deployCommand(run: Run): Command {
  return new Command("deploy")
    .description(
      "Deploy all contracts and write the deployment file. On the local chain the operator does it by default.",
    )
    .option("--root <account>", "the top of the accreditation tree, instead of the deploying account")
    .option("--force", "replace the deployment file of another chain than the local one")
    .action((options: { root?: string; force?: boolean }) =>
      run(async (context) => {
        const { settings, output } = context;
        const chainId = await chainIdAt(settings.rpc);
        if (!options.force) await refuseToForget(settings.deployment);
        const as = settings.as ?? (chainId === LOCAL_CHAIN_ID ? "operator" : undefined);
        const { wallet } = await openIdentity({ ...settings, as }, output, chainId);
        const provider = rpcProvider(settings.rpc, chainId);
        try {
          const root = options.root === undefined ? undefined : await context.account(options.root, chainId);
          const file = settings.deployment;
          const deployment = await deploy({ signer: wallet.connect(provider), root, file });
          output.result({ ...deployment, file }, () =>
            facts([["file", file], ["chain", chainId], ...Object.entries(deployment.contracts)]),
          );
        } finally {
          provider.destroy();
        }
      }),
    );
}

/** Whoever loses the addresses of a lasting chain has lost the way to what is there. */
async function refuseToForget(file: string): Promise<void> {
  const existing = await readDeployment(file).catch(() => null);
  if (existing && existing.chainId !== LOCAL_CHAIN_ID) {
    throw new CliError("FILE_EXISTS", { file, chain: existing.chainId, reason: "--force replaces it" });
  }
}
