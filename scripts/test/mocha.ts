/** Runs the given mocha files in this process and reports their counts: a group of `npm test`. */
import hre from "hardhat";
import Mocha, { type MochaOptions, type Runner } from "mocha";

import { report } from "./summary.js";

let stats: Mocha.Stats | undefined;

/** Mocha's usual output; it keeps the counts, which Hardhat's task doesn't tell apart. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    stats = this.stats;
  }
}

Object.assign(hre.config.test.mocha, { reporter: CountingReporter });
// The runner has compiled already.
await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: process.argv.slice(2), noCompile: true });
report({ passed: stats?.passes ?? 0, failed: stats?.failures ?? 1, skipped: stats?.pending ?? 0 });
