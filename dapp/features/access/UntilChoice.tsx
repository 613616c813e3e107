/** Until when: a few usual spans, no end, or a date. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";

import css from "./access.module.css";

/** The SDK's `FOREVER`, told before the SDK is loaded. */
const NO_END = 2 ** 48 - 1;
const DAY_S = 86_400;

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "none", label: "Until I stop it" },
  { value: "date", label: "Pick a date" },
];

const inDays = (days: number) => Math.floor(Date.now() / 1_000) + days * DAY_S;
const isoDay = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);

/** 30 days from now, Unix seconds. */
export const initialUntil = () => inDays(30);

/** Chooses an end. @param until Unix seconds */
export function UntilChoice({ until, onChange }: { until: number; onChange: (until: number) => void }) {
  const [span, setSpan] = useState("30");
  const isNarrow = useMediaQuery("(max-width: 560px)");
  const choose = (value: string) => {
    setSpan(value);
    if (value === "none") onChange(NO_END);
    else if (value === "date") onChange(inDays(14));
    else onChange(inDays(Number(value)));
  };
  return (
    <>
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
          value={isoDay(until)}
          onChange={({ currentTarget }) => {
            // Through the end of that day, where the reader is.
            const end = new Date(`${currentTarget.value}T23:59:59`).getTime();
            if (!Number.isNaN(end) && end > Date.now()) onChange(Math.floor(end / 1_000));
          }}
        />
      )}
    </>
  );
}
