/** The matcher as the registry uses it: real photos, the real model, its own thread. */
import { expect } from "chai";
import { PNG } from "pngjs";

import { seen, toJpeg, type Picture } from "../../../../scripts/lib/picture.js";
import { faceOf, liveOf, nobody, two } from "../../../../scripts/seed/faces.js";
import { compare } from "../../../../services/attest/face/compare.js";
import { startFaceMatcher, THRESHOLD, type FaceMatcher } from "../../../../services/attest/face/index.js";
import { loadModel } from "../../../../services/attest/face/model.js";
import { readPhoto } from "../../../../services/attest/face/photo.js";
import { expectSalusError } from "../../../expectSalusError.js";

function toPng({ width, height, rgb }: Picture): Uint8Array {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    png.data.set([...rgb.subarray(pixel * 3, pixel * 3 + 3), 255], pixel * 4);
  }
  return new Uint8Array(PNG.sync.write(png));
}

/** Somebody far away from the camera. */
function farAway(photo: Uint8Array): Uint8Array {
  const picture = readPhoto(photo);
  const view = { x: picture.width / 2, y: picture.height / 2, height: picture.height * 5 };
  return toJpeg(seen(picture, view, { width: 640, height: 480 }));
}

describe("The face matcher", function () {
  this.timeout(60_000);

  let matcher: FaceMatcher;
  let onFile: Uint8Array;
  let live: Uint8Array;

  before(async () => {
    [onFile, live] = [await faceOf("dana"), await liveOf("dana")];
    matcher = await startFaceMatcher({ eager: true, queue: 2 });
  });
  after(() => matcher.close());

  it("knows a person again in other light, crop and tilt, and nobody else", async () => {
    expect(matcher.isReady()).to.be.true;
    const own = await matcher.match(live, onFile);
    expect(own.isMatch).to.be.true;
    expect(own.distance).to.be.within(0.01, THRESHOLD);
    for (const stranger of ["other", "amina"] as const) {
      const { isMatch, distance } = await matcher.match(await liveOf(stranger), onFile);
      expect(isMatch, stranger).to.be.false;
      expect(distance, stranger).to.be.greaterThan(THRESHOLD + 0.1);
    }
  });

  it("takes a PNG for the same as a JPEG", async () => {
    const { distance } = await matcher.match(toPng(readPhoto(onFile)), onFile);
    expect(distance).to.be.lessThan(0.001);
  });

  it("says what is wrong with which photo", async () => {
    const refused = async (photo: Uint8Array, code: Parameters<typeof expectSalusError>[1]) => {
      const { details } = await expectSalusError(matcher.match(photo, onFile), code);
      expect(details["photo"]).to.equal("live");
    };
    await refused(await nobody(), "NO_FACE");
    await refused(await two(), "SEVERAL_FACES");
    await refused(farAway(onFile), "FACE_TOO_SMALL");
    await refused(new TextEncoder().encode("not a photo"), "PHOTO_UNREADABLE");
    await refused(live.slice(0, live.length / 2), "PHOTO_UNREADABLE");
    await refused(new Uint8Array(5 * 1024 * 1024), "PHOTO_TOO_LARGE");
    expect((await expectSalusError(matcher.match(live, await nobody()), "NO_FACE")).details["photo"]).to.equal(
      "on file",
    );
    expect((await expectSalusError(matcher.check(await two()), "SEVERAL_FACES")).details["photo"]).to.equal("on file");
    await matcher.check(onFile);
  });

  it("refuses more than may wait, and answers those who do", async () => {
    const junk = new Uint8Array(10);
    const calls = [1, 2, 3, 4, 5].map(() => matcher.match(junk, onFile));
    const codes = (await Promise.allSettled(calls)).map((each) => (each as { reason: { code: string } }).reason.code);
    expect(codes).to.deep.equal([...Array<string>(3).fill("PHOTO_UNREADABLE"), "SERVICE_BUSY", "SERVICE_BUSY"]);
  });

  it("comes back after a crash, and answers those who waited meanwhile", async () => {
    // What can't be a photo at all is a defect, not a refusal: it ends the thread.
    const crash = matcher.match({} as Uint8Array, onFile);
    const waiting = matcher.match(live, onFile);
    await expectSalusError(crash, "SERVICE_BUSY");
    expect((await waiting).isMatch).to.be.true;
    expect(matcher.isReady()).to.be.true;
  });

  it("ends what takes too long, not counting the time that the model takes to load, and is there for the next", async () => {
    const hasty = await startFaceMatcher({ timeout: 1 });
    try {
      expect(hasty.isReady()).to.be.true;
      await expectSalusError(hasty.match(live, onFile), "SERVICE_BUSY");
      // Had it been ended while it loaded, it would count as broken.
      expect(hasty.isReady()).to.be.true;
    } finally {
      await hasty.close();
    }
  });

  it("refuses whoever comes or waits when it closes", async () => {
    const closing = await startFaceMatcher();
    const calls = [closing.match(live, onFile), closing.match(live, onFile)];
    const refusals = Promise.all(calls.map((call) => expectSalusError(call, "SERVICE_BUSY")));
    await closing.close();
    await refusals;
    expect(closing.isReady()).to.be.false;
    await expectSalusError(closing.match(live, onFile), "SERVICE_BUSY");
    await closing.close();
  });

  it("leaves nothing behind in the model's memory", async () => {
    const model = await loadModel();
    const seenOf: number[] = [];
    for (const photo of [live, onFile, await nobody()]) {
      await compare(model, photo, onFile).catch(() => undefined);
      seenOf.push(model.tensors());
    }
    expect(new Set(seenOf).size).to.equal(1);
  });
});
