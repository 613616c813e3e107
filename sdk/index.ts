/**
 * Salus' client: the only code that knows keys, formats, IPFS and contracts. Runs in Node and in browsers; `node.ts`
 * holds what only Node has. Flows take a `Reader` (a chain and a store) or a `Session` (an account at work).
 */
export * from "./types.js";
export { ERROR_MESSAGES, isSalusError, SalusError, type ErrorCode } from "./errors.js";

// Connecting
export {
  checkChain,
  connectChain,
  CONTRACT_NAMES,
  receiptOf,
  rpcProvider,
  waitFor,
  type Chain,
  type ContractName,
  type Deployment,
  type Receipt,
  type SendOptions,
  type TxStatus,
} from "./adapters/chain.js";
export { blockTime as chainTime } from "./adapters/logs.js";
export { deployDemoEuro, deploySalus } from "./adapters/deploy.js";
export { connectIpfs, type ContentStore, type StoredObject, type TransferOptions } from "./adapters/ipfs.js";
export { idbJournal } from "./adapters/journal-idb.js";
export type { Intent, Journal, SealedDocument } from "./adapters/journal.js";
export { rootOf, type Reader, type Session } from "./flows/session.js";

// The account
export { changePassphrase, checkRoot, createAccount, unlock } from "./flows/account.js";
export { openBackup, sealBackup } from "./core/backup.js";
export { accountKeys, ageIdentity, ageRecipient, newRoot } from "./core/keys.js";
export { backupOf, keyOf, type PublishedKey } from "./adapters/keys.js";

// Who is who
export {
  accredit,
  listParticipants,
  participantOf,
  type AccreditationTerms,
  type Participant,
  type PublicProfile,
} from "./flows/participants.js";
export {
  accreditedBy,
  branchOf,
  candidateFor,
  renewAccreditation,
  renounceAccreditation,
  revocationEffect,
  revokeAccreditation,
  wasRevoked,
  type Branch,
  type Candidate,
  type Member,
  type RevocationEffect,
} from "./flows/organisations.js";
export {
  askAccreditation,
  carryAccreditation,
  requestAccreditation,
  signAccreditation,
  type AccreditationRequest,
  type Licence,
  type OfferedAccreditation,
} from "./flows/licence.js";
export { rolesBelow, type Standing } from "./core/accreditation.js";
export { rootAccountOf } from "./adapters/accreditations.js";
export {
  heldBy,
  roleOf,
  sendRevokeAccreditation,
  type Accreditation,
  type SignedAccreditation,
} from "./adapters/participants.js";
export { discloseAccreditation, discloseAccreditationRevocation } from "./core/disclose-accreditation.js";
export {
  attest,
  patientIdOf,
  readProfile,
  register,
  requestRegistration,
  type Profile,
  type RegistrationRequest,
} from "./flows/registration.js";
export { normalId, type Identity } from "./core/attestation.js";
export { attestedPatient, type ClaimedPerson } from "./flows/attested.js";
export {
  patientOf,
  patientsControlledBy,
  type Patient,
  type Registration,
  type SignedAttestation,
} from "./adapters/patients.js";

// Attestation services
export {
  checkService,
  connectAuthority,
  connectInsurer,
  connectRegistry,
  type AttestationAnswer,
  type AttestationRequest,
  type AuthorityService,
  type Evidence,
  type InsurerService,
  type OfferRequest,
  type RegistryService,
  type Service,
  type ServiceFace,
  type ServiceInfo,
} from "./adapters/services.js";
export { signIn, signOut, type ServiceSession, type SignInRequest } from "./flows/sign-in.js";

// Registration, step by step
export { idbDrafts } from "./adapters/drafts-idb.js";
export type { Drafts } from "./adapters/drafts.js";
export {
  beginEnrolment,
  discloseEnrolment,
  hasDraft,
  identify,
  renewAttestation,
  resumeEnrolment,
  type PersonalDetails,
} from "./flows/enrolment.js";
export { comparePolicy, enrolmentFiles, insure, renewOffer, withoutInsurance } from "./flows/enrolment-policy.js";
export { discardEnrolment, enrol } from "./flows/enrol.js";
export { discloseDeregistration, discloseMove } from "./core/disclose-enrolment.js";
export { recoverySheet, type RecoverySheet } from "./core/recovery-sheet.js";
export type { Cover, Enrolled, Enrolment, EnrolmentStep, Proof } from "./flows/enrolment-state.js";
export { move, prepareMove, signMove, type PreparedMove, type SignedMove } from "./flows/moving.js";
export { deregister, type Deregistered } from "./flows/deregistration.js";

// Drawers and access
export { drawerByLabel, grantedDrawers, openDrawers, ownDrawers, type Drawer } from "./flows/scopes.js";
export {
  accessOf,
  grant,
  prepareGrant,
  stopAccess,
  type Access,
  type GrantRequest,
  type PreparedGrant,
} from "./flows/share.js";
export { closeDrawers, drawersToClose, healDrawers } from "./flows/closing.js";
export { cancelSignedGrants, carryGrants, signGrants, type SignedGrant } from "./flows/signed-grant.js";
export { FOREVER, grantsOf, isGranted, type Grant, type GrantTerms } from "./adapters/consents.js";
export {
  discloseClosing,
  discloseGrant,
  discloseKey,
  discloseRecord,
  discloseRevocation,
  shortId,
  type Disclosure,
  type GrantContext,
} from "./core/disclosure.js";

// Records
export {
  abandon,
  pending,
  publish,
  publishBatch,
  resume,
  type Document,
  type DocumentFor,
  type Published,
  type PublishOptions,
} from "./flows/publish.js";
export {
  exportRecord,
  readableRecords,
  readManifest,
  readRecord,
  recordById,
  sharingPatients,
  type ExportedRecord,
  type OpenedRecord,
  type SharingPatient,
} from "./flows/read.js";
export { headOf, recordsOf, type AnchoredRecord } from "./adapters/records.js";
export { MAX_DOCUMENT_SIZE, safeFileName, type Manifest } from "./core/manifest.js";
export { computeCid, cidOf } from "./core/cid.js";
export { open, seal, split, type Sealed } from "./core/envelope.js";

// Verifying
export {
  lookUpFile,
  verifyHistory,
  verifyRecord,
  type Check,
  type FileReport,
  type VerifiedHistory,
} from "./flows/verify.js";
export { history, type HistoryEvent } from "./flows/history.js";

// Notices
export {
  inbox,
  noticeReader,
  watchNotices,
  type Notice,
  type NoticeKind,
  type NoticeReader,
  type NoticeSide,
  type WatchOptions,
} from "./flows/notices.js";
export type { Listener } from "./adapters/notice-events.js";
export { watchHeads, type HeadOptions, type LiveState } from "./adapters/heads.js";

// Visits
export {
  announcePermit,
  givePermit,
  pendingPermits,
  preparePermit,
  withdrawPermit,
  type GivenDrawer,
  type GivenPermit,
  type PermitRequest,
  type PreparedPermit,
} from "./flows/permit.js";
export { findPermit, openVisit, readPermit, type ReadPermit } from "./flows/permit-use.js";
export {
  assignMember,
  closeVisit,
  enterVisit,
  readableIn,
  unassignMember,
  visitById,
  visitsOf,
  type Visit,
  type VisitAccess,
  type VisitMember,
} from "./flows/visit.js";
export type { VisitDrawer } from "./flows/visit-keys.js";
export { decodeCode, encodeCode, normalShortCode, shortCodeOf, type CodeKind } from "./core/code.js";
export { orderIdOf, recordIdIn, visitIdOf, type OrderKey, type VisitKey } from "./core/visit.js";
export { announcedPermits, isMember, type Permit, type SignedPermit } from "./adapters/visits.js";
export {
  publishInVisit,
  readInVisit,
  readManifestInVisit,
  visitRecords,
  visitTimeline,
} from "./flows/visit-documents.js";

export {
  discloseAssignment,
  disclosePermit,
  discloseVisitEnd,
  discloseVisitRecord,
  discloseWithdrawal,
} from "./core/disclose-visit.js";

// Orders
export {
  discloseChoice,
  discloseOrder,
  discloseOrderCancellation,
  discloseReport,
  discloseRequest,
} from "./core/disclose-order.js";
export {
  cancelOrder,
  chooseFulfiller,
  orderById,
  ordersOf,
  placeOrder,
  requestOrder,
  type Order,
  type OrderRequest,
  type OrderState,
} from "./flows/order.js";
export { attachToOrder, openOrder, reportOnOrder, type OpenedOrder } from "./flows/fulfilment.js";
export { drawersFor } from "./flows/order-object.js";
export type { FulfillerRole } from "./adapters/orders.js";
export type { Report, ReportStatus } from "./adapters/fulfilments.js";
export { idbPermits } from "./adapters/drafts-idb.js";

// Insurance
export {
  acceptPolicy,
  cancelPolicy,
  compareSchedule,
  compareWording,
  earliestEnd,
  findPolicies,
  issuePolicy,
  mismatchOf,
  policyById,
  reportMismatch,
  type Comparison,
  type Mismatch,
  type OwnCopies,
  type PolicyDraft,
} from "./flows/policy.js";
export {
  readOfferFiles,
  readSchedule,
  readTitle,
  readWording,
  termsOf,
  type OfferFiles,
  type PolicyFile,
  type Schedule,
} from "./flows/policy-files.js";
export { checkOffer, signOffer } from "./flows/offer.js";
export {
  insurerRecord,
  titleOrNull,
  verifyPolicy,
  versionChains,
  versionsOf,
  type InsurerRecord,
  type PolicyCheck,
} from "./flows/policy-record.js";
export type { MismatchReport } from "./adapters/policy-events.js";
export { diffText, type DiffClause, type DiffWords, type TextDiff } from "./core/text-diff.js";
export { discloseAcceptance, discloseCancellation, discloseIssue, discloseMismatch } from "./core/disclose-policy.js";
export {
  policiesInTransaction,
  policiesOf,
  policyInTransaction,
  policyNotice,
  type IssuedPolicy,
  type PolicyStatus,
  type SignedOffer,
} from "./adapters/policies.js";

// Claims and money
export {
  checkTerms,
  coverageOf,
  describeTerms,
  feeOf,
  formatAmount,
  formatShare,
  MAX_AMOUNT,
  parseAmount,
  refOf,
  sameTerms,
  termsFromJson,
  termsToJson,
  WHOLE,
  type Coverage,
  type SaltedTerms,
  type Spent,
  type Terms,
  type TokenInfo,
} from "./core/terms.js";
export { claimOf, claimsOf, type Claim, type ClaimFilter } from "./flows/claim.js";
export {
  answerClaim,
  billablePolicies,
  prepareBill,
  submitBill,
  withdrawClaim,
  type BillablePolicy,
  type BillDraft,
  type PreparedBill,
} from "./flows/bill.js";
export {
  askAboutClaim,
  confirmClaim,
  decideClaim,
  disputeClaim,
  previewDecision,
  type DecisionDraft,
  type DecisionPreview,
} from "./flows/decision.js";
export {
  readBill,
  readNotes,
  readResponse,
  type BilledItem,
  type ClaimNote,
  type OpenedBill,
  type OpenedResponse,
} from "./flows/claim-documents.js";
export {
  discloseBill,
  discloseClaimNote,
  discloseClaimWithdrawal,
  discloseConfirmation,
  discloseDecision,
  discloseFunds,
  type ClaimWords,
} from "./core/disclose-claim.js";
export { claimPeriods, spentOf, type ClaimPeriods, type ClaimStatus } from "./adapters/claims.js";
export type { ClaimEvent } from "./adapters/claim-events.js";
export { allFundsOf, collectFunds, depositFunds, fundsOf, settlementTokens, type Funds } from "./flows/funds.js";
export { fundsEventsOf, tokenInfo, type FundsEvent } from "./adapters/token.js";

// What is written in a visit: FHIR R4
export * as fhir from "./core/fhir/index.js";
