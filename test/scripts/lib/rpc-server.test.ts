/** The local chain's door: programs, our page and wallets come in, other web pages don't. */
import { once } from "node:events";
import { request, type IncomingMessage, type OutgoingHttpHeaders, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";

import { expect } from "chai";
import { Wallet, type JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import { rpcServer } from "../../../scripts/lib/rpc-server.js";
import { connectChain, deploySalus, rpcProvider } from "../../../sdk/index.js";

const OWN_PAGE = "http://127.0.0.1:5173";
const EXTENSION = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn";
const ASKS_ID = { jsonrpc: "2.0", id: 7, method: "eth_chainId" };

const FOREIGN: readonly OutgoingHttpHeaders[] = [
  { Origin: "https://evil.example" },
  { Origin: "http://127.0.0.1:5174" },
  { Origin: "null" },
  { Origin: "http://evil.example:8545", Host: "evil.example:8545" },
  { Host: "evil.example" },
  { Origin: `${OWN_PAGE}.evil.example` },
];

interface Answer {
  result?: string;
  error?: { code: number };
  method?: string;
  params?: { subscription: string };
}

describe("the local chain's server", function () {
  this.timeout(60_000);

  let server: Server;
  let provider: JsonRpcProvider;
  let port: number;

  before(async () => {
    server = rpcServer((await network.create()).provider, [OWN_PAGE]).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    provider = rpcProvider(`http://127.0.0.1:${port}`, 31_337) as JsonRpcProvider;
  });

  after(() => {
    provider.destroy();
    server.close();
    server.closeAllConnections();
  });

  /** Asks as a browser would: `fetch` lets nobody choose Host and Origin. */
  async function send(body: string, headers: OutgoingHttpHeaders = {}, method = "POST") {
    const outgoing = request({ host: "127.0.0.1", port, method, headers });
    outgoing.end(body);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  }

  it("answers programs, the page and a wallet's extension", async () => {
    for (const origin of [undefined, OWN_PAGE, EXTENSION]) {
      const answer = await send(JSON.stringify(ASKS_ID), origin === undefined ? {} : { Origin: origin });
      expect(JSON.parse(answer.body), origin).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "0x7a69" });
      expect(answer.headers["access-control-allow-origin"]).to.equal(origin);
    }
    const preflight = await send("", { Origin: OWN_PAGE, "Access-Control-Request-Method": "POST" }, "OPTIONS");
    expect(preflight).to.deep.include({ status: 204, body: "" });
    expect(preflight.headers["access-control-allow-headers"]).to.equal("Content-Type");
  });

  it("answers no other page, none that hides where it comes from, and none that calls itself this machine", async () => {
    for (const headers of FOREIGN) {
      for (const method of ["POST", "OPTIONS"]) {
        const answer = await send(method === "POST" ? JSON.stringify(ASKS_ID) : "", headers, method);
        expect(answer, JSON.stringify(headers)).to.deep.include({ status: 403, body: "" });
        expect(answer.headers).not.to.have.property("access-control-allow-origin");
      }
    }
  });

  /** Opens a socket as a browser would: `WebSocket` lets nobody choose Host and Origin. Gives the status of a refusal. */
  async function upgrade(headers: OutgoingHttpHeaders): Promise<{ status: number | undefined; socket?: Socket }> {
    const outgoing = request({
      host: "127.0.0.1",
      port,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": Buffer.from("sixteen bytes ok").toString("base64"),
        ...headers,
      },
    });
    outgoing.end();
    const [kind, response, socket] = await Promise.race([
      once(outgoing, "upgrade").then(([message, opened]) => ["upgrade", message as IncomingMessage, opened] as const),
      once(outgoing, "response").then(([message]) => ["response", message as IncomingMessage, undefined] as const),
    ]);
    return { status: response.statusCode, ...(kind === "upgrade" && { socket: socket as Socket }) };
  }

  it("opens a socket for whoever it would answer, and for nobody else", async () => {
    for (const headers of [{}, { Origin: OWN_PAGE }, { Origin: EXTENSION }]) {
      const { status, socket } = await upgrade(headers);
      expect(status, JSON.stringify(headers)).to.equal(101);
      socket?.destroy();
    }
    for (const headers of FOREIGN) {
      expect(await upgrade(headers), JSON.stringify(headers)).to.deep.equal({ status: 403 });
    }
  });

  it("answers over a socket as over HTTP, and tells each what it subscribed to, until it closes", async () => {
    const [one, other] = [new WebSocket(`ws://127.0.0.1:${port}`), new WebSocket(`ws://127.0.0.1:${port}`)];
    const heard = { one: [] as Answer[], other: [] as Answer[] };
    const listen = (socket: WebSocket, into: Answer[]) =>
      socket.addEventListener("message", ({ data }) => into.push(JSON.parse(String(data)) as Answer));
    listen(one, heard.one);
    listen(other, heard.other);
    await Promise.all([once(one, "open"), once(other, "open")]);
    const answered = async (socket: WebSocket, text: string) => {
      const next = once(socket, "message");
      socket.send(text);
      const [{ data }] = (await next) as [{ data: string }];
      return JSON.parse(data) as Answer;
    };
    expect(await answered(one, JSON.stringify(ASKS_ID))).to.deep.equal({ jsonrpc: "2.0", id: 7, result: "0x7a69" });
    expect((await answered(one, "{")).error?.code).to.equal(-32_700);
    expect((await answered(one, "7")).error?.code).to.equal(-32_600);
    const subscribe = { jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] };
    const { result } = await answered(one, JSON.stringify(subscribe));
    const head = once(one, "message");
    await provider.send("evm_mine", []);
    await head;
    expect(heard.one.at(-1)).to.deep.include({ method: "eth_subscription" });
    expect(heard.one.at(-1)?.params?.subscription).to.equal(result);
    expect(heard.other, "the other has subscribed to nothing").to.deep.equal([]);
    one.close();
    await once(one, "close");
    await provider.send("evm_mine", []);
    expect(heard.one.filter(({ method }) => method === "eth_subscription")).to.have.length(1);
    other.close();
    await once(other, "close");
  });

  it("says what is wrong with a request, and goes on", async () => {
    const code = async (body: string) =>
      (JSON.parse((await send(body)).body) as { error: { code: number } }).error.code;
    expect(await code("{")).to.equal(-32_700);
    for (const body of ["null", "7", '"x"', "{}", '{"method":7}', '{"method":"eth_chainId","params":{}}']) {
      expect(await code(body), body).to.equal(-32_600);
    }
    expect(await code('{"id":1,"method":"eth_nothing","params":[]}')).to.be.lessThan(0);
    expect((await send("", {}, "GET")).status).to.equal(405);
    const batch = JSON.parse((await send(JSON.stringify([ASKS_ID, ASKS_ID, 7]))).body) as object[];
    expect(batch.map((each) => "result" in each)).to.deep.equal([true, true, false]);
  });

  it("carries transactions, and what a contract says when it refuses", async () => {
    const funded = await provider.getSigner(0);
    const deployment = await deploySalus(funded);
    const chain = await connectChain({ deployment, provider });
    const refusal = (call: Promise<unknown>) =>
      call.then(
        () => "none",
        (error: unknown) => chain.participants.interface.parseError((error as { data: string }).data)?.name,
      );
    const stranger = Wallet.createRandom().address;
    const { participants } = chain;
    const someone = await provider.getSigner(1);
    expect(await refusal(participants.connect(someone).revoke(stranger)), "a transaction").to.equal("NotAbove");
    expect(await refusal(participants.revoke.staticCall(stranger, { from: someone.address })), "a call").to.equal(
      "NotAbove",
    );
  });
});
