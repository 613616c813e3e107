/**
 * Common laboratory tests: LOINC code and long common name, UCUM unit, and the range that is usual in adults. A laboratory's
 * own range goes before these, and a report always carries the range that it was read with.
 *
 * This material contains content from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and the
 * Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at
 * http://loinc.org/license. LOINC is a registered United States trademark of Regenstrief Institute, Inc.
 */

/** What ranges differ by. */
export type Sex = "female" | "male";

/** A usual range; bounds are within it. Words for results without order. */
export interface Reference {
  low?: number;
  high?: number;
  text?: string;
  /** Only for this sex. */
  sex?: Sex;
}

/** What a test belongs to, as a laboratory's form has it. */
export type TestGroup =
  | "Blood count"
  | "Clotting"
  | "Kidney and salts"
  | "Liver"
  | "Sugar and fats"
  | "Hormones"
  | "Heart and muscle"
  | "Iron and vitamins"
  | "Inflammation and infection"
  | "Urine"
  | "Blood group";

/** A laboratory test. */
export interface LabTest {
  /** LOINC. */
  code: string;
  /** What people call it. */
  name: string;
  /** LOINC's long common name. */
  loincName: string;
  group: TestGroup;
  /** UCUM; null when the result is words. */
  unit: string | null;
  /** How the unit is written, where that differs. */
  label?: string;
  ranges: readonly Reference[];
}

type Row = readonly [code: string, name: string, loincName: string, unit: string | null, ...ranges: Reference[]];

const within = (low: number, high: number, sex?: Sex): Reference => ({ low, high, ...(sex ? { sex } : {}) });
const below = (high: number): Reference => ({ high });
const above = (low: number, sex?: Sex): Reference => ({ low, ...(sex ? { sex } : {}) });
const men = (low: number, high: number) => within(low, high, "male");
const women = (low: number, high: number) => within(low, high, "female");
const normally = (text: string): Reference => ({ text });

const SERUM = "in Serum or Plasma";
const ROWS: Readonly<Record<TestGroup, readonly Row[]>> = {
  "Blood count": [
    ["718-7", "Hemoglobin", "Hemoglobin [Mass/volume] in Blood", "g/dL", men(13.5, 17.5), women(12, 15.5)],
    [
      "4544-3",
      "Hematocrit",
      "Hematocrit [Volume Fraction] of Blood by Automated count",
      "%",
      men(41, 50),
      women(36, 44),
    ],
    [
      "789-8",
      "Red cells",
      "Erythrocytes [#/volume] in Blood by Automated count",
      "10*6/uL",
      men(4.5, 5.9),
      women(4, 5.2),
    ],
    ["6690-2", "White cells", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", within(4, 11)],
    ["777-3", "Platelets", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", within(150, 400)],
    ["4537-7", "Sedimentation rate", "Erythrocyte sedimentation rate by Westergren method", "mm/h", below(20)],
  ],
  Clotting: [
    [
      "5902-2",
      "Prothrombin time",
      "Prothrombin time (PT) in Platelet poor plasma by Coagulation assay",
      "s",
      within(11, 13.5),
    ],
    ["6301-6", "INR", "INR in Platelet poor plasma by Coagulation assay", "{INR}", within(0.8, 1.1)],
    ["14979-9", "aPTT", "aPTT in Platelet poor plasma by Coagulation assay", "s", within(25, 35)],
    [
      "3255-7",
      "Fibrinogen",
      "Fibrinogen [Mass/volume] in Platelet poor plasma by Coagulation assay",
      "mg/dL",
      within(200, 400),
    ],
    ["48065-7", "D-dimer", "Fibrin D-dimer FEU [Mass/volume] in Platelet poor plasma", "ng/mL{FEU}", below(500)],
  ],
  "Kidney and salts": [
    ["2160-0", "Creatinine", `Creatinine [Mass/volume] ${SERUM}`, "mg/dL", men(0.7, 1.3), women(0.6, 1.1)],
    ["3094-0", "Urea nitrogen", `Urea nitrogen [Mass/volume] ${SERUM}`, "mg/dL", within(7, 20)],
    ["3084-1", "Uric acid", `Urate [Mass/volume] ${SERUM}`, "mg/dL", men(3.4, 7), women(2.4, 6)],
    ["2951-2", "Sodium", `Sodium [Moles/volume] ${SERUM}`, "mmol/L", within(135, 145)],
    ["2823-3", "Potassium", `Potassium [Moles/volume] ${SERUM}`, "mmol/L", within(3.5, 5.1)],
    ["2075-0", "Chloride", `Chloride [Moles/volume] ${SERUM}`, "mmol/L", within(98, 107)],
    ["2028-9", "Carbon dioxide", `Carbon dioxide, total [Moles/volume] ${SERUM}`, "mmol/L", within(22, 29)],
    ["17861-6", "Calcium", `Calcium [Mass/volume] ${SERUM}`, "mg/dL", within(8.5, 10.5)],
    ["2777-1", "Phosphate", `Phosphate [Mass/volume] ${SERUM}`, "mg/dL", within(2.5, 4.5)],
    ["19123-9", "Magnesium", `Magnesium [Mass/volume] ${SERUM}`, "mg/dL", within(1.7, 2.2)],
  ],
  Liver: [
    ["1742-6", "ALT", `Alanine aminotransferase [Enzymatic activity/volume] ${SERUM}`, "U/L", below(40)],
    ["1920-8", "AST", `Aspartate aminotransferase [Enzymatic activity/volume] ${SERUM}`, "U/L", below(40)],
    [
      "6768-6",
      "Alkaline phosphatase",
      `Alkaline phosphatase [Enzymatic activity/volume] ${SERUM}`,
      "U/L",
      within(40, 130),
    ],
    ["2324-2", "Gamma-GT", `Gamma glutamyl transferase [Enzymatic activity/volume] ${SERUM}`, "U/L", below(60)],
    ["1975-2", "Bilirubin, total", `Bilirubin.total [Mass/volume] ${SERUM}`, "mg/dL", within(0.1, 1.2)],
    ["1968-7", "Bilirubin, direct", `Bilirubin.direct [Mass/volume] ${SERUM}`, "mg/dL", below(0.3)],
    ["2885-2", "Protein, total", `Protein [Mass/volume] ${SERUM}`, "g/dL", within(6, 8.3)],
    ["1751-7", "Albumin", `Albumin [Mass/volume] ${SERUM}`, "g/dL", within(3.5, 5)],
    ["1798-8", "Amylase", `Amylase [Enzymatic activity/volume] ${SERUM}`, "U/L", within(30, 110)],
    ["3040-3", "Lipase", `Lipase [Enzymatic activity/volume] ${SERUM}`, "U/L", below(160)],
  ],
  "Sugar and fats": [
    ["2345-7", "Glucose", `Glucose [Mass/volume] ${SERUM}`, "mg/dL", within(70, 140)],
    ["1558-6", "Glucose, fasting", `Fasting glucose [Mass/volume] ${SERUM}`, "mg/dL", within(70, 99)],
    ["4548-4", "HbA1c", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", within(4, 5.6)],
    ["2093-3", "Cholesterol", `Cholesterol [Mass/volume] ${SERUM}`, "mg/dL", below(200)],
    [
      "2085-9",
      "HDL cholesterol",
      `Cholesterol in HDL [Mass/volume] ${SERUM}`,
      "mg/dL",
      above(40, "male"),
      above(50, "female"),
    ],
    ["13457-7", "LDL cholesterol", `Cholesterol in LDL [Mass/volume] ${SERUM} by calculation`, "mg/dL", below(130)],
    ["2571-8", "Triglycerides", `Triglyceride [Mass/volume] ${SERUM}`, "mg/dL", below(150)],
  ],
  Hormones: [
    ["3016-3", "TSH", `Thyrotropin [Units/volume] ${SERUM}`, "m[IU]/L", within(0.4, 4)],
    ["3024-7", "Free T4", `Thyroxine (T4) free [Mass/volume] ${SERUM}`, "ng/dL", within(0.8, 1.8)],
    ["3051-0", "Free T3", `Triiodothyronine (T3) free [Mass/volume] ${SERUM}`, "pg/mL", within(2.3, 4.2)],
    ["2143-6", "Cortisol", `Cortisol [Mass/volume] ${SERUM}`, "ug/dL"],
    ["2842-3", "Prolactin", `Prolactin [Mass/volume] ${SERUM}`, "ng/mL"],
    ["2986-8", "Testosterone", `Testosterone [Mass/volume] ${SERUM}`, "ng/dL", men(300, 1000), women(15, 70)],
    ["2243-4", "Estradiol", `Estradiol (E2) [Mass/volume] ${SERUM}`, "pg/mL"],
    ["2857-1", "PSA", `Prostate specific Ag [Mass/volume] ${SERUM}`, "ng/mL", below(4)],
    ["2118-8", "Pregnancy test, blood", `Choriogonadotropin (pregnancy test) [Presence] ${SERUM}`, null],
    ["2106-3", "Pregnancy test, urine", "Choriogonadotropin (pregnancy test) [Presence] in Urine", null],
  ],
  "Heart and muscle": [
    ["10839-9", "Troponin I", `Troponin I.cardiac [Mass/volume] ${SERUM}`, "ng/mL", below(0.04)],
    ["6598-7", "Troponin T", `Troponin T.cardiac [Mass/volume] ${SERUM}`, "ng/mL", below(0.01)],
    ["33762-6", "NT-proBNP", `Natriuretic peptide.B prohormone N-Terminal [Mass/volume] ${SERUM}`, "pg/mL", below(125)],
    [
      "2157-6",
      "Creatine kinase",
      `Creatine kinase [Enzymatic activity/volume] ${SERUM}`,
      "U/L",
      men(39, 308),
      women(26, 192),
    ],
    ["2532-0", "LDH", `Lactate dehydrogenase [Enzymatic activity/volume] ${SERUM}`, "U/L", within(120, 250)],
  ],
  "Iron and vitamins": [
    ["2276-4", "Ferritin", `Ferritin [Mass/volume] ${SERUM}`, "ng/mL", men(24, 336), women(11, 307)],
    ["2498-4", "Iron", `Iron [Mass/volume] ${SERUM}`, "ug/dL", men(65, 175), women(50, 170)],
    ["2132-9", "Vitamin B12", `Cobalamin (Vitamin B12) [Mass/volume] ${SERUM}`, "pg/mL", within(200, 900)],
    ["2284-8", "Folate", `Folate [Mass/volume] ${SERUM}`, "ng/mL", above(4)],
    [
      "62292-8",
      "Vitamin D",
      `25-Hydroxyvitamin D3+25-Hydroxyvitamin D2 [Mass/volume] ${SERUM}`,
      "ng/mL",
      within(30, 100),
    ],
  ],
  "Inflammation and infection": [
    ["1988-5", "CRP", `C reactive protein [Mass/volume] ${SERUM}`, "mg/L", below(5)],
    [
      "5195-3",
      "Hepatitis B surface antigen",
      "Hepatitis B virus surface Ag [Presence] in Serum",
      null,
      normally("Not detected"),
    ],
    ["16128-1", "Hepatitis C antibodies", "Hepatitis C virus Ab [Presence] in Serum", null, normally("Not detected")],
    [
      "56888-1",
      "HIV 1 and 2",
      `HIV 1+2 Ab+HIV1 p24 Ag [Presence] ${SERUM} by Immunoassay`,
      null,
      normally("Not detected"),
    ],
    ["20507-0", "Syphilis (RPR)", "Reagin Ab [Presence] in Serum by RPR", null, normally("Not reactive")],
    ["600-7", "Blood culture", "Bacteria identified in Blood by Culture", null, normally("No growth")],
  ],
  Urine: [
    ["630-4", "Urine culture", "Bacteria identified in Urine by Culture", null, normally("No growth")],
    ["5811-5", "Specific gravity", "Specific gravity of Urine by Test strip", "1", within(1.005, 1.03)],
    ["5803-2", "pH", "pH of Urine by Test strip", "[pH]", within(4.5, 8)],
    ["5804-0", "Protein", "Protein [Mass/volume] in Urine by Test strip", "mg/dL", below(14)],
    ["5792-7", "Glucose", "Glucose [Mass/volume] in Urine by Test strip", "mg/dL", below(15)],
    ["9318-7", "Albumin to creatinine", "Albumin/Creatinine [Mass Ratio] in Urine", "mg/g{creat}", below(30)],
  ],
  "Blood group": [
    ["882-1", "Blood group and Rh", "ABO and Rh group [Type] in Blood", null],
    ["883-9", "Blood group", "ABO group [Type] in Blood", null],
    ["10331-7", "Rh", "Rh [Type] in Blood", null],
  ],
};

/** UCUM's codes as a laboratory writes them. */
const LABELS: Readonly<Record<string, string>> = {
  "10*6/uL": "million/µL",
  "10*3/uL": "thousand/µL",
  "m[IU]/L": "mIU/L",
  "ug/dL": "µg/dL",
  "ng/mL{FEU}": "ng/mL FEU",
  "mg/g{creat}": "mg/g creatinine",
  "{INR}": "INR",
  "[pH]": "pH",
  "1": "(no unit)",
};

/** The tests, by group. */
export const LAB_TESTS: readonly LabTest[] = (Object.entries(ROWS) as [TestGroup, readonly Row[]][]).flatMap(
  ([group, rows]) =>
    rows.map(([code, name, loincName, unit, ...ranges]): LabTest => {
      const label = unit === null ? undefined : LABELS[unit];
      return {
        code,
        name: group === "Urine" && !/urine/i.test(name) ? `${name}, urine` : name,
        loincName,
        group,
        unit,
        ranges,
        ...(label ? { label } : {}),
      };
    }),
);

const BY_CODE = new Map(LAB_TESTS.map((test) => [test.code, test]));

/** A test by its LOINC code. */
export function testByCode(code: string): LabTest | undefined {
  return BY_CODE.get(code);
}

/** The usual range for somebody of this sex; without knowing it, one that fits both. Null when there is none. */
export function rangeFor({ ranges }: LabTest, { sex }: { sex?: Sex | undefined } = {}): Reference | null {
  const fitting = ranges.filter((each) => each.sex === undefined || sex === undefined || each.sex === sex);
  const [first] = fitting;
  if (first === undefined) return null;
  if (fitting.length === 1) return first;
  // The widest: what lies outside lies outside for everybody.
  const lows = fitting.flatMap(({ low }) => low ?? []);
  const highs = fitting.flatMap(({ high }) => high ?? []);
  return {
    ...(lows.length > 0 ? { low: Math.min(...lows) } : {}),
    ...(highs.length > 0 ? { high: Math.max(...highs) } : {}),
  };
}
