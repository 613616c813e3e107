/** `salus accredit`: the accreditation tree (000-01, 002-39): who is in it below whom, putting in, renewing, taking out. */
import { Command } from "commander";

import {
  accredit,
  branchOf,
  chainTime,
  discloseAccreditation,
  discloseAccreditationRevocation,
  renewAccreditation,
  renounceAccreditation,
  revocationEffect,
  revokeAccreditation,
  ROLES,
  shortId,
  type Address,
  type Branch,
  type Member,
  type Role,
  type Session,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";
import { facts, isoTime, table } from "../output.js";
import { confirm } from "../password.js";
import { parseEnd, type EndOptions } from "../time.js";

interface TermsOptions extends EndOptions {
  name?: string;
  department?: string;
}

interface SigningOptions {
  yes?: boolean;
}

const roles = ROLES.filter((role) => role !== "none").map((role) => role.replace(" ", "-"));

export function accreditCommand(run: Run): Command {
  const group = new Command("accredit").description(
    "Accredit an account below the acting one, or show, renew and revoke accreditations.",
  );

  group
    // What is meant when no other of these is named: accredit ACCOUNT ROLE.
    .command("add", { isDefault: true })
    .argument("<account>", "address, or persona on the local chain")
    .argument("<role>", roles.join(", "))
    .requiredOption("--name <name>", "the public name")
    .option("--department <name>", "the public department")
    .option("--for <duration>", "how long, such as 1y (the default)")
    .option("--until <date>", "until when, or never")
    .description("Accredit an account below the acting one.")
    .action((account: string, role: string, options: TermsOptions & { name: string }) =>
      run((context) => add(context, account, role, options)),
    );

  group
    .command("list")
    .argument("[account]", "whose branch; the acting account's when nobody is named")
    .description("Show an account's place in the tree, and everyone that it has accredited.")
    .action((account: string | undefined) => run((context) => list(context, account)));

  group
    .command("renew")
    .argument("<account>", "whom the acting account has accredited")
    .option("--for <duration>", "how long from now, such as 1y (the default)")
    .option("--until <date>", "until when, or never")
    .option("--name <name>", "another public name")
    .option("--department <name>", "another public department; goes with --name")
    .description("Renew an accreditation. Whoever it accredited keeps counting, unless it was revoked.")
    .action((account: string, options: TermsOptions) => run((context) => renew(context, account, options)));

  group
    .command("revoke")
    .argument("<account>", "who stands below the acting account")
    .option("--yes", "don't ask")
    .description("Revoke an account with all that it accredited, in one block. There is no undo.")
    .action((account: string, options: SigningOptions) => run((context) => revoke(context, account, options)));

  group
    .command("renounce")
    .option("--yes", "don't ask")
    .description("Give the acting account's own accreditation up, for instance one that it never asked for.")
    .action((options: SigningOptions) => run((context) => renounce(context, options)));
  return group;
}

async function add(
  context: Context,
  name: string,
  roleName: string,
  options: TermsOptions & { name: string },
): Promise<undefined> {
  const account = await context.account(name);
  const role = parseRole(roleName);
  const session = await context.session();
  const until = parseEnd(options, await chainTime(session.chain), "1y");
  const terms = { account, role, until, name: options.name, department: options.department };
  const parentName = nameOf(await branchOf(session, session.account), session.account);
  const disclosure = discloseAccreditation(terms, { ...terms, parentName, formatUntil: untilWords });
  context.output.note(wordsOf(disclosure, { grantee: options.name, organisation: parentName }));
  const { hash } = await accredit(session, terms);
  context.output.result({ ...terms, until: isoTime(until), disclosure, transaction: hash }, () =>
    facts([
      ["account", account],
      ["role", role],
      ["name", options.name],
      ["until", isoTime(until)],
    ]),
  );
}

async function list(context: Context, name: string | undefined): Promise<undefined> {
  const account = name === undefined ? (await context.identity()).address : await context.account(name);
  const { isRoot, self, above, members } = await branchOf(await context.reader(), account);
  const value = { account, isRoot, self: self && plain(self), above: above.map(plain), members: members.map(plain) };
  context.output.result(value, () =>
    [
      isRoot
        ? "The top of the tree"
        : self
          ? `${nameOfMember(self)}, ${self.role}: ${stateOf(self)}`
          : "Nobody has accredited this account.",
      table(
        ["NAME", "ROLE", "DEPARTMENT", "STATE", "BELOW", "ACCOUNT"],
        members.map((member) => [
          nameOfMember(member),
          member.role,
          member.department ?? "",
          stateOf(member),
          String(member.below),
          member.account,
        ]),
      ),
    ].join("\n"),
  );
}

async function renew(context: Context, name: string, options: TermsOptions): Promise<undefined> {
  if (options.department !== undefined && options.name === undefined) {
    throw new CliError("USAGE", { reason: "give --department together with --name: both stand in the same profile" });
  }
  const account = await context.account(name);
  const session = await context.session();
  const until = parseEnd(options, await chainTime(session.chain), "1y");
  const { hash } = await renewAccreditation(session, account, {
    until,
    ...(options.name !== undefined && { name: options.name, department: options.department }),
  });
  const { self } = await branchOf(session, account);
  const value = { ...(self && plain(self)), account, until: isoTime(until), transaction: hash };
  context.output.result(value, () =>
    facts([
      ["account", account],
      ["name", self?.name ?? shortId(account)],
      ["until", isoTime(until)],
      ["below it", self?.below ?? 0],
    ]),
  );
}

async function revoke(context: Context, name: string, { yes }: SigningOptions): Promise<undefined> {
  const account = await context.account(name);
  const session = await context.session();
  const parentName = nameOf(await branchOf(session, session.account), session.account);
  await announce(context, session, account, parentName, yes);
  const { hash } = await revokeAccreditation(session, account);
  context.output.result({ account, revoked: true, transaction: hash }, () => `Revoked ${account} and its branch.`);
}

async function renounce(context: Context, { yes }: SigningOptions): Promise<undefined> {
  const session = await context.session();
  const { above } = await branchOf(session, session.account);
  await announce(context, session, session.account, above[0] ? nameOfMember(above[0]) : "the operator", yes);
  const { hash } = await renounceAccreditation(session);
  const value = { account: session.account, renounced: true, transaction: hash };
  context.output.result(value, () => `${session.account} has given its accreditation up.`);
}

/** Says who falls and who will know, and asks. */
async function announce(
  context: Context,
  session: Session,
  account: Address,
  parentName: string,
  isAnswered = false,
): Promise<void> {
  const { account: member, fallen } = await revocationEffect(session, account);
  const name = nameOfMember(member);
  const disclosure = discloseAccreditationRevocation({ account, name, parentName, fallen: fallen.length });
  context.output.note(wordsOf(disclosure, { grantee: name, organisation: parentName }));
  await confirm("Revoke it? There is no undo.", isAnswered);
}

// -------- words --------

function parseRole(text: string): Role {
  const role = ROLES.find((each) => each !== "none" && each.replace(" ", "-") === text.replace(" ", "-"));
  if (!role) throw new CliError("USAGE", { role: text, reason: `it must be one of ${roles.join(", ")}` });
  return role;
}

const nameOfMember = ({ name, account }: Member): string => name ?? shortId(account);

/** What an account is called where it vouches for others. */
function nameOf({ isRoot, self }: Branch, account: Address): string {
  return self ? nameOfMember(self) : isRoot ? "The operator" : shortId(account);
}

const untilWords = (until: number): string =>
  isoTime(until) === "no end" ? "without an end" : `until ${isoTime(until)}`;

function stateOf({ standing, until, account }: Member): string {
  switch (standing.state) {
    case "valid":
      return untilWords(until);
    case "expired":
      return `ran out ${isoTime(until)}`;
    case "revoked":
      return standing.by === account ? "given up" : `revoked by ${shortId(standing.by)}`;
    case "fallen":
      return `fell with ${shortId(standing.account)} (${standing.why})`;
  }
}

const plain = (member: Member) => ({ ...member, until: isoTime(member.until) });
