/**
 * A search among a list of codes: type, go through what was found with the arrow keys, take one with Enter. What the list
 * lacks can be taken in words, where that is allowed (WAI-ARIA 1.2, combobox with a list).
 */
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState, type KeyboardEvent } from "react";

import { count } from "../../lib/text.js";
import { matches } from "../Search.js";
import css from "./fhir.module.css";

/** Something to choose. */
export interface Option {
  id: string;
  name: string;
  /** Beside the name, and searched, too. */
  detail: string;
  /** Other names, which are only searched. */
  also?: string;
}

const MOST = 8;

/** @param onWords takes what was typed as it is; without it only the list counts */
export function CodePicker({
  label,
  description,
  options,
  onChoose,
  onWords,
  error,
  noun,
}: {
  label: string;
  description?: string;
  options: readonly Option[];
  onChoose: (option: Option) => void;
  onWords?: (words: string) => void;
  error?: string | undefined;
  /** What one of them is called: "test". */
  noun: string;
}) {
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const words = query.trim();
  const found =
    words === "" ? [] : options.filter(({ name, detail, also = "" }) => matches(words, `${name} ${detail} ${also}`));
  const shown = found.slice(0, MOST);
  const isInWords = words !== "" && onWords !== undefined;
  const rows = shown.length + (isInWords ? 1 : 0);
  const isOpen = rows > 0;
  const take = (index: number) => {
    const option = shown[index];
    if (option) onChoose(option);
    else onWords?.(words);
    setQuery("");
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // These keys choose among what an input method offers, for instance for Japanese.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") setQuery("");
    // A form isn't sent by choosing in it.
    else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen) take(active);
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((active + (event.key === "ArrowDown" ? 1 : rows - 1)) % rows);
    }
  };
  return (
    <div className={css.picker}>
      <TextInput
        label={label}
        description={description}
        error={error}
        value={query}
        autoComplete="off"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `${id}-${active}` : undefined}
        leftSection={<IconSearch size={20} stroke={1.75} aria-hidden />}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} className={css.options} hidden={!isOpen}>
        {shown.map((option, i) => (
          <li
            key={option.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            className={css.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(i)}
          >
            <span>{option.name}</span>
            <span className={css.quiet}>{option.detail}</span>
          </li>
        ))}
        {isInWords && (
          <li
            id={`${id}-${shown.length}`}
            role="option"
            aria-selected={active === shown.length}
            className={css.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(shown.length)}
          >
            <span>“{words}”, in words</span>
            <span className={css.quiet}>without a code</span>
          </li>
        )}
      </ul>
      <p role="status" className={css.quiet}>
        {words === ""
          ? ""
          : found.length > MOST
            ? `${MOST} of ${count(found.length, noun)}: type more`
            : count(found.length, noun)}
      </p>
    </div>
  );
}
