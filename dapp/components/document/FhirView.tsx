/** A FHIR resource: a readable summary, its narrative as plain words, and all of it as a tree. */
import { plain } from "../../lib/text.js";
import { Facts } from "../Rows.js";
import css from "./document.module.css";
import { factsOf, titleOf, type Resource } from "./fhir.js";
import { JsonTree } from "./JsonTree.js";
import { narrativeOf } from "./narrative.js";

const MAX_CONTAINED = 20;

/** Shows a resource. A bundle shows the resources in it. */
export default function FhirView({ resource }: { resource: Resource }) {
  const entries = resource.resourceType === "Bundle" && Array.isArray(resource.entry) ? resource.entry : [];
  const inside = entries
    .map((entry: unknown) => (entry as Resource | null)?.resource as Resource | undefined)
    .filter((each) => typeof each?.resourceType === "string")
    .slice(0, MAX_CONTAINED) as Resource[];
  const narrative = narrativeOf(resource)
    .split("\n")
    .map((line) => plain(line, 1_000))
    .join("\n");
  return (
    <div className={css.fhir}>
      {(inside.length > 0 ? inside : [resource]).map((each, i) => (
        <section key={i} aria-label={plain(titleOf(each))}>
          <h2>{plain(titleOf(each))}</h2>
          <Facts facts={factsOf(each).map(([label, value]) => [label, plain(value, 600)] as const)} />
        </section>
      ))}
      {narrative !== "" && (
        <details className={css.more}>
          <summary>In the author's words</summary>
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
