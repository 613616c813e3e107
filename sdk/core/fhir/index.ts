/**
 * What is written in a visit, as FHIR R4: builders that take plain values, and the doors for writing and reading. Builders
 * are pure; `writeFhir` and `readFhir` load the validator when first used.
 */
export { FHIR_MEDIA_TYPE, MAX_FHIR_SIZE, readFhir, titleOf, writeFhir, type FhirDocument } from "./document.js";
export { idIn, type Kind, type Party } from "./systems.js";
export { EURO, instantOf, minorOf, moneyOf, pointed, secondsOf, type Amount, type Currency } from "./values.js";
export {
  doseInWords,
  medicationDispense,
  medicationRequest,
  type Dispensing,
  type DoseInstruction,
  type MedicineGiven,
  type Prescription,
  type TimeUnit,
} from "./medication.js";
export { MAX_TESTS, testList, testsIn, type TestList, type TestListBundle, type TestOrdered } from "./test-list.js";
export {
  diagnosticReport,
  INTERPRETATIONS,
  interpret,
  previousIn,
  usualRange,
  type Interpretation,
  type Range,
  type Report,
  type ReportStatus,
  type Result,
} from "./report.js";
export { encounter, ENCOUNTER_CLASSES, type EncounterClass, type VisitNote } from "./encounter.js";
export {
  claim,
  claimResponse,
  MAX_ITEMS,
  readClaim,
  readClaimResponse,
  sumOf,
  type Bill,
  type BillItem,
  type ClaimDecision,
} from "./claim.js";
export { CLAIM_ITEMS, claimItemByCode, type ClaimItemCode } from "./lists/items.js";
export { MEDICINES, medicineName, type Medicine } from "./lists/medicines.js";
export { REASONS, reasonText, type Reason } from "./lists/reasons.js";
export {
  LAB_TESTS,
  rangeFor,
  testByCode,
  type LabTest,
  type Reference,
  type Sex,
  type TestGroup,
} from "./lists/tests.js";
