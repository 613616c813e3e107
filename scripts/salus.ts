/** The command line `salus`: `npm run salus -- help`, docs/cli.md. */
import { CliError, reportOf } from "./cli/errors.js";
import { main } from "./cli/main.js";
import { makeOutput } from "./cli/output.js";

process.once("SIGINT", () => {
  const report = reportOf(new CliError("INTERRUPTED"));
  makeOutput(process.argv.includes("--json")).fail(report);
  process.exit(report.exitCode);
});

process.exitCode = await main(process.argv.slice(2));
