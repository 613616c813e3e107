/** A search field above a list. */
import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

/** Words to look for. */
export function Search({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      leftSection={<IconSearch size={20} stroke={1.75} aria-hidden />}
    />
  );
}

/** Whether all words of `query` are in `text`, in any case. */
export function matches(query: string, text: string): boolean {
  const where = text.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => where.includes(word));
}
