/** Reads the command line, runs the command and turns whatever happens into output and an exit code. */
import { Command, CommanderError } from "commander";

import { accreditCommand } from "./commands/accredit.js";
import { attestCommand } from "./commands/attest.js";
import { citizensCommand } from "./commands/citizens.js";
import { claimCommand } from "./commands/claim.js";
import { demoCommand } from "./commands/demo.js";
import { deployCommand } from "./commands/deploy.js";
import { deregisterCommand } from "./commands/deregister.js";
import { exportCommand } from "./commands/export.js";
import { facesCommand } from "./commands/faces.js";
import { fundsCommand } from "./commands/funds.js";
import { grantCommand } from "./commands/grant.js";
import { historyCommand } from "./commands/history.js";
import { inboxCommand } from "./commands/inbox.js";
import { keysCommand } from "./commands/keys.js";
import { listCommand } from "./commands/list.js";
import { orderCommand } from "./commands/order.js";
import { organisationCommand } from "./commands/organisation.js";
import { moveCommand } from "./commands/move.js";
import { permitCommand } from "./commands/permit.js";
import { policyCommand } from "./commands/policy.js";
import { readCommand } from "./commands/read.js";
import { registerCommand } from "./commands/register.js";
import { resumeCommand } from "./commands/resume.js";
import { revokeCommand } from "./commands/revoke.js";
import { scopesCommand } from "./commands/scopes.js";
import { seedCommand } from "./commands/seed.js";
import { serveCommand } from "./commands/serve.js";
import { uploadCommand } from "./commands/upload.js";
import { verifyCommand } from "./commands/verify.js";
import { visitCommand } from "./commands/visit.js";
import { whoamiCommand } from "./commands/whoami.js";
import { Context } from "./context.js";
import { CliError, EXIT, reportOf } from "./errors.js";
import { makeOutput } from "./output.js";
import { resolveSettings, type GlobalFlags } from "./settings.js";

/** What a command does. Resolves to an exit code, or to nothing when all went well. */
export type Work = (context: Context) => Promise<number | undefined>;

/** Runs a command's work with the settings of this call. */
export type Run = (work: Work) => Promise<void>;

/** In the order in which a newcomer needs them. */
const COMMANDS: readonly ((run: Run) => Command)[] = [
  deployCommand,
  seedCommand,
  demoCommand,
  citizensCommand,
  facesCommand,
  whoamiCommand,
  keysCommand,
  accreditCommand,
  organisationCommand,
  registerCommand,
  attestCommand,
  scopesCommand,
  uploadCommand,
  listCommand,
  readCommand,
  exportCommand,
  grantCommand,
  revokeCommand,
  historyCommand,
  inboxCommand,
  verifyCommand,
  policyCommand,
  permitCommand,
  visitCommand,
  orderCommand,
  claimCommand,
  fundsCommand,
  resumeCommand,
  moveCommand,
  deregisterCommand,
  serveCommand,
];

/**
 * Runs one call of the command line.
 * @param argv arguments behind the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command("salus")
    .description("Health records that belong to the patient, and insurance that can't be altered behind anyone's back.")
    .option("--rpc <url>", "the chain's JSON-RPC address (SALUS_RPC)")
    .option("--ipfs <url>", "the IPFS node's RPC address (SALUS_IPFS)")
    .option("--as <who>", "act as this demo persona, or with this keystore (SALUS_AS)")
    .option("--deployment <file>", "where the contracts are (SALUS_DEPLOYMENT)")
    .option("--json", "print one JSON value on stdout")
    .showHelpAfterError(false);

  const run: Run = async (work) => {
    const context = new Context(resolveSettings(program.opts<GlobalFlags>()), makeOutput(argv.includes("--json")));
    try {
      exitCode = (await work(context)) ?? EXIT.ok;
    } finally {
      await context.close();
    }
  };
  for (const command of COMMANDS) program.addCommand(command(run));
  speakByExceptions(program);

  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return fail(error, argv.includes("--json"));
  }
}

/** Commander would print and exit by itself; here errors take one way for all. */
function speakByExceptions(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  command.commands.forEach(speakByExceptions);
}

function usageError(error: CommanderError): CliError {
  const reason = error.code === "commander.help" ? "a subcommand is missing" : error.message.replace(/^error: /, "");
  return new CliError("USAGE", { reason }, { cause: error });
}

function fail(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  // A group of commands called without one prints its help.
  if (error instanceof CommanderError && error.code === "commander.help" && !json) return EXIT.usage;
  const report = reportOf(error instanceof CommanderError ? usageError(error) : error);
  makeOutput(json).fail(report);
  if (process.env.SALUS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return report.exitCode;
}
