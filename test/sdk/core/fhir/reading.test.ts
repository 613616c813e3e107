/** FHIR that others wrote: HL7's examples are taken, what isn't FHIR is refused by the field, whatever was done to it. */
import { readFileSync } from "node:fs";

import { expect } from "chai";
import fc from "fast-check";
import { Fhir } from "fhir";

import { fhir, isSalusError } from "../../../../sdk/index.js";
import { fhirDocuments } from "../../../documents/index.js";
import { expectSalusError } from "../../../expectSalusError.js";
import { EXAMPLES } from "./inputs.js";

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const observation = { resourceType: "Observation", status: "final", code: { text: "Temperature" } };

/** The refused field, and why. */
async function refused(value: unknown): Promise<[path: unknown, reason: unknown]> {
  const { details } = await expectSalusError(fhir.readFhir(bytes(value)), "FHIR_INVALID");
  return [details.path, details.reason];
}

/** Every place of a value, by its keys. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

/** A copy with another value at a place. */
function withAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = withAt(copy[key], rest, put);
  return copy;
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);

describe("FHIR that is read", () => {
  it("takes HL7's own examples", async () => {
    for (const { path, name } of fhirDocuments) {
      const resource = await fhir.readFhir(readFileSync(path)).catch((error: unknown) => error);
      expect(resource, name).to.have.property("resourceType");
    }
  });

  it("names the field that is wrong", async () => {
    expect(await refused({ ...observation, status: "done" })).to.deep.equal([
      "Observation.status",
      "has a code that isn't allowed here",
    ]);
    expect(await refused({ resourceType: "Observation", status: "final" })).to.deep.equal([
      "Observation.code",
      "is missing",
    ]);
    expect(await refused({ ...observation, colour: "red" })).to.deep.equal([
      "Observation.colour",
      "is no field of FHIR",
    ]);
    expect(await refused({ ...observation, valueString: "a", valueBoolean: true })).to.deep.equal([
      "Observation.valueBoolean",
      "can be there in one form only",
    ]);
    expect(await refused({ ...observation, note: { text: "x" } })).to.deep.equal([
      "Observation.note",
      "must be a list",
    ]);
    expect(await refused({ ...observation, code: [{ text: "x" }] })).to.deep.equal([
      "Observation.code",
      "must not be a list",
    ]);
    expect(await refused({ ...observation, subject: { reference: "Claim/1" } })).to.deep.equal([
      "Observation.subject",
      "points to the wrong kind of resource",
    ]);
    expect(await refused({ ...observation, hasMember: [{ reference: "#1" }] })).to.deep.equal([
      "Observation.hasMember[0].reference",
      "points to nothing in the document",
    ]);
  });

  it("refuses whatever the validator refuses: each field left out, and each code another one", async () => {
    const validator = new Fhir();
    let both = 0;
    for (const [name, resource] of Object.entries(EXAMPLES)) {
      for (const path of places(resource).filter(({ length }) => length > 0)) {
        for (const other of [undefined, "x-none"]) {
          if (other !== undefined && typeof at(resource, path) !== "string") continue;
          const changed = JSON.stringify(withAt(resource, path, other));
          // A list with a hole is the one thing that JSON writes as null.
          if (changed.includes("null") || validator.validate(changed).valid) continue;
          await expectSalusError(fhir.readFhir(bytes(changed)), "FHIR_INVALID").catch((error: unknown) => {
            throw new Error(`${name} ${path.join(".")} ${other ?? "left out"}`, { cause: error });
          });
          both++;
        }
      }
    }
    expect(both).to.be.greaterThan(50);
  });

  it("knows the calendar and the clock, which the validator doesn't", async () => {
    for (const wrong of [
      "2026-02-30",
      "2025-02-29",
      "2026-13-01",
      "0000-01-01",
      "26-01-01",
      "2026-01-01T10:00",
      "2026-01-01 ",
      "x2026-01-01",
      "2026-01-01T25:00:00Z",
      "2026-01-01T10:00:00",
      "2026-01-01T10:00:00+15:00",
    ]) {
      expect(await refused({ ...observation, effectiveDateTime: wrong }), wrong).to.deep.equal([
        "Observation.effectiveDateTime",
        `isn't FHIR's "dateTime"`,
      ]);
    }
    for (const right of ["2026", "2026-02", "2024-02-29", "2026-01-01T10:00:00.123+14:00", "2016-12-31T23:59:60Z"]) {
      await fhir.readFhir(bytes({ ...observation, effectiveDateTime: right }));
    }
    for (const wrong of ["2026-01-01", "2026-01-01T10:00:00", "2026-02-30T10:00:00Z"]) {
      expect(await refused({ ...observation, issued: wrong }), wrong).to.deep.equal([
        "Observation.issued",
        `isn't FHIR's "instant"`,
      ]);
    }
    const turned = { start: "2026-01-02T00:00:00Z", end: "2026-01-01T00:00:00Z" };
    expect(await refused({ ...observation, effectivePeriod: turned })).to.deep.equal([
      "Observation.effectivePeriod.end",
      "is before the start",
    ]);
    await fhir.readFhir(
      bytes({ ...observation, effectivePeriod: { start: "2026-01-02", end: "2026-01-02T10:00:00Z" } }),
    );
  });

  it("knows what a number is", async () => {
    for (const value of ["12", true, { value: 1 }]) {
      expect(await refused({ ...observation, valueQuantity: { value } })).to.deep.equal([
        "Observation.valueQuantity.value",
        `isn't FHIR's "decimal"`,
      ]);
    }
    expect(
      await refused(JSON.stringify({ ...observation, valueQuantity: { value: 7 } }).replace("7", "1e999")),
    ).to.deep.equal(["Observation.valueQuantity.value", `isn't FHIR's "decimal"`]);
    for (const valueInteger of [1.5, 2 ** 31, -(2 ** 31) - 1]) {
      expect((await refused({ ...observation, valueInteger }))[1]).to.equal(`isn't FHIR's "integer"`);
    }
  });

  it("takes what extends a value that is missing, and only that", async () => {
    const extension = [{ url: "http://example.org/x", valueString: "y" }];
    const named = (given: unknown, _given: unknown) => ({ resourceType: "Patient", name: [{ given, _given }] });
    await fhir.readFhir(bytes(named([null, "Amina"], [{ extension }, null])));
    expect(await refused(named([null, "Amina"], [null, { extension }]))).to.deep.equal([
      "Patient.name[0].given[0]",
      "is empty",
    ]);
    expect(await refused({ ...observation, note: [null] })).to.deep.equal(["Observation.note[0]", "is empty"]);
  });
});

describe("FHIR that is an attack", () => {
  it("abuse: refuses what is too large, too deep or too much", async () => {
    expect(await refused(" ".repeat(fhir.MAX_FHIR_SIZE + 1))).to.deep.equal(["", "is too large"]);
    const deep = `{"resourceType":"Observation","code":${'{"coding":['.repeat(50_000)}"x"${"]}".repeat(50_000)}}`;
    expect(await refused(deep)).to.deep.equal(["", "is nested too deeply"]);
    const many = { ...observation, note: Array.from({ length: 60_000 }, () => ({ text: "x" })) };
    expect(await refused(many)).to.deep.equal(["", "has too many fields"]);
  });

  it("abuse: refuses names that every object has", async () => {
    for (const name of ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"]) {
      const json = JSON.stringify(observation).replace("}}", `,"${name}":{"polluted":true}}}`);
      expect((await refused(json))[1], name).to.equal("is no field of FHIR");
      expect((await refused(`{"${name}":1,${JSON.stringify(observation).slice(1)}`))[1]).to.equal(
        "is no field of FHIR",
      );
    }
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
    for (const resourceType of ["__proto__", "constructor", "Element", "Extension", "string", 7, null, ["Patient"]]) {
      expect((await refused({ resourceType, status: "final" }))[0]).to.be.oneOf(["resourceType", "resourceType[0]"]);
    }
  });

  it("abuse: refuses what is no object, no JSON, no text", async () => {
    for (const text of ["", "null", "[]", "7", '"Patient"', "{", "{}", '{"resourceType":"Patient"', "\u0000"]) {
      expect((await refused(text))[0], text).to.be.oneOf(["", "resourceType"]);
    }
    await expectSalusError(fhir.readFhir(Uint8Array.of(0xff, 0xfe, 0x00)), "FHIR_INVALID");
  });

  it("abuse: says nothing of what was in the field", async () => {
    const secret = "Amina Rahman, HIV positive";
    for (const wrong of [
      { ...observation, status: secret },
      { ...observation, [secret]: "x" },
      { ...observation, effectiveDateTime: secret },
      { ...observation, subject: { reference: `Claim/${secret}` } },
    ]) {
      const error = await expectSalusError(fhir.readFhir(bytes(wrong)), "FHIR_INVALID");
      expect(JSON.stringify([error.message, error.details])).not.to.contain("Amina");
    }
  });

  it("abuse: refuses every field of every resource as another type", async () => {
    for (const [name, resource] of Object.entries(EXAMPLES)) {
      for (const path of places(resource).filter(({ length }) => length > 0)) {
        const value = at(resource, path);
        const others = [true, 1.5, "\u0001", [], {}, null, [[1]], { x: 1 }].filter((each) =>
          typeof value === "number" ? typeof each !== "number" : typeof value === "boolean" ? each !== true : true,
        );
        for (const other of others) {
          const error: unknown = await fhir.readFhir(bytes(withAt(resource, path, other))).then(
            () => new Error(`${name} ${path.join(".")} was taken as ${JSON.stringify(other)}`),
            (refusal: unknown) => refusal,
          );
          if (!isSalusError(error, "FHIR_INVALID")) throw error;
        }
      }
    }
  });

  it("abuse: answers any JSON with a resource or FHIR_INVALID", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom(...Object.values(EXAMPLES)),
        fc.nat(),
        async (json, resource, where) => {
          const all = places(resource);
          const value: unknown = JSON.parse(json);
          for (const text of [json, JSON.stringify(withAt(resource, all[where % all.length]!, value))]) {
            await fhir.readFhir(bytes(text)).catch((error: unknown) => {
              if (!isSalusError(error, "FHIR_INVALID")) throw error;
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
