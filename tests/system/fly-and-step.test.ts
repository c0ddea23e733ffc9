import { type Document, type Plan, RunEngine } from "cerulean";
import { initDevices, StandardReadable, type Status, softSignalRAndSetter, status, t } from "cerulean/devices";
import {
  BulkFlyer,
  type Context,
  deadTimeCorrection,
  EpicsMotor,
  epicsSignalR,
  epicsSignalRW,
  getContext,
} from "cerulean/epics";
import { scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { filter, firstValueFrom } from "rxjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { independentClient } from "./support/independent-client.ts";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";

const DEAD_TIME = 1e-6;
const SCALER = "mini:fly:";

let ioc: MiniBeamline;
let context: Context;
let x: EpicsMotor;
let y: EpicsMotor;

beforeAll(async () => {
  ioc = await startMiniBeamline();
  context = getContext(ioc.context);
  ({ x, y } = await initDevices({
    x: new EpicsMotor("mini:ph:mtr", { context }),
    y: new EpicsMotor("mini:edge:mtr", { context }),
  }));
  await Promise.all([x, y].map((motor) => motor.velocity.set(50).wait()));
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

/** A flyer of the scaler that follows x. */
async function flyer(options: { start: number; stop: number; partial?: string }): Promise<BulkFlyer> {
  const { start, stop, partial } = options;
  const fly = new BulkFlyer({
    name: "fly",
    acquire: `${SCALER}Acquire`,
    stop: `${SCALER}Stop`,
    numPoints: `${SCALER}NumPoints`,
    dwell: `${SCALER}Dwell`,
    settings: { [`${SCALER}Motor`]: "mini:ph:mtr" },
    clock: { start: `${SCALER}StartTime`, times: `${SCALER}Time` },
    waveforms: { position: `${SCALER}Position`, i0: `${SCALER}I0`, counts: `${SCALER}Ch24` },
    correct: deadTimeCorrection({ deadTime: DEAD_TIME, keys: ["counts"] }),
    sweep: { motor: x, start, stop },
    streamName: "primary",
    context,
    ...(partial === undefined ? {} : { partial }),
  });
  await fly.connect();
  return fly;
}

/** The scaler as a detector for steps: it counts where the motor stands, and corrects as the flyer does. */
class CountingScaler extends StandardReadable {
  readonly acquire = this.add("acquire", epicsSignalRW(t.any, `${SCALER}Acquire`, { context }));
  readonly dwell = this.add("dwell", epicsSignalRW(t.float, `${SCALER}Dwell`, { context }));
  readonly points = this.add("points", epicsSignalRW(t.int, `${SCALER}NumPoints`, { context }));
  readonly waves = [`${SCALER}I0`, `${SCALER}Ch24`].map((pv, i) =>
    this.add(`w${i}`, epicsSignalR(t.array.f64, pv, { context })),
  );
  readonly #put: ((value: number) => void)[] = [];

  constructor() {
    super({ name: "step" });
    for (const key of ["i0", "counts"]) {
      const [signal, put] = softSignalRAndSetter(t.float, 0);
      this.addReadable(key, signal, "hinted");
      this.#put.push(put);
    }
  }

  trigger(): Status {
    return status(async () => {
      await this.points.set(10).wait();
      await this.dwell.set(0.01).wait();
      await this.acquire.set("Acquire").wait();
      const [i0, counts] = await Promise.all(this.waves.map((wave) => wave.get({ cached: false })));
      const sum = (values: ArrayLike<number> | undefined, correct: (value: number) => number): number =>
        Array.from(values ?? []).reduce((total, value) => total + correct(value), 0);
      this.#put[0]?.(sum(i0, (value) => value));
      this.#put[1]?.(sum(counts, (value) => value / (1 - (value * DEAD_TIME) / 0.01)));
    });
  }
}

function listen(engine: RunEngine): Document[] {
  const documents: Document[] = [];
  engine.subscribe((document) => void documents.push(document));
  return documents;
}

type Page = Extract<Document, { name: "event_page" }>["doc"];

const pagesOf = (documents: readonly Document[]): Page[] =>
  documents.flatMap((document) => (document.name === "event_page" ? [document.doc] : []));

const column = (page: Page, key: string): number[] => Array.from(page.data[key] as ArrayLike<number>);

async function* flight(fly: BulkFlyer, numPoints: number, dwell: number): Plan {
  yield* bps.prepare(fly, { numPoints, dwell }, { wait: true });
  yield* bps.kickoff(fly, { wait: true });
  yield* bps.complete(fly, { wait: true });
  yield* bps.collect(fly);
}

/**
 * Corrected counts over beam monitor, with the variance that counting gives it: the noise is in the counts as they were measured, n / (1 + r τ),
 * and the correction makes it (1 + r τ) times larger again.
 */
function ratio(counts: number, monitor: number, seconds: number): { value: number; variance: number } {
  const value = counts / monitor;
  const noise = (1 + (counts / seconds) * DEAD_TIME) ** 3 / counts;
  return { value, variance: value ** 2 * (noise + 1 / monitor) };
}

describe("a fly scan", () => {
  it("finds the same peak as a step scan, within the counting noise", async () => {
    const engine = new RunEngine();
    const step = new CountingScaler();
    await step.connect();
    const stepped = listen(engine);
    await engine.run(scan([step], x, -3, 3, times(9, 61)));
    const steps = stepped.flatMap(({ name, doc }) =>
      name === "event" ? [doc.data as Record<"x" | "step-i0" | "step-counts", number>] : [],
    );
    const fly = await flyer({ start: -3.2, stop: 3.2 });
    const flown = listen(engine);
    await engine.run(async function* (): Plan {
      yield* bps.openRun();
      yield* flight(fly, 1000, 0.002);
      yield* bps.closeRun();
    });
    const [page] = pagesOf(flown);
    if (page === undefined) throw new Error("the flight gave no page");
    const [positions, monitor, counts] = ["position", "i0", "counts"].map((key) => column(page, key)) as [
      number[],
      number[],
      number[],
    ];
    expect(Math.min(...positions)).toBeLessThan(-3.1);
    expect(Math.max(...positions)).toBeGreaterThan(3.1);
    let chi2 = 0;
    for (const data of steps) {
      const stood = ratio(data["step-counts"], data["step-i0"], 0.1);
      const near = positions.flatMap((at, i) => (Math.abs(at - data.x) < 0.04 ? [i] : []));
      expect(near.length).toBeGreaterThan(5);
      const sum = (values: number[]): number => near.reduce((total, i) => total + (values[i] ?? Number.NaN), 0);
      const passed = ratio(sum(counts), sum(monitor), 0.002 * near.length);
      const sigmas = (passed.value - stood.value) / Math.sqrt(passed.variance + stood.variance);
      expect(Math.abs(sigmas)).toBeLessThan(5);
      chi2 += sigmas ** 2;
    }
    expect(chi2 / steps.length).toBeLessThan(3);
    const top = Math.max(...steps.map((data) => data["step-counts"] / data["step-i0"]));
    expect(top).toBeCloseTo(0.16, 2);
  });

  it("gives what the scaler holds then, not what it held at connection", async () => {
    const engine = new RunEngine();
    const fly = await flyer({ start: -1, stop: 1 });
    await using client = await independentClient(`${SCALER}Ch24`, ioc.caPort);
    const before = await client.read();
    const firsts: number[] = [];
    for (const numPoints of [200, 300]) {
      const documents = listen(engine);
      await engine.run(async function* (): Plan {
        yield* bps.openRun();
        yield* flight(fly, numPoints, 0.001);
        yield* bps.closeRun();
      });
      const [page] = pagesOf(documents);
      expect(page?.seq_num.length).toBe(numPoints);
      const measured = await client.read();
      expect(page?.data.counts?.[0]).toBeCloseTo(measured / (1 - (measured * DEAD_TIME) / 0.001), 6);
      firsts.push(measured);
    }
    expect(new Set([before, ...firsts]).size).toBe(3);
  });

  it("is collected while the motor moves, each row once, and is whole in the end", async () => {
    const engine = new RunEngine();
    const fly = await flyer({ start: -2, stop: 2, partial: `${SCALER}CurrentPoint` });
    const documents = listen(engine);
    await engine.run(async function* (): Plan {
      yield* bps.openRun();
      yield* bps.prepare(fly, { numPoints: 1500, dwell: 0.001 }, { wait: true });
      yield* bps.kickoff(fly, { wait: true });
      yield* bps.collectWhileCompleting([fly], [fly], { flushPeriod: 0.3 });
      yield* bps.closeRun();
    });
    const pages = pagesOf(documents);
    expect(pages.length).toBeGreaterThan(2);
    const rows = (key: string): number[] => pages.flatMap((page) => column(page, key));
    const answers = await context.bulkGet([`${SCALER}Position`, `${SCALER}I0`]);
    const held = [...answers.values()].map((answer) => Array.from((answer as { value: Float64Array }).value));
    expect(rows("position")).toEqual(held[0]);
    expect(rows("i0")).toEqual(held[1]);
    expect(pages.flatMap(({ seq_num }) => Array.from(seq_num))).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1));
    const time = pages.flatMap((page) => Array.from(page.time));
    expect(time.every((at, i) => i === 0 || at > (time[i - 1] as number))).toBe(true);
  });

  it("of several rows pauses between them: each row is whole, and none is flown twice", async () => {
    const engine = new RunEngine();
    const fly = await flyer({ start: -1, stop: 1 });
    const documents = listen(engine);
    const heights: number[] = [];
    const begun = await epicsAcquisitions();
    const running = engine.run(async function* (): Plan {
      yield* bps.openRun();
      for (const row of [0, 1, 2]) {
        yield* bps.checkpoint();
        yield* bps.mv(y, row);
        yield* bps.prepare(fly, { numPoints: 300, dwell: 0.001 }, { wait: true });
        yield* bps.kickoff(fly, { wait: true });
        if (row === 1) engine.pause({ defer: true }).catch(() => {});
        yield* bps.complete(fly, { wait: true });
        yield* bps.collect(fly);
        heights.push((yield* bps.locate(y)).readback);
      }
      yield* bps.checkpoint();
      yield* bps.closeRun();
    });
    await firstValueFrom(engine.state$.pipe(filter((state) => state === "paused")));
    expect(pagesOf(documents).map(({ seq_num }) => seq_num.length)).toEqual([300, 300]);
    expect(await x.doneMoving.get({ cached: false })).toBe(1);
    await engine.resume();
    await running;
    expect(pagesOf(documents).map(({ seq_num }) => seq_num[0])).toEqual([1, 301, 601]);
    expect(heights.map(Math.round)).toEqual([0, 1, 2]);
    expect((await epicsAcquisitions()) - begun).toBe(3);
    for (const page of pagesOf(documents)) {
      const positions = column(page, "position");
      expect(positions.at(-1)).toBeGreaterThan(positions[0] as number);
    }
  });
});

async function epicsAcquisitions(): Promise<number> {
  return Number(await context.channel(`${SCALER}Acquisitions`).get());
}
