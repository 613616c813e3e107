/** The part of `ws` that the local chain's server uses: the package comes with ethers and brings no types. */
declare module "ws" {
  import type { EventEmitter } from "node:events";
  import type { IncomingMessage } from "node:http";
  import type { AddressInfo } from "node:net";
  import type { Duplex } from "node:stream";

  export class WebSocket {
    on(event: "message", listener: (data: Buffer) => void): this;
    on(event: "close", listener: () => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    /** Sends nothing once the socket is closing. */
    send(data: string): void;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: { noServer: true; maxPayload: number } | { host: string; port: number });
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, callback: (socket: WebSocket) => void): void;
    on(event: "connection", listener: (socket: WebSocket) => void): this;
    address(): AddressInfo;
    close(): void;
  }
}
