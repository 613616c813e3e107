/** What a laboratory's bench and a pharmacy's counter have in common, and the words in which they differ. */
import type { Order } from "../../../sdk/index.js";

/** A place where orders are carried out. */
export interface OrderPlace {
  role: Order["role"];
  /** The address. */
  at: string;
  name: string;
  /** "a test list", "test lists": what comes in here. */
  one: string;
  many: string;
  /** What is given on one. */
  report: string;
  /** What is said while nothing has come in. */
  empty: string;
  /** What the page says of the patient's other things. */
  limits: string;
}

/** A laboratory's. */
export const BENCH: OrderPlace = {
  role: "laboratory",
  at: "/bench",
  name: "Bench",
  one: "a test list",
  many: "test lists",
  report: "report",
  empty:
    "Test lists that a patient or their doctor hands to you are listed here. Scan the code that the patient shows, and ask to be chosen.",
  limits:
    "You see this list and nothing else of the patient's. The report is sealed to them, and to the visit while it is open.",
};

/** A pharmacy's. */
export const COUNTER: OrderPlace = {
  role: "pharmacy",
  at: "/counter",
  name: "Counter",
  one: "a prescription",
  many: "prescriptions",
  report: "dispensing",
  empty:
    "Prescriptions that a patient or their doctor hands to you are listed here. Scan the code that the patient shows, and ask to be chosen.",
  limits: "You see this prescription and nothing else of the patient's. What you hand over is counted on the chain.",
};
