import { expect } from "chai";

import { SalusError, type ErrorCode } from "../sdk/errors.js";

/** Expects a promise to be refused with this code, and returns the error. */
export async function expectSalusError(promise: Promise<unknown>, code: ErrorCode): Promise<SalusError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(SalusError);
    expect((error as SalusError).code).to.equal(code);
    return error as SalusError;
  }
  throw new Error(`expected to be refused with ${code}`);
}
