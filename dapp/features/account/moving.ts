/** Moving the record to another wallet: what is shown, and what each of the two wallets signs, stand together. */
import type { Address, Disclosure, PatientId } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";
import type { Wallet } from "../../lib/wallets.js";

/** The wallet to move to, with the account that it acts for. */
export interface NextWallet {
  wallet: Wallet;
  account: Address;
}

/** Asks the other wallet for its account. Rejects with the wallet's own error. */
export async function accountIn(wallet: Wallet): Promise<NextWallet> {
  const [first] = (await wallet.provider.request({ method: "eth_requestAccounts" })) as string[];
  if (first === undefined) throw new Error("the wallet named no account");
  const { getAddress } = await import("ethers");
  return { wallet, account: getAddress(first) as Address };
}

/** Tries the move without signing anything. @throws KEY_EXISTS, WRONG_ROOT, INVALID_INPUT (the same account) */
export async function checkMove(session: OwnSession, next: NextWallet, patientId: PatientId): Promise<Disclosure> {
  const { discloseMove, prepareMove } = await loadSdk();
  await prepareMove(await sessionOf(session, next), patientId);
  return discloseMove({ patientId, from: session.account, to: next.account });
}

/** Moves: the other wallet publishes the key and signs that it takes over, then the present one hands over. */
export async function moveTo(session: OwnSession, next: NextWallet, patientId: PatientId): Promise<boolean> {
  // Begun anew as a whole by the button above: either half alone would leave the other out.
  const about = { account: session.account, isRetriable: false };
  const signed = await transact({ ...about, topic: "account/move/1", title: "Taking over" }, async ({ onStatus }) => {
    const { prepareMove, signMove } = await loadSdk();
    const theirs = await sessionOf(session, next);
    return signMove(theirs, await prepareMove(theirs, patientId), { onStatus });
  });
  if (!signed) return false;
  const moved = await transact({ ...about, topic: "account/move/2", title: "Handing over" }, async ({ onStatus }) => {
    const { move } = await loadSdk();
    return move(session, signed, { onStatus });
  });
  return moved !== null;
}

/** The other wallet at work with the same root: the record's key stays, whoever signs. */
async function sessionOf(session: OwnSession, { wallet, account }: NextWallet): Promise<OwnSession> {
  const { BrowserProvider } = await import("ethers");
  const signer = await new BrowserProvider(wallet.provider, "any").getSigner(account);
  return { ...session, signer, account, wallet: wallet.provider, place: { ...session.place, account } };
}
