/**
 * Common medicines for the search of a prescription. RxNorm's codes are those of the ingredient (term type IN), from the
 * US National Library of Medicine; form and strength are words. Anything else can be written in words.
 */

/** A medicine as it is handed over. */
export interface Medicine {
  name: string;
  form: string;
  strength: string;
  /** RxNorm, of the ingredient; missing where it isn't certain. */
  rxnorm?: string;
}

type Row = readonly [name: string, form: string, strength: string, rxnorm?: string];

const ROWS: readonly Row[] = [
  ["Acetylsalicylic acid", "tablet", "100 mg", "1191"],
  ["Allopurinol", "tablet", "100 mg", "519"],
  ["Amlodipine", "tablet", "5 mg", "17767"],
  ["Amoxicillin", "capsule", "500 mg", "723"],
  ["Amoxicillin and clavulanic acid", "tablet", "875 mg and 125 mg"],
  ["Apixaban", "tablet", "5 mg", "1364430"],
  ["Atorvastatin", "tablet", "20 mg", "83367"],
  ["Azithromycin", "tablet", "500 mg", "18631"],
  ["Bisoprolol", "tablet", "5 mg", "19484"],
  ["Cefuroxime", "tablet", "500 mg"],
  ["Cetirizine", "tablet", "10 mg", "20610"],
  ["Ciprofloxacin", "tablet", "500 mg", "2551"],
  ["Citalopram", "tablet", "20 mg", "2556"],
  ["Clopidogrel", "tablet", "75 mg", "32968"],
  ["Dexamethasone", "tablet", "4 mg", "3264"],
  ["Diclofenac", "tablet", "50 mg", "3355"],
  ["Doxycycline", "capsule", "100 mg", "3640"],
  ["Fluconazole", "capsule", "150 mg", "4450"],
  ["Fluoxetine", "capsule", "20 mg", "4493"],
  ["Folic acid", "tablet", "5 mg", "4511"],
  ["Furosemide", "tablet", "40 mg", "4603"],
  ["Gabapentin", "capsule", "300 mg", "25480"],
  ["Hydrochlorothiazide", "tablet", "25 mg", "5487"],
  ["Ibuprofen", "tablet", "400 mg", "5640"],
  ["Insulin glargine", "pen", "100 units/mL", "274783"],
  ["Levothyroxine", "tablet", "50 micrograms", "10582"],
  ["Lisinopril", "tablet", "10 mg", "29046"],
  ["Loratadine", "tablet", "10 mg", "28889"],
  ["Losartan", "tablet", "50 mg", "52175"],
  ["Metformin", "tablet", "500 mg", "6809"],
  ["Metoprolol", "tablet", "50 mg", "6918"],
  ["Metronidazole", "tablet", "400 mg", "6922"],
  ["Montelukast", "tablet", "10 mg", "88249"],
  ["Naproxen", "tablet", "250 mg", "7258"],
  ["Omeprazole", "capsule", "20 mg", "7646"],
  ["Pantoprazole", "tablet", "40 mg", "40790"],
  ["Paracetamol", "tablet", "500 mg", "161"],
  ["Prednisolone", "tablet", "5 mg", "8638"],
  ["Ramipril", "tablet", "5 mg", "35296"],
  ["Rivaroxaban", "tablet", "20 mg", "1114195"],
  ["Salbutamol", "inhaler", "100 micrograms/dose", "435"],
  ["Sertraline", "tablet", "50 mg", "36437"],
  ["Simvastatin", "tablet", "20 mg", "36567"],
  ["Spironolactone", "tablet", "25 mg", "9997"],
  ["Tamsulosin", "capsule", "400 micrograms", "77492"],
  ["Tramadol", "capsule", "50 mg", "10689"],
  ["Warfarin", "tablet", "5 mg", "11289"],
];

/** The medicines, by name. */
export const MEDICINES: readonly Medicine[] = ROWS.map(([name, form, strength, rxnorm]) => ({
  name,
  form,
  strength,
  ...(rxnorm ? { rxnorm } : {}),
}));

/** A medicine as a prescription names it: "Amoxicillin 500 mg capsule". */
export function medicineName({ name, form, strength }: Medicine): string {
  return `${name} ${strength} ${form}`;
}
