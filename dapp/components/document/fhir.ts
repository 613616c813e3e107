/** FHIR R4 resources in a few readable lines. Values are text only; narrative.ts reads what the author wrote. */

/** A resource as parsed JSON; nothing in it is trusted. */
export type Resource = Record<string, unknown>;

/** Which fields of a resource matter to a reader, in which order and words. */
const FIELDS: Readonly<Record<string, readonly (readonly [field: string, label: string])[]>> = {
  Patient: [
    ["name", "Name"],
    ["birthDate", "Born"],
    ["gender", "Gender"],
    ["telecom", "Contact"],
    ["address", "Address"],
    ["deceasedBoolean", "Deceased"],
    ["maritalStatus", "Marital status"],
    ["generalPractitioner", "General practitioner"],
  ],
  Observation: [
    ["code", "What"],
    ["value", "Result"],
    ["component", "Results"],
    ["hasMember", "Contains"],
    ["interpretation", "Reading"],
    ["referenceRange", "Normal range"],
    ["effective", "When"],
    ["performer", "By"],
    ["bodySite", "Where"],
    ["method", "How"],
    ["status", "Status"],
    ["note", "Note"],
  ],
  DiagnosticReport: [
    ["code", "What"],
    ["conclusion", "Conclusion"],
    ["conclusionCode", "Conclusion code"],
    ["result", "Results"],
    ["category", "Kind"],
    ["effective", "When"],
    ["issued", "Issued"],
    ["performer", "By"],
    ["status", "Status"],
  ],
  MedicationRequest: [
    ["medication", "Medicine"],
    ["dosageInstruction", "How to take it"],
    ["reasonCode", "Reason"],
    ["dispenseRequest", "Supply"],
    ["authoredOn", "Written"],
    ["requester", "By"],
    ["status", "Status"],
    ["note", "Note"],
  ],
  Condition: [
    ["code", "What"],
    ["clinicalStatus", "State"],
    ["verificationStatus", "Certainty"],
    ["severity", "Severity"],
    ["onset", "Since"],
    ["abatement", "Ended"],
    ["bodySite", "Where"],
    ["asserter", "By"],
    ["note", "Note"],
  ],
  Encounter: [
    ["class", "Kind"],
    ["type", "Type"],
    ["reasonCode", "Reason"],
    ["diagnosis", "Diagnosis"],
    ["period", "When"],
    ["participant", "With"],
    ["serviceProvider", "At"],
    ["length", "Length"],
    ["status", "Status"],
  ],
  Coverage: [
    ["type", "Kind"],
    ["payor", "Insurer"],
    ["beneficiary", "Insured"],
    ["subscriberId", "Number"],
    ["policyHolder", "Holder"],
    ["relationship", "Relationship"],
    ["period", "Valid"],
    ["class", "Class"],
    ["status", "Status"],
  ],
  Claim: [
    ["type", "Kind"],
    ["provider", "From"],
    ["insurer", "To"],
    ["insurance", "Policy"],
    ["diagnosis", "Diagnosis"],
    ["item", "Items"],
    ["total", "Total"],
    ["billablePeriod", "Period"],
    ["created", "Made"],
    ["status", "Status"],
  ],
  ClaimResponse: [
    ["disposition", "Decision"],
    ["processNote", "Note"],
    ["insurer", "By"],
    ["requestor", "To"],
    ["created", "Made"],
    ["status", "Status"],
  ],
  ServiceRequest: [
    ["code", "What"],
    ["priority", "How soon"],
    ["reasonCode", "Why"],
    ["note", "Note"],
    ["requester", "By"],
    ["authoredOn", "Written"],
    ["status", "Status"],
  ],
  MedicationDispense: [
    ["medication", "Medicine"],
    ["quantity", "How much"],
    ["daysSupply", "Lasts"],
    ["dosageInstruction", "How to take it"],
    ["performer", "By"],
    ["whenHandedOver", "When"],
    ["note", "Note"],
    ["status", "Status"],
  ],
  Immunization: [
    ["vaccineCode", "Vaccine"],
    ["occurrence", "When"],
    ["lotNumber", "Lot"],
    ["performer", "By"],
    ["status", "Status"],
  ],
  AllergyIntolerance: [
    ["code", "To what"],
    ["criticality", "How serious"],
    ["reaction", "Reaction"],
    ["clinicalStatus", "State"],
    ["recordedDate", "Recorded"],
  ],
  Procedure: [
    ["code", "What"],
    ["performed", "When"],
    ["performer", "By"],
    ["bodySite", "Where"],
    ["outcome", "Outcome"],
    ["status", "Status"],
  ],
};
const COMMON = [
  ["code", "What"],
  ["type", "Kind"],
  ["description", "Description"],
  ["date", "Date"],
  ["status", "Status"],
] as const;

/** Longest text of one value. */
const MAX_VALUE = 600;
const MAX_ITEMS = 20;

/** The readable lines of a resource. */
export function factsOf(resource: Resource): [label: string, value: string][] {
  const type = String(resource.resourceType);
  // Own ones only: a type may be called "constructor", which every object has.
  const fields = (Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined) ?? COMMON;
  return fields.flatMap(([field, label]): [string, string][] => {
    const value = say(insideOf(resource, valueOf(resource, field))).slice(0, MAX_VALUE);
    return value === "" ? [] : [[label, value]];
  });
}

/** What a resource is called in a list: its code, medicine, name or kind. */
export function titleOf(resource: Resource): string {
  const type = String(resource.resourceType);
  const subject = say(
    insideOf(
      resource,
      valueOf(resource, type === "MedicationRequest" ? "medication" : type === "Patient" ? "name" : "code"),
    ),
  );
  const kind = type.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  if (type === "MedicationRequest" && subject) return `Prescription: ${subject}`.slice(0, 120);
  return (subject ? (type === "Patient" ? `Personal details: ${subject}` : subject) : kind).slice(0, 120);
}

/** A field, or one of its typed forms: `value` is also `valueQuantity`, `valueString` and so on. */
function valueOf(resource: Resource, field: string): unknown {
  if (Object.hasOwn(resource, field)) return resource[field];
  const typed = Object.keys(resource).find(
    (key) => new RegExp(`^${field}[A-Z]`).test(key) && resource[key] !== undefined,
  );
  return typed === undefined ? undefined : resource[typed];
}

/** What a reference like "#med0316" points to within the resource, else the value itself. */
function insideOf({ contained }: Resource, value: unknown): unknown {
  const reference = (value as Resource | null | undefined)?.reference;
  if (typeof reference !== "string" || !reference.startsWith("#") || !Array.isArray(contained)) return value;
  const found = (contained as (Resource | null)[]).find((each) => each?.id === reference.slice(1));
  return found?.code ?? found?.name ?? value;
}

/** Any FHIR value in words; "" for what has none. */
export function say(value: unknown, depth = 0): string {
  if (value === null || value === undefined || depth > 6) return "";
  if (typeof value === "string") return sayString(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    return [
      ...new Set(
        value
          .slice(0, MAX_ITEMS)
          .map((each) => say(each, depth + 1))
          .filter(Boolean),
      ),
    ].join("; ");
  }
  return sayObject(value as Resource, depth + 1);
}

function sayString(text: string): string {
  const date = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (!date) return text;
  const day = new Date(date[2] ? text : `${text}T00:00:00`);
  if (Number.isNaN(day.getTime())) return text;
  return day.toLocaleString(undefined, date[2] ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium" });
}

function sayObject(value: Resource, depth: number): string {
  const inner = (field: string) => say(value[field], depth);
  if ("coding" in value) return inner("text") || say((value.coding as unknown[] | undefined)?.[0], depth);
  if (value.family !== undefined || value.given !== undefined) {
    return inner("text") || [say(value.prefix, depth), spaced(value.given), inner("family")].filter(Boolean).join(" ");
  }
  // SampledData: a curve, such as an electrocardiogram's.
  if (typeof value.data === "string" && "origin" in value) return `a curve of ${value.data.split(" ").length} points`;
  if ("numerator" in value) return `${inner("numerator")} / ${inner("denominator")}`;
  if ("low" in value || "high" in value)
    return inner("text") || [inner("low"), inner("high")].filter(Boolean).join(" to ");
  if (value.start !== undefined || value.end !== undefined) {
    return [inner("start"), inner("end")].filter(Boolean).join(" to ");
  }
  if (typeof value.value === "number" && ("unit" in value || "code" in value || "currency" in value)) {
    // UCUM writes units that are none in braces: "6 {score}".
    const unit = (inner("unit") || inner("code") || inner("currency")).replace(/^\{(.*)\}$/, "$1");
    return [inner("comparator"), inner("value"), unit].filter(Boolean).join(" ");
  }
  if ("line" in value || "city" in value) {
    return [inner("text") || spaced(value.line), inner("postalCode"), inner("city"), inner("country")]
      .filter(Boolean)
      .join(", ");
  }
  // A class of a coverage: its kind, and its name or number.
  if ("type" in value && typeof value.value === "string") return `${inner("type")}: ${inner("name") || value.value}`;
  const named = inner("text") || inner("display");
  if (named) return named;
  if ("code" in value && valueOf(value, "value") !== undefined)
    return `${inner("code")}: ${say(valueOf(value, "value"), depth)}`;
  for (const field of [
    "code",
    "concept",
    "productOrService",
    "diagnosis",
    "condition",
    "individual",
    "actor",
    "coverage",
    "manifestation",
    "type",
    "value",
    "reference",
    "quantity",
    "name",
  ]) {
    const said = say(valueOf(value, field), depth);
    if (said) return said;
  }
  return "";
}

function spaced(value: unknown): string {
  return Array.isArray(value) ? value.map((each) => say(each)).join(" ") : say(value);
}
