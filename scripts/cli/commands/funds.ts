/** `salus funds`: what an account has paid in for claims, or is owed by them (000-18, 000-19). */
import { Command } from "commander";

import {
  allFundsOf,
  collectFunds,
  depositFunds,
  discloseFunds,
  formatAmount,
  fundsOf,
  parseAmount,
  SalusError,
  tokenInfo,
  type Address,
  type Reader,
  type TokenInfo,
} from "../../../sdk/index.js";
import type { Context } from "../context.js";
import { wordsOf } from "../disclosure.js";
import { CliError } from "../errors.js";
import type { Run } from "../main.js";
import { facts, table } from "../output.js";
import { confirm } from "../password.js";

interface Options {
  token?: string;
  yes?: boolean;
}

export function fundsCommand(run: Run): Command {
  const funds = new Command("funds").description("Pay in for claims, and take out what is yours.");
  funds.addCommand(showCommand(run));
  funds.addCommand(moveCommand(run, "deposit"));
  funds.addCommand(moveCommand(run, "collect"));
  return funds;
}

function showCommand(run: Run): Command {
  return new Command("show")
    .argument("[account]", "whose; the acting account's without it")
    .option("--token <address>", "of one token; without it, of all that the account's claims are in")
    .description("Show what an account has paid in, or is owed.")
    .action((who: string | undefined, { token }: Options) =>
      run(async (context) => {
        const reader = await context.reader();
        const account = who === undefined ? (await context.identity()).address : await context.account(who);
        const found =
          token === undefined
            ? await allFundsOf(reader, account)
            : [await fundsOf(reader, await context.account(token), account)];
        context.output.result(
          found.map(({ deposited, held, ...rest }) => ({ ...rest, deposited: `${deposited}`, held: `${held}` })),
          () =>
            found.length === 0
              ? "Nothing was paid in, and nothing is owed."
              : table(
                  ["IN CLAIMS", "HELD", "TOKEN"],
                  found.map((each) => [formatAmount(each.deposited, each), formatAmount(each.held, each), each.token]),
                ),
        );
        return undefined;
      }),
    );
}

function moveCommand(run: Run, name: "deposit" | "collect"): Command {
  const isDeposit = name === "deposit";
  return new Command(name)
    .argument(isDeposit ? "<amount>" : "[amount]", isDeposit ? "such as 1000.00" : "such as 12.50; all without it")
    .option("--token <address>", "which token; needn't be said when there is one only")
    .option("--yes", "don't ask, after showing who will know what")
    .description(
      isDeposit
        ? "Pay in, as an insurer: approved claims are paid from it."
        : "Take out what is the acting account's own, as hospital, doctor or insurer.",
    )
    .action((text: string | undefined, options: Options) =>
      run(async (context) => {
        const session = await context.session();
        const token = await tokenOf(context, session, session.account, options.token);
        const all = () => fundsOf(session, token.token, session.account).then(({ deposited }) => deposited);
        const amount = text === undefined ? await all() : parseAmount(text, token);
        const disclosure = discloseFunds(name, { account: session.account, amount, token });
        context.output.note(wordsOf(disclosure));
        await confirm(isDeposit ? "Pay this in?" : "Take this out?", options.yes);
        const receipt = isDeposit
          ? await depositFunds(session, { token: token.token, amount })
          : (await collectFunds(session, { token: token.token, amount })).receipt;
        const value = { token: token.token, amount: `${amount}`, transaction: receipt.hash };
        context.output.result(value, () =>
          facts([
            [isDeposit ? "paid in" : "taken out", formatAmount(amount, token)],
            ["transaction", receipt.hash],
          ]),
        );
      }),
    );
}

/** The token that is meant. @throws USAGE when there are several, or none */
async function tokenOf(
  context: Context,
  reader: Reader,
  account: Address,
  named: string | undefined,
): Promise<TokenInfo> {
  if (named !== undefined) return tokenInfo(reader.chain, await context.account(named));
  const tokens = await allFundsOf(reader, account);
  const [token] = tokens;
  if (token === undefined) throw new SalusError("INVALID_INPUT", { argument: "token", reason: "name it: --token" });
  if (tokens.length > 1) throw new CliError("USAGE", { reason: "there are several tokens: name one with --token" });
  return token;
}
