/** What can be asked of a timeline: words, drawer, time, author, kind. */
import { Button, NativeSelect } from "@mantine/core";

import { capital } from "../../lib/text.js";
import { Search } from "../Search.js";
import { isFiltering, KIND_NAMES, NO_FILTERS, type Filters } from "./filters.js";
import css from "./record.module.css";

/** @param drawers, authors, years that there are, in the order in which they are offered */
export function TimelineFilters({
  filters,
  drawers,
  authors,
  years,
  onChange,
}: {
  filters: Filters;
  drawers: readonly string[];
  authors: readonly string[];
  years: readonly number[];
  onChange: (filters: Filters) => void;
}) {
  const choices = [
    {
      name: "drawer",
      label: "Kept in",
      all: "All drawers",
      data: drawers.map((value) => ({ value, label: capital(value) })),
    },
    {
      name: "time",
      label: "Time",
      all: "Any time",
      data: [
        { value: "30", label: "Last 30 days" },
        { value: "365", label: "Last 12 months" },
        ...years.map((year) => ({ value: String(year), label: String(year) })),
      ],
    },
    { name: "author", label: "Written by", all: "Anybody", data: authors.map((value) => ({ value, label: value })) },
    { name: "kind", label: "Kind", all: "All kinds", data: KIND_NAMES.map((value) => ({ value, label: value })) },
  ] as const;
  return (
    <div role="group" aria-label="Filter this record" className={css.filters}>
      <div className={css.words}>
        <Search
          label="Search this record"
          value={filters.words}
          onChange={(words) => onChange({ ...filters, words })}
        />
      </div>
      {choices.map(({ name, label, all, data }) => (
        <NativeSelect
          key={name}
          label={label}
          value={filters[name]}
          onChange={({ currentTarget }) => onChange({ ...filters, [name]: currentTarget.value })}
          data={[{ value: "", label: all }, ...data]}
        />
      ))}
      {isFiltering(filters) && (
        <Button variant="subtle" className={css.all} onClick={() => onChange(NO_FILTERS)}>
          Show all
        </Button>
      )}
    </div>
  );
}
