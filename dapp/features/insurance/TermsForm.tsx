/** What is paid of bills, as an insurer fills it in: what the patient pays first, their part of the rest, and the most. */
import { SegmentedControl, Select, TextInput } from "@mantine/core";

import { Notice } from "../../components/Notice.js";
import { useReaderQuery } from "../../lib/queries.js";
import { short } from "../../lib/text.js";
import type { DraftTerms, TermsFields } from "./draftTerms.js";
import css from "./insurance.module.css";

/** @param written what the fields come to: the terms in words, or what is wrong with them */
export function TermsForm({
  fields,
  written,
  tokens,
  onChange,
}: {
  fields: TermsFields;
  written: DraftTerms | undefined;
  tokens: readonly Token[];
  onChange: (fields: TermsFields) => void;
}) {
  const text = (name: "deductible" | "share" | "limit") => ({
    value: fields[name],
    error: written?.problems[name],
    inputMode: "decimal" as const,
    autoComplete: "off",
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...fields, [name]: currentTarget.value }),
  });
  const unit = written?.token?.symbol ?? tokens.find(({ token }) => token === fields.token)?.symbol ?? "";
  const inUnit = unit === "" ? "" : `, ${unit}`;
  return (
    <div className={css.form}>
      <SegmentedControl
        aria-label="Whether bills can be put to it"
        style={{ alignSelf: "flex-start" }}
        data={[
          { value: "yes", label: "Paid through Salus" },
          { value: "no", label: "Elsewhere" },
        ]}
        value={fields.isBillable ? "yes" : "no"}
        onChange={(value) => onChange({ ...fields, isBillable: value === "yes" })}
      />
      {fields.isBillable && (
        <>
          <div className={css.pair}>
            <TextInput label={`The patient pays first${inUnit}`} {...text("deductible")} />
            <TextInput label="Then, of the rest, per cent" {...text("share")} />
            <TextInput label={`Paid at most, in all${inUnit}`} {...text("limit")} />
            {tokens.length > 0 ? (
              <Select
                label="Paid in"
                description="The token that you have paid in."
                data={tokens.map(({ token, symbol }) => ({ value: token, label: `${symbol} (${short(token)})` }))}
                value={fields.token === "" ? null : fields.token}
                error={written?.problems.token}
                allowDeselect={false}
                onChange={(token) => onChange({ ...fields, token: token ?? "" })}
              />
            ) : (
              <TextInput
                label="Paid in"
                description="Address of an ERC-20 token."
                value={fields.token}
                error={written?.problems.token}
                spellCheck={false}
                autoComplete="off"
                onChange={({ currentTarget }) => onChange({ ...fields, token: currentTarget.value })}
              />
            )}
          </div>
          {written?.words && <Notice title={written.words}>Everyone can read this. So the patient will, too.</Notice>}
        </>
      )}
    </div>
  );
}

/** A token to choose. */
export interface Token {
  token: string;
  symbol: string;
}

/** The tokens that an insurer has paid in, latest first. */
export function useOwnTokens(account: `0x${string}`) {
  return useReaderQuery(
    ["chain", "own tokens", account],
    async ({ fundsEventsOf, tokenInfo }, { chain }): Promise<Token[]> => {
      const paidIn = await fundsEventsOf(chain, account);
      const tokens = new Set(paidIn.toReversed().map(({ token }) => token));
      return Promise.all([...tokens].map((token) => tokenInfo(chain, token)));
    },
  );
}
