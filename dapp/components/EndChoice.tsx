/** The choice of an end: a few usual spans, or a last day. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";

import { dateOf } from "../lib/text.js";
import css from "./EndChoice.module.css";

const DAY_S = 86_400;
const DATE = "date";

/** What can be chosen beside a date. */
export interface Span {
  label: string;
  /** The end that it stands for, Unix seconds, as of now. */
  end: () => number;
}

/** So many days from now, or from an end that is still to come. Unix seconds. */
export function inDays(days: number, from = 0): number {
  return Math.max(Math.floor(Date.now() / 1_000), from) + days * DAY_S;
}

const isoDay = (time: number) => dateOf(time).toISOString().slice(0, 10);

/**
 * Chooses an end, Unix seconds.
 * @param initial which of the spans is chosen at first
 * @param date the end that a date begins with
 */
export function EndChoice({
  spans,
  initial = 0,
  date,
  onChange,
}: {
  spans: readonly Span[];
  initial?: number;
  date: () => number;
  onChange: (until: number) => void;
}) {
  const [chosen, setChosen] = useState(String(initial));
  const [lastDay, setLastDay] = useState("");
  const isNarrow = useMediaQuery("(max-width: 560px)");
  const choose = (value: string) => {
    setChosen(value);
    const end = (spans[Number(value)]?.end ?? date)();
    setLastDay(isoDay(end));
    onChange(end);
  };
  return (
    <div className={css.choice}>
      <SegmentedControl
        aria-label="Until when"
        data={[...spans.map(({ label }, i) => ({ value: String(i), label })), { value: DATE, label: "Pick a date" }]}
        value={chosen}
        onChange={choose}
        orientation={isNarrow ? "vertical" : "horizontal"}
        fullWidth={isNarrow}
        style={{ alignSelf: isNarrow ? "stretch" : "flex-start" }}
      />
      {chosen === DATE && (
        <TextInput
          className={css.date}
          type="date"
          label="Last day"
          min={isoDay(inDays(1))}
          value={lastDay}
          onChange={({ currentTarget }) => {
            setLastDay(currentTarget.value);
            // Through the end of that day, where the reader is.
            const end = new Date(`${currentTarget.value}T23:59:59`).getTime();
            if (!Number.isNaN(end) && end > Date.now()) onChange(Math.floor(end / 1_000));
          }}
        />
      )}
    </div>
  );
}
