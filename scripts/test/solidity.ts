/** Runs the Solidity tests in this process and reports their counts: a group of `npm test`. */
import hre from "hardhat";
import type { TestRunResult } from "hardhat/types/test";
import type { Result } from "hardhat/types/utils";

import { report } from "./summary.js";

// The runner has compiled already. Tasks are typed as returning anything; this one documents its result.
const run: unknown = await hre.tasks.getTask(["test", "solidity"]).run({ noCompile: true });
const result = run as Result<TestRunResult, TestRunResult>;
const { passed, failed, skipped } = (result.success ? result.value : result.error).summary;
// A suite that breaks in its set-up fails without any failed test.
report({ passed, failed: result.success ? failed : Math.max(failed, 1), skipped });
