import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ContextOptions } from "cerulean/epics";
import type { CIocPorts } from "./c-ioc.ts";

type Protocol = "ca" | "pva";

/** What becomes of bytes on their way: `pass` hands some on, in either direction. */
export type Path = (bytes: Buffer, pass: (bytes: Buffer) => void, towards: "server" | "client") => void;

const direct: Path = (bytes, pass) => pass(bytes);

/**
 * Stands in front of an IOC, searches included, and counts flights: the requests that the client sent without waiting
 * for an answer in between. Flow control and liveness are no requests.
 */
export class FlightCounter {
  readonly #circuits: Readonly<Record<Protocol, Circuits>>;
  readonly #searches: Readonly<Record<Protocol, Searches>>;

  private constructor(circuits: Record<Protocol, Circuits>, searches: Record<Protocol, Searches>) {
    this.#circuits = circuits;
    this.#searches = searches;
  }

  /** `path` is what the circuits of either protocol go through; searches go straight. */
  static async start(ports: CIocPorts, path: Path = direct): Promise<FlightCounter> {
    const circuits = {
      ca: await Circuits.to(ports.ca, asksOverCa, path),
      pva: await Circuits.to(ports.pva, asksOverPva, path),
    };
    const searches = {
      ca: await Searches.to(ports.ca, caRelay(circuits.ca)),
      pva: await Searches.to(ports.pvaSearch, pvaRelay(circuits.pva)),
    };
    return new FlightCounter(circuits, searches);
  }

  /** What a context needs to find the IOC through here only. */
  get context(): ContextOptions {
    return {
      autoAddrList: false,
      ca: { addrList: [`127.0.0.1:${this.#searches.ca.port}`] },
      pva: { addrList: ["127.0.0.1"], broadcastPort: this.#searches.pva.port },
    };
  }

  flights(protocol: Protocol): number {
    return this.#circuits[protocol].flights;
  }

  /** Ends the circuits that there are; new ones can be made. */
  cut(): void {
    for (const circuits of Object.values(this.#circuits)) circuits.cut();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#circuits).map((circuits) => circuits.stop()));
    for (const searches of Object.values(this.#searches)) searches.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

type Asking = () => (bytes: Buffer) => boolean;

class Circuits {
  flights = 0;
  /** The server's port, as its last answer to a search has it: started again it may have another. */
  target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, asks: Asking, path: Path) {
    this.target = port;
    this.#server = createServer((client) => this.#relay(client, connect(this.target, "127.0.0.1"), asks(), path));
  }

  static async to(port: number, asks: Asking, path: Path): Promise<Circuits> {
    const circuits = new Circuits(port, asks, path);
    circuits.#server.listen(0, "127.0.0.1");
    await once(circuits.#server, "listening");
    return circuits;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #relay(client: Socket, upstream: Socket, asks: (bytes: Buffer) => boolean, path: Path): void {
    let answered = true;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket.setNoDelay());
      socket.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    client.on("data", (bytes) => {
      if (asks(bytes)) {
        if (answered) this.flights += 1;
        answered = false;
      }
      path(bytes, (passed) => upstream.writable && upstream.write(passed), "server");
    });
    upstream.on("data", (bytes) => {
      answered = true;
      path(bytes, (passed) => client.writable && client.write(passed), "client");
    });
  }
}

interface Relay {
  /** The search as the IOC shall see it, and the port that its sender wants the answer at. */
  request(search: Buffer, from: number, back: number): number;
  answer(answer: Buffer): void;
}

class Searches {
  readonly #front: UdpSocket;
  readonly #back: UdpSocket;

  private constructor(front: UdpSocket, back: UdpSocket) {
    this.#front = front;
    this.#back = back;
  }

  static async to(port: number, relay: Relay): Promise<Searches> {
    const [front, back] = [createSocket("udp4"), createSocket("udp4")];
    for (const socket of [front, back]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    let client = 0;
    front.on("message", (search, { port: from }) => {
      client = relay.request(search, from, back.address().port);
      back.send(search, port, "127.0.0.1");
    });
    back.on("message", (answer) => {
      relay.answer(answer);
      front.send(answer, client, "127.0.0.1");
    });
    return new Searches(front, back);
  }

  get port(): number {
    return this.#front.address().port;
  }

  stop(): void {
    this.#front.close();
    this.#back.close();
  }
}

const CA_HEADER = 16;
const CA_SEARCH = 6;
const CA_READ_NOTIFY = 15;
const CA_CREATE_CHANNEL = 18;
const CA_WRITE_NOTIFY = 19;
const CA_REQUESTS: ReadonlySet<number> = new Set([CA_READ_NOTIFY, CA_CREATE_CHANNEL, CA_WRITE_NOTIFY]);
const CA_LARGE = 0xffff;
const CA_LARGE_HEADER = 24;
const PVA_CONTROL = 1;

/** Of one circuit: says of its next bytes whether a request begins in them. */
function asksOverCa(): (bytes: Buffer) => boolean {
  let header: Buffer = Buffer.alloc(0);
  let payload = 0;
  return (bytes) => {
    let asks = false;
    for (let at = 0; at < bytes.length; ) {
      const skipped = Math.min(payload, bytes.length - at);
      payload -= skipped;
      at += skipped;
      const isLarge = header.length >= CA_HEADER && header.readUInt16BE(2) === CA_LARGE;
      const lacks = (isLarge ? CA_LARGE_HEADER : CA_HEADER) - header.length;
      header = Buffer.concat([header, bytes.subarray(at, at + lacks)]);
      at += Math.min(lacks, bytes.length - at);
      if (header.length < CA_HEADER) continue;
      const size = header.readUInt16BE(2);
      if (size === CA_LARGE && header.length < CA_LARGE_HEADER) continue;
      asks ||= CA_REQUESTS.has(header.readUInt16BE(0));
      payload = size === CA_LARGE ? header.readUInt32BE(CA_HEADER) : size;
      header = Buffer.alloc(0);
    }
    return asks;
  };
}

function asksOverPva(): (bytes: Buffer) => boolean {
  return (bytes) => ((bytes[2] ?? 0) & PVA_CONTROL) === 0;
}

/** A CA answer has the server's TCP port in the type field of its search messages. */
function caRelay(circuits: Circuits): Relay {
  return {
    request: (_search, from) => from,
    answer: (answer) => {
      for (let at = 0; at + CA_HEADER <= answer.length; at += CA_HEADER + answer.readUInt16BE(at + 2)) {
        if (answer.readUInt16BE(at) !== CA_SEARCH) continue;
        circuits.target = answer.readUInt16BE(at + 4);
        answer.writeUInt16BE(circuits.port, at + 4);
      }
    },
  };
}

const PVA_SEARCH = 3;
const PVA_SEARCH_RESPONSE = 4;
const PVA_PORT_OF_SEARCH = 8 + 24;
const PVA_PORT_OF_RESPONSE = 8 + 32;

/** A PVA search has the port to answer to in it, the answer the server's TCP port. */
function pvaRelay(circuits: Circuits): Relay {
  const isBig = (frame: Buffer) => ((frame[2] ?? 0) & 0x80) !== 0;
  const read = (frame: Buffer, at: number) => (isBig(frame) ? frame.readUInt16BE(at) : frame.readUInt16LE(at));
  const write = (frame: Buffer, value: number, at: number) =>
    isBig(frame) ? frame.writeUInt16BE(value, at) : frame.writeUInt16LE(value, at);
  return {
    request: (search, from, back) => {
      if (search[3] !== PVA_SEARCH) return from;
      const wanted = read(search, PVA_PORT_OF_SEARCH);
      write(search, back, PVA_PORT_OF_SEARCH);
      return wanted;
    },
    answer: (answer) => {
      if (answer[3] !== PVA_SEARCH_RESPONSE) return;
      circuits.target = read(answer, PVA_PORT_OF_RESPONSE);
      write(answer, circuits.port, PVA_PORT_OF_RESPONSE);
    },
  };
}
