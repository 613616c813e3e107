/** The lines of a bill (002-15): what was done, how often, what one costs; and what they come to. */
import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";

import type { fhir } from "../../../sdk/index.js";
import type { Money } from "../../lib/claims.js";
import { EMPTY_LINE, readBill, type BillDraft, type BillLine } from "./drafts.js";
import css from "./fhir.module.css";
import type { FormProps } from "./TestListForm.js";
import { useFhir } from "./useFhir.js";

const MOST_LINES = 100;

/** The form. `readBill` gives the items that `fhir.claim` takes, and their sum in the smallest unit. */
export function BillItemsForm({
  value,
  onChange,
  isChecked = false,
  money,
}: FormProps<BillDraft> & {
  /** Of the policy that is billed: the form reads and writes sums as all other screens of it do. */
  money: Pick<Money, "token" | "sum" | "parse">;
}) {
  const lists = useFhir();
  const { sum, token } = money;
  const { decimals, symbol } = token;
  const { items } = value;
  const { problems: all, written } = readBill(value, money);
  const problems = isChecked ? all : {};
  const set = (index: number, next: Partial<BillLine>) =>
    onChange({ items: items.map((each, i) => (i === index ? { ...each, ...next } : each)) });
  const kinds = (lists?.CLAIM_ITEMS ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return (
    <div className={css.form}>
      {items.map((line, i) => {
        const read = readBill({ items: [line] }, money);
        return (
          <fieldset key={i} className={css.set}>
            <legend className={css.legend}>Item {i + 1}</legend>
            <div className={css.bill}>
              <NativeSelect
                label="Kind"
                value={line.code}
                data={kinds}
                onChange={(event) => set(i, { code: event.currentTarget.value as fhir.ClaimItemCode })}
              />
              <TextInput
                label="What"
                value={line.text}
                error={problems[`${i}.text`]}
                maxLength={255}
                autoComplete="off"
                onChange={(event) => set(i, { text: event.currentTarget.value })}
              />
              <TextInput
                label="How many"
                inputMode="numeric"
                value={line.quantity}
                error={problems[`${i}.quantity`]}
                autoComplete="off"
                onChange={(event) => set(i, { quantity: event.currentTarget.value })}
              />
              <TextInput
                label={`Each, ${symbol}`}
                inputMode="decimal"
                placeholder={decimals === 0 ? "0" : `0.${"0".repeat(decimals)}`}
                value={line.price}
                error={problems[`${i}.price`]}
                autoComplete="off"
                onChange={(event) => set(i, { price: event.currentTarget.value })}
              />
              <output className={css.net} aria-label={`Item ${i + 1} comes to`}>
                {read.problems[`0.quantity`] || read.problems[`0.price`] ? "–" : sum(sumOf(line, money))}
              </output>
              <ActionIcon
                variant="default"
                size={44}
                className={css.remove}
                aria-label={`Take item ${i + 1} off the bill`}
                disabled={items.length === 1}
                onClick={() => onChange({ items: items.filter((_, other) => other !== i) })}
              >
                <IconX size={18} stroke={1.75} aria-hidden />
              </ActionIcon>
            </div>
          </fieldset>
        );
      })}
      <div className={css.total}>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.75} aria-hidden />}
          disabled={items.length >= MOST_LINES}
          onClick={() => onChange({ items: [...items, EMPTY_LINE] })}
        >
          Add an item
        </Button>
        <p role="status">
          Together <strong>{written ? sum(written.sum) : "–"}</strong>
        </p>
      </div>
      {problems.items !== undefined && <p className={css.problem}>{problems.items}</p>}
    </div>
  );
}

function sumOf({ quantity, price }: BillLine, money: Pick<Money, "token" | "parse">): bigint {
  return readBill({ items: [{ ...EMPTY_LINE, text: "x", quantity, price }] }, money).written?.sum ?? 0n;
}
