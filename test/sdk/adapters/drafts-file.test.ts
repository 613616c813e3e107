import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { fileDrafts } from "../../../sdk/adapters/drafts-file.js";
import { utf8 } from "../../../sdk/core/bytes.js";

describe("adapters: the draft of a registration in a file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "salus-drafts-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is what was saved last, in a folder that is made when missing, and gone once removed", async () => {
    const path = join(folder, "deep", "er", "draft");
    const drafts = fileDrafts(path);
    expect(await drafts.load()).to.equal(null);
    await drafts.remove();
    for (const text of ["first", "second, and longer"]) {
      await drafts.save(utf8(text));
      expect(await fileDrafts(path).load()).to.deep.equal(utf8(text));
    }
    expect(await readdir(join(folder, "deep", "er"))).to.deep.equal(["draft"]);
    await drafts.remove();
    expect(await drafts.load()).to.equal(null);
  });

  it("is its owner's only", async function () {
    if (process.platform === "win32") this.skip();
    const path = join(folder, "private", "draft");
    await fileDrafts(path).save(utf8("sealed"));
    expect((await stat(path)).mode & 0o077).to.equal(0);
    expect((await stat(join(folder, "private"))).mode & 0o077).to.equal(0);
  });

  it("isn't touched by what a crash left half-written", async () => {
    const path = join(folder, "crash", "draft");
    await mkdir(join(folder, "crash"));
    await writeFile(`${path}.tmp`, "half");
    const drafts = fileDrafts(path);
    expect(await drafts.load()).to.equal(null);
    await drafts.save(utf8("whole"));
    expect(await drafts.load()).to.deep.equal(utf8("whole"));
    await writeFile(`${path}.tmp`, "half");
    await drafts.remove();
    expect(await readdir(join(folder, "crash"))).to.deep.equal([]);
  });

  it("says when it can't be read: that isn't the same as no draft", async () => {
    await mkdir(join(folder, "a-folder"));
    const error = await fileDrafts(join(folder, "a-folder"))
      .load()
      .catch((thrown: unknown) => (thrown as NodeJS.ErrnoException).code);
    expect(error).to.equal("EISDIR");
  });
});
