/**
 * The recovery sheet of a registration: plain text for paper. It says who the person is on the chain and holds the backup
 * of their key, which is worth nothing without the passphrase. No name, no number, no passphrase stands on it.
 */
import type { Address, Hex, PatientId, PolicyId } from "../types.js";
import { armored } from "./envelope.js";

/** What stands on the sheet. */
export interface RecoverySheet {
  account: Address;
  patientId: PatientId;
  /** Seed 002's H. */
  patientHash: Hex;
  transaction: Hex;
  policyId: PolicyId | null;
  backup: { cid: string; file: Uint8Array } | null;
  /** The chain and the contract that knows the patient. */
  chainId: number;
  patients: Address;
}

/** The sheet, lines of at most 80 characters. */
export function recoverySheet(sheet: RecoverySheet): string {
  const { account, patientId, patientHash, transaction, policyId, backup, chainId, patients } = sheet;
  const lines = [
    "SALUS: RECOVERY SHEET",
    "",
    "Keep this sheet where you keep your papers. It opens nothing without your",
    "passphrase, which you must not write on it. Without the passphrase nobody can",
    "open your record, and nobody can make a new one: not Salus, not the registry.",
    "",
    ...fact("Account", account),
    ...fact("Pseudonym", patientId),
    ...fact("H", patientHash),
    ...fact("Registered by transaction", transaction),
    ...(policyId ? fact("Policy", policyId) : []),
    ...fact("Chain", `${chainId}, contract Patients at ${patients}`),
  ];
  const how = backup
    ? [
        ...fact("Backup on IPFS", backup.cid),
        "On a new device: open Salus with this account and type the passphrase.",
        "If the storage has lost the backup, here it is. The age program opens it, too",
        "(age -d), and gives the 32 bytes that all your keys come from:",
        "",
        ...armored(backup.file).trimEnd().split("\n"),
      ]
    : ["Your key and its backup are as they were before: the same passphrase opens them."];
  return `${[...lines, ...how].join("\n")}\n`;
}

function fact(name: string, value: string): string[] {
  return [`${name}:`, `  ${value}`, ""];
}
