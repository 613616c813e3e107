import type { AddressInfo, Server, Socket } from "node:net";

import { once } from "node:events";
import { connect, createServer } from "node:net";

import { expect } from "chai";
import { Log, type Provider } from "ethers";
import { network } from "hardhat";
import { WebSocketServer } from "ws";

import { rpcServer } from "../../../scripts/lib/rpc-server.js";
import {
  acceptPolicy,
  assignMember,
  cancelPolicy,
  closeVisit,
  drawerByLabel,
  FOREVER,
  givePermit,
  grant,
  grantsOf,
  inbox,
  issuePolicy,
  openVisit,
  prepareGrant,
  preparePermit,
  readPermit,
  stopAccess,
  unassignMember,
  watchHeads,
  watchNotices,
  type Listener,
  type LiveState,
  type Notice,
  type SalusError,
  type ScopeLabel,
  type Session,
  type VisitId,
} from "../../../sdk/index.js";
import { startTown, type Town } from "../../world.js";
import { draftFor } from "./policy-world.js";

const HOUR_S = 3_600;
/** So long that nothing is found out by asking. */
const NEVER_MS = 3_600_000;

interface Wire {
  wsUrl: string;
  cut: () => Promise<void>;
  mend: () => Promise<void>;
  end: () => void;
}

/** A wire to the chain's server that can be cut. */
async function wireTo(url: string): Promise<Wire> {
  const open = new Set<Socket>();
  const { port } = new URL(url);
  let server: Server;
  let own = 0;
  const mend = async () => {
    server = createServer((near) => {
      const far = connect(Number(port), "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.on("error", () => undefined).on("close", () => other.destroy());
        one.pipe(other);
      }
    }).listen(own, "127.0.0.1");
    await once(server, "listening");
    own = (server.address() as AddressInfo).port;
  };
  const end = () => {
    server.close();
    for (const socket of open) socket.destroy();
    open.clear();
  };
  await mend();
  const cut = async () => {
    const closed = once(server, "close");
    end();
    await closed;
  };
  return { wsUrl: `ws://127.0.0.1:${own}`, cut, mend, end };
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("flows: notices", function () {
  this.timeout(90_000);

  let town: Town;
  let wsUrl: string;
  const stops: (() => void)[] = [];
  before(async () => {
    town = await startTown();
    wsUrl = town.rpcUrl.replace("http", "ws");
  });
  afterEach(() => stops.splice(0).forEach((stop) => stop()));
  after(() => town.stop());

  const listenerOf = ({ account, patientId }: Session & { patientId?: Listener["patientId"] }): Listener => ({
    account,
    patientId: patientId ?? null,
  });
  const said = ({ kind, as, isForMe }: Notice) => `${as}: ${kind}${isForMe ? " (acts)" : ""}`;

  /** Watches for somebody, and keeps what is heard. */
  async function watch(session: Session, options: Parameters<typeof watchNotices>[3] = {}) {
    const heard: Notice[] = [];
    const states: [LiveState, SalusError["code"] | undefined][] = [];
    const stop = await watchNotices(town.reader, listenerOf(session), (notice) => heard.push(notice), {
      wsUrl,
      pollEvery: NEVER_MS,
      ...options,
      onState: (state, reason) => states.push([state, reason?.code]),
    });
    stops.push(stop);
    return { heard, states, stop, isLive: () => states.at(-1)?.[0] === "live" };
  }

  async function visit(): Promise<VisitId> {
    const { amina, hospital } = town;
    const request = { patientId: amina.patientId, hospital: hospital.account, drawers: [], validFor: HOUR_S };
    const { code } = await givePermit(amina, await preparePermit(amina, { ...request, lasts: 8 * HOUR_S }));
    const { visitId } = await openVisit(hospital, await readPermit(hospital, code));
    return visitId;
  }

  async function share(label: ScopeLabel = "imaging"): Promise<void> {
    const { amina, doctor } = town;
    const drawers = [await drawerByLabel(amina, amina.patientId, label)];
    const terms = { patientId: amina.patientId, grantee: doctor.account, rights: "read" as const, until: FOREVER };
    await grant(amina, await prepareGrant(amina, { ...terms, drawers, records: [] }));
  }

  async function unshare(label: ScopeLabel): Promise<void> {
    const { amina, doctor, reader } = town;
    const { scope: subject } = await drawerByLabel(amina, amina.patientId, label);
    const by = { patientId: amina.patientId, subject, grantee: doctor.account };
    await stopAccess(amina, amina.patientId, await grantsOf(reader.chain, by));
  }

  it("come to everybody whom they concern and nobody else, in the chain's order, with ids and times", async () => {
    const { amina, hospital, doctor, insurer, stranger, reader } = town;
    const watching = [amina, hospital, doctor, insurer, stranger].map((each) => watch(each));
    const [ofAmina, ofHospital, ofDoctor, ofInsurer, ofStranger] = await Promise.all(watching);
    const all = [ofAmina!, ofHospital!, ofDoctor!, ofInsurer!, ofStranger!];
    await until(() => all.every(({ isLive }) => isLive()));

    const visitId = await visit();
    await assignMember(hospital, visitId, doctor.account);
    const draft = await draftFor(reader, amina.patientId);
    const { policyId } = await issuePolicy(insurer, draft);
    await share();
    await acceptPolicy(amina, policyId, { wording: draft.wording.bytes, schedule: draft.schedule.bytes });
    await unassignMember(hospital, visitId, doctor.account);
    await closeVisit(amina, visitId);
    await unshare("imaging");
    await cancelPolicy(insurer, policyId);
    const last = await reader.chain.provider.getBlockNumber();
    await until(() => ofAmina!.heard.some(({ blockNumber }) => blockNumber === last) && ofDoctor!.heard.length === 4);

    expect(ofAmina!.heard.map(said)).to.deep.equal([
      "patient: visit opened",
      "patient: visit assigned",
      "patient: policy offered (acts)",
      "patient: policy cancelled",
    ]);
    expect(ofHospital!.heard.map(said)).to.deep.equal(["hospital: visit closed"]);
    expect(ofDoctor!.heard.map(said)).to.deep.equal([
      "member: visit assigned (acts)",
      "grantee: access given",
      "member: visit unassigned",
      "grantee: access ended",
    ]);
    expect(ofInsurer!.heard.map(said)).to.deep.equal(["insurer: policy accepted"]);
    expect(ofStranger!.heard).to.deep.equal([]);

    const [opened, , offered] = ofAmina!.heard;
    expect(opened).to.deep.include({ visitId, orderId: null, by: hospital.account, patientId: amina.patientId });
    expect(offered).to.deep.include({ policyId, visitId: null, by: insurer.account });
    const block = await reader.chain.provider.getBlock(opened!.blockNumber);
    expect(opened!.time).to.equal(block!.timestamp);
    for (const [session, { heard }] of [[amina, ofAmina!] as const, [doctor, ofDoctor!] as const]) {
      expect(await inbox(reader, listenerOf(session), heard[0]!.blockNumber)).to.deep.equal(heard);
    }
  });

  it("are all there, once and in order, after the socket was cut", async () => {
    const { doctor, reader } = town;
    const wire = await wireTo(town.rpcUrl);
    stops.push(wire.end);
    const { heard, states, isLive } = await watch(doctor, { wsUrl: wire.wsUrl });
    await until(isLive);
    const first = (await reader.chain.provider.getBlockNumber()) + 1;

    await share("laboratory");
    await until(() => heard.length === 1);
    for (const [i, label] of (["medication", "visits", "documents"] as const).entries()) {
      await wire.cut();
      await until(() => !isLive());
      await share(label);
      await unshare(label);
      expect(heard, "nothing comes over a cut wire").to.have.length(1 + 2 * i);
      await wire.mend();
      await until(isLive);
      await until(() => heard.length === 3 + 2 * i);
    }
    await share("documents");
    await until(() => heard.length === 8);
    expect(heard.map(said)).to.deep.equal([
      "grantee: access given",
      ...Array.from({ length: 3 }, () => ["grantee: access given", "grantee: access ended"]).flat(),
      "grantee: access given",
    ]);
    expect(new Set(heard.map(({ id }) => id)).size).to.equal(heard.length);
    expect(await inbox(reader, listenerOf(doctor), first)).to.deep.equal(heard);
    expect(states.filter(([state]) => state === "live")).to.have.length(4);
    expect(states.some(([state, code]) => state === "polling" && code === "CHAIN_UNREACHABLE")).to.equal(true);
  });

  it("come by asking where there is no socket, or one that knows no subscriptions", async () => {
    const { doctor } = town;
    const deaf = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(deaf, "listening");
    deaf.on("connection", (socket) => {
      socket.on("message", (text) => {
        const { id, method, params } = JSON.parse((text as Buffer).toString()) as {
          id: number;
          method: string;
          params: unknown[];
        };
        const reply = (body: object) => socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
        if (method === "eth_subscribe") reply({ error: { code: -32_601, message: "no such method" } });
        else void town.rpc(method, ...params).then((result) => reply({ result }));
      });
    });
    stops.push(() => deaf.close());
    const { port } = deaf.address() as AddressInfo;
    for (const [wsUrl, expected] of [
      [undefined, undefined],
      [`ws://127.0.0.1:${port}`, "TRANSACTION_FAILED"],
      ["ws://127.0.0.1:9", "CHAIN_UNREACHABLE"],
      ["no address", "CHAIN_UNREACHABLE"],
    ] as const) {
      const { heard, states, stop } = await watch(doctor, { wsUrl, pollEvery: 20 });
      await share("imaging");
      await until(() => heard.length === 1 && states.some(([state]) => state === "polling"));
      expect(states.find(([state]) => state === "polling")?.[1], String(wsUrl)).to.equal(expected);
      expect(states.some(([state]) => state === "live")).to.equal(false);
      stop();
    }
  });

  for (const [what, override, code] of [
    ["another chain", { chainId: 424_242 }, "WRONG_CHAIN"],
    ["a chain that began anew", { initialDate: "2026-01-01T00:00:00Z" }, "CHAIN_RESTARTED"],
  ] as const) {
    it(`abuse: a node of ${what} behind the socket is told from ours, and rings for nothing`, async () => {
      const foreign = await network.create({ override });
      const server = rpcServer(foreign.provider, []).listen(0, "127.0.0.1");
      await once(server, "listening");
      const states: [LiveState, string | undefined][] = [];
      const heads: number[] = [];
      const stop = watchHeads(town.reader.chain, {
        wsUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
        pollEvery: NEVER_MS,
        onHead: (block) => Promise.resolve(void heads.push(block)),
        onState: (state, reason) => states.push([state, reason?.code]),
      });
      stops.push(stop, () => server.close());
      const own = await town.reader.chain.provider.getBlockNumber();
      await until(() => states.length === 2);
      await foreign.provider.request({ method: "hardhat_mine", params: ["0x400"] });
      // It is asked again, and refused again.
      await until(() => states.length === 3);
      expect(states).to.deep.equal([
        ["connecting", undefined],
        ["polling", code],
        ["polling", code],
      ]);
      expect(heads.every((block) => block === own)).to.equal(true);
      await foreign.close();
    });
  }

  it("abuse: events of other contracts, other people or other blocks than were asked for are not listened to", async () => {
    const { doctor, stranger, reader } = town;
    const { provider } = reader.chain;
    const listener = listenerOf(doctor);
    const own = await inbox(reader, listener);
    expect(own).not.to.deep.equal([]);
    const from = await provider.getBlockNumber();
    const elsewhere = (
      { transactionHash, blockHash, blockNumber, removed, data, topics, index, transactionIndex }: Log,
      by: Provider,
    ) =>
      new Log(
        {
          ...{ transactionHash, blockHash, blockNumber, removed, data, topics, index, transactionIndex },
          address: stranger.account,
        },
        by,
      );
    const lying = new Proxy(provider, {
      get(target, name) {
        if (name === "getLogs") {
          // All that ever happened, whatever is asked for; and grants from a contract of the liar's own.
          return async () => {
            const logs = await target.getLogs({ fromBlock: 0, toBlock: "latest" });
            return [...logs, ...logs.map((log) => elsewhere(log, target))];
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const chain = { ...reader.chain, provider: lying };
    expect(await inbox({ chain }, listenerOf(stranger))).to.deep.equal([]);
    expect(await inbox({ chain }, listener, from)).to.deep.equal(await inbox(reader, listener, from));
    expect(await inbox({ chain }, listener)).to.deep.equal(own);
  });

  it("stop when they are told to, and never after", async () => {
    const { doctor } = town;
    const { heard, isLive, stop } = await watch(doctor);
    await until(isLive);
    stop();
    await share("imaging");
    const other = await watch(doctor, { sinceBlock: await town.reader.chain.provider.getBlockNumber() });
    await until(() => other.heard.length > 0);
    expect(heard).to.deep.equal([]);
  });
});
