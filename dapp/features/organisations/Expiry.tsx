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
const MORE = SPANS.map(({ value, label }) => ({ value, label: value === "date" ? label : `${label} more` }));

const present = () => Math.floor(Date.now() / 1_000);
const isoDay = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);

/** One year from now, or from an end that is still to come. Unix seconds. */
export const initialUntil = (from = 0) => Math.max(present(), from) + 365 * DAY_S;

/** Chooses an end. @param until Unix seconds @param from an end that is still to come: spans are added to it */
export function Expiry({
  until,
  from = 0,
  onChange,
}: {
  until: number;
  from?: number;
  onChange: (until: number) => void;
}) {
  const [span, setSpan] = useState("365");
  const isNarrow = useMediaQuery("(max-width: 560px)");
  const choose = (value: string) => {
    setSpan(value);
    onChange(Math.max(present(), from) + (value === "date" ? 365 : Number(value)) * DAY_S);
  };
  return (
    <div className={css.expiry}>
      <SegmentedControl
        aria-label="Until when"
        data={from > 0 ? MORE : SPANS}
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
          min={isoDay(present() + DAY_S)}
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
