/** The command line `salus`: `npm run salus -- help`, docs/cli.md. */
import { CliError, reportOf } from "./cli/errors.js";
import { main } from "./cli/main.js";
import { makeOutput } from "./cli/output.js";

/** Shows the cursor and wraps lines again, which a progress bar had stopped. */
const RESTORE_TERMINAL = "\u001b[?25h\u001b[?7h\n";

process.once("SIGINT", () => {
  if (process.stderr.isTTY) process.stderr.write(RESTORE_TERMINAL);
  const report = reportOf(new CliError("INTERRUPTED"));
  makeOutput(process.argv.includes("--json")).fail(report);
  process.exit(report.exitCode);
});

process.exitCode = await main(process.argv.slice(2));
