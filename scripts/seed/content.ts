/** What is in the demo's records: eight FHIR documents and some files a patient. People and findings are invented. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import type { Document, ScopeLabel } from "../../sdk/index.js";
import {
  allergy,
  bloodPressure,
  diagnosis,
  diagnosticReport,
  laboratoryValue,
  prescription,
  vaccination,
  visit,
  vitalSign,
  type About,
  type Resource,
} from "./fhir.js";

/** Who wrote a document: a persona's id. "patient" stands for the patient. */
type Author = "patient" | "lee" | "laboratory";

/** Documents that one author puts into one drawer, in one transaction. */
export interface Bundle {
  author: Author;
  scope: ScopeLabel;
  documents: Document[];
}

const LEE = "Dr Sarah Lee";
const LABORATORY = "Central Laboratory";
const HOSPITAL = "City Hospital";

const document = (title: string, resource: Resource): Document => ({
  content: new TextEncoder().encode(`${JSON.stringify(resource, null, 2)}\n`),
  fileName: `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.json`,
  mediaType: "application/fhir+json",
  title,
});

async function file(title: string, mediaType: string, path: string): Promise<Document> {
  const url = new URL(`../../test/documents/${path}`, import.meta.url);
  return { content: new Uint8Array(await readFile(url)), fileName: basename(path), mediaType, title };
}

const letter = (id: string): Promise<Document> => file("Discharge letter", "application/pdf", `pdf/letter-${id}.pdf`);

/** The documents of one of the personas who are patients. */
export async function documentsOf(persona: { id: string; name: string }): Promise<Bundle[]> {
  const about = (date: string): About => ({ name: persona.name, date });
  if (persona.id === "amina") return aminas(about);
  if (persona.id === "bashir") return bashirs(about);
  return chens(about);
}

async function aminas(about: (date: string) => About): Promise<Bundle[]> {
  const day = about("2026-11-02");
  return [
    {
      author: "patient",
      scope: "documents",
      documents: [
        await letter("amina-rahman"),
        document(
          "Influenza vaccination",
          vaccination(about("2026-10-05"), ["cvx", "150", "Influenza vaccine"], "FL-2610-7"),
        ),
        document("Penicillin allergy", allergy(about("2019-05-20"), "Penicillin", "Rash")),
      ],
    },
    {
      author: "lee",
      scope: "visits",
      documents: [
        document("Visit at City Hospital", visit(day, "ambulatory", HOSPITAL, "Diabetes check-up")),
        document(
          "Type 2 diabetes",
          diagnosis(day, ["snomed", "44054006", "Type 2 diabetes mellitus"], "Diagnosed in 2024."),
        ),
        document("Blood pressure", bloodPressure(day, 128, 82)),
      ],
    },
    {
      author: "lee",
      scope: "medication",
      documents: [
        document(
          "Metformin 1000 mg",
          prescription(day, ["atc", "A10BA02", "Metformin 1000 mg"], "One tablet twice daily with meals.", LEE),
        ),
      ],
    },
    {
      author: "laboratory",
      scope: "laboratory",
      documents: [
        document("HbA1c", laboratoryValue(day, ["loinc", "4548-4", "Hemoglobin A1c"], 7.9, "%", 5.7)),
        document(
          "Metabolic panel",
          diagnosticReport(
            day,
            ["loinc", "51990-0", "Basic metabolic panel"],
            LABORATORY,
            "Glucose 8.4 mmol/L, raised. Electrolytes and creatinine within range.",
          ),
        ),
      ],
    },
  ];
}

async function bashirs(about: (date: string) => About): Promise<Bundle[]> {
  const day = about("2026-10-19");
  return [
    {
      author: "patient",
      scope: "documents",
      documents: [
        await letter("bashir-khan"),
        document(
          "Influenza vaccination",
          vaccination(about("2026-10-12"), ["cvx", "150", "Influenza vaccine"], "FL-2610-9"),
        ),
      ],
    },
    {
      author: "patient",
      scope: "imaging",
      documents: [await file("Chest radiograph", "image/jpeg", "image/radiograph.jpg")],
    },
    {
      author: "lee",
      scope: "visits",
      documents: [
        document("Visit at City Hospital", visit(day, "ambulatory", HOSPITAL, "Chest discomfort on exertion")),
        document("Hypertension", diagnosis(day, ["snomed", "38341003", "Hypertensive disorder"], "Newly found.")),
        document("Blood pressure", bloodPressure(day, 152, 94)),
        document(
          "Amlodipine 5 mg",
          prescription(day, ["atc", "C08CA01", "Amlodipine 5 mg"], "One tablet in the morning.", LEE),
        ),
        document(
          "Atorvastatin 20 mg",
          prescription(day, ["atc", "C10AA05", "Atorvastatin 20 mg"], "One tablet in the evening.", LEE),
        ),
      ],
    },
    {
      author: "laboratory",
      scope: "laboratory",
      documents: [
        document("LDL cholesterol", laboratoryValue(day, ["loinc", "22748-8", "Cholesterol in LDL"], 4.3, "mmol/L", 3)),
        document("Troponin T", laboratoryValue(day, ["loinc", "6598-7", "Troponin T, cardiac"], 0.005, "ug/L", 0.014)),
      ],
    },
  ];
}

async function chens(about: (date: string) => About): Promise<Bundle[]> {
  const day = about("2026-11-11");
  return [
    {
      author: "patient",
      scope: "documents",
      documents: [
        await letter("chen-wei"),
        document("Tetanus vaccination", vaccination(about("2021-03-08"), ["cvx", "115", "Tdap vaccine"], "TD-2103-2")),
      ],
    },
    {
      author: "patient",
      scope: "imaging",
      documents: [
        await file("Wrist, test phantom", "application/dicom", "dicom/phantom.dcm"),
        document(
          "Wrist X-ray report",
          diagnosticReport(
            day,
            ["loinc", "18748-4", "Diagnostic imaging study"],
            HOSPITAL,
            "Undisplaced fracture of the left distal radius.",
          ),
        ),
      ],
    },
    {
      author: "patient",
      scope: "visits",
      documents: [
        document("Emergency visit", visit(day, "emergency", HOSPITAL, "Fall while cycling")),
        document(
          "Wrist fracture",
          diagnosis(day, ["icd10", "S52.5", "Fracture of lower end of radius"], "Left, undisplaced."),
        ),
        document("Pain score", vitalSign(day, ["loinc", "72514-3", "Pain severity 0-10"], 6, "{score}")),
        document("Body weight", vitalSign(day, ["loinc", "29463-7", "Body weight"], 71, "kg")),
        document("Blood pressure", bloodPressure(day, 118, 74)),
      ],
    },
    {
      author: "patient",
      scope: "medication",
      documents: [
        document(
          "Ibuprofen 400 mg",
          prescription(
            day,
            ["atc", "M01AE01", "Ibuprofen 400 mg"],
            "One tablet when needed, at most three a day, with food.",
            LEE,
          ),
        ),
      ],
    },
  ];
}
