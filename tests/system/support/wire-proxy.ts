import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { BSON } from "mongodb";

/** What befalls an insert: it never leaves, half of it arrives, or it is stored and the answer never comes. */
export type Moment = "unsent" | "torn" | "unacknowledged";

export interface Blow {
  readonly moment: Moment;
  /** Called at that moment, in the middle of everything. */
  strike(): void;
}

const HEADER_BYTES = 16;
const OP_MSG = 2013;
/** After the header: flags, and the kind of the first section, which is the command. */
const COMMAND_AT = HEADER_BYTES + 4 + 1;

/** Stands between a writer and its mongod, and knows the inserts that pass: where the fail-points of the storage tests are. */
export class WireProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  /** Asked for every insert with its collection. */
  onInsert: (collection: string) => Blow | undefined = () => undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  static async start(target: number): Promise<WireProxy> {
    const proxy = new WireProxy(target);
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
    eachMessage(client, (message) => {
      const collection = insertedInto(message);
      const blow = collection === undefined ? undefined : this.onInsert(collection);
      if (blow === undefined) server.write(message);
      else if (blow.moment === "unacknowledged") {
        unacknowledged.set(message.readInt32LE(4), blow);
        server.write(message);
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
    eachMessage(server, (message) => {
      const blow = unacknowledged.get(message.readInt32LE(8));
      if (blow === undefined) client.write(message);
      else {
        blow.strike();
        close();
      }
    });
  }
}

function insertedInto(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined;
  const length = message.readInt32LE(COMMAND_AT);
  const { insert } = BSON.deserialize(message.subarray(COMMAND_AT, COMMAND_AT + length));
  return typeof insert === "string" ? insert : undefined;
}

/** Calls back with every whole message of the wire protocol. */
function eachMessage(socket: Socket, handle: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0));
      rest = rest.subarray(message.length);
      handle(message);
    }
  });
}
