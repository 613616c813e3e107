/** How long somebody is usually vouched for. */
import { inDays, type Span } from "../../components/EndChoice.js";

const YEARS = [
  { label: "1 year", days: 365 },
  { label: "2 years", days: 730 },
  { label: "5 years", days: 1_826 },
];

/** One year from now, or from an end that is still to come. Unix seconds. */
export const oneYear = (from = 0) => inDays(365, from);

/** The spans from now, or on top of an end that is still to come, Unix seconds. */
export function spansFrom(from = 0): Span[] {
  return YEARS.map(({ label, days }) => ({ label: from > 0 ? `${label} more` : label, end: () => inDays(days, from) }));
}
