/** A length of time out of a few usual ones. */
import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";

const HOUR_S = 3_600;
/** What most people mean: today. */
export const DAY_S = 24 * HOUR_S;

/** A length of time in seconds, with its words. */
export interface Length {
  label: string;
  seconds: number;
}

/** How long a visit may last. */
export const LASTS: readonly Length[] = [
  { label: "1 day", seconds: DAY_S },
  { label: "3 days", seconds: 3 * DAY_S },
  { label: "2 weeks", seconds: 14 * DAY_S },
  { label: "3 months", seconds: 90 * DAY_S },
];

/** Within which time the code may be used. */
export const VALID: readonly Length[] = [
  { label: "1 hour", seconds: HOUR_S },
  { label: "1 day", seconds: DAY_S },
  { label: "1 week", seconds: 7 * DAY_S },
];

/** The choice. */
export function SpanChoice({
  label,
  spans,
  value,
  onChange,
}: {
  label: string;
  spans: readonly Length[];
  value: number;
  onChange: (seconds: number) => void;
}) {
  const isNarrow = useMediaQuery("(max-width: 460px)");
  return (
    <SegmentedControl
      aria-label={label}
      data={spans.map((span) => ({ value: String(span.seconds), label: span.label }))}
      value={String(value)}
      onChange={(seconds) => onChange(Number(seconds))}
      orientation={isNarrow ? "vertical" : "horizontal"}
      fullWidth={isNarrow}
      style={{ alignSelf: isNarrow ? "stretch" : "flex-start" }}
    />
  );
}
