/**
 * Writes sdk/core/fhir/required-codes.json: the codes that R4 requires, out of npm `fhir`'s value sets, which are two
 * megabytes of mostly examples. With `--check` changes nothing and fails if the committed file is another one.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import fhir, { type ParseConformance } from "fhir";
import { format } from "prettier";

import { ROOT } from "./lib/paths.js";

type Property = NonNullable<ParseConformance["parsedStructureDefinitions"][string]["_properties"]>[number];

const FILE = join(ROOT, "sdk", "core", "fhir", "required-codes.json");

const { parsedStructureDefinitions, parsedValueSets } = new fhir.ParseConformance(true);
const required = new Set<string>();
function collect(properties: readonly Property[]): void {
  for (const { _valueSet, _valueSetStrength, _properties = [] } of properties) {
    if (_valueSetStrength === "required" && _valueSet) required.add(_valueSet.replace(/\|.*/, ""));
    collect(_properties);
  }
}
for (const { _properties = [] } of Object.values(parsedStructureDefinitions)) collect(_properties);

/** Address of the value set -> of the code system -> its codes. Sets that `fhir` doesn't list, such as UCUM's, are left out. */
const codes = Object.fromEntries(
  [...required].sort().flatMap((url) => {
    const systems = parsedValueSets[url]?.systems ?? [];
    const listed = systems.map(({ uri, codes }) => [uri, codes.map(({ code }) => code)] as const);
    return listed.length > 0 ? [[url, Object.fromEntries(listed)]] : [];
  }),
);

const text = await format(JSON.stringify(codes), { parser: "json", printWidth: 120 });
if (parseArgs({ options: { check: { type: "boolean", default: false } } }).values.check) {
  if (readFileSync(FILE, "utf8") !== text) {
    console.error("sdk/core/fhir/required-codes.json is old: node scripts/bootstrap.mjs scripts/fhir-codes.ts");
    process.exitCode = 1;
  }
} else {
  writeFileSync(FILE, text);
}
