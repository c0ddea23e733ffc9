import { parentPort, workerData } from "node:worker_threads";
import { MongoServerError } from "mongodb";
import { DeadLetters } from "../journal/dead-letters.ts";
import { reasonOf, SinkError } from "../sink-error.ts";
import { Delivery } from "./delivery.ts";
import { HEARTBEAT_MS, Leases } from "./leases.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";
import { Store } from "./store.ts";

const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;

/** The writer's other half: reads the journal, makes BSON of it and speaks with MongoDB, away from the engine's thread. */
const port = parentPort;
if (port === null) throw new Error("The MongoDB writer's worker is started by MongoWriter.connect");

const start = workerData as WorkerStart;
const post = (message: FromWorker): void => port.postMessage(message);
const store = new Store(start);
const leases = new Leases(store, start.owner);
let delivery: Delivery | undefined;
let heartbeat: NodeJS.Timeout | undefined;

port.on("message", (message: ToWorker) => void handle(message));

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "connect":
      return connect(message.timeoutMs);
    case "begin": {
      const deadLetters = new DeadLetters(message.deadLetters);
      delivery = new Delivery({ start, store, leases, post }, deadLetters, message);
      heartbeat = setInterval(() => void delivery?.link.beat(), HEARTBEAT_MS);
      return delivery.pump();
    }
    case "wake":
      return delivery?.pump();
    case "flush":
      return delivery?.flush();
    case "repair":
      return answer(message.id, () => leases.repair());
    case "verify":
      return answer(message.id, () => leases.verify(message.runUid));
    case "stop":
      return stop();
  }
}

async function connect(timeoutMs: number): Promise<void> {
  try {
    await store.connect(timeoutMs);
    await leases.heartbeat();
    post({ type: "connected" });
  } catch (error) {
    const isIndex = error instanceof SinkError && error.code === "index";
    const code = refusesUser(error) ? "refused" : isIndex ? "index" : "unreachable";
    post({ type: "refused", code, message: reasonOf(error) });
  }
}

/** Whether MongoDB answered that it doesn't know the user, or that the user may not. */
function refusesUser(error: unknown): boolean {
  const server = error instanceof SinkError ? error.cause : error;
  return server instanceof MongoServerError && [UNAUTHORIZED, AUTHENTICATION_FAILED].includes(Number(server.code));
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    post({ type: "answer", id, value: await work() });
  } catch (error) {
    post({ type: "answer", id, error: reasonOf(error) });
  }
}

async function stop(): Promise<void> {
  clearInterval(heartbeat);
  delivery?.end();
  if (delivery?.link.isUp) await leases.end().catch(() => undefined);
  await store.close().catch(() => undefined);
  post({ type: "stopped" });
  port?.close();
}
