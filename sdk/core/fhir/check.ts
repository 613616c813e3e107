/**
 * Whether a value is a FHIR R4 resource. Two looks: at its shape as JSON (`checkShape`: limits, names, nothing empty), then
 * at each field (`checkResource`: known, of its type, as often as it may be, with the codes that R4 requires). Errors name
 * the field and never what is in it.
 */
import { SalusError } from "../../errors.js";
import { loadDefinitions, type Definitions, type Field } from "./definitions.js";
import { isOfType, isPrimitive } from "./primitives.js";

type Fields = Readonly<Record<string, unknown>>;

/** Levels that a document may be nested, and values that it may hold. HL7's deepest example has 20. */
const MAX_DEPTH = 60;
const MAX_VALUES = 100_000;

/**
 * Refuses JSON that no FHIR program writes, before anything reads it: too deep or too much, names that every object has
 * (`__proto__`, `hasOwnProperty`), empty lists, objects and words.
 * @throws FHIR_INVALID
 */
export function checkShape(resource: Fields): void {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: resource, path: "", depth: 0 }];
  let values = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path, depth } = next;
    if (++values > MAX_VALUES) throw invalid("", "has too many fields");
    if (depth > MAX_DEPTH) throw invalid("", "is nested too deeply");
    if (value === "") throw invalid(path, "is empty");
    if (typeof value !== "object" || value === null) continue;
    const entries = Object.entries(value);
    if (entries.length === 0) throw invalid(path, "is empty");
    for (const [key, child] of entries) {
      const inner = Array.isArray(value) ? `${path}[${key}]` : join(path, key);
      if (key in Object.prototype) throw invalid(inner, "is no field of FHIR");
      // In a list a null stands for a value that only has extensions.
      if (child === null && !Array.isArray(value)) throw invalid(inner, "is empty");
      waiting.push({ value: child, path: inner, depth: depth + 1 });
    }
  }
}

/** Refuses what isn't R4. `checkShape` has passed it. @throws FHIR_INVALID */
export async function checkResource(resource: Fields): Promise<void> {
  const definitions = await loadDefinitions();
  const type = resourceType(resource, definitions, "");
  walk(resource, definitions.types[type]?._properties ?? [], type, definitions);
  checkReferences(resource, type);
}

/** Looks at each field's type, and that of a choice only one is there. */
function walk(fields: Fields, properties: readonly Field[], path: string, definitions: Definitions): void {
  const chosen = new Set<string>();
  for (const [key, value] of Object.entries(fields)) {
    if (key === "resourceType") continue;
    const property = properties.find(({ _name }) => _name === key);
    const inner = join(path, key);
    if (!property) throw invalid(inner, "is no field of FHIR");
    const { _choice: choice } = property;
    if (choice !== undefined && chosen.size === chosen.add(choice).size)
      throw invalid(inner, "can be there in one form only");
    // What extends a list of primitives is a list, too.
    const isList = property._multiple === true || (key.startsWith("_") && Array.isArray(fields[key.slice(1)]));
    if (isList !== Array.isArray(value)) throw invalid(inner, isList ? "must be a list" : "must not be a list");
    const list = isList ? (value as readonly unknown[]) : [value];
    list.forEach((each, i) => {
      const at = isList ? `${inner}[${i}]` : inner;
      if (each === null) {
        const other = fields[key.startsWith("_") ? key.slice(1) : `_${key}`];
        if (!Array.isArray(other) || (other[i] ?? null) === null) throw invalid(at, "is empty");
      } else check(each, property, at, definitions);
    });
  }
  for (const { _name, _choice, _required } of properties) {
    if (_required !== true || has(fields, _name)) continue;
    const others = _choice === undefined ? [] : properties.filter((each) => each._choice === _choice);
    if (!others.some((each) => has(fields, each._name))) throw invalid(join(path, _choice ?? _name), "is missing");
  }
}

/** A value, or what extends one that is missing. */
function has(fields: Fields, name: string): boolean {
  return Object.hasOwn(fields, name) || Object.hasOwn(fields, `_${name}`);
}

function check(value: unknown, property: Field, path: string, definitions: Definitions): void {
  const type = property._type;
  if (isPrimitive(type)) {
    if (!isOfType(value, type)) throw invalid(path, `isn't FHIR's "${type}"`);
    if (type === "code") checkCode({ code: value }, property, path, definitions);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(path, "has the wrong form");
  const fields = value as Fields;
  if (type === "Resource") {
    const name = resourceType(fields, definitions, path);
    walk(fields, definitions.types[name]?._properties ?? [], path, definitions);
    return;
  }
  walk(fields, propertiesOf(property, definitions), path, definitions);
  if (type === "Coding") checkCode(fields, property, path, definitions);
  if (type === "CodeableConcept" && Array.isArray(fields.coding)) {
    for (const coding of fields.coding as readonly Fields[]) checkCode(coding, property, path, definitions);
  }
  if (type === "Period") checkPeriod(fields, path);
  if (type === "Reference") checkTarget(fields, property, path, definitions);
}

function propertiesOf({ _type, _properties }: Field, definitions: Definitions): readonly Field[] {
  // A field with the structure of another: "#Observation.referenceRange".
  const [first = "", ...names] = _type.startsWith("#") ? _type.slice(1).split(".") : [];
  if (first !== "") {
    return names.reduce<readonly Field[]>(
      (properties, name) => properties.find((each) => each._name === name)?._properties ?? [],
      definitions.types[first]?._properties ?? [],
    );
  }
  return _properties !== undefined && _properties.length > 0
    ? _properties
    : (definitions.types[_type]?._properties ?? []);
}

function resourceType({ resourceType: type }: Fields, definitions: Definitions, path: string): string {
  const definition =
    typeof type === "string" && Object.hasOwn(definitions.types, type) ? definitions.types[type] : undefined;
  if (typeof type !== "string" || definition?._kind !== "resource")
    throw invalid(join(path, "resourceType"), "is no resource of R4");
  return type;
}

/** A code is one of those that R4 requires, where it requires some. */
function checkCode({ code, system }: Fields, property: Field, path: string, { codes }: Definitions): void {
  const set =
    property._valueSetStrength === "required" ? codes[property._valueSet?.replace(/\|.*/, "") ?? ""] : undefined;
  if (set === undefined || code === undefined) return;
  const lists = Object.entries(set).filter(([uri]) => system === undefined || uri === system);
  if (!lists.some(([, listed]) => listed.includes(code as string)))
    throw invalid(path, "has a code that isn't allowed here");
}

/** A reference that says of what kind its target is says one that may be there. Any address is one: `x/prescription/1`. */
function checkTarget({ type, reference }: Fields, property: Field, path: string, definitions: Definitions): void {
  const profiles: unknown = property._targetProfiles ?? [];
  const allowed = (Array.isArray(profiles) ? (profiles as unknown[]) : [profiles]).map((each) =>
    String(each).replace(/^.*\//, ""),
  );
  const named = typeof reference === "string" ? reference.split("|")[0]?.split("/").at(-2) : undefined;
  if (allowed.length === 0 || allowed.includes("Resource")) return;
  // `type` is the name of a kind, an address only of R5's.
  const isWrong =
    (typeof type === "string" && !allowed.includes(type)) ||
    (named !== undefined && Object.hasOwn(definitions.types, named) && !allowed.includes(named));
  if (isWrong) throw invalid(path, "points to the wrong kind of resource");
}

/** per-1: a period begins before it ends. */
function checkPeriod({ start, end }: Fields, path: string): void {
  if (typeof start !== "string" || typeof end !== "string" || start.length < 10 || end.length < 10) return;
  // A day without a time ends with it.
  if (
    Date.parse(start) >
    Date.parse(end.length === 10 ? `${end}T23:59:59Z` : end) + (start.length === end.length ? 0 : 86_400_000)
  ) {
    throw invalid(`${path}.end`, "is before the start");
  }
}

/** ref-1: "#x" points to a contained resource of the document. */
function checkReferences(resource: Fields, path: string): void {
  const contained = (resource.contained ?? []) as readonly Fields[];
  const ids = new Set(contained.map(({ id }) => id));
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const inner = Array.isArray(value) ? `${at}[${key}]` : join(at, key);
      if (key === "reference" && typeof child === "string" && /^#./.test(child) && !ids.has(child.slice(1))) {
        throw invalid(inner, "points to nothing in the document");
      }
      // A resource within a bundle has its own contained ones.
      if (key === "resource" && isResource(child)) checkReferences(child, inner);
      else visit(child, inner);
    }
  };
  visit(resource, path);
}

function isResource(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && "resourceType" in value;
}

function invalid(path: string, reason: string): SalusError {
  return new SalusError("FHIR_INVALID", { path: path.slice(0, 200), reason });
}

/** A name that somebody made up may be anything: it is shown only when it looks like a field's. */
function join(path: string, key: string): string {
  const name = /^_{0,2}[A-Za-z][A-Za-z0-9_]{0,60}$/.test(key) ? key : "?";
  return path === "" ? name : `${path}.${name}`;
}
