/** `salus organisation`: comes into the accreditation tree by a licence that a health authority checks (002-39, 000-14). */
import { Command } from "commander";

import { askAccreditation, carryAccreditation, connectAuthority, discloseAccreditation } from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { readJson } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime, printable } from "../output.js";
import { confirm } from "../password.js";
import { LICENCE_SCHEMA } from "../schemas.js";

interface Options {
  licenceFile: string;
  authority: string;
  yes?: boolean;
}

export function organisationCommand(run: Run): Command {
  const group = new Command("organisation").description("Register a hospital, laboratory, pharmacy or doctor.");
  group
    .command("register")
    .requiredOption("--licence-file <file>", "JSON with licence and code, and if you like the name and role to expect")
    .requiredOption("--authority <url>", "the health authority's service")
    .option("--yes", "don't ask")
    .description("Show a licence to the health authority, check its answer, and carry it to the chain. Renews too.")
    .action((options: Options) => run((context) => register(context, options)));
  return group;
}

/** The activation code comes from a file, so that no list of processes and no shell history has it. */
async function register(context: Context, { licenceFile, authority, yes }: Options): Promise<undefined> {
  const { licence, code, ...expected } = await readJson(licenceFile, LICENCE_SCHEMA);
  const session = await context.session();
  const service = connectAuthority(authority);
  const domain = new URL(service.url).host;
  const offered = await askAccreditation(session, service, { licence, code, domain, expected });
  const { accreditation, name, department, parent } = offered;
  const { account, role, until } = accreditation;
  const parentName = parent.name ?? "the health authority";
  const formatUntil = (end: number) => `until ${isoTime(end)}`;
  const disclosure = discloseAccreditation(accreditation, { name, department, parentName, formatUntil });
  context.output.note(wordsOf(disclosure, { grantee: name, organisation: parentName }));
  await confirm(`Register as ${printable(name)}?`, yes);
  const { hash } = await carryAccreditation(session, offered);
  const value = { account, role, name, department, until: isoTime(until), parent: parent.account, disclosure };
  context.output.result({ ...value, transaction: hash }, () =>
    facts([
      ["registered", name],
      ["role", role],
      ["by", parentName],
      ["until", isoTime(until)],
      ["transaction", hash],
    ]),
  );
}
