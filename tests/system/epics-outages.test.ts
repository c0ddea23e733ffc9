import { DatatypeMismatchError } from "cerulean/devices";
import { ChannelError, caughtPanicCount, getContext, PutOutcomeUnknownError, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";
import { expectNothingLeft } from "./support/nothing-left.ts";
import {
  type Cell,
  CHANGE_NAMES,
  type ChangeName,
  cellsOf,
  DEEDS,
  type Deed,
  type Protocol,
  RELABELLING,
  recordsOf,
  servedOf,
  WAIT,
} from "./support/outage.ts";
import { type P4pServer, startP4pServer } from "./support/p4p-server.ts";

// Read once, by the first client of the process: silence is noticed after these, over pvAccess after 2 s at the earliest.
process.env.EPICS_CA_CONN_TMO = "0.5";
process.env.EPICS_PVA_CONN_TMO = "0.5";

const BOTH = ["ca", "pva"] as const;
const LABELS: ChangeName = "its labels in another order";

/** How a server goes away and comes back, and what its records are then. */
interface Outage {
  readonly changes: readonly ChangeName[];
  readonly protocols: readonly Protocol[];
  /** The puts that were under way reach a record that is still there afterwards. */
  readonly goesOn?: true;
  happen(): Promise<ReadonlyMap<string, Cell>>;
}

const ends: (() => Promise<void>)[] = [];
const onEnd = <T extends { stop(): Promise<void> }>(one: T): T => {
  ends.push(() => one.stop());
  return one;
};

async function begun(cells: ReadonlyMap<string, Cell>): Promise<readonly Cell[]> {
  const all = [...cells.values()];
  await Promise.all(all.map((cell) => cell.begin()));
  return all;
}

/** Asks what is not answered, and resolves when it is on its way. */
async function asked(cells: readonly Cell[]): Promise<void> {
  for (const cell of cells) cell.ask();
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Resolves when each has heard that its server is away, by whichever word. */
const given = (cells: readonly Cell[]) =>
  vi.waitFor(() => expect(cells.filter(({ states }) => states.length === 0)).toEqual([]), WAIT);

/** The same of a server that hangs: a circuit of Channel Access is kept, one of pvAccess is given up. */
async function givenUp(cells: readonly Cell[]): Promise<void> {
  await given(cells);
  for (const { channel, states } of cells) {
    expect(states, channel.source).toEqual([channel.protocol === "ca" ? "unresponsive" : "disconnected"]);
  }
}

const startIoc = async () => onEnd(await CIoc.start(recordsOf(0)));

async function startServer(former?: P4pServer): Promise<P4pServer> {
  const server = await startP4pServer(servedOf(former === undefined ? 0 : 1), former);
  ends.push(() => server.kill());
  return server;
}

/** A server that hangs with everything asked of it under way. */
async function frozen<S extends CIoc | P4pServer>(server: S, protocols: readonly Protocol[]) {
  const cells = cellsOf(getContext(server.context), protocols);
  const all = await begun(cells);
  await server.freeze();
  await asked(all);
  return { server, cells, all };
}

const OUTAGES: Readonly<Record<string, Outage>> = {
  "an IOC that is killed": {
    changes: CHANGE_NAMES,
    protocols: BOTH,
    async happen() {
      const { server: ioc, cells, all } = await frozen(await startIoc(), BOTH);
      await ioc.kill();
      await given(all);
      await ioc.restart(recordsOf(1));
      return cells;
    },
  },
  "an IOC that is ended after it did what was asked, its answers lost, and started again": {
    changes: CHANGE_NAMES,
    protocols: BOTH,
    async happen() {
      const ioc = await startIoc();
      let isDammed = false;
      const between = onEnd(
        await FlightCounter.start(ioc.ports, (bytes, pass, towards) => {
          if (!isDammed || towards === "server") pass(bytes);
        }),
      );
      const cells = cellsOf(getContext(between.context), BOTH);
      const all = await begun(cells);
      isDammed = true;
      await asked(all);
      const direct = getContext(ioc.context);
      const puts = all.filter(({ deed }) => deed === "put");
      await vi.waitFor(async () => {
        const got = await direct.bulkGet(puts.map(({ channel }) => channel.source));
        expect([...got.values()]).toMatchObject(puts.map(({ before }) => ({ value: before.rawPut })));
      }, WAIT);
      await ioc.exit();
      await given(all);
      isDammed = false;
      await ioc.restart(recordsOf(1));
      return cells;
    },
  },
  "an IOC that hangs until it is given up, and is replaced": {
    changes: CHANGE_NAMES,
    protocols: BOTH,
    async happen() {
      const { server: ioc, cells, all } = await frozen(await startIoc(), BOTH);
      await givenUp(all);
      await ioc.kill();
      await ioc.restart(recordsOf(1));
      return cells;
    },
  },
  "an IOC that hangs until it is given up, and goes on": {
    changes: ["the same record", LABELS],
    protocols: BOTH,
    goesOn: true,
    async happen() {
      const { server: ioc, cells, all } = await frozen(await startIoc(), BOTH);
      await givenUp(all);
      for (const line of RELABELLING) ioc.shell(line);
      ioc.thaw();
      return cells;
    },
  },
  "a p4p server that is killed": {
    changes: CHANGE_NAMES,
    protocols: ["pva"],
    async happen() {
      const { server, cells, all } = await frozen(await startServer(), ["pva"]);
      await server.kill();
      await given(all);
      await startServer(server);
      return cells;
    },
  },
  "a p4p server that hangs until it is given up, and goes on": {
    changes: ["the same record", "another length"],
    protocols: ["pva"],
    goesOn: true,
    async happen() {
      const { server, cells, all } = await frozen(await startServer(), ["pva"]);
      await givenUp(all);
      server.thaw();
      return cells;
    },
  },
};

const happened = new Map<string, Promise<ReadonlyMap<string, Cell>>>();
let panics: number;

beforeAll(async () => {
  panics = caughtPanicCount();
  for (const [name, outage] of Object.entries(OUTAGES)) happened.set(name, outage.happen());
  await Promise.allSettled(happened.values());
});

afterAll(async () => {
  await shutdownAll({ force: true });
  await Promise.all(ends.map((end) => end()));
});

describe.each(Object.entries(OUTAGES))("%s", (name, { changes, protocols, goesOn = false }) => {
  describe.each(changes)("and is then %s", (change) => {
    const cells = protocols.flatMap((protocol) => DEEDS.map((deed): [Deed, Protocol] => [deed, protocol]));

    it.each(cells)("amid a %s over %s is told, taken up by itself and never mistaken", async (deed, protocol) => {
      const cell = (await happened.get(name))?.get(`${change} ${deed} ${protocol}`) as Cell;
      const refuses = cell.after.value === undefined;
      const isSame = goesOn && change !== LABELS;
      const [value, raw] = isSame ? [cell.before.value, cell.before.raw] : [cell.after.value, cell.after.raw];
      const { signal, channel, seen, outcome } = cell;
      await vi.waitFor(() => expect(cell.states.at(-1)).toBe(refuses ? "mismatched" : "connected"), WAIT);

      if (deed === "get") {
        await vi.waitFor(() => expect(outcome).toHaveLength(1), WAIT);
        if (!isRefusal(outcome[0], channel.source, refuses)) {
          expect([value, ...(goesOn ? [cell.before.value] : [])]).toContainEqual(outcome[0]);
        }
      }
      if (deed === "put") {
        await vi.waitFor(() => expect(outcome).toHaveLength(1), WAIT);
        if (!goesOn || outcome[0] !== undefined) expect(outcome[0]).toBeInstanceOf(PutOutcomeUnknownError);
        if (outcome[0] !== undefined) expect(String(outcome[0])).toContain(channel.source);
        // A server that finds the circuit closed when it goes on may or may not have read what came before.
        const possible = [
          ...(goesOn ? [cell.before.rawPut] : []),
          ...(goesOn && outcome[0] === undefined ? [] : [raw]),
        ];
        expect(possible).toContainEqual(await channel.get({ timeoutMs: 20_000 }));
      } else {
        expect(await channel.get({ timeoutMs: 20_000 })).toEqual(raw);
      }

      if (refuses) {
        await expect(signal.get({ cached: false })).rejects.toThrow(DatatypeMismatchError);
        await expect(signal.set(cell.change.put).wait()).rejects.toThrow(DatatypeMismatchError);
        expect(await channel.get()).toEqual(raw);
        if (deed === "monitor") expect(new Set(seen.map(([told]) => told))).toEqual(new Set([cell.before.value]));
        if (deed === "monitor") expect(seen.at(-1)?.[1]).toBe(-1);
        return;
      }
      if (deed === "monitor") await vi.waitFor(() => expect(seen.at(-1)).toEqual([value, 0]), WAIT);
      const told = seen.length;
      await signal.set(cell.change.put).wait();
      expect(await signal.get({ cached: false })).toEqual(cell.change.put);
      expect(await channel.get()).toEqual(isSame ? cell.before.rawPut : cell.after.rawPut);
      if (deed !== "monitor") return;
      await vi.waitFor(() => expect(seen.at(-1)).toEqual([cell.change.put, 0]), WAIT);
      expect(seen.slice(told)).toEqual([[cell.change.put, 0]]);
    });
  });
});

it("leave nothing under way and no panic behind", async () => {
  await expectNothingLeft(panics);
});

/** An error that names the PV; what came back as another type may be refused as such. */
function isRefusal(outcome: unknown, source: string, refuses: boolean): boolean {
  if (!(outcome instanceof Error)) return false;
  expect(
    outcome instanceof ChannelError || (refuses && outcome instanceof DatatypeMismatchError),
    String(outcome),
  ).toBe(true);
  expect(String(outcome)).toContain(source);
  return true;
}
