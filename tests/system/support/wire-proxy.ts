import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { BSON } from "mongodb";

/** What befalls a request: it never leaves, half of it arrives, or it is carried out and the answer never comes. */
export type Moment = "unsent" | "torn" | "unacknowledged";

export interface Blow {
  readonly moment: Moment;
  /** Called at that moment, in the middle of everything. */
  strike(): void;
}

/** As much of a wire protocol as it takes to know requests that matter. */
export interface WireProtocol {
  /** Bytes of a message that have to be there to tell its length. */
  readonly headerBytes: number;
  lengthOf(message: Buffer): number;
  /** What a request is about, of those that matter. */
  subjectOf(request: Buffer): string | undefined;
  /** By what an answer is known to belong to a request. */
  numberOf(request: Buffer): number;
  answeredBy(answer: Buffer): number;
}

const OP_MSG = 2013;
/** After the header: flags, and the kind of the first section, which is the command. */
const COMMAND_AT = 16 + 4 + 1;

/** Inserts, by their collection. */
export const MONGODB: WireProtocol = {
  headerBytes: 16,
  lengthOf: (message) => message.readInt32LE(0),
  subjectOf(request) {
    if (request.readInt32LE(12) !== OP_MSG) return undefined;
    const length = request.readInt32LE(COMMAND_AT);
    const { insert } = BSON.deserialize(request.subarray(COMMAND_AT, COMMAND_AT + length));
    return typeof insert === "string" ? insert : undefined;
  },
  numberOf: (request) => request.readInt32LE(4),
  answeredBy: (answer) => answer.readInt32LE(8),
};

const KAFKA_REQUESTS = new Map([
  [0, "produce"],
  [8, "commit"],
]);

/** Messages that are published, and places that are remembered. */
export const KAFKA: WireProtocol = {
  headerBytes: 8,
  lengthOf: (message) => message.readInt32BE(0) + 4,
  subjectOf: (request) => KAFKA_REQUESTS.get(request.readInt16BE(4)),
  numberOf: (request) => request.readInt32BE(8),
  answeredBy: (answer) => answer.readInt32BE(4),
};

/** Stands between a client and its server, and knows the requests that pass: where the fail-points of the storage tests are. */
export class WireProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  readonly #protocol: WireProtocol;
  /** How long requests are on their way. */
  latencyMs = 0;
  /** Asked for every request that matters. */
  onRequest: (subject: string) => Blow | undefined = () => undefined;

  private constructor(target: number, protocol: WireProtocol) {
    this.#target = target;
    this.#protocol = protocol;
    this.#server = createServer((client) => this.#join(client));
  }

  /** `target` is the server's port on this machine. */
  static async start(target: number, protocol: WireProtocol): Promise<WireProxy> {
    const proxy = new WireProxy(target, protocol);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    const server = connect(this.#target, "127.0.0.1");
    const close = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", close).on("close", () => {
        this.#sockets.delete(socket);
        close();
      });
    }
    const unacknowledged = new Map<number, Blow>();
    const { subjectOf, numberOf, answeredBy } = this.#protocol;
    eachMessage(client, this.#protocol, (message) => {
      const subject = subjectOf(message);
      const blow = subject === undefined ? undefined : this.onRequest(subject);
      if (blow === undefined || blow.moment === "unacknowledged") {
        if (blow !== undefined) unacknowledged.set(numberOf(message), blow);
        if (this.latencyMs > 0) setTimeout(() => server.write(message), this.latencyMs);
        else server.write(message);
      } else if (blow.moment === "torn") {
        server.write(message.subarray(0, Math.ceil(message.length / 2)), () => {
          blow.strike();
          close();
        });
      } else {
        blow.strike();
        close();
      }
    });
    eachMessage(server, this.#protocol, (message) => {
      const blow = unacknowledged.get(answeredBy(message));
      if (blow === undefined) client.write(message);
      else {
        blow.strike();
        close();
      }
    });
  }
}

/** Calls back with every whole message of the wire protocol. */
function eachMessage(socket: Socket, { headerBytes, lengthOf }: WireProtocol, handle: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes && rest.length >= lengthOf(rest)) {
      const message = rest.subarray(0, lengthOf(rest));
      rest = rest.subarray(message.length);
      handle(message);
    }
  });
}
