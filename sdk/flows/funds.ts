/**
 * Money that settles claims (000-18, 000-19): insurers pay in ahead, decisions move it inside `Claims`, and hospitals and
 * doctors take out what is theirs whenever they like (ILedger.sol).
 */
import type { Receipt, SendOptions } from "../adapters/chain.js";
import { visitKeysOf } from "../adapters/billed-visits.js";
import { billsOf } from "../adapters/claim-events.js";
import {
  allowanceOf,
  depositOf,
  fundsEventsOf,
  sendApprove,
  sendCollect,
  sendDeposit,
  tokenInfo,
  tokensOf,
} from "../adapters/token.js";
import type { TokenInfo } from "../core/terms.js";
import { isSalusError, SalusError } from "../errors.js";
import type { Address } from "../types.js";
import { policyById } from "./policy.js";
import { termsOf } from "./policy-files.js";
import type { Reader, Session } from "./session.js";

/** What an account has of a token, in its smallest unit. */
export interface Funds extends TokenInfo {
  account: Address;
  /** In `Claims`: paid in by an insurer, or owed to a hospital or doctor. */
  deposited: bigint;
  /** In the account's wallet. */
  held: bigint;
}

/** What an account has of a token. @throws INVALID_INPUT (no readable token there), CHAIN_UNREACHABLE */
export async function fundsOf({ chain }: Pick<Reader, "chain">, token: Address, account: Address): Promise<Funds> {
  const [info, deposited, held] = await Promise.all([
    tokenInfo(chain, token),
    depositOf(chain, token, account),
    tokensOf(chain, token, account),
  ]);
  return { ...info, account, deposited, held };
}

/**
 * The tokens in which an account has paid in, taken out, or has been party to a claim: as insurer, hospital or doctor.
 * @throws CHAIN_UNREACHABLE, IPFS_UNREACHABLE
 */
export async function settlementTokens(reader: Reader, account: Address): Promise<Address[]> {
  const { chain } = reader;
  const [events, bills, ownVisits] = await Promise.all([
    fundsEventsOf(chain, account),
    billsOf(chain, {}),
    visitKeysOf(chain, { hospital: account }),
  ]);
  const own = bills.filter(
    ({ insurer, doctor, visitId }) => insurer === account || doctor === account || ownVisits.has(visitId),
  );
  const policies = [...new Set(own.map(({ policyId }) => policyId))];
  const terms = await Promise.all(
    policies.map(async (policyId) =>
      termsOf(reader, await policyById(reader, policyId)).catch((error: unknown) => {
        // One policy's files may be away; the others' money is there all the same.
        if (!isSalusError(error) || isSalusError(error, "IPFS_UNREACHABLE", "CHAIN_UNREACHABLE")) throw error;
        return null;
      }),
    ),
  );
  return [
    ...new Set([...events.map(({ token }) => token), ...terms.flatMap((each) => (each ? [each.terms.token] : []))]),
  ];
}

/**
 * What an account has of all tokens of `settlementTokens`. One that isn't readable is left out: any hospital can name the
 * account as the doctor of a bill in whatever an insurer calls a token.
 * @throws CHAIN_UNREACHABLE, IPFS_UNREACHABLE
 */
export async function allFundsOf(reader: Reader, account: Address): Promise<Funds[]> {
  const tokens = await settlementTokens(reader, account);
  const found = await Promise.all(
    tokens.map((token) =>
      fundsOf(reader, token, account).catch((error: unknown) => {
        if (isSalusError(error, "INVALID_INPUT")) return null;
        throw error;
      }),
    ),
  );
  return found.filter((funds) => funds !== null);
}

/**
 * Pays in, from the account's own tokens: first an allowance of just this amount unless there is one, then the deposit.
 * `onStatus` tells of the deposit; of the allowance just that the wallet is asked.
 * @throws INVALID_INPUT (not above 0, no token), NOT_ENOUGH_TOKENS, SIGNATURE_REJECTED
 */
export async function depositFunds(
  session: Session,
  { token, amount }: { token: Address; amount: bigint },
  options?: SendOptions,
): Promise<Receipt> {
  const { chain, signer, account } = session;
  checkPositive(amount);
  const [held, allowed] = await Promise.all([tokensOf(chain, token, account), allowanceOf(chain, token, account)]);
  if (held < amount) throw new SalusError("NOT_ENOUGH_TOKENS", { token, held: `${held}`, needed: `${amount}` });
  // Only the wallet is told of here: an allowance that has its block isn't a deposit, and mustn't be taken for one.
  const asking: SendOptions = { onStatus: (status) => status.state === "wallet" && options?.onStatus?.(status) };
  if (allowed < amount) await sendApprove(chain, signer, token, amount, asking);
  return sendDeposit(chain, signer, token, amount, options);
}

/**
 * Takes out what is the account's own.
 * @param request all of it unless `amount` says otherwise
 * @throws INVALID_INPUT (not above 0, or there is nothing), InsufficientBalance, SIGNATURE_REJECTED
 */
export async function collectFunds(
  session: Session,
  { token, amount }: { token: Address; amount?: bigint | undefined },
  options?: SendOptions,
): Promise<{ amount: bigint; receipt: Receipt }> {
  const { chain, signer, account } = session;
  const taken = amount ?? (await depositOf(chain, token, account));
  checkPositive(taken);
  return { amount: taken, receipt: await sendCollect(chain, signer, token, taken, options) };
}

function checkPositive(amount: bigint): void {
  if (amount <= 0n) throw new SalusError("INVALID_INPUT", { argument: "amount", reason: "not above 0" });
}
