/**
 * R4's structures as npm `fhir` 4.12.0 has them (61 kB compressed), and the codes that R4 requires (10 kB). The package's
 * own validator stays out of the browser: it brings half a megabyte of value sets and an XML parser that needs Node's
 * streams. The tests hold every resource that is written against it.
 */

/** A field of a structure. */
export interface Field {
  _name: string;
  /** A primitive, a data type, "BackboneElement", "Resource", or "#Observation.referenceRange": built like that field. */
  _type: string;
  _multiple?: boolean;
  _required?: boolean;
  /** Which choice ("value[x]") the field is one form of. */
  _choice?: string;
  /** Resources that a reference may point to. */
  _targetProfiles?: string | readonly string[];
  _properties?: readonly Field[];
  _valueSet?: string;
  _valueSetStrength?: string;
}

/** A resource or data type. */
export interface Structure {
  _kind: "resource" | "complex-type" | "primitive-type";
  _properties?: readonly Field[];
}

/** What is known of R4. */
export interface Definitions {
  types: Readonly<Record<string, Structure>>;
  /** Value set -> code system -> codes. */
  codes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

let loading: Promise<Definitions> | undefined;

/** Loads the definitions once. A load that failed (the network went away) is tried anew by the next call. */
export function loadDefinitions(): Promise<Definitions> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Definitions> {
  const [{ default: types }, { default: codes }] = await Promise.all([
    import("fhir/profiles/types.json", { with: { type: "json" } }),
    import("./required-codes.json", { with: { type: "json" } }),
  ]);
  return { types: complete(types), codes };
}

/** `fhir` lacks the two fields that are built like a field further down (R4, 13.7.4 and 13.10.4). */
function complete(types: Definitions["types"]): Definitions["types"] {
  const added = ["ClaimResponse", "ExplanationOfBenefit"].flatMap((name) => {
    const { _kind, _properties = [] } = types[name] ?? {};
    if (_kind === undefined || _properties.some(({ _name }) => _name === "adjudication")) return [];
    const field: Field = { _name: "adjudication", _type: `#${name}.item.adjudication`, _multiple: true };
    return [[name, { _kind, _properties: [..._properties, field] }] as const];
  });
  return { ...types, ...Object.fromEntries(added) };
}
