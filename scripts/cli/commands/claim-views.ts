/** The commands of `salus claim` that look: `list` and `show` need no account, `read` opens what was sealed. */
import { Command } from "commander";

import {
  claimOf,
  claimsOf,
  fhir,
  formatAmount,
  patientsControlledBy,
  policyById,
  readBill,
  readNotes,
  readResponse,
  roleOf,
  termsOf,
  tokenInfo,
  type Claim,
  type ClaimFilter,
  type OpenedBill,
  type Reader,
  type Session,
  type TokenInfo,
} from "../../../sdk/index.js";
import { hex32, type Context } from "../context.js";
import type { Run } from "../main.js";
import { facts, isoTime, printable, table } from "../output.js";

interface ListOptions {
  patient?: string;
  hospital?: string;
  insurer?: string;
}

export function claimListCommand(run: Run): Command {
  return new Command("list")
    .option("--patient <patient>", "of a patient: pseudonym, account or persona")
    .option("--hospital <account>", "billed by a hospital")
    .option("--insurer <account>", "put to an insurer")
    .description("List claims, latest first; yours without an option.")
    .action((options: ListOptions) =>
      run(async (context) => {
        const reader = await context.reader();
        const claims = await claimsOf(reader, await filterOf(context, reader, options));
        const tokens = await tokensOf(reader, claims);
        context.output.result(claims.map(plain), () =>
          table(
            ["STATUS", "BILLED", "PAID", "SINCE", "DUE", "VISIT"],
            claims.map((claim) => [
              stateOf(claim),
              written(claim.amount, tokens.get(claim.policyId)),
              claim.status === "approved" ? written(claim.approved, tokens.get(claim.policyId)) : "",
              isoTime(claim.since),
              claim.decideBy === null ? "" : isoTime(claim.decideBy),
              claim.visitId,
            ]),
          ),
        );
        return undefined;
      }),
    );
}

export function claimShowCommand(run: Run): Command {
  return new Command("show")
    .argument("<visit>", "the visit that was billed")
    .description("Show where a claim stands and what happened, as everyone can see.")
    .action((id: string) =>
      run(async (context) => {
        const reader = await context.reader();
        const claim = await claimOf(reader, hex32("visit", id));
        const token = (await tokensOf(reader, [claim])).get(claim.policyId);
        context.output.result(plain(claim), () => publicFacts(claim, token));
        return undefined;
      }),
    );
}

export function claimReadCommand(run: Run): Command {
  return new Command("read")
    .argument("<visit>", "the visit that was billed")
    .description(
      "Open the bill, the response and what was said, as patient, insurer or hospital. Refused unless they say what the chain says.",
    )
    .action((id: string) =>
      run(async (context) => {
        const session = await context.unlocked();
        const claim = await claimOf(session, hex32("visit", id));
        const [bill, response, notes, tokens] = await Promise.all([
          readBill(session, claim),
          readResponse(session, claim),
          readNotes(session, claim),
          tokensOf(session, [claim]),
        ]);
        const token = tokens.get(claim.policyId);
        const words = notes.map(({ event, text, problem }) => ({
          kind: event.kind,
          text,
          problem: problem?.code ?? null,
        }));
        const value = { ...plain(claim), bill: bill.resource, response: response?.resource ?? null, notes: words };
        context.output.result(value, () =>
          [
            publicFacts(claim, token),
            itemsOf(bill, token),
            ...words.map(({ kind, text, problem }) => `${kind}: ${printable(text ?? problem ?? "no words")}`),
            ...(response && response.note !== "" ? [`response: ${printable(response.note)}`] : []),
          ].join("\n\n"),
        );
        return undefined;
      }),
    );
}

/**
 * The bill, opened and held against the chain, in words: what somebody is about to call right, or to pay.
 * @throws as `readBill`
 */
export async function checkedBill(session: Session, claim: Claim): Promise<string> {
  const [bill, tokens] = await Promise.all([readBill(session, claim), tokensOf(session, [claim])]);
  const token = tokens.get(claim.policyId);
  return `${publicFacts(claim, token)}\n\n${itemsOf(bill, token)}\n`;
}

function itemsOf({ items }: OpenedBill, token: TokenInfo | undefined): string {
  return table(
    ["WHAT", "TIMES", "EACH", "TOTAL"],
    items.map(({ text, quantity, unitPrice, net }) => [
      printable(text),
      String(quantity),
      written(unitPrice, token),
      written(net, token),
    ]),
  );
}

/** What the options name; without one, what the acting account's role is about. */
async function filterOf(context: Context, reader: Reader, options: ListOptions): Promise<ClaimFilter> {
  const { patient, hospital, insurer } = options;
  if (patient !== undefined || hospital !== undefined || insurer !== undefined) {
    return {
      patientId: patient === undefined ? undefined : await context.patient(patient),
      hospital: hospital === undefined ? undefined : await context.account(hospital),
      insurer: insurer === undefined ? undefined : await context.account(insurer),
    };
  }
  const { address } = await context.identity();
  const role = await roleOf(reader.chain, address);
  if (role === "insurer") return { insurer: address };
  if (role === "hospital") return { hospital: address };
  const [own] = await patientsControlledBy(reader.chain, address);
  return { patientId: own ?? (await context.patient(undefined)) };
}

/** The tokens of claims, by policy. One that can't be had is left out: sums stand in smallest units then. */
async function tokensOf(reader: Reader, claims: readonly Claim[]): Promise<ReadonlyMap<string, TokenInfo>> {
  const policies = [...new Set(claims.map(({ policyId }) => policyId))];
  const found = await Promise.allSettled(
    policies.map(async (policyId) => {
      const salted = await termsOf(reader, await policyById(reader, policyId));
      return salted && ([policyId, await tokenInfo(reader.chain, salted.terms.token)] as const);
    }),
  );
  return new Map(found.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value] : [])));
}

function written(amount: bigint, token: TokenInfo | undefined): string {
  return token ? formatAmount(amount, token) : `${amount} units`;
}

function stateOf({ status, isAsked, isOverdue }: Claim): string {
  if (isOverdue) return `${status}, overdue`;
  return isAsked ? `${status}, asked` : status;
}

function publicFacts(claim: Claim, token: TokenInfo | undefined): string {
  const { eligible, reason, reviewUntil, decideBy } = claim;
  return facts([
    ["visit", claim.visitId],
    ["status", stateOf(claim)],
    ["hospital", claim.key.hospital],
    ["insurer", claim.insurer],
    ["policy", claim.policyId],
    ["billed", written(claim.amount, token)],
    ...(eligible === null ? [] : [["acknowledged", written(eligible, token)] as const]),
    ...(claim.status === "approved" ? [["paid", written(claim.approved, token)] as const] : []),
    ...(claim.fee > 0n ? [["of it to the doctor", written(claim.fee, token)] as const] : []),
    ...(reason === null ? [] : [["reason", fhir.REASONS.find(({ code }) => code === reason)?.text ?? reason] as const]),
    ...(reviewUntil === null ? [] : [["patient may look until", isoTime(reviewUntil)] as const]),
    ...(decideBy === null ? [] : [["to be decided by", isoTime(decideBy)] as const]),
    ["documents", claim.records.length],
    ["history", claim.history.map(({ kind }) => kind).join(", ")],
  ]);
}

/** A claim for JSON, which knows no large integers. */
function plain({ key, history, since, from, until, reviewUntil, decideBy, ...claim }: Claim) {
  const time = (seconds: number | null) => (seconds === null ? null : isoTime(seconds));
  return {
    ...claim,
    patientId: key.patientId,
    hospital: key.hospital,
    amount: `${claim.amount}`,
    approved: `${claim.approved}`,
    fee: `${claim.fee}`,
    eligible: claim.eligible === null ? null : `${claim.eligible}`,
    since: time(since),
    from: time(from),
    until: time(until),
    reviewUntil: time(reviewUntil),
    decideBy: time(decideBy),
    history: history.map(({ kind, transactionHash }) => ({ kind, transaction: transactionHash })),
  };
}
