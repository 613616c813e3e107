/** Runs the Solidity tests in this process and reports their counts: a group of `npm test`. */
import hre from "hardhat";
import type { Result } from "hardhat/types/utils";

import { report } from "./summary.js";

/** What Hardhat's task ends with, as far as we read it. */
interface SolidityTestRun {
  suiteResults: { testResults: { status: "Success" | "Failure" | "Skipped" }[] }[];
}

// The runner has compiled already. Tasks are typed as returning anything; this one documents its result.
const run: unknown = await hre.tasks.getTask(["test", "solidity"]).run({ noCompile: true });
const result = run as Result<SolidityTestRun, SolidityTestRun>;
// Not from its summary, which says 0 although tests ran.
const { suiteResults } = result.success ? result.value : result.error;
const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
const failed = count("Failure");
// A suite that breaks in its set-up fails without any failed test.
report({ passed: count("Success"), failed: result.success ? failed : Math.max(failed, 1), skipped: count("Skipped") });
