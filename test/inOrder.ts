/** Suites whose tests build on each other. */
import type { Suite } from "mocha";

/**
 * Leaves out the rest of a suite once one of its tests has failed. Mocha's own `bail` counts the failures of all suites, and
 * leaves out the whole of one because another has failed, without a word.
 * @param suite `this` of its `describe`
 */
export function inOrder(suite: Suite): void {
  let hasFailed = false;
  suite.beforeEach(function () {
    if (hasFailed) this.skip();
  });
  suite.afterEach(function () {
    hasFailed ||= this.currentTest?.state === "failed";
  });
}
