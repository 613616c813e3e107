import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { BrowserProvider, type Eip1193Provider, Interface, type JsonRpcProvider, type Signer, Wallet } from "ethers";
import { network } from "hardhat";

import {
  checkChain,
  connectChain,
  receiptOf,
  rpcProvider,
  send,
  sendBatch,
  waitFor,
  type Chain,
} from "../../../sdk/adapters/chain.js";
import { encodeOpenScopes } from "../../../sdk/adapters/consents.js";
import { encodePublishKey, keyOf, sendPublishKey } from "../../../sdk/adapters/keys.js";
import { eventsOf } from "../../../sdk/adapters/logs.js";
import { roleOf, sendAccredit, sendRevokeAccreditation } from "../../../sdk/adapters/participants.js";
import { NO_REF } from "../../../sdk/adapters/policies.js";
import { guard, toSalusError } from "../../../sdk/adapters/refusal.js";
import { ERROR_MESSAGES, isSalusError, type Address, type Hex } from "../../../sdk/index.js";
import * as typechain from "../../../typechain-types/index.js";
import { expectSalusError } from "../../expectSalusError.js";
import { startWorld, TEN_YEARS, type Unlocked, type World } from "../../world.js";

const KEY: Hex = `0x${"42".repeat(32)}`;
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";

/** Custom errors in the ABIs that no user of the SDK can meet, and why. */
const UNREACHABLE: Record<string, string> = {
  AddressEmptyCode: "Multicall delegates to itself, and a batch calls the deployment's contracts: all have code",
  FailedCall: "Multicall and a batch pass the reason on; our functions never revert without one",
  InvalidAccountNonce: "only _useCheckedNonce throws it, which the forwarder doesn't call",
  InvalidShortString: "thrown in a constructor, for the constant name of an EIP-712 domain",
  StringTooLong: "thrown in a constructor, for the constant name of an EIP-712 domain",
  "InsufficientBalance(uint256,uint256)":
    "of the forwarder's execute, which the SDK doesn't call; the ledger has its own",
  ERC2771ForwarderExpiredRequest: "of the forwarder's execute, which the SDK doesn't call",
  ERC2771ForwarderInvalidSigner: "of the forwarder's execute, which the SDK doesn't call",
  ERC2771ForwarderMismatchedValue: "of the forwarder's execute, which the SDK doesn't call",
  ERC2771UntrustfulTarget: "of the forwarder's execute, which the SDK doesn't call",
  ReentrancyGuardReentrantCall: "only a token that calls back meets it",
  SafeERC20FailedOperation: "of a token that refuses to pay; told as TRANSACTION_FAILED",
  ERC20InsufficientAllowance: "of the token; the SDK gives the allowance first",
  ERC20InsufficientBalance: "of the token; the SDK asks for the balance first: NOT_ENOUGH_TOKENS",
  ERC20InvalidApprover: "of the token, for the zero address",
  ERC20InvalidReceiver: "of the token, for the zero address",
  ERC20InvalidSender: "of the token, for the zero address",
  ERC20InvalidSpender: "of the token, for the zero address",
};

describe("chain", function () {
  this.timeout(60_000);

  let world: World;
  let chain: Chain;
  let root: Unlocked;
  before(async () => {
    world = await startWorld();
    chain = world.reader.chain;
    root = await world.account(0);
  });
  after(() => world.stop());

  describe("connecting", () => {
    it("says that nobody answers at the address", async () => {
      const rpcUrl = await deadUrl();
      await expectSalusError(connectChain({ deployment: world.deployment, rpcUrl }), "CHAIN_UNREACHABLE");
    });

    it("says that the node is of another chain, whatever its genesis", async () => {
      const deployment = { ...world.deployment, chainId: 1 };
      const error = await expectSalusError(connectChain({ deployment, rpcUrl: world.rpcUrl }), "WRONG_CHAIN");
      expect(error.details).to.deep.equal({ expected: 1, found: 31337 });
    });

    it("says that the local chain began anew", async () => {
      const server = await network.createServer(undefined, "127.0.0.1", 0);
      const { port } = await server.listen();
      const genesisHash: Hex = `0x${"00".repeat(32)}`;
      const restarted = { deployment: { ...world.deployment, genesisHash }, rpcUrl: `http://127.0.0.1:${port}` };
      await expectSalusError(connectChain(restarted), "CHAIN_RESTARTED");
      await server.close();
    });

    it("says that there is no Salus at the addresses", async () => {
      const contracts = { ...world.deployment.contracts, records: NOBODY };
      const connecting = connectChain({ deployment: { ...world.deployment, contracts }, rpcUrl: world.rpcUrl });
      expect((await expectSalusError(connecting, "NOT_DEPLOYED")).details.address).to.equal(NOBODY);
    });

    it("passes on the right chain, again and again", async () => {
      await checkChain(chain);
      await checkChain(chain);
    });
  });

  describe("custom errors", () => {
    const interfaces = Object.entries(typechain).flatMap(([name, factory]) =>
      name.endsWith("__factory") && "abi" in factory ? [new Interface(factory.abi)] : [],
    );
    const fragments = new Map(
      interfaces.flatMap((abi) => {
        const found: [
          string,
          { signature: string; abi: Interface; inputs: readonly { name: string; type: string }[] },
        ][] = [];
        abi.forEachError((error) => {
          const { name, inputs } = error;
          const signature = error.format("sighash");
          // One name may be two errors, of which only one is ours.
          found.push([signature in UNREACHABLE ? signature : name, { signature, abi, inputs }]);
        });
        return found;
      }),
    );

    it("all have an entry in sdk/errors.ts, or a reason why nobody meets them", () => {
      expect(fragments.size).to.be.greaterThan(30);
      for (const name of fragments.keys()) {
        expect(name in ERROR_MESSAGES, `${name} has one of the two`).to.equal(!(name in UNREACHABLE));
      }
      for (const name of Object.keys(UNREACHABLE)) expect(fragments.has(name), `${name} is still there`).to.equal(true);
    });

    it("are all decoded, with their arguments as details, however deep a wallet nests them", () => {
      const sample = (type: string) =>
        type === "address" ? NOBODY : type === "bytes32" ? KEY : type.startsWith("uint") ? 7n : expect.fail(type);
      for (const [name, { signature, abi, inputs }] of fragments) {
        if (name in UNREACHABLE) continue;
        const values = inputs.map(({ type }) => sample(type));
        const data = abi.encodeErrorResult(signature, values);
        const details = Object.fromEntries(inputs.map((input, i) => [input.name, String(values[i])]));
        for (const thrown of [
          { data },
          { code: "CALL_EXCEPTION", data },
          { info: { error: { code: 3, message: "execution reverted", data } } },
          { error: { code: -32603, data: { code: 3, data: { data } } } },
          Object.assign(new Error("wrapped"), { cause: { data } }),
        ]) {
          const error = toSalusError(thrown);
          expect(error.code, name).to.equal(name);
          expect(error.details, name).to.deep.equal(details);
        }
      }
    });

    it("abuse: an error whose arguments are cut off is one that nobody knows, and hides nothing else", () => {
      const { abi, signature } = fragments.get("AboveBill")!;
      const whole = abi.encodeErrorResult(signature, [8n, 7n]);
      for (const data of [whole.slice(0, 10), `${whole.slice(0, 10)}00`, whole.slice(0, -2)]) {
        expect(toSalusError({ code: "CALL_EXCEPTION", data }).code).to.equal("TRANSACTION_FAILED");
        expect(toSalusError({ data, cause: { data: whole } }).code).to.equal("AboveBill");
      }
    });

    it("come from the chain itself with who and what", async () => {
      const stranger = await world.session(9);
      const accredit = { account: NOBODY, role: "doctor", until: 2_000_000_000, profile: KEY } as const;
      const error = await expectSalusError(sendAccredit(chain, stranger.signer, accredit), "MayNotAccredit");
      expect(error.details).to.deep.equal({ account: stranger.account, role: "7" });
    });

    it("are found for a transaction that is refused in its block and not before", async () => {
      const until = Math.floor(Date.now() / 1_000) + TEN_YEARS;
      const [authority, hospital] = [await world.session(1), await world.session(2)];
      await sendAccredit(chain, root.signer, {
        account: authority.account,
        role: "health authority",
        until,
        profile: KEY,
      });
      await sendAccredit(chain, authority.signer, { account: hospital.account, role: "hospital", until, profile: KEY });
      await world.rpc("evm_setAutomine", false);
      try {
        const revocations = [root, authority].map(({ signer }) =>
          sendRevokeAccreditation(chain, signer, hospital.account),
        );
        const settled = Promise.allSettled(revocations);
        await pendingCount(world, 2);
        await world.rpc("evm_mine");
        const refused = (await settled).flatMap((result) =>
          result.status === "rejected" ? [result.reason as unknown] : [],
        );
        expect(refused).to.have.length(1);
        expect(isSalusError(refused[0], "NotAccredited")).to.equal(true);
      } finally {
        await world.rpc("evm_setAutomine", true);
      }
      expect(await roleOf(chain, hospital.account)).to.equal("none");
    });
  });

  describe("sending", () => {
    it("puts 20 parallel sends of one sender in order, and none is lost", async () => {
      const { signer, account } = await world.session(11);
      const keys = Array.from({ length: 20 }, (_, i): Hex => `0x${(i + 1).toString(16).padStart(64, "0")}`);
      const receipts = await Promise.all(keys.map((key) => sendPublishKey(chain, signer, key, null)));
      expect(new Set(receipts.map(({ hash }) => hash)).size).to.equal(20);
      expect(await keyOf(chain, account)).to.deep.equal({ publicKey: keys.at(-1), version: 20 });
    });

    it("sends several calls as one transaction, in the signer's name", async () => {
      const { signer, account } = await world.session(13);
      const [first, second]: Hex[] = [KEY, `0x${"43".repeat(32)}`];
      const calls = [encodePublishKey(first!, null), encodePublishKey(second!, KEY)];
      const states: string[] = [];
      const receipt = await sendBatch(chain, signer, calls, { onStatus: ({ state }) => states.push(state) });
      expect(states).to.deep.equal(["wallet", "sent", "final"]);
      expect(await keyOf(chain, account)).to.deep.equal({ publicKey: second, version: 2 });
      expect((await receiptOf(chain, receipt.hash)).logs).to.have.length(2);
    });

    it("sends none of several calls when one is refused, and says why", async () => {
      const { signer, account } = await world.session(14);
      const calls = [encodePublishKey(KEY, null), encodePublishKey(NO_REF, null)];
      await expectSalusError(sendBatch(chain, signer, calls), "ZeroKey");
      expect(await keyOf(chain, account)).to.equal(null);
      const opening = encodeOpenScopes(KEY, [{ scope: KEY, publicKey: KEY }]);
      const error = await expectSalusError(sendBatch(chain, signer, [opening]), "UnknownPatient");
      expect(error.details).to.deep.equal({ patientId: KEY });
    });

    it("goes on after a send that was refused", async () => {
      const { signer, account } = await world.session(12);
      const refused = sendPublishKey(chain, signer, `0x${"00".repeat(32)}`, null);
      const passed = sendPublishKey(chain, signer, KEY, null);
      await expectSalusError(refused, "ZeroKey");
      await passed;
      expect((await keyOf(chain, account))?.version).to.equal(1);
    });

    it("tells how far it is: wallet, sent, final", async () => {
      const states: string[] = [];
      await sendPublishKey(chain, root.signer, KEY, null, { onStatus: ({ state }) => states.push(state) });
      expect(states).to.deep.equal(["wallet", "sent", "final"]);
    });

    it("says that the wallet didn't sign", async () => {
      const wallet = await walletOf(world, 13, () => Promise.reject(rejection()));
      await expectSalusError(sendPublishKey(chain, wallet.signer, KEY, null), "SIGNATURE_REJECTED");
      wallet.provider.destroy();
    });

    it("sends through a wallet that signs", async () => {
      const wallet = await walletOf(world, 13, (request) => forward(world, request));
      await sendPublishKey(chain, wallet.signer, KEY, null);
      expect((await keyOf(chain, wallet.account))?.publicKey).to.equal(KEY);
      wallet.provider.destroy();
    });

    it("says that the account can't pay", async () => {
      const poor = Wallet.createRandom().connect(chain.provider);
      await expectSalusError(sendPublishKey(chain, poor, KEY, null), "INSUFFICIENT_FUNDS");
    });

    it("says that the chain fell silent", async () => {
      const provider = rpcProvider(await deadUrl(), 31337) as JsonRpcProvider;
      const away = { ...chain, provider, keys: chain.keys.connect(provider) } as Chain;
      await expectSalusError(
        sendPublishKey(away, Wallet.createRandom().connect(provider), KEY, null),
        "CHAIN_UNREACHABLE",
      );
      await expectSalusError(keyOf(away, NOBODY), "CHAIN_UNREACHABLE");
      provider.destroy();
    });

    it("waits for a transaction of before, and says when the chain doesn't know it", async () => {
      const { hash, blockNumber } = await sendPublishKey(chain, root.signer, KEY, null);
      expect((await waitFor(chain, hash)).blockNumber).to.equal(blockNumber);
      await expectSalusError(waitFor(chain, `0x${"ab".repeat(32)}`), "UNKNOWN_TRANSACTION");
    });

    describe("when the wallet replaces the transaction", () => {
      let sender: { signer: Signer; account: Address };
      /** Replacements are noticed with the next block, as on a chain that goes on. */
      let mining: NodeJS.Timeout;
      beforeEach(async () => {
        sender = await world.session(14);
        await world.rpc("evm_setAutomine", false);
      });
      afterEach(async () => {
        clearInterval(mining);
        await world.rpc("evm_setAutomine", true);
      });

      async function replaced(by: (sent: { to: string; data: string; nonce: number }) => { to: string; data: string }) {
        const nonce = await sender.signer.getNonce();
        const sending = sendPublishKey(chain, sender.signer, KEY, null);
        await pendingCount(world, 1);
        const data = chain.keys.interface.encodeFunctionData("publish", [KEY, `0x${"00".repeat(32)}`]);
        const other = by({ to: world.deployment.contracts.keys, data, nonce });
        const gas = { gasLimit: 200_000, maxFeePerGas: 90_000_000_000n, maxPriorityFeePerGas: 50_000_000_000n };
        const { hash } = await sender.signer.sendTransaction({ ...other, ...gas, nonce });
        mining = setInterval(() => void world.rpc("evm_mine"), 100);
        return { sending, hash };
      }

      it("takes the same call at a higher price for the same", async () => {
        const { sending, hash } = await replaced(({ to, data }) => ({ to, data }));
        expect((await sending).hash).to.equal(hash);
      });

      it("says that another call came instead", async () => {
        const other = chain.keys.interface.encodeFunctionData("publish", [
          `0x${"43".repeat(32)}`,
          `0x${"00".repeat(32)}`,
        ]);
        const { sending } = await replaced(({ to }) => ({ to, data: other }));
        expect((await expectSalusError(sending, "TRANSACTION_REPLACED")).details.reason).to.equal("replaced");
      });

      it("says that it was cancelled", async () => {
        const { sending } = await replaced(() => ({ to: sender.account, data: "0x" }));
        expect((await expectSalusError(sending, "TRANSACTION_REPLACED")).details.reason).to.equal("cancelled");
      });
    });

    it("passes an error of our own through unchanged", async () => {
      const error = await expectSalusError(
        send(chain, NOBODY, () => guard(() => Promise.reject(toSalusError({ code: 4001 })))),
        "SIGNATURE_REJECTED",
      );
      expect(toSalusError(error)).to.equal(error);
    });
  });

  describe("histories", () => {
    const WIDEST = 1_500;
    let refusals = 0;
    let proxy: Server;
    let refuse: (id: unknown) => { status: number; body: unknown };

    before(async () => {
      await world.rpc("hardhat_mine", "0x1770");
      await sendPublishKey(chain, root.signer, KEY, null);
      proxy = createServer((request, response) => {
        void (async () => {
          const asked = JSON.parse(await bodyOf(request)) as Call | Call[];
          const answers = await Promise.all([asked].flat().map(answerTo));
          const bodies = answers.map(({ body }) => body);
          const status = Math.max(...answers.map((answer) => answer.status));
          response.writeHead(status, { "content-type": "application/json" });
          response.end(JSON.stringify(Array.isArray(asked) ? bodies : bodies[0]));
        })();
      });
      proxy.listen(0, "127.0.0.1");
      await once(proxy, "listening");
    });
    after(() => proxy.close());

    interface Call {
      id: unknown;
      method: string;
      params?: [LogQuery];
    }

    interface LogQuery {
      fromBlock: Hex;
      toBlock: Hex | "latest";
    }

    async function answerTo(call: Call) {
      if (call.method === "eth_getLogs" && call.params) {
        const [{ fromBlock, toBlock }] = call.params;
        const to = toBlock === "latest" ? await chain.provider.getBlockNumber() : Number(toBlock);
        if (to - Number(fromBlock) > WIDEST) {
          refusals++;
          return refuse(call.id);
        }
      }
      const body = { jsonrpc: "2.0", id: call.id, result: await world.rpc(call.method, ...(call.params ?? [])) };
      return { status: 200, body };
    }

    const tooWide = { code: -32005, message: "query exceeds max block range" };
    for (const [words, answer] of [
      ["by an RPC error", (id: unknown) => ({ status: 200, body: { jsonrpc: "2.0", id, error: tooWide } })],
      ["by HTTP 400", (id: unknown) => ({ status: 400, body: { jsonrpc: "2.0", id, error: tooWide } })],
      ["by HTTP 413", (id: unknown) => ({ status: 413, body: { jsonrpc: "2.0", id, error: tooWide } })],
    ] as const) {
      it(`are read whole from a node that refuses wide ranges ${words}`, async () => {
        refuse = answer;
        refusals = 0;
        const { port } = proxy.address() as AddressInfo;
        const picky = await connectChain({ deployment: world.deployment, rpcUrl: `http://127.0.0.1:${port}` });
        const expected = await eventsOf(chain, chain.keys, chain.keys.filters.KeyPublished());
        const found = await eventsOf(picky, picky.keys, picky.keys.filters.KeyPublished());
        expect(refusals).to.be.greaterThan(2);
        expect(found.map(({ transactionHash }) => transactionHash)).to.deep.equal(
          expected.map(({ transactionHash }) => transactionHash),
        );
        (picky.provider as JsonRpcProvider).destroy();
      });
    }

    it("end in the node's refusal when it refuses even small ranges", async () => {
      const provider = { getBlockNumber: () => Promise.resolve(10_000) };
      const source = { queryFilter: () => Promise.reject(new Error("no logs here")) };
      const stubborn = { ...chain, provider } as unknown as Chain;
      const error = await expectSalusError(
        eventsOf(stubborn, source, chain.keys.filters.KeyPublished()),
        "TRANSACTION_FAILED",
      );
      expect(error.details.reason).to.equal("no logs here");
    });
  });
});

/** An address at which nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

async function pendingCount(world: World, count: number): Promise<void> {
  for (;;) {
    const block = (await world.rpc("eth_getBlockByNumber", "pending", false)) as { transactions: string[] };
    if (block.transactions.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface WalletRequest {
  method: string;
  params?: unknown[] | Record<string, unknown>;
}

/** An EIP-1193 wallet, as DApps meet it: the development account with this number, whose owner decides on what is sent. */
async function walletOf(world: World, index: number, decide: (request: WalletRequest) => Promise<unknown>) {
  const { account } = await world.session(index);
  const wallet: Eip1193Provider = {
    request: (request) =>
      ["eth_requestAccounts", "eth_accounts"].includes(request.method)
        ? Promise.resolve([account])
        : request.method === "eth_sendTransaction"
          ? decide(request)
          : forward(world, request),
  };
  const provider = new BrowserProvider(wallet);
  provider.pollingInterval = 50;
  return { provider, account, signer: await provider.getSigner() };
}

function forward(world: World, { method, params = [] }: WalletRequest): Promise<unknown> {
  return world.rpc(method, ...(params as unknown[]));
}

function rejection(): Error {
  return Object.assign(new Error("User rejected the request."), { code: 4001 });
}
