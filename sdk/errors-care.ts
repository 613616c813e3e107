/** What is refused or goes wrong in a visit, from the permit to the paid claim; part of `errors.ts`. */
export const CARE_MESSAGES = {
  // Codes and what they name
  CODE_MALFORMED: ["This is no Salus code, or a part of it is missing.", "Scan it again, closer and in better light."],
  CODE_OF_OTHER_KIND: [
    "This code is for something else.",
    "Ask for the right one: a visit's code opens a visit, an order's code is for a laboratory or pharmacy.",
  ],
  CODE_UNKNOWN: [
    "Nothing was found under this code.",
    "Check each character. The patient must have chosen 'A code to type', for this hospital.",
  ],
  CODE_AMBIGUOUS: [
    "More than one order has this short code.",
    "Don't guess: scan the QR, which names one only. Ask whoever shows it for that.",
  ],
  NO_CODE_IN_PICTURE: ["There is no readable code in this picture.", "Take a sharper one that shows the whole code."],
  PERMIT_MALFORMED: ["The permit is damaged or was not made by Salus.", "Ask the patient for a new code."],
  PERMIT_FOR_OTHER: [
    "The permit is not for this hospital.",
    "Nothing was opened. Ask the patient to make a code for this hospital.",
  ],
  VISIT_UNKNOWN: ["There is no such visit.", "Check the address and the network, and reload."],
  NOT_IN_VISIT: [
    "This account has no part in the visit now.",
    "If the visit is still open, ask the hospital to assign you.",
  ],
  VISIT_KEY_MISSING: [
    "The keys of this visit were not handed to this account.",
    "Ask the hospital to assign you again, or the patient for a new permit.",
  ],
  ORDER_UNKNOWN: ["There is no such order.", "Check the code and the network."],
  ORDER_NOT_YOURS: [
    "The order is not for this account.",
    "Ask the patient to choose you; 'Ask to be chosen' tells them.",
  ],
  FHIR_INVALID: ["The document doesn't follow FHIR R4.", "Correct the field that is named, and try again."],
  CLAIM_UNKNOWN: ["Nothing was billed for this visit.", "Check the visit, and reload."],
  CLAIM_MISMATCH: [
    "The sealed document says something else than the chain does.",
    "Don't rely on it: ask whoever wrote it for a right one.",
  ],
  NO_TERMS: [
    "The policy's terms for claims are not known, or aren't what both sides accepted.",
    "It can't be billed here. Ask the insurer for a policy with terms.",
  ],
  // Visits.sol
  NotPermitted: ["The permit is for another hospital.", "Only the hospital that it names can use it."],
  NotHospital: ["The account is not accredited as a hospital now.", "Ask the health authority."],
  PermitUsed: ["This permit was used already, or the patient withdrew it.", "Ask the patient for a new code."],
  StaleHash: [
    "The patient's details have changed since the permit was made.",
    "Ask the patient for a new code: this one is worthless now.",
  ],
  VisitEndInPast: ["The visit would already be over.", "Choose a time in the future."],
  VisitNotOpen: ["The visit is not open.", "Nothing more can be done in it. A new visit needs a new permit."],
  NotOfHospital: [
    "This account isn't accredited by this hospital now.",
    "Choose somebody of the hospital's own staff, or accredit them first.",
  ],
  NotAssigned: ["This account isn't assigned to the visit.", "Ask the hospital to assign it."],
  NotPartyOfVisit: ["Only the visit's hospital or its patient can do this.", "Switch to one of these accounts."],
  // Orders.sol, Fulfilments.sol, Records.sol
  NotOrderingDoctor: ["Only a doctor who acts in the open visit can order.", "Ask the hospital to assign you."],
  OrderExists: ["This order was placed already.", "Nothing to do."],
  UnknownOrder: ["The chain knows no such order.", "Check the code and the network."],
  InvalidOrder: [
    "An order is for a laboratory or a pharmacy, is filled at least once, and ends in the future.",
    "Correct it and try again.",
  ],
  OrderOver: ["The order's time is over, or it was cancelled.", "Ask the doctor for a new one."],
  NotFulfiller: [
    "This account isn't accredited as what the order is for.",
    "A test list is for a laboratory, a prescription for a pharmacy.",
  ],
  NotPartyOfOrder: ["Only the order's doctor, in the open visit, or the patient can do this.", "Ask one of them."],
  NotAuthorIn: [
    "This account may not write in this visit or on this order now.",
    "The visit may be over, or the order in other hands: reload, and ask the hospital or the patient.",
  ],
  NotFulfillerOf: ["This account may not report on the order now.", "Ask the patient to choose you again."],
  UnknownReport: ["The report isn't anchored under this order.", "Publish the report first."],
  ReportCounted: ["This report counts already.", "Nothing to do."],
  AlreadyFulfilled: [
    "The order is fulfilled as often as it says.",
    "Correct the report if it is wrong. More needs a new order.",
  ],
  NothingToCorrect: [
    "There is no final report of this account to correct.",
    "Only whoever gave the final report can correct it.",
  ],
  // Claims.sol
  NotHospitalOfVisit: ["Only the hospital of the visit can bill it.", "Switch to the hospital's account."],
  VisitNotEnded: ["The visit is still open.", "Close it first: a bill follows its end."],
  BilledTooLate: ["The visit ended too long ago to be billed here.", "Settle it with the patient or insurer directly."],
  AlreadyBilled: ["This visit was billed already.", "Withdraw that bill before the insurer decides if it is wrong."],
  InvalidAmount: ["The amount is zero, or too large.", "Correct it and try again."],
  InvalidShare: ["The doctor's share is more than all of it, or nobody is named.", "Correct it and try again."],
  InvalidRecords: ["A bill names 1 to 20 documents of the visit.", "Choose at least one."],
  NotOfVisit: ["One of the documents doesn't belong to the visit.", "Choose documents of this visit only."],
  OutsideVisit: ["The billed time lies outside the visit.", "Choose times between its opening and its end."],
  NotCovered: [
    "No policy with these terms was in force for this patient at that time.",
    "Choose the policy, and the version, that covered the visit.",
  ],
  WrongStatus: ["The claim doesn't stand where this can be done.", "Reload: something has happened since."],
  OtherClaim: ["What is billed is something else than what was shown.", "Reload, and look at what is billed now."],
  NothingAsked: ["The insurer has asked nothing.", "Nothing to do."],
  UnderReview: ["The patient may still look at the bill.", "Wait until they confirm it, or until their time is over."],
  AboveBill: ["More is acknowledged than was billed.", "Correct the amount."],
  InvalidReason: [
    "A denial, in whole or part, needs a reason; a full approval has none.",
    "Choose a reason, or acknowledge everything.",
  ],
  InsufficientBalance: ["There isn't enough deposited for this.", "Deposit more, or take out less."],
  // Tokens
  NOT_ENOUGH_TOKENS: ["The account holds fewer tokens than this.", "Pay in less, or get more of them first."],
} as const;
