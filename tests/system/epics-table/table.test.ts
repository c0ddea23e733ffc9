import { type SignalRW, t } from "cerulean/devices";
import { type Context, epicsSignalRW, getContext, shutdownAll } from "cerulean/epics";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../../soak.ts";
import { CIoc } from "../support/c-ioc.ts";
import { type P4pServer, startP4pServer } from "../support/p4p-server.ts";
import { type Peer, startPeer } from "../support/peer.ts";
import { type Cells, cellsOf, type Operation, operationsOf, type Sample, samplesOf } from "./cells.ts";
import { page, printed } from "./printed.ts";
import { RECORDS, ROWS, SERVED, type Way } from "./rows.ts";
import { Arrivals, same } from "./same.ts";

const GENERATED = times(3, 200);
const all = ROWS.flatMap(cellsOf);
const filled = all.filter(({ reason }) => reason === undefined);

let ioc: CIoc;
let p4p: P4pServer;
let peers: Record<Way["server"], Peer>;
let contexts: Record<Way["server"], Context>;

beforeAll(async () => {
  [ioc, p4p] = await Promise.all([CIoc.start(RECORDS), startP4pServer(SERVED)]);
  const [atIoc, atP4p] = await Promise.all([startPeer(ioc.environment), startPeer(p4p.environment)]);
  peers = { ioc: atIoc, p4p: atP4p };
  contexts = { ioc: getContext(ioc.context), p4p: getContext(p4p.context) };
});

afterAll(async () => {
  await shutdownAll({ force: true });
  await Promise.all(Object.values(peers ?? {}).map((peer) => peer[Symbol.asyncDispose]()));
  await p4p?.[Symbol.asyncDispose]();
  await ioc?.stop();
});

type Check = (sample: Sample, signal: SignalRW<any>, peer: Peer, pv: string, cells: Cells) => Promise<void>;

const checks: Readonly<Record<Operation, Check>> = {
  async get({ value, theirs }, signal, peer, pv, { protocol }) {
    await peer.put(protocol, pv, theirs);
    same(await signal.get({ cached: false }), value);
  },
  async monitor({ value, theirs }, signal, peer, pv, { protocol }) {
    const arrivals = new Arrivals(signal);
    await arrivals.first;
    await peer.put(protocol, pv, theirs);
    await arrivals.of(value);
    arrivals.end();
  },
  async put({ value, theirs }, signal, peer, pv, { protocol }) {
    await signal.set(value).wait();
    expect(await peer.get(protocol, pv)).toEqual(theirs);
  },
};

describe("a value", () => {
  it.each(filled)("of type $type over $protocol, $shape, is the same for an independent client", async (cells) => {
    const { way, place, protocol, shape, checked } = cells;
    if (way === undefined || place === undefined) throw new Error("an empty cell was tried");
    const { edges, any } = samplesOf(way, place, shape);
    const signal = epicsSignalRW(place.datatype, `${protocol}://${place.pv}`, { context: contexts[way.server] });
    await signal.connect({ timeoutMs: 10_000 });
    for (const operation of operationsOf(cells)) {
      const check = checks[operation];
      await fc.assert(
        fc.asyncProperty(any, async (sample) => {
          await check(sample, signal, peers[way.server], place.pv, cells);
          checked[operation] += 1;
        }),
        { numRuns: edges.length + GENERATED, examples: edges.map((edge) => [edge] as [Sample]), endOnFailure: true },
      );
    }
    await signal.dispose();
  });

  it.each(["ca", "pva"] as const)("of text that its record would cut is an error over %s", async (protocol) => {
    const pv = "v:string";
    const signal = epicsSignalRW(t.string, `${protocol}://${pv}`, { context: contexts.ioc });
    await signal.connect({ timeoutMs: 10_000 });
    const characters = ["x", "é", "€", "🔬"];
    for (const character of characters) {
      const bytes = Buffer.byteLength(character);
      for (const length of [39, 40, 41]) {
        const text = character.repeat(Math.floor(length / bytes)) + "x".repeat(length % bytes);
        await peers.ioc.put(protocol, pv, { text: "before" });
        if (length > 39) {
          await expect(signal.set(text).wait(), `${length} bytes of ${character}`).rejects.toThrow(
            `${protocol}://${pv}`,
          );
          if (protocol === "ca") expect(await peers.ioc.get(protocol, pv)).toEqual({ text: "before" });
        } else {
          await signal.set(text).wait();
          expect(await peers.ioc.get(protocol, pv)).toEqual({ text });
        }
      }
    }
    await signal.dispose();
  });

  it("is checked in every cell of the table, which is the one in the documentation", async () => {
    process.stdout.write(`${printed(all)}\n`);
    for (const cells of filled) {
      for (const operation of operationsOf(cells)) {
        expect(cells.checked[operation], `${cells.type} ${cells.protocol} ${cells.shape}`).toBeGreaterThan(0);
      }
    }
    for (const { reason } of all) if (reason !== undefined) expect(reason.length).toBeGreaterThan(0);
    await expect(page(all)).toMatchFileSnapshot("../../../docs/epics-value-table.md");
  });
});
