/** The local chain's door: programs, our page and wallets come in, other web pages don't. */
import { once } from "node:events";
import { request, type IncomingMessage, type OutgoingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { expect } from "chai";
import { Wallet, type JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import { rpcServer } from "../../../scripts/lib/rpc-server.js";
import { connectChain, deploySalus, rpcProvider } from "../../../sdk/index.js";

const OWN_PAGE = "http://127.0.0.1:5173";
const EXTENSION = "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn";
const ASKS_ID = { jsonrpc: "2.0", id: 7, method: "eth_chainId" };

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
    const foreign: OutgoingHttpHeaders[] = [
      { Origin: "https://evil.example" },
      { Origin: "http://127.0.0.1:5174" },
      { Origin: "null" },
      { Origin: "http://evil.example:8545", Host: "evil.example:8545" },
      { Host: "evil.example" },
      { Origin: `${OWN_PAGE}.evil.example` },
    ];
    for (const headers of foreign) {
      for (const method of ["POST", "OPTIONS"]) {
        const answer = await send(method === "POST" ? JSON.stringify(ASKS_ID) : "", headers, method);
        expect(answer, JSON.stringify(headers)).to.deep.include({ status: 403, body: "" });
        expect(answer.headers).not.to.have.property("access-control-allow-origin");
      }
    }
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
