/** Where a result lies, in a word and a shape: colour never speaks alone. */
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconCheck, type Icon } from "@tabler/icons-react";

import { Mark, type Tone } from "../Rows.js";

const READINGS: Readonly<Record<string, { icon: Icon; tone: Tone; text: string }>> = {
  LL: { icon: IconArrowDown, tone: "danger", text: "Far below the range" },
  L: { icon: IconArrowDown, tone: "attention", text: "Below the range" },
  N: { icon: IconCheck, tone: "brand", text: "Normal" },
  H: { icon: IconArrowUp, tone: "attention", text: "Above the range" },
  HH: { icon: IconArrowUp, tone: "danger", text: "Far above the range" },
  A: { icon: IconAlertTriangle, tone: "attention", text: "Not normal" },
};

/** @param code of HL7's ObservationInterpretation; nothing is shown of one that isn't known here */
export function Lies({ code }: { code: string }) {
  const reading = Object.hasOwn(READINGS, code) ? READINGS[code] : undefined;
  return reading ? (
    <Mark icon={reading.icon} tone={reading.tone}>
      {reading.text}
    </Mark>
  ) : null;
}
