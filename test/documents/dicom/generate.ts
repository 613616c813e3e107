/**
 * Writes phantom.dcm: a DICOM Part 10 file (PS3.10) with one 64 x 64 monochrome picture of two discs, explicit VR
 * little endian, Secondary Capture. The same bytes every time.
 *
 *     npm exec -- node --import tsx test/documents/dicom/generate.ts
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const SIDE = 64;

/** One data element: a tag, a two-letter value representation and its bytes, padded to an even length (PS3.5, 7.1.2). */
function element(group: number, tag: number, vr: string, value: string | number | Buffer): Buffer {
  let bytes: Buffer;
  if (typeof value === "number") {
    bytes = Buffer.alloc(vr === "UL" ? 4 : 2);
    if (vr === "UL") bytes.writeUInt32LE(value);
    else bytes.writeUInt16LE(value);
  } else {
    bytes = Buffer.from(value as string);
    if (bytes.length % 2 === 1) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" || vr === "OB" ? "\0" : " ")]);
  }
  const isLong = vr === "OB" || vr === "OW";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(tag, 2);
  head.write(vr, 4, "latin1");
  if (isLong) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

function pixels(): Buffer {
  const picture = Buffer.alloc(SIDE * SIDE, 16);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (Math.hypot(x - 32, y - 32) < 26) picture[y * SIDE + x] = 120 + Math.round(60 * Math.sin(x / 5));
      if (Math.hypot(x - 40, y - 26) < 7) picture[y * SIDE + x] = 235;
    }
  }
  return picture;
}

const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const INSTANCE = "2.25.202611210000000000000000000000000001";

const meta = Buffer.concat([
  element(0x0002, 0x0001, "OB", Buffer.from([0, 1])),
  element(0x0002, 0x0002, "UI", SECONDARY_CAPTURE),
  element(0x0002, 0x0003, "UI", INSTANCE),
  element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1"),
  element(0x0002, 0x0012, "UI", "2.25.202611210000000000000000000000000099"),
]);

const dataset = Buffer.concat([
  element(0x0008, 0x0016, "UI", SECONDARY_CAPTURE),
  element(0x0008, 0x0018, "UI", INSTANCE),
  element(0x0008, 0x0020, "DA", "20261102"),
  element(0x0008, 0x0030, "TM", "101500"),
  element(0x0008, 0x0050, "SH", ""),
  element(0x0008, 0x0060, "CS", "OT"),
  element(0x0008, 0x0064, "CS", "SYN"),
  element(0x0008, 0x0090, "PN", ""),
  element(0x0010, 0x0010, "PN", "Phantom^Test"),
  element(0x0010, 0x0020, "LO", "PHANTOM-1"),
  element(0x0010, 0x0030, "DA", ""),
  element(0x0010, 0x0040, "CS", ""),
  element(0x0020, 0x000d, "UI", "2.25.202611210000000000000000000000000002"),
  element(0x0020, 0x000e, "UI", "2.25.202611210000000000000000000000000003"),
  element(0x0020, 0x0010, "SH", "1"),
  element(0x0020, 0x0011, "IS", "1"),
  element(0x0020, 0x0013, "IS", "1"),
  element(0x0028, 0x0002, "US", 1),
  element(0x0028, 0x0004, "CS", "MONOCHROME2"),
  element(0x0028, 0x0010, "US", SIDE),
  element(0x0028, 0x0011, "US", SIDE),
  element(0x0028, 0x0100, "US", 8),
  element(0x0028, 0x0101, "US", 8),
  element(0x0028, 0x0102, "US", 7),
  element(0x0028, 0x0103, "US", 0),
  element(0x7fe0, 0x0010, "OW", pixels()),
]);

const file = Buffer.concat([
  Buffer.alloc(128),
  Buffer.from("DICM"),
  element(0x0002, 0x0000, "UL", meta.length),
  meta,
  dataset,
]);

// The test runner imports every file of this folder.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL("phantom.dcm", import.meta.url), file);
}
