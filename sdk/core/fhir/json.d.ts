/** Types of the two JSON files: the compiler would infer a megabyte of them. */
declare module "fhir/profiles/types.json" {
  import type { Structure } from "./definitions.js";

  const types: Readonly<Record<string, Structure>>;
  export default types;
}

declare module "*/required-codes.json" {
  import type { Definitions } from "./definitions.js";

  const codes: Definitions["codes"];
  export default codes;
}
