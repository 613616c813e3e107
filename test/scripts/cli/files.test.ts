import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import fc from "fast-check";
import * as v from "valibot";

import { CliError } from "../../../scripts/cli/errors.js";
import { mediaTypeOf, readJson, localFileName, writeWhole } from "../../../scripts/cli/files.js";
import { dicomDocument, fhirDocuments, hostileDocuments, jpegDocument, pdfDocument } from "../../documents/index.js";

async function refusal(promise: Promise<unknown>): Promise<CliError> {
  const error = await promise.then(
    () => new Error("expected a refusal"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CliError) return error;
  throw error;
}

describe("files of the command line", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-files-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes private files that only their owner can read, also over open ones", async function () {
    if (process.platform === "win32") this.skip();
    const path = join(folder, "keys", "root.age");
    await writeWhole(path, "secret", { isPrivate: true });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder, "keys"))).mode & 0o777).to.equal(0o700);
    const open = join(folder, "open");
    await writeFile(open, "old", { mode: 0o644 });
    await writeWhole(open, "secret", { isPrivate: true, replace: true });
    expect((await stat(open)).mode & 0o777).to.equal(0o600);
  });

  it("overwrites nothing unless told to, and leaves nothing behind", async () => {
    const path = join(folder, "file");
    await writeWhole(path, "one");
    expect((await refusal(writeWhole(path, "two"))).code).to.equal("FILE_EXISTS");
    expect(await readFile(path, "utf8")).to.equal("one");
    await writeWhole(path, "two", { replace: true });
    expect(await readFile(path, "utf8")).to.equal("two");
    expect(await readdir(folder)).to.deep.equal(["file"]);
  });

  it("lets one of many win who write the same new file at once", async () => {
    const path = join(folder, "file");
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => writeWhole(path, `${n}`.repeat(9_999))),
    );
    const winners = results.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : []));
    expect(winners).to.have.length(1);
    expect(await readFile(path, "utf8")).to.equal(`${winners[0]}`.repeat(9_999));
    expect(await readdir(folder)).to.deep.equal(["file"]);
  });

  it("names the field that is wrong and never what is in it", async () => {
    const path = join(folder, "identity.json");
    const schema = v.strictObject({ nationalId: v.string() });
    await writeFile(path, JSON.stringify({ nationalId: 1988031412345 }));
    const wrong = await refusal(readJson(path, schema));
    expect(wrong.details).to.include({ field: "nationalId" });
    await writeFile(path, JSON.stringify({ nationalId: "1988031412345", more: 1 }));
    expect((await refusal(readJson(path, schema))).details).to.include({ field: "more" });
    await writeFile(path, '{"nationalId": "1988031412345"');
    const malformed = await refusal(readJson(path, schema));
    expect(JSON.stringify([wrong.details, malformed.details, malformed.message])).not.to.include("1988");
  });

  it("knows the media types of the documents that it is tested on", async () => {
    for (const { path, name, mediaType } of [
      ...fhirDocuments,
      ...hostileDocuments,
      pdfDocument,
      jpegDocument,
      dicomDocument,
    ]) {
      expect(mediaTypeOf(name, await readFile(path)), name).to.equal(mediaType);
    }
    const bytes = new TextEncoder().encode('{"a": 1}');
    expect(mediaTypeOf("settings.JSON", bytes)).to.equal("application/json");
    expect(mediaTypeOf("broken.json", bytes.subarray(1))).to.equal("application/octet-stream");
    expect(mediaTypeOf("README", bytes)).to.equal("application/octet-stream");
  });

  it("keeps a file name that somebody else chose inside the folder", () => {
    expect(localFileName("../../.ssh/authorized_keys")).to.equal("authorized_keys");
    expect(localFileName("..\\..\\autorun.inf")).to.equal("autorun.inf");
    expect(localFileName('<img src=x onerror="run()">.png')).to.equal("_img src=x onerror=_run()__.png");
    expect(localFileName("..")).to.equal("document");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const safe = localFileName(name);
        expect(safe).to.match(/^[^/\\]+$/u);
        expect([".", ".."]).not.to.include(safe);
        expect(join(folder, safe).startsWith(folder)).to.equal(true);
      }),
    );
  });
});
