import { expect } from "chai";

import {
  orderIdOf,
  orderKeyFromJson,
  orderKeyToJson,
  recordIdIn,
  visitIdOf,
  visitKeyFromJson,
  visitKeyToJson,
  type OrderKey,
} from "../../../sdk/core/visit.js";
import { recordIdOf } from "../../../sdk/core/record.js";
import type { Address, Hex } from "../../../sdk/types.js";
import vectors from "../../vectors/visit.json" with { type: "json" };

const keyOf = (vector: (typeof vectors.ids)[number]): OrderKey => ({
  visit: {
    patientId: vector.patientId as Hex,
    hospital: vector.hospital as Address,
    nonce: BigInt(vector.nonce),
  },
  author: vector.author as Address,
  nonce: BigInt(vector.orderNonce),
});

describe("sdk/core/visit", function () {
  for (const vector of vectors.ids) {
    const key = keyOf(vector);

    it(`computes the frozen ids of visit ${vector.visitId.slice(0, 10)}…`, function () {
      expect(visitIdOf(key.visit)).to.equal(vector.visitId);
      expect(orderIdOf(key)).to.equal(vector.orderId);
      expect(recordIdIn(vector.orderId as Hex, vector.hospital as Address, 77n)).to.equal(vector.reportId);
    });

    it(`gives another id for another value of any field: ${vector.visitId.slice(0, 10)}…`, function () {
      const { visit, author, nonce } = key;
      const other: Address = "0x000000000000000000000000000000000000dEaD";
      const ids = [
        key,
        { ...key, author: other },
        { ...key, nonce: nonce ^ 1n },
        { ...key, visit: { ...visit, hospital: other } },
        { ...key, visit: { ...visit, nonce: visit.nonce ^ 1n } },
        { ...key, visit: { ...visit, patientId: recordIdOf(visit.patientId, author, 0n) } },
      ].map(orderIdOf);
      expect(new Set(ids).size).to.equal(ids.length);
    });

    it(`comes back from JSON as it was: ${vector.visitId.slice(0, 10)}…`, function () {
      const json = JSON.parse(JSON.stringify(orderKeyToJson(key))) as ReturnType<typeof orderKeyToJson>;
      expect(orderKeyFromJson(json)).to.deep.equal(key);
      expect(visitKeyFromJson(visitKeyToJson(key.visit))).to.deep.equal(key.visit);
    });
  }

  it("names a record outside visits as ever: its context is the patient", function () {
    const { visit, author, nonce } = keyOf(vectors.ids[0]!);
    expect(recordIdIn(visit.patientId, author, nonce)).to.equal(recordIdOf(visit.patientId, author, nonce));
  });
});
