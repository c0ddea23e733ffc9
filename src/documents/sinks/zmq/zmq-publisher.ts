import type { XPublisher } from "zeromq";
import type { Document } from "../../document.ts";
import { stringify } from "../../json.ts";
import { LossyQueue } from "../../lossy-queue.ts";
import { rechunkEventPages } from "../../rechunk.ts";
import type { Sink } from "../../sink.ts";
import { packMessage } from "../msgpack.ts";
import { optionalPackage } from "../optional-package.ts";
import { reasonOf, SinkError } from "../sink-error.ts";

export interface ZmqPublisherOptions {
  /** Told to subscribers in front of each message, so that several engines can share a proxy; no spaces. Empty by default. */
  prefix?: string;
  /** What subscribers have to decode: "msgpack" (the default) or "json". */
  format?: "msgpack" | "json";
  /** Documents that wait for each slow subscriber in ZeroMQ, which then drops; and before it. 10,000 by default. */
  highWaterMark?: number;
  /** How long `connect` waits until the proxy listens, in milliseconds; 5,000 by default. */
  connectTimeoutMs?: number;
  /** Starts with the proxy away; false by default. What is published until it listens is lost. */
  allowUnavailable?: boolean;
  /** How long `close` waits for what subscribers have not taken yet, in milliseconds; 1,000 by default. */
  lingerMs?: number;
  /** Told of what was lost or can't be encoded; a process warning by default. */
  report?: (error: Error) => void;
}

// Each part of a page is encoded on the engine's thread, so it must not take long.
const PART_BYTES = 80_000;

/**
 * Publishes documents as `bluesky.callbacks.zmq` does, for its Proxy and RemoteDispatcher: one frame of prefix, name and payload with spaces
 * between. Nothing that a subscriber does holds the engine: who is slow or away loses documents, so it must never be the only sink.
 */
export class ZmqPublisher implements Sink {
  /** Where it publishes; for a bound one with the port that it got. */
  readonly address: string;
  readonly #socket: XPublisher;
  readonly #queue: LossyQueue;
  readonly #head: string;
  readonly #encode: (doc: object) => Uint8Array;
  #closed = false;

  private constructor(socket: XPublisher, address: string, options: ZmqPublisherOptions) {
    const { prefix = "", format = "msgpack", highWaterMark, report } = options;
    this.#socket = socket;
    this.address = address;
    this.#head = prefix;
    this.#encode = format === "json" ? (doc) => Buffer.from(stringify(doc)) : packMessage;
    this.#queue = new LossyQueue(`the ZeroMQ publisher to ${address}`, (document) => this.#send(document), {
      ...(highWaterMark === undefined ? {} : { size: highWaterMark }),
      ...(report === undefined ? {} : { report }),
    });
  }

  /** Connects to a proxy (`bluesky-0MQ-proxy`, say at "tcp://localhost:5577") and resolves once it listens. */
  static async connect(address: string, options: ZmqPublisherOptions = {}): Promise<ZmqPublisher> {
    const { connectTimeoutMs = 5_000, allowUnavailable = false } = options;
    const socket = await open(address, options);
    try {
      socket.connect(address);
      if (!allowUnavailable) await subscribed(socket, address, connectTimeoutMs);
    } catch (cause) {
      socket.close();
      throw cause instanceof SinkError ? cause : invalidAddress(address, cause);
    }
    return new ZmqPublisher(socket, address, options);
  }

  /** Waits for subscribers at an address of its own ("tcp://127.0.0.1:5578", or with `*` for a free port), without a proxy. */
  static async bind(address: string, options: ZmqPublisherOptions = {}): Promise<ZmqPublisher> {
    const socket = await open(address, options);
    try {
      await socket.bind(address);
    } catch (cause) {
      socket.close();
      throw invalidAddress(address, cause);
    }
    return new ZmqPublisher(socket, socket.lastEndpoint ?? address, options);
  }

  /** Documents that were left out before ZeroMQ had them; what it drops itself for a slow subscriber, nobody counts. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  write(document: Document): void {
    if (this.#closed)
      throw new SinkError("closed", `ZmqPublisher is closed and can't take a ${document.name} document`);
    this.#queue.push(document);
  }

  /** Resolves when ZeroMQ has everything that was written; whether a subscriber got it, nobody knows. */
  async flush(): Promise<void> {
    await this.#queue.flush();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue.flush();
    this.#socket.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #send(document: Document): Promise<void> {
    if (document.name !== "event_page") return this.#sendOne(document.name, document.doc);
    for (const part of rechunkEventPages([document.doc], { bytes: PART_BYTES })) {
      await this.#sendOne("event_page", part);
      await new Promise(setImmediate);
    }
  }

  async #sendOne(name: string, doc: object): Promise<void> {
    await this.#socket.send(Buffer.concat([Buffer.from(`${this.#head} ${name} `), this.#encode(doc)]));
  }
}

async function open(address: string, options: ZmqPublisherOptions): Promise<XPublisher> {
  const { prefix = "", format = "msgpack", highWaterMark = 10_000, lingerMs = 1_000 } = options;
  if (prefix.includes(" ")) throw invalid(`prefix "${prefix}" has a space, which ends it for the subscribers`);
  if (format !== "msgpack" && format !== "json") throw invalid(`format is "${format}"; use msgpack or json`);
  const { XPublisher } = await optionalPackage("zeromq", `Publishing to ${address}`, () => import("zeromq"));
  return new XPublisher({ sendHighWaterMark: highWaterMark, linger: lingerMs });
}

/** The first subscription says that whoever is at the other end listens. */
async function subscribed(socket: XPublisher, address: string, timeoutMs: number): Promise<void> {
  socket.receiveTimeout = timeoutMs;
  try {
    await socket.receive();
  } catch (cause) {
    throw new SinkError(
      "unreachable",
      `Nobody listens at ${address} (waited ${timeoutMs} ms). Start the proxy (bluesky-0MQ-proxy 5577 5578), correct the address, ` +
        `or pass allowUnavailable to publish without it`,
      { cause },
    );
  }
}

function invalidAddress(address: string, cause: unknown): SinkError {
  return invalid(`"${address}" can't be used: ${reasonOf(cause)}; an address looks like tcp://host:port`, cause);
}

function invalid(message: string, cause?: unknown): SinkError {
  return new SinkError("options", `ZmqPublisher: ${message}`, cause === undefined ? {} : { cause });
}
