import { expect } from "chai";
import fc from "fast-check";

import { ReadWriteLock } from "../../../services/ipfs/lock.js";

describe("IPFS node: read-write lock", () => {
  it("lets readers share and writers be alone, in the order in which they came", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ writes: fc.boolean(), turns: fc.nat(4) }), { maxLength: 30 }),
        async (jobs) => {
          const lock = new ReadWriteLock();
          const entered: number[] = [];
          let readers = 0;
          let writers = 0;

          await Promise.all(
            jobs.map(({ writes, turns }, i) =>
              writes
                ? lock.write(async () => {
                    entered.push(i);
                    expect([readers, writers++]).to.deep.equal([0, 0]);
                    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
                    writers--;
                  })
                : lock.read(async () => {
                    entered.push(i);
                    readers++;
                    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
                    expect(writers).to.equal(0);
                    readers--;
                  }),
            ),
          );

          expect(entered).to.deep.equal(jobs.map((_, i) => i));
        },
      ),
    );
  });

  it("goes on after a failure", async () => {
    const lock = new ReadWriteLock();
    const fail = () => Promise.reject(new Error("no"));

    await lock.write(fail).catch(() => undefined);
    await lock.read(fail).catch(() => undefined);

    expect(await lock.write(() => Promise.resolve(1))).to.equal(1);
  });
});
