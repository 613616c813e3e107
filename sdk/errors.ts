/**
 * The SDK's errors. Each has a code, what happened and what to do next; docs/errors.md lists them all.
 * Messages and details hold ids, digests, sizes and names of fields: never a key, a passphrase, a person or a document.
 */

import { CARE_MESSAGES } from "./errors-care.js";

/** What is refused or went wrong, and what to do about it. A contract's custom error keeps its Solidity name as code. */
const MESSAGES = {
  // Documents and keys
  CID_MISMATCH: [
    "The bytes received are not those of the requested digest.",
    "Try again, or use another IPFS node: this one is faulty or tampers.",
  ],
  HEADER_MALFORMED: [
    "The header is not a valid age header.",
    "Fetch the record again; if it persists, ask the author to publish it anew.",
  ],
  HEADER_TAMPERED: [
    "The header's authentication code is wrong: it was altered.",
    "Fetch it again from another IPFS node.",
  ],
  NOT_A_RECIPIENT: [
    "The document isn't sealed to this key.",
    "Ask the patient for access, or unlock the account that has it.",
  ],
  PAYLOAD_TAMPERED: [
    "The payload is altered, truncated or belongs to another header.",
    "Fetch it again from another IPFS node.",
  ],
  MANIFEST_MALFORMED: ["The document doesn't start with a valid manifest.", "Ask the author to publish it anew."],
  MANIFEST_MISMATCH: [
    "The document says something else about itself than the chain does.",
    "Don't trust it: somebody anchored a document that was sealed for another place.",
  ],
  PADDING_MALFORMED: ["The padding behind the document is not as it must be.", "Ask the author to publish it anew."],
  WRONG_PASSPHRASE: ["The passphrase doesn't open this backup.", "Check capital letters and spaces, and try again."],
  WEAK_PASSPHRASE: ["The passphrase is too easy to guess.", "Use at least 12 characters, or four random words."],
  BACKUP_MALFORMED: ["The backup is damaged.", "Use another copy of it, or another backup."],
  WRONG_ROOT: [
    "This account root doesn't belong to the account: its public key isn't the published one.",
    "Unlock with the account's own backup.",
  ],
  SCOPE_SECRET_MISMATCH: [
    "The drawer's public key on the chain isn't that of the secret behind it.",
    "If the drawer is yours, repair it under Access (salus scopes heal). Otherwise ask the patient to grant anew.",
  ],
  DRAWER_OUTDATED: [
    "The node shows an earlier state of this drawer than was seen before.",
    "The node is behind, or it lies: wait a minute, then use another one.",
  ],
  KEY_EXISTS: ["The account has an encryption key already.", "Unlock it. A new key would lose what the old one opens."],
  LOCKED: ["The account root is not unlocked.", "Unlock the account first."],
  // Input
  INVALID_INPUT: ["An argument is not valid.", "Correct it and try again."],
  DOCUMENT_TOO_LARGE: [
    "The document is larger than the limit.",
    "Split it, or leave out what isn't needed. The limit is 256 MiB.",
  ],
  EMPTY_DOCUMENT: ["The document is empty.", "Choose a file that has content."],
  JOURNAL_DAMAGED: [
    "What the journal noted of an unfinished upload is damaged.",
    "Give the upload up, or move the named file away, and publish the document again.",
  ],
  // Storage
  IPFS_UNREACHABLE: [
    "The IPFS node doesn't answer.",
    "Check its address and that it runs. Nothing was lost; work goes on once it is back.",
  ],
  IPFS_REFUSED: ["The IPFS node refused the request.", "See the reason, and the node's log."],
  CONTENT_UNAVAILABLE: [
    "The IPFS node doesn't have the content.",
    "Its owner may have removed it; otherwise try another node.",
  ],
  STORAGE_FULL: ["The IPFS node's disk is full.", "Make room there and try again. Nothing was lost."],
  // Chain
  CHAIN_UNREACHABLE: [
    "The chain doesn't answer.",
    "Check the RPC address and that the node runs. Nothing was lost; work goes on once it is back.",
  ],
  WRONG_CHAIN: [
    "This is another chain than the one Salus was deployed to.",
    "Switch the wallet or the RPC address to the right network.",
  ],
  CHAIN_RESTARTED: [
    "The local chain was restarted and has forgotten everything.",
    "Run npm start -- --reset, then load this page anew.",
  ],
  NOT_DEPLOYED: ["There is no Salus at these addresses.", "Run salus deploy, or name the right deployment file."],
  SIGNATURE_REJECTED: ["The wallet didn't sign.", "Nothing was sent. Try again when ready."],
  INSUFFICIENT_FUNDS: ["The account can't pay for the transaction.", "Add funds to it, or use another account."],
  TRANSACTION_FAILED: ["The chain refused the transaction.", "See the reason. Nothing was changed."],
  TRANSACTION_REPLACED: [
    "The wallet replaced the transaction by another one.",
    "Check whether the other one did what was meant, and try again if not.",
  ],
  UNKNOWN_TRANSACTION: ["The chain doesn't know this transaction id.", "Check the id and the network."],
  UNKNOWN_RECORD: ["The chain doesn't know this record.", "Check the record id and the network."],
  ANCHOR_MISMATCH: [
    "The event doesn't fit the anchor that the contract stores.",
    "The RPC node is faulty or lies: use another one.",
  ],
  HEAD_MISMATCH: [
    "The records don't add up to the head that the contract stores: one is missing, altered or out of order.",
    "The RPC node is faulty or lies: use another one.",
  ],
  NO_ACCESS: ["There is no grant that lets this account read.", "Ask the patient for access."],
  ACCESS_REVOKED: ["The patient has stopped this access.", "Ask the patient for access again."],
  ACCESS_EXPIRED: ["This access has ended.", "Ask the patient for a new one."],
  NO_PUBLISHED_KEY: [
    "The account has published no encryption key, or none that can be used.",
    "Nothing can be sealed to it before its owner has set it up: in the app, or by salus keys publish.",
  ],
  NOT_REGISTERED: ["The account controls no registered patient.", "Register first (salus register)."],
  POLICY_COPIES_DIFFER: [
    "Your copy of the policy isn't the insurer's.",
    "Don't accept. Ask the insurer which of the two is right.",
  ],
  INSURER_COPY_DIFFERS: [
    "The insurer's file isn't the one that the insurer anchored.",
    "Don't accept. Ask the insurer to issue the policy anew.",
  ],
  // Attestation services
  SERVICE_UNREACHABLE: [
    "The service doesn't answer.",
    "Check your connection and try again. Nothing was lost: what you have done so far is kept.",
  ],
  SERVICE_BUSY: ["The service has too much to do at this moment.", "Wait a minute and try again."],
  SERVICE_REFUSED: ["The service refused, and gave no reason that Salus knows.", "Ask whoever runs the service."],
  SERVICE_MISMATCH: [
    "The service works for another chain, other contracts or another authority than was expected.",
    "Check the service's address, or ask whoever runs it.",
  ],
  SERVICE_ANSWER_INVALID: [
    "The service's answer isn't what was asked for, or can't be read.",
    "Nothing of it was kept. Check the service's address and try again; if it persists, tell whoever runs it.",
  ],
  REQUEST_TOO_LARGE: ["The request is larger than the service takes.", "Send a smaller photo or file."],
  TOO_MANY_ATTEMPTS: [
    "There were too many attempts.",
    "Wait until the time that is named, then try again. If you didn't try, tell the service: somebody else did.",
  ],
  NOT_VERIFIED: [
    "The registry can't confirm these details. It doesn't say which of them is wrong.",
    "Check the national id and the birth date as they stand on your card. If both are right, ask the registry.",
  ],
  FACE_MISMATCH: [
    "The photo doesn't match the one that the registry has on file.",
    "Take another one, facing the camera in even light, without glasses or hat. If it fails again, visit the registry.",
  ],
  PHOTO_REQUIRED: ["The registry wants to see your face.", "Take a photo with the camera, or choose one from a file."],
  NO_PHOTO_ON_FILE: [
    "The registry has no photo of this person to compare with.",
    "Visit the registry once with your card, so that it can take one.",
  ],
  PHOTO_UNREADABLE: ["This isn't a photo that can be read.", "Use a JPEG or PNG photo straight from the camera."],
  PHOTO_TOO_LARGE: ["The photo has too many pixels or bytes.", "Use one of at most 4,096 by 4,096 pixels and 4 MiB."],
  NO_FACE: ["There is no face in the photo.", "Face the camera in even light, with your whole face in the picture."],
  SEVERAL_FACES: ["There is more than one face in the photo.", "Be alone in the picture, and take it again."],
  FACE_TOO_SMALL: ["The face in the photo is too small.", "Come closer to the camera, and take it again."],
  CARD_NOT_VERIFIED: [
    "The insurer can't confirm that this card is yours.",
    "Check the number on the card. If it is right, ask the insurer.",
  ],
  ATTESTATION_REFUSED: [
    "The attestation of who you are doesn't count here: it is expired, for another account, or not by a civil registry.",
    "Ask the civil registry for a new one with this account.",
  ],
  LICENCE_NOT_VERIFIED: [
    "The health authority can't confirm this licence.",
    "Check the licence's number and its activation code. If both are right, ask the authority.",
  ],
  LICENCE_IN_USE: [
    "This licence belongs to another account already.",
    "Use that account, or ask the authority to free the licence.",
  ],
  SIGN_IN_REQUIRED: ["The service wants to know which account asks.", "Sign in to it."],
  SIGN_IN_REFUSED: [
    "The sign-in is expired, used already, or for another page, service, chain or account.",
    "Sign in again.",
  ],
  H_UNKNOWN: [
    "The patient hash isn't the one that the chain holds for this patient and account.",
    "Reload, so that the present one is used, and sign in again.",
  ],
  NO_DRAFT: ["No registration was begun with this account on this device.", "Begin a new one."],
  DRAFT_DAMAGED: [
    "What was kept of the registration can't be read.",
    "Discard it and begin anew. If it was sent before, the account is registered already: unlock it.",
  ],
  DRAFT_EXISTS: [
    "A registration was begun with this account on this device already.",
    "Go on with it by its passphrase, or discard it first.",
  ],
  DRAFT_ELSEWHERE: [
    "The registration that is kept here was begun with another account, another chain or another version of Salus.",
    "Switch back to go on with it, or discard it and begin anew.",
  ],
  // Custom errors of the contracts, by their Solidity names
  MayNotAccredit: [
    "This account may not accredit in that role.",
    "Let an account that stands above it in the accreditation tree do it.",
  ],
  AlreadyAccredited: [
    "The account is accredited by somebody else.",
    "That one must revoke it first, or the account must renounce.",
  ],
  NotAccreditable: ["The root and the zero address can't be accredited.", "Name another account."],
  ExpiryInPast: ["The accreditation would already have ended.", "Choose a time in the future."],
  NotAccredited: ["The account is not accredited.", "Check the address."],
  NotAbove: [
    "Only an account above it in the accreditation tree may revoke it.",
    "Let its parent or the authority do it.",
  ],
  NotAddressee: [
    "This accreditation is for another account.",
    "Switch to the account that it names, or ask for one for this account.",
  ],
  StaleAccreditation: [
    "Something has changed since this accreditation was signed: the account was accredited, renewed or revoked, or its authority was.",
    "Ask the authority for a new one.",
  ],
  ZeroKey: ["An encryption key can't be zero.", "Set up the account again."],
  UnknownPatient: ["The chain knows no such patient.", "Check the pseudonym and the network."],
  Deregistered: [
    "The patient has deregistered: nobody acts for this pseudonym any more.",
    "Nothing can be done with it. The person may register anew.",
  ],
  NotController: ["This account doesn't act for the patient.", "Switch to the patient's account."],
  PersonAlreadyRegistered: [
    "This person is registered already.",
    "Use the existing account, or restore it from its backup.",
  ],
  NotCivilRegistry: [
    "The attestation's signer is not an accredited civil registry.",
    "Ask an accredited registry for an attestation.",
  ],
  PatientExists: ["This pseudonym is taken.", "Ask the registry for an attestation with a new commitment."],
  SignatureExpired: ["The signature's deadline has passed.", "Sign again, or ask for a new attestation."],
  InvalidSignature: [
    "The signature doesn't fit: another signer, account, contract or chain.",
    "Sign again with the right account on this network.",
  ],
  ScopeExists: ["The drawer is open already.", "Nothing to do."],
  UnknownScope: ["The drawer isn't open.", "Open it first."],
  ZeroScopeKey: ["A drawer's key can't be zero.", "Set up the account again."],
  SameScopeKey: ["The drawer has this key already, perhaps from another device.", "Reload and try again."],
  InvalidRights: ["A grant must allow to read, to write, or both.", "Choose one."],
  GrantExpiryInPast: ["The grant would already have ended.", "Choose a time in the future."],
  NoGrant: ["There is no such grant.", "It was stopped before; reload."],
  NotAuthor: [
    "This account may not write into that drawer.",
    "Ask the patient for a grant to write; an accreditation must be valid as well.",
  ],
  StaleScopeKey: [
    "The drawer's key has changed since the document was sealed.",
    "Publish it again. A patient's own document is sealed anew by itself.",
  ],
  RecordExists: ["This record is anchored already.", "Nothing to do."],
  InvalidBatch: ["A batch holds 1 to 100 records.", "Split it."],
  NotInsurer: ["This account is not an accredited insurer.", "Ask for accreditation, or switch account."],
  PolicyExists: ["A policy was issued under this reference already.", "Issue it under a new reference."],
  UnknownPolicy: ["The chain knows no such policy.", "Check the id and the network."],
  InvalidTerm: ["The policy's term is empty or over.", "Choose an end that is later than its start and than now."],
  DigestMismatch: ["The two copies of the policy differ.", "Don't accept. Ask the insurer which of the two is right."],
  NotOffered: [
    "The policy isn't open for acceptance.",
    "It was accepted, withdrawn or declined before, or its term is over. See where it stands.",
  ],
  NotAmendable: [
    "The version before was never accepted, or has been replaced by another one already.",
    "See the policy's versions. A new one must follow the latest that was accepted.",
  ],
  CopiesEqual: ["Your copy is the insurer's, to the bit.", "There is no mismatch to report."],
  NotParty: [
    "This account is neither the insurer of the policy nor its patient's.",
    "Switch to the account of one of them.",
  ],
  AlreadyOver: ["The policy is over, or its offer is.", "Nothing to do."],
  EndsEarlier: ["The policy ends no later than that anyway.", "Choose an earlier time, or leave it."],
  NoticeTooShort: [
    "An insurer must tell 30 days before an accepted policy ends.",
    "Choose a time that is at least as late as the one named.",
  ],
  ...CARE_MESSAGES,
} as const satisfies Record<string, readonly [why: string, how: string]>;

/** The code of every error that the SDK throws on purpose. */
export type ErrorCode = keyof typeof MESSAGES;

/** All codes with what happened and what to do next; the source of docs/errors.md. */
export const ERROR_MESSAGES: Readonly<Record<ErrorCode, readonly [why: string, how: string]>> = MESSAGES;

/** An error with a code, what happened (`why`), what to do next (`how`), and details that are safe to show. */
export class SalusError extends Error {
  override readonly name = "SalusError";
  readonly why: string;
  readonly how: string;

  constructor(
    readonly code: ErrorCode,
    readonly details: Readonly<Record<string, string | number | boolean>> = {},
    options?: ErrorOptions,
  ) {
    const [why, how] = MESSAGES[code];
    const facts = Object.entries(details).map(([name, value]) => `${name}: ${value}`);
    super(facts.length > 0 ? `${why} (${facts.join(", ")}) ${how}` : `${why} ${how}`, options);
    this.why = why;
    this.how = how;
  }
}

/** Whether `error` is a `SalusError`, of one of `codes` if any are given. */
export function isSalusError(error: unknown, ...codes: ErrorCode[]): error is SalusError {
  return error instanceof SalusError && (codes.length === 0 || codes.includes(error.code));
}
