import { expect } from "chai";
import Mocha from "mocha";

import { inOrder } from "../../inOrder.js";

/** What became of each test. */
async function outcomes(suites: (root: Mocha.Suite) => void): Promise<string[]> {
  const told: string[] = [];
  const mocha = new Mocha({ reporter: Mocha.reporters.Base });
  suites(mocha.suite);
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", ({ title }) => told.push(`${title} passed`));
    runner.on("fail", ({ title }) => told.push(`${title} failed`));
    runner.on("pending", ({ title }) => told.push(`${title} left out`));
  });
  return told;
}

function suite(parent: Mocha.Suite, name: string, tests: Record<string, () => void>): Mocha.Suite {
  const made = Mocha.Suite.create(parent, name);
  for (const [title, run] of Object.entries(tests)) made.addTest(new Mocha.Test(title, run));
  return made;
}

const good = () => undefined;
const bad = () => expect.fail("on purpose");

describe("Tests that build on each other", () => {
  it("end with the first that fails, and those of a suite inside them", async () => {
    const told = await outcomes((root) => {
      const steps = suite(root, "steps", { one: good, two: bad, three: good });
      inOrder(steps);
      suite(steps, "more steps", { four: good });
    });
    expect(told).to.deep.equal(["one passed", "two failed", "three left out", "four left out"]);
  });

  it("run although another suite has failed, in a test or before its first", async () => {
    const told = await outcomes((root) => {
      inOrder(suite(root, "first", { one: bad }));
      const second = suite(root, "second", { two: good });
      second.beforeAll(bad);
      inOrder(suite(root, "third", { three: good, four: good }));
    });
    expect(told).to.deep.equal([
      "one failed",
      '"before all" hook: bad for "two" failed',
      "three passed",
      "four passed",
    ]);
  });
});
