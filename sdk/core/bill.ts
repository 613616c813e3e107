/**
 * The hash of a bill, which patient and insurer repeat so that no other bill takes its place while their word is on its way:
 * `Claim.bill` in IClaims.sol.
 */
import { AbiCoder, keccak256, ZeroAddress } from "ethers";

import type { Address, Hex, PolicyId, RecordId } from "../types.js";

/** What of a bill its hash covers: all that its event says. */
export interface BillContent {
  amount: bigint;
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  until: number;
  records: readonly RecordId[];
  /** Digest of the CID of the sealed bill. */
  document: Hex;
}

/** Whom a bill is put to, and who gets a part of what is paid. */
export interface BillParties {
  policyId: PolicyId;
  doctor: Address | null;
  /** Basis points. */
  doctorShare: number;
}

/** keccak256(abi.encode(amount, from, until, records, document)). */
export function billContentOf({ amount, from, until, records, document }: BillContent): Hex {
  return hash(["uint256", "uint48", "uint48", "bytes32[]", "bytes32"], [amount, from, until, records, document]);
}

/** keccak256(abi.encode(policyId, doctor, doctorShare, content)). */
export function billHashOf(bill: BillContent & BillParties): Hex {
  const { policyId, doctor, doctorShare } = bill;
  const values = [policyId, doctor ?? ZeroAddress, doctorShare, billContentOf(bill)];
  return hash(["bytes32", "address", "uint16", "bytes32"], values);
}

function hash(types: string[], values: unknown[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
