/**
 * A doctor's test list T_D (002-24): FHIR R4 ServiceRequests, one a test, in a Bundle of type "collection".
 *
 * A ServiceRequest has one code. FHIR joins requests that were made together by their `requisition` (R4, 12.15.4), which
 * here is the order's id; every reader then shows and files each test by itself. Codes in `orderDetail` are for how a
 * service is done and are dropped by readers that file by `code`; contained resources aren't filed at all.
 */
import type { Bundle, ServiceRequest } from "fhir/r4";

import type { Hex, PatientId } from "../../types.js";
import { SalusError } from "../../errors.js";
import { fromHex } from "../bytes.js";
import { testByCode } from "./lists/tests.js";
import { identifierOf, LOINC, partyOf, referenceTo, textOf, type Party } from "./systems.js";
import { conceptOf, instantOf } from "./values.js";

/** The most tests of a list. */
export const MAX_TESTS = 50;

/** A test by its LOINC code, or one that the list lacks, in words. */
export type TestOrdered = { code: string; name?: string | undefined } | { name: string; code?: undefined };

/** A list of tests. */
export interface TestList {
  orderId: Hex;
  visitId: Hex;
  patientId: PatientId;
  author: Party;
  /** Seconds since 1970. */
  time: number;
  /** 1 to MAX_TESTS, each once. */
  tests: readonly TestOrdered[];
  priority?: "routine" | "urgent" | undefined;
  reason?: string | undefined;
  /** For the laboratory: "fasting", "from the left arm". */
  note?: string | undefined;
}

/** A Bundle of ServiceRequests. */
export type TestListBundle = Bundle<ServiceRequest>;

/** A test list. @throws INVALID_INPUT */
export function testList(input: TestList): TestListBundle {
  const { orderId, visitId, patientId, author, time, tests, priority = "routine", reason, note } = input;
  const codes = tests.map(({ code, name }) => code ?? textOf(name, "test", 255).toLowerCase());
  if (tests.length < 1 || tests.length > MAX_TESTS || new Set(codes).size !== codes.length) {
    throw new SalusError("INVALID_INPUT", { argument: "tests", reason: `must be 1 to ${MAX_TESTS}, each once` });
  }
  const requests = tests.map((test): ServiceRequest => ({
    resourceType: "ServiceRequest",
    requisition: identifierOf("order", orderId),
    status: "active",
    intent: "order",
    priority,
    category: [{ text: "Laboratory" }],
    code: testConcept(test),
    subject: referenceTo("Patient", "patient", patientId),
    encounter: referenceTo("Encounter", "visit", visitId),
    authoredOn: instantOf(time),
    requester: partyOf("Practitioner", author),
    ...(reason === undefined ? {} : { reasonCode: [{ text: textOf(reason, "reason") }] }),
    ...(note === undefined ? {} : { note: [{ text: textOf(note, "note") }] }),
  }));
  return {
    resourceType: "Bundle",
    identifier: identifierOf("order", orderId),
    type: "collection",
    timestamp: instantOf(time),
    entry: requests.map((resource, i) => ({ fullUrl: entryUrl(orderId, i), resource })),
  };
}

/** The tests that a list names, for the laboratory that fills them in. */
export function testsIn({ entry = [] }: Bundle): TestOrdered[] {
  return entry.flatMap(({ resource }): TestOrdered[] => {
    if (resource?.resourceType !== "ServiceRequest") return [];
    const { code } = (resource as ServiceRequest).code?.coding?.find(({ system }) => system === LOINC) ?? {};
    const name = (resource as ServiceRequest).code?.text;
    if (code !== undefined) return [{ code, name }];
    return name === undefined ? [] : [{ name }];
  });
}

/** A test as a concept: LOINC's code with our name of it, or words only. @throws INVALID_INPUT */
export function testConcept({ code, name }: TestOrdered) {
  const known = code === undefined ? undefined : testByCode(code);
  const text = textOf(name ?? known?.name ?? "", "test", 255);
  return code === undefined ? { text } : conceptOf(LOINC, code, known?.loincName, text);
}

/** What `entry.fullUrl` demands: a UUID, version 8 of RFC 9562, from the order's id and the test's place in the list. */
function entryUrl(orderId: Hex, index: number): string {
  const bytes = fromHex(orderId).slice(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  bytes[15] = index;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;
}
