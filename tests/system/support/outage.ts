import { type Datatype, type SignalRW, t } from "cerulean/devices";
import { type Channel, type Context, epicsSignalRW } from "cerulean/epics";
import { expect, vi } from "vitest";
import type { Served } from "./p4p-server.ts";

export const WAIT = { timeout: 20_000, interval: 10 };
export const DEEDS = ["get", "put", "monitor"] as const;
export type Deed = (typeof DEEDS)[number];
export type Protocol = "ca" | "pva";

/** A record before its server goes away, or after: its first value, and how it is put what is put. */
interface Form {
  readonly record: readonly [type: string, fields: string];
  readonly served: Served;
  readonly value: unknown;
  readonly raw: unknown;
  readonly rawPut: unknown;
}

/** What becomes of a record while its server is away. A signal of this type must refuse what has no `value`. */
export interface Change {
  readonly datatype: Datatype<any>;
  readonly put: unknown;
  readonly forms: readonly [before: Form, after: Form];
}

const whole: Form = {
  record: ["longout", 'field(VAL, "7")'],
  served: ["i", 7],
  value: 7,
  raw: 7,
  rawPut: 8,
};

const labelled = (labels: readonly string[]): Form => ({
  record: [
    "mbbo",
    `field(ZRST, "${labels[0]}") field(ONST, "${labels[1]}") field(TWST, "${labels[2]}") field(VAL, "0")`,
  ],
  served: ["enum", { index: 0, choices: labels }],
  value: labels[0],
  raw: 0,
  rawPut: labels.indexOf("On"),
});

const wave = (values: readonly number[]): Form => ({
  record: ["waveform", `field(FTVL, "DOUBLE") field(NELM, "${values.length}") field(INP, [${values}])`],
  served: ["ad", values],
  value: Float64Array.from(values),
  raw: Float64Array.from(values),
  rawPut: Float64Array.of(9, 8),
});

const CHANGES = {
  "the same record": { datatype: t.int, put: 8, forms: [whole, whole] },
  "its labels in another order": {
    datatype: t.enum(["Off", "On", "Idle"]),
    put: "On",
    forms: [labelled(["Off", "On", "Idle"]), labelled(["Idle", "Off", "On"])],
  },
  "another type": {
    datatype: t.float,
    put: 2.5,
    forms: [
      { record: ["ao", 'field(VAL, "1")'], served: ["d", 1], value: 1, raw: 1, rawPut: 2.5 },
      { record: ["stringout", 'field(VAL, "1")'], served: ["s", "1"], value: undefined, raw: "1", rawPut: undefined },
    ],
  },
  "another length": {
    datatype: t.array.f64,
    put: Float64Array.of(9, 8),
    forms: [wave([1, 2, 3]), wave([5, 4, 3, 2, 1])],
  },
} satisfies Record<string, Change>;

export type ChangeName = keyof typeof CHANGES;
export const CHANGE_NAMES = Object.keys(CHANGES) as ChangeName[];
const EACH = CHANGE_NAMES.flatMap((change) => DEEDS.map((deed) => ({ change, deed })));

const nameOf = (change: ChangeName, deed: Deed, protocol: Protocol) =>
  `n:${CHANGE_NAMES.indexOf(change)}:${deed}:${protocol}`;
const formOf = (change: ChangeName, when: 0 | 1): Form => CHANGES[change].forms[when];

/** Every record as it is before its server goes away, or after. */
export function recordsOf(when: 0 | 1): string {
  const recordOf = (change: ChangeName, name: string) => {
    const [type, fields] = formOf(change, when).record;
    return `record(${type}, "${name}") { ${fields} field(PINI, "YES") }`;
  };
  const of = (protocol: Protocol) => EACH.map(({ change, deed }) => recordOf(change, nameOf(change, deed, protocol)));
  return [...of("ca"), ...of("pva")].join("\n");
}

/** The same for a p4p server. */
export function servedOf(when: 0 | 1): Record<string, Served> {
  return Object.fromEntries(EACH.map(({ change, deed }) => [nameOf(change, deed, "pva"), formOf(change, when).served]));
}

/** What changes the labels of a running IOC to those of after. */
export const RELABELLING: readonly string[] = (["ca", "pva"] as const).flatMap((protocol) =>
  DEEDS.flatMap((deed) =>
    Object.entries({ ZRST: "Idle", ONST: "Off", TWST: "On" }).map(
      ([field, label]) => `dbpf("${nameOf("its labels in another order", deed, protocol)}.${field}", "${label}")`,
    ),
  ),
);

/** One signal, what is under way on it when its server goes away, and what comes of that. */
export class Cell {
  readonly change: Change;
  readonly before: Form;
  readonly after: Form;
  readonly deed: Deed;
  readonly signal: SignalRW<any>;
  readonly channel: Channel;
  readonly seen: (readonly [value: unknown, severity: number | undefined])[] = [];
  readonly states: string[] = [];
  /** The answer or the error of the get or put that was under way, in an array; empty while it is. */
  readonly outcome: unknown[] = [];

  constructor(context: Context, change: ChangeName, deed: Deed, protocol: Protocol) {
    const pv = `${protocol}://${nameOf(change, deed, protocol)}`;
    this.change = CHANGES[change];
    [this.before, this.after] = this.change.forms;
    this.deed = deed;
    this.signal = epicsSignalRW(this.change.datatype, pv, { name: pv, context });
    this.channel = context.channel(pv);
  }

  /** Connects, and has the way of a put prepared, which is what is to be interrupted. */
  async begin(): Promise<void> {
    await this.signal.connect({ timeoutMs: 20_000 });
    await this.signal.set(this.before.value).wait();
    this.signal.onConnection((state) => this.states.push(state));
    if (this.deed !== "monitor") return;
    this.signal.subscribeReading(({ value, alarmSeverity }) => this.seen.push([value, alarmSeverity]));
    await vi.waitFor(() => expect(this.seen).toEqual([[this.before.value, 0]]), WAIT);
  }

  ask(): void {
    const settle = (outcome: unknown) => void this.outcome.push(outcome);
    const options = { timeoutMs: 20_000 };
    if (this.deed === "get") this.signal.get({ cached: false, ...options }).then(settle, settle);
    else if (this.deed === "put") this.signal.set(this.change.put, options).wait().then(settle, settle);
  }
}

/** The cells of one server that goes away, by `change deed protocol`. */
export function cellsOf(context: Context, protocols: readonly Protocol[]): ReadonlyMap<string, Cell> {
  return new Map(
    protocols.flatMap((protocol) =>
      EACH.map(({ change, deed }) => [`${change} ${deed} ${protocol}`, new Cell(context, change, deed, protocol)]),
    ),
  );
}
