/** A FHIR resource: a readable summary, its table, its narrative as plain words, and all of it as a tree. */
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import { loadSdk } from "../../lib/sdk.js";
import { plain } from "../../lib/text.js";
import { Lies } from "../fhir/Lies.js";
import { Notice } from "../Notice.js";
import { Facts } from "../Rows.js";
import css from "./document.module.css";
import { factsOf, type Resource } from "./fhir.js";
import { JsonTree } from "./JsonTree.js";
import { narrativeOf } from "./narrative.js";
import { entriesOf, headingOf, supplyOf, tableOf, testListIn, testsOf, type Table } from "./tables.js";

const MAX_CONTAINED = 20;
const MAX_TESTS = 100;

/** Shows a resource. A bundle shows the resources in it. */
export default function FhirView({ resource, content }: { resource: Resource; content: Uint8Array }) {
  const tests = testListIn(entriesOf(resource, MAX_TESTS));
  const inside = entriesOf(resource, MAX_CONTAINED);
  // The results of a report are its table, not documents beside it.
  const hasReport = inside.some(({ resourceType }) => resourceType === "DiagnosticReport");
  const shown = inside.filter(({ resourceType }) => !hasReport || resourceType !== "Observation");
  const narrative = narrativeOf(resource)
    .split("\n")
    .map((line) => plain(line, 1_000))
    .join("\n");
  return (
    <div className={css.fhir}>
      <Validity content={content} />
      {tests ? (
        <TestList requests={tests} />
      ) : (
        (shown.length > 0 ? shown : [resource]).map((each, i) => <Summary key={i} resource={each} inside={inside} />)
      )}
      {narrative !== "" && resource.resourceType === "Encounter" && (
        <section aria-label="In the author's words">
          <h3>In the author&apos;s words</h3>
          <p className={css.prose}>{narrative}</p>
        </section>
      )}
      {narrative !== "" && resource.resourceType !== "Encounter" && (
        <details className={css.more}>
          <summary>In the author&apos;s words</summary>
          <p className={css.prose}>{narrative}</p>
        </details>
      )}
      <details className={css.more}>
        <summary>Everything in it</summary>
        <JsonTree value={resource} />
      </details>
    </div>
  );
}

function Summary({ resource, inside }: { resource: Resource; inside: readonly Resource[] }) {
  const heading = plain(headingOf(resource));
  const table = tableOf(resource, inside);
  // What the heading or the table says isn't said twice.
  const facts = factsOf(resource).filter(
    ([label, value]) => value !== heading && (table === null || !["Results", "Items", "Total"].includes(label)),
  );
  return (
    <section aria-label={heading}>
      <h2>{heading}</h2>
      <Facts
        facts={[...facts, ...supplyOf(resource)]
          .filter(([label]) => label !== "Supply" || supplyOf(resource).length === 0)
          .map(([label, value]) => [label, plain(value, 600)] as const)}
      />
      {table && <TableView table={table} />}
    </section>
  );
}

function TestList({ requests }: { requests: readonly Resource[] }) {
  const [first = {}] = requests;
  const facts = factsOf(first).filter(([label]) => label !== "What");
  return (
    <section aria-label="Test list">
      <h2>Test list</h2>
      <Facts facts={facts.map(([label, value]) => [label, plain(value, 600)] as const)} />
      <TableView table={testsOf(requests)} />
    </section>
  );
}

function TableView({ table: { caption, head, rows, foot } }: { table: Table }) {
  // Columns in which nothing stands are left out: most results have no remark.
  const columns = head.map((_, i) => i).filter((i) => rows.some((row) => row[i]?.text || row[i]?.reading));
  const isFigure = (i: number) => rows[0]?.[i]?.isFigure === true;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={css.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((i) => (
              <th key={i} scope="col" className={isFigure(i) ? css.figure : undefined}>
                {head[i]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {columns.map((i, c) => {
                const { text = "", reading } = row[i] ?? {};
                const shown = reading === undefined ? plain(text, 300) : <Lies code={reading} />;
                if (c === 0) {
                  return (
                    <th key={i} scope="row">
                      {shown}
                    </th>
                  );
                }
                return (
                  <td key={i} className={isFigure(i) ? css.figure : undefined}>
                    {shown}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>
              {columns.map((i) => (
                <td key={i} className={isFigure(i) ? css.figure : undefined}>
                  {plain(foot[i]?.text ?? "")}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** Whether the document follows R4, once that was looked at. */
function Validity({ content }: { content: Uint8Array }) {
  const [found, setFound] = useState<{ content: Uint8Array; problem: string | null } | null>(null);
  useEffect(() => {
    let isStale = false;
    const say = (problem: string | null) => {
      if (!isStale) setFound({ content, problem });
    };
    void (async () => {
      const { fhir, isSalusError } = await loadSdk();
      try {
        await fhir.readFhir(content);
        say(null);
      } catch (error) {
        // What can't be looked at, because a file is missing, isn't called wrong.
        if (!isSalusError(error, "FHIR_INVALID")) return;
        const { path = "", reason = "" } = error.details;
        say([path, reason].filter(Boolean).join(" "));
      }
    })().catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [content]);
  if (found?.content !== content) return null;
  if (found.problem === null) {
    return (
      <span className={css.valid}>
        <IconCheck size={18} stroke={1.75} aria-hidden />
        Follows FHIR R4: every field was checked
      </span>
    );
  }
  return (
    <Notice tone="attention" title="This doesn't follow FHIR R4 everywhere.">
      It is shown as far as it can be read. What is wrong first: {plain(found.problem)}.
    </Notice>
  );
}
