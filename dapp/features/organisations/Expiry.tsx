/** Until when somebody is vouched for: a few usual spans, or a last day. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";

import css from "./organisations.module.css";

const DAY_S = 86_400;

const SPANS = [
  { value: "365", label: "1 year" },
  { value: "730", label: "2 years" },
  { value: "1826", label: "5 years" },
  { value: "date", label: "Pick a date" },
];

const inDays = (days: number) => Math.floor(Date.now() / 1_000) + days * DAY_S;
const isoDay = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);

/** One year from now, Unix seconds. */
export const initialUntil = () => inDays(365);

/** Chooses an end. @param until Unix seconds */
export function Expiry({ until, onChange }: { until: number; onChange: (until: number) => void }) {
  const [span, setSpan] = useState("365");
  const isNarrow = useMediaQuery("(max-width: 560px)");
  const choose = (value: string) => {
    setSpan(value);
    onChange(inDays(value === "date" ? 365 : Number(value)));
  };
  return (
    <div className={css.expiry}>
      <SegmentedControl
        aria-label="Until when"
        data={SPANS}
        value={span}
        onChange={choose}
        orientation={isNarrow ? "vertical" : "horizontal"}
        style={{ alignSelf: isNarrow ? "stretch" : "flex-start" }}
      />
      {span === "date" && (
        <TextInput
          className={css.date}
          type="date"
          label="Last day"
          min={isoDay(inDays(1))}
          defaultValue={isoDay(until)}
          onChange={({ currentTarget }) => {
            // Through the end of that day, where the reader is.
            const end = new Date(`${currentTarget.value}T23:59:59`).getTime();
            if (!Number.isNaN(end) && end > Date.now()) onChange(Math.floor(end / 1_000));
          }}
        />
      )}
    </div>
  );
}
