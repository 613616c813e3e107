import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

// The compiler is the one that npm installed, so a build downloads nothing.
const solc = createRequire(import.meta.url).resolve("solc/soljson.js");

const compiler = {
  version: "0.8.34",
  path: solc,
  settings: {
    // The same bytecode runs on Hardhat, geth, Besu and the L2s that lag behind: docs/decisions/0001.
    evmVersion: "paris",
    optimizer: { enabled: true, runs: 1_000_000 },
    viaIR: true,
  },
};

/**
 * Hardhat hands over artifacts in whatever order the disk gave them, and typechain writes its index in that order.
 * Sorted, the same contracts always yield the same typechain-types.
 */
const sortedArtifacts: HardhatPlugin = {
  id: "salus:sorted-artifacts",
  hookHandlers: {
    solidity: () =>
      Promise.resolve({
        default: () =>
          Promise.resolve({
            processArtifactsAfterSuccessfulBuild: (_context, paths) => {
              // Every handler gets the same array, and ours comes first: plugins run in the order of the list.
              (paths as string[]).sort();
              return Promise.resolve();
            },
          }),
      }),
  },
};

// Solidity tests: each invariant's handler is called 256 x 128 times, from the same seed every time. SALUS_FUZZ=long goes
// further, from a new seed that it prints; SALUS_SEED (32 bytes as hex) repeats one.
const long = process.env.SALUS_FUZZ === "long";
const seed = process.env.SALUS_SEED ?? (long ? `0x${randomBytes(32).toString("hex")}` : undefined);
if (long) process.stderr.write(`SALUS_SEED=${String(seed)}\n`);
const solidityTests = {
  fuzz: { runs: long ? 20_000 : 512, ...(seed !== undefined && { seed }) },
  invariant: long ? { runs: 2_000, depth: 500 } : { runs: 256, depth: 128 },
};

export default defineConfig({
  plugins: [
    sortedArtifacts,
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatTypechain,
  ],
  solidity: {
    profiles: {
      default: { ...compiler, isolated: false },
      production: { ...compiler, isolated: false, toolVersionsInBuildInfo: false },
    },
  },
  typechain: { outDir: "./typechain-types" },
  paths: { tests: { mocha: "./test", solidity: "./test/contracts" } },
  test: { mocha: { timeout: 120_000 }, solidity: solidityTests },
});
