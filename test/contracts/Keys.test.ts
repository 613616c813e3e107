import { expect } from "chai";

import { bytes32, deployed, networkHelpers, ZERO } from "./fixture.js";
import { refused, WAYS } from "./ways.js";

for (const [name, act] of Object.entries(WAYS)) {
  describe(`Keys, ${name}`, () => {
    async function world() {
      const base = await deployed();
      return { ...base, way: await act(base, base.amina) };
    }
    const load = () => networkHelpers.loadFixture(world);

    it("publishes a key, and replaces it under the next version", async () => {
      const { keys, way } = await load();
      expect(await keys.keyOf(way.account)).to.deep.equal([ZERO, 0n]);
      for (const version of [1n, 2n, 3n]) {
        const [publicKey, backup] = [bytes32(), bytes32()];
        await expect(way.send(keys, "publish", [publicKey, backup]))
          .to.emit(keys, "KeyPublished")
          .withArgs(way.account, version, publicKey, backup);
        expect(await keys.keyOf(way.account)).to.deep.equal([publicKey, version]);
      }
    });

    it("touches nobody else's key", async () => {
      const { keys, way, relayer, bashir } = await load();
      await way.send(keys, "publish", [bytes32(), ZERO]);
      for (const other of [relayer, bashir]) expect(await keys.keyOf(other)).to.deep.equal([ZERO, 0n]);
    });

    it("refuses the zero key", async () => {
      const { keys, way } = await load();
      await refused(way, keys, "publish", [ZERO, bytes32()], "ZeroKey", []);
    });
  });
}
