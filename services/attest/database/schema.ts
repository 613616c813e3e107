/** The tables of an attestation service, as both engines have them. Times are Unix seconds. */
import type { ColumnType, Generated } from "kysely";

import type { Action } from "../audit.js";

/** Written once: neither the service nor these types know how to change it. */
type Once<T> = ColumnType<T, T, never>;

/** One row for every question that was answered or refused. Append-only by triggers. */
export interface AuditTable {
  /** Number of the row, and of the attestation that it stands for. Never used twice, whatever happens. */
  nonce: Generated<number>;
  time: Once<number>;
  action: Once<Action>;
  /** HMAC of whom or what was asked about. */
  subject: Once<string>;
  /** HMAC of the address that asked. */
  caller: Once<string>;
  /** The account that it was for. */
  account: Once<string | null>;
  /** "issued", or the code of the refusal. */
  outcome: Once<string>;
  /** 1 if it may have been a guess, which limits count. */
  guess: Once<0 | 1>;
}

/** Who is signed in. The token itself is nowhere. */
export interface SessionsTable {
  /** sha2-256 of the token. */
  token: string;
  account: string;
  patient: string | null;
  expires: number;
}

/** Numbers given out for sign-ins; a row goes when it is used or over. */
export interface SignInNoncesTable {
  nonce: string;
  expires: number;
}

/** Whom a civil registry knows. */
export interface CitizensTable {
  /** National id in its one spelling, `normalisedId`. */
  id: string;
  /** National id as it is printed. */
  printed: string;
  name: string;
  /** YYYY-MM-DD. */
  birth_date: string;
  /** JPEG in base64; null when none is on file. */
  photo: string | null;
}

/** Whom an insurer has given a card. */
export interface CardsTable {
  /** Number of the card in its one spelling. */
  card: string;
  /** National id of the holder in its one spelling. */
  holder: string;
  birth_date: string;
  plan: string;
  /** `wordings.id`. */
  wording: string;
  /** The schedule's file, byte for byte. */
  schedule: string;
  /** Null: from the day of the offer on. */
  starts: number | null;
  /** Null: for a year. */
  ends: number | null;
  /** What is paid of bills, as `TermsSchema` has it in JSON; null: none can be put to the policy. */
  terms: string | null;
}

/** What an insurer sells. */
export interface WordingsTable {
  id: string;
  media_type: string;
  /** The wording's file in base64. */
  content: string;
}

/** What a health authority has licensed. */
export interface LicencesTable {
  /** Number of the licence in its one spelling. */
  licence: string;
  /** 16 random bytes, hex. */
  salt: string;
  /** sha2-256 of salt and activation code, hex. */
  code: string;
  role: string;
  name: string;
  department: string | null;
  ends: number;
  status: string;
  /** The account that activated it. */
  account: string | null;
}

export interface Tables {
  audit: AuditTable;
  sessions: SessionsTable;
  sign_in_nonces: SignInNoncesTable;
  citizens: CitizensTable;
  cards: CardsTable;
  wordings: WordingsTable;
  licences: LicencesTable;
}
