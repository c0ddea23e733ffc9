import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Address } from "./addresses.ts";

/** A server that says that it has a PV. `id` is the same for all answers of one server. */
export interface Answer {
  readonly index: number;
  readonly id: string;
  readonly address: string;
}

/** How one protocol searches by UDP. */
export interface SearchProtocol {
  /** A datagram that asks for these names, whose indices count from `first`. `port` is where answers are awaited. */
  request(names: readonly string[], first: number, port: number): Buffer;
  answers(datagram: Buffer, sender: string): Answer[];
}

const NAMES_IN_ONE = 10;
/** Datagrams get lost, and servers that have just started answer late. */
const ATTEMPTS_AFTER_MS = [0, 100, 300];

/** Which servers answer for each name within the time: all of them, not the first only. */
export async function searchAll(
  protocol: SearchProtocol,
  names: readonly string[],
  addresses: readonly Address[],
  windowMs: number,
): Promise<Map<string, Map<string, string>>> {
  const found = new Map(names.map((name) => [name, new Map<string, string>()]));
  const socket = createSocket("udp4");
  socket.bind(0);
  await once(socket, "listening");
  socket.setBroadcast(true);
  socket.on("message", (datagram, { address }) => {
    for (const { index, id, address: server } of protocol.answers(datagram, address)) {
      found.get(names[index] ?? "")?.set(id, server);
    }
  });
  const { port } = socket.address();
  const send = (): void => {
    for (let from = 0; from < names.length; from += NAMES_IN_ONE) {
      const datagram = protocol.request(names.slice(from, from + NAMES_IN_ONE), from, port);
      // An address that can't be reached is no reason to stop: others may answer.
      for (const { host, port: to } of addresses) socket.send(datagram, to, host, () => {});
    }
  };
  const timers = ATTEMPTS_AFTER_MS.map((after) => setTimeout(send, after));
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  for (const timer of timers) clearTimeout(timer);
  socket.close();
  return found;
}
