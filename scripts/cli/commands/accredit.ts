/** `salus accredit`: puts an account into the accreditation tree, or takes it out. */
import { Command } from "commander";

import { accredit, chainTime, ROLES, sendRevokeAccreditation, type Role } from "../../../sdk/index.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { parseEnd, type EndOptions } from "../time.js";

interface Options extends EndOptions {
  name?: string;
  department?: string;
  revoke?: boolean;
}

const roles = ROLES.filter((role) => role !== "none").map((role) => role.replace(" ", "-"));

export function accreditCommand(run: Run): Command {
  return new Command("accredit")
    .description("Accredit an account below the acting one, renew it, or revoke it with all that it accredited.")
    .argument("<account>", "address, or persona on the local chain")
    .argument("[role]", roles.join(", "))
    .option("--name <name>", "the public name")
    .option("--department <name>", "the public department")
    .option("--for <duration>", "how long, such as 1y (the default)")
    .option("--until <date>", "until when, or never")
    .option("--revoke", "revoke instead")
    .action((name: string, role: string | undefined, options: Options) =>
      run(async (context) => {
        const account = await context.account(name);
        const session = await context.session();
        if (options.revoke) {
          const { hash } = await sendRevokeAccreditation(session.chain, session.signer, account);
          context.output.result(
            { account, revoked: true, transaction: hash },
            () => `Revoked ${account} and its branch.`,
          );
          return;
        }
        if (!options.name) throw new CliError("USAGE", { reason: "name the participant with --name" });
        const terms = {
          account,
          role: parseRole(role),
          until: parseEnd(options, await chainTime(session.chain), "1y"),
          name: options.name,
          department: options.department,
        };
        const { hash } = await accredit(session, terms);
        context.output.result({ ...terms, until: isoTime(terms.until), transaction: hash }, () =>
          facts([
            ["account", account],
            ["role", terms.role],
            ["name", terms.name],
            ["until", isoTime(terms.until)],
          ]),
        );
      }),
    );
}

function parseRole(text: string | undefined): Role {
  const role = ROLES.find((each) => each !== "none" && each.replace(" ", "-") === text?.replace(" ", "-"));
  if (!role) throw new CliError("USAGE", { role: text ?? "", reason: `it must be one of ${roles.join(", ")}` });
  return role;
}
