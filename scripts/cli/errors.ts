/** What the command line exits with, and its own errors beside the SDK's. docs/cli.md tells users. */
import { isSalusError, type ErrorCode } from "../../sdk/index.js";

/** Exit codes. */
export const EXIT = {
  ok: 0,
  /** The chain, a check or the storage said no: nothing was changed, or the thing verified isn't genuine. */
  refused: 1,
  /** The command line, a file given to it or the configuration is wrong. */
  usage: 2,
  /** The chain or the IPFS node doesn't answer. */
  unreachable: 3,
  /** The account may not do this, or isn't unlocked. */
  unauthorised: 4,
  /** Another chain or another deployment than the one meant. */
  wrongChain: 5,
  /** A defect of the command line itself. */
  internal: 70,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

/** Errors of the command line, by code: exit code, what happened and what to do next. */
const CLI_ERRORS = {
  USAGE: [EXIT.usage, "The command isn't written correctly.", "See salus help, or salus help COMMAND."],
  FILE_UNREADABLE: [EXIT.usage, "A file can't be read.", "Check its path and your rights."],
  FILE_INVALID: [EXIT.usage, "A file doesn't hold what it should.", "Make it anew, or name the right one."],
  FILE_EXISTS: [EXIT.usage, "A file is there already and won't be overwritten.", "Name another one, or move it away."],
  CONFIG_INVALID: [
    EXIT.usage,
    "The configuration file isn't valid.",
    "Correct it; docs/cli.md lists its fields. Passwords don't belong there.",
  ],
  NO_IDENTITY: [EXIT.usage, "Nobody is named to act.", "Add --as PERSONA or --as KEYSTORE, or set SALUS_AS."],
  UNKNOWN_IDENTITY: [
    EXIT.usage,
    "This is neither a persona nor a keystore.",
    "Make a keystore with salus keys new, or see the personas in docs/cli.md.",
  ],
  PERSONA_ABROAD: [
    EXIT.unauthorised,
    "Demo personas work on the local chain only: everybody knows their keys.",
    "Use a keystore: salus keys new FOLDER.",
  ],
  NO_PASSWORD: [
    EXIT.unauthorised,
    "A password is needed, and there is no terminal to ask on.",
    "Put it into a file that only you can read, and name that file in SALUS_PASSWORD_FILE.",
  ],
  WRONG_PASSWORD: [
    EXIT.unauthorised,
    "The password doesn't open the keystore.",
    "Check capital letters and spaces, and try again.",
  ],
  PASSWORDS_DIFFER: [EXIT.usage, "The two passwords differ.", "Try again."],
  NO_DEPLOYMENT: [
    EXIT.wrongChain,
    "There is no deployment file.",
    "Run salus deploy, or name the file with --deployment.",
  ],
  KEY_EXISTS: [
    EXIT.refused,
    "The account is set up already.",
    "Nothing to do; salus keys restore puts its root into a keystore.",
  ],
  SEEDED_ALREADY: [EXIT.refused, "The deployment was seeded already.", "Nothing to do; deploy anew for a fresh one."],
  DATABASE_UNAVAILABLE: [
    EXIT.unreachable,
    "The database can't be opened.",
    "Check its address, that it runs, and that its user may make tables there.",
  ],
  NOT_CONFIRMED: [EXIT.refused, "Not confirmed.", "Nothing was changed."],
  INTERRUPTED: [EXIT.interrupted, "Stopped.", "What was begun is in the journal: salus resume goes on with it."],
  INTERNAL: [
    EXIT.internal,
    "The program failed in a way that it shouldn't.",
    "Run it again with SALUS_DEBUG=1 and report what it prints.",
  ],
} as const satisfies Record<string, readonly [number, string, string]>;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** All codes of the command line's own errors; docs/cli.md lists them. */
export const CLI_ERROR_CODES = Object.keys(CLI_ERRORS) as CliErrorCode[];

/** An error of the command line, in the form of the SDK's. Details never hold secrets. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly why: string;
  readonly how: string;
  readonly exitCode: number;

  constructor(
    readonly code: CliErrorCode,
    readonly details: Readonly<Record<string, string | number | boolean>> = {},
    options?: ErrorOptions,
  ) {
    const [exitCode, why, how] = CLI_ERRORS[code];
    super(why, options);
    this.exitCode = exitCode;
    this.why = why;
    this.how = how;
  }
}

/** How an error is shown: `{"error": …}` with --json. */
export interface ErrorReport {
  code: string;
  why: string;
  how: string;
  details: Readonly<Record<string, string | number | boolean>>;
  exitCode: number;
}

/** Whoever is away answers nobody: there is no point in trying the next thing. */
export const UNREACHABLE: readonly ErrorCode[] = [
  "CHAIN_UNREACHABLE",
  "IPFS_UNREACHABLE",
  "SERVICE_UNREACHABLE",
  "SERVICE_BUSY",
];
const WRONG_CHAIN: readonly ErrorCode[] = ["WRONG_CHAIN", "CHAIN_RESTARTED", "NOT_DEPLOYED"];
const USAGE: readonly ErrorCode[] = [
  "INVALID_INPUT",
  "DOCUMENT_TOO_LARGE",
  "EMPTY_DOCUMENT",
  "WEAK_PASSPHRASE",
  "CODE_MALFORMED",
  "CODE_OF_OTHER_KIND",
];
const UNAUTHORISED: readonly ErrorCode[] = [
  "LOCKED",
  "WRONG_PASSPHRASE",
  "WRONG_ROOT",
  "NOT_A_RECIPIENT",
  "NO_ACCESS",
  "ACCESS_REVOKED",
  "ACCESS_EXPIRED",
  "SIGNATURE_REJECTED",
  "NotController",
  "NotParty",
  "NotAuthor",
  "NotInsurer",
  "NotCivilRegistry",
  "NotAbove",
  "MayNotAccredit",
  "LICENCE_NOT_VERIFIED",
  "LICENCE_IN_USE",
  "SIGN_IN_REFUSED",
  "PERMIT_FOR_OTHER",
  "NOT_IN_VISIT",
  "VISIT_KEY_MISSING",
  "ORDER_NOT_YOURS",
  "NotPermitted",
  "NotHospital",
  "NotPartyOfVisit",
  "NotOrderingDoctor",
  "NotPartyOfOrder",
  "NotFulfiller",
  "NotFulfillerOf",
  "NotAuthorIn",
  "NotHospitalOfVisit",
];

/** The report of anything that was thrown. Of an unexpected error only the message's first line is shown. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    const { code, why, how, details, exitCode } = error;
    return { code, why, how, details, exitCode };
  }
  if (isSalusError(error)) {
    const { code, why, how, details } = error;
    return { code, why, how, details, exitCode: exitCodeOf(code) };
  }
  const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return reportOf(new CliError("INTERNAL", { reason: reason.slice(0, 200) }));
}

function exitCodeOf(code: ErrorCode): number {
  if (UNREACHABLE.includes(code)) return EXIT.unreachable;
  if (WRONG_CHAIN.includes(code)) return EXIT.wrongChain;
  if (USAGE.includes(code)) return EXIT.usage;
  if (UNAUTHORISED.includes(code)) return EXIT.unauthorised;
  return EXIT.refused;
}
