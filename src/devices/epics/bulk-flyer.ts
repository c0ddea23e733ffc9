import type { DataKey } from "../../documents/document.ts";
import { t } from "../datatypes.ts";
import { type ConnectOptions, Device } from "../device.ts";
import { NotConnectedError } from "../errors.ts";
import { setFlag } from "../flag-value.ts";
import type { Hints, PartialEventPage, Reading, RestorePoint } from "../protocols.ts";
import type { SignalR, SignalRW } from "../signal.ts";
import { type Status, status } from "../status.ts";
import { getContext } from "./context.ts";
import type { BulkFlyerOptions, BulkIo, FlySetting, FlySetup, FlyTimings, FlyWaveform } from "./fly-options.ts";
import {
  columnsOf,
  type FlyContext,
  FlyerError,
  mockedAnswers,
  pageOf,
  rowsOf,
  rowsSoFar,
  rowTimes,
  split,
  sumsOf,
  valuesOf,
} from "./fly-page.ts";
import { FlySweep } from "./fly-sweep.ts";
import { epicsSignalRW } from "./signals.ts";

interface Flight extends FlyContext {
  /** Rows that were collected. */
  collected: number;
  finished: boolean;
  readonly started: number;
  readonly acquired: Status;
}

/** A fly scan of any device that fills waveforms: acquires with put-completion, reads all waveforms at once, gives one page. */
export class BulkFlyer extends Device {
  readonly acquire: SignalRW<any>;
  readonly numPoints: number | SignalRW<number>;
  /** Seconds a point. */
  readonly dwell: number | SignalRW<number>;
  /** What the last collection took; undefined before the first. */
  timings: FlyTimings | undefined;
  readonly #options: BulkFlyerOptions;
  readonly #io: () => BulkIo;
  readonly #pvs: Readonly<Record<string, string>>;
  /** Everything that the bulk read asks for. */
  readonly #names: readonly string[];
  readonly #settings: readonly (readonly [SignalRW<any>, FlySetting])[];
  readonly #stopSignal: SignalRW<any> | undefined;
  readonly #sweep: FlySweep | undefined;
  readonly #points: SignalR<any> | undefined;
  readonly #configuration: readonly SignalR<any>[];
  #prepared = false;
  #flight: Flight | undefined;
  #stops = 0;
  #isMocked = false;

  constructor(options: BulkFlyerOptions) {
    super(options);
    this.#options = options;
    const context = options.context === undefined ? {} : { context: options.context };
    const signal = (key: string, pv: string): SignalRW<any> => this.add(key, epicsSignalRW(t.any, pv, context));
    this.#io = () => options.context ?? getContext();
    this.#pvs = Object.fromEntries(Object.entries(options.waveforms).map(([key, wave]) => [key, pvOf(wave)]));
    const { clock } = options;
    this.#names = [...Object.values(this.#pvs), ...(clock === undefined ? [] : [clock.start, clock.times])];
    this.acquire = signal("acquire", options.acquire);
    this.numPoints = typeof options.numPoints === "number" ? options.numPoints : signal("numPoints", options.numPoints);
    this.dwell = typeof options.dwell === "number" ? options.dwell : signal("dwell", options.dwell);
    this.#settings = Object.entries(options.settings ?? {}).map(([pv, value]) => [signal(pv, pv), value] as const);
    this.#stopSignal = options.stop === undefined ? undefined : signal("stopAcquiring", options.stop);
    this.#points = typeof options.partial === "string" ? signal("points", options.partial) : undefined;
    this.#configuration = Object.entries(options.configuration ?? {}).map(([key, pv]) => signal(key, pv));
    this.#sweep = options.sweep === undefined ? undefined : new FlySweep(options.sweep);
  }

  get hints(): Hints {
    return { fields: this.#options.hinted ?? [] };
  }

  async stage(): Promise<void> {}

  /** Ends what is left of a flight: the motor has its own speed again also when it was prepared and never kicked off. */
  async unstage(): Promise<void> {
    await this.stop();
  }

  /** Writes points, dwell and settings, and moves the motor to the start of its sweep. `kickoff` does it when nobody did. */
  prepare(setup: FlySetup = {}): Status {
    const stops = this.#stops;
    return status(async () => {
      this.#flight = undefined;
      await this.#assign(this.numPoints, setup.numPoints, "numPoints");
      await this.#assign(this.dwell, setup.dwell, "dwell");
      const flight = await this.#context();
      for (const [signal, value] of this.#settings) {
        const wanted = typeof value === "function" ? value(flight) : value;
        await (typeof wanted === "boolean" ? setFlag(signal, wanted) : signal.set(wanted)).wait();
      }
      this.#unlessStopped(stops);
      await this.#sweep?.prepare(flight.numPoints * flight.dwell);
      this.#unlessStopped(stops);
      this.#prepared = true;
    });
  }

  /** Starts the sweep and the acquisition; done when both were started. */
  kickoff(): Status {
    if (this.#flight?.acquired.done === false)
      throw new FlyerError(`${this.name} is flying already; complete it first`);
    const stops = this.#stops;
    return status(async () => {
      if (!this.#prepared) await this.prepare().wait();
      this.#prepared = false;
      const context = await this.#context();
      const timeoutMs = 1000 * context.numPoints * context.dwell + this.#graceMs;
      this.#unlessStopped(stops);
      await this.#sweep?.kickoff();
      this.#unlessStopped(stops);
      const started = Date.now() / 1000;
      const acquired = setFlag(this.acquire, true, { wait: true, timeoutMs });
      this.#flight = { ...context, started, acquired, collected: 0, finished: false };
    });
  }

  /** Done when everything is acquired and the sweep has arrived. */
  complete(): Status {
    const flight = this.#flown("complete");
    return status(async ({ report }) => {
      const target = flight.numPoints;
      const tell = ({ value }: Reading): void => {
        const current = Math.min(Number(value), target);
        report({ current, initial: 0, target, fraction: current / target, unit: "points" });
      };
      const watching = this.#points?.subscribeReading(tell) ?? this.#sweep?.watch(report);
      try {
        await Promise.all([flight.acquired.wait(), this.#sweep?.complete()]);
      } finally {
        watching?.unsubscribe();
      }
    });
  }

  /**
   * Ends the acquisition and the sweep early. A pending `complete` fails, or succeeds with `success: true`; what has not begun yet
   * does not begin.
   */
  async stop(options: { success?: boolean } = {}): Promise<void> {
    this.#stops += 1;
    this.#prepared = false;
    const { acquired } = this.#flight ?? {};
    const acquiring = acquired?.done === false;
    await Promise.all([acquiring ? this.#endEarly() : undefined, this.#sweep?.stop(options)]);
    if (options.success !== true) acquired?.cancel(this.#stopped());
  }

  /** What `prepare` writes and the sweep moves, for putting it back after a crash. */
  async recoverable(): Promise<readonly RestorePoint[]> {
    const written = [...this.#settings.map(([signal]) => signal), this.numPoints, this.dwell];
    const signals = written.filter((each) => typeof each !== "number");
    const parts = [...signals.map((signal) => signal.recoverable()), this.#sweep?.recoverable() ?? []];
    return (await Promise.all(parts)).flat();
  }

  describeCollect(): Record<string, Record<string, DataKey>> {
    const keys: Record<string, DataKey> = {};
    for (const [key, wave] of Object.entries(this.#options.waveforms)) {
      const { pv, ...told } = typeof wave === "string" ? { pv: wave } : wave;
      const source = pv.includes("://") ? pv : `ca://${pv}`;
      keys[key] = { source, dtype: "number", shape: [], dtype_numpy: "<f8", ...told };
    }
    for (const [key, parts] of Object.entries(this.#options.sums ?? {})) {
      const { units, precision } = keys[parts[0] ?? ""] ?? {};
      const told = { ...(units === undefined ? {} : { units }), ...(precision === undefined ? {} : { precision }) };
      keys[key] = { source: `sum://${parts.join("+")}`, dtype: "number", shape: [], dtype_numpy: "<f8", ...told };
    }
    return { [this.#options.streamName ?? this.name]: keys };
  }

  async readConfiguration(): Promise<Record<string, Reading>> {
    const timestamp = Date.now() / 1000;
    const [{ numPoints, dwell }, ...others] = await Promise.all([
      this.#context(),
      ...this.#configuration.map((signal) => signal.read({ cached: false })),
    ]);
    return {
      [`${this.name}${this.separator}numPoints`]: { value: numPoints, timestamp },
      [`${this.name}${this.separator}dwell`]: { value: dwell, timestamp },
      ...Object.assign({}, ...others),
    };
  }

  async describeConfiguration(): Promise<Record<string, DataKey>> {
    const source = this.acquire.source;
    const others = await Promise.all(this.#configuration.map((signal) => signal.describe()));
    return {
      [`${this.name}${this.separator}numPoints`]: { source, dtype: "integer", shape: [], dtype_numpy: "<i8" },
      [`${this.name}${this.separator}dwell`]: { source, dtype: "number", shape: [], dtype_numpy: "<f8", units: "s" },
      ...Object.assign({}, ...others),
    };
  }

  /**
   * Reads all waveforms by one bulk read, corrects what was not collected before and gives it in pages with the rows' own times.
   * While it acquires, that is what is there already with `partial`, and nothing without.
   */
  async *collectPages(): AsyncGenerator<PartialEventPage, void> {
    const flight = this.#flown("collectPages");
    const { clock, correct, ragged = "fail", partial, maxPageBytes = 8_000_000 } = this.#options;
    const isOver = flight.acquired.done;
    if (flight.finished || (!isOver && partial === undefined)) return;
    const begun = performance.now();
    const points = isOver ? undefined : await this.#points?.get({ cached: false });
    const answers = this.#isMocked
      ? mockedAnswers(this.#names, flight, flight.started, clock)
      : await this.#io().bulkGet(this.#names, { timeoutMs: this.#graceMs });
    const read = performance.now();
    const values = valuesOf(this.name, this.#pvs, answers);
    const times = clock === undefined ? undefined : valuesOf(this.name, { times: clock.times }, answers).times;
    const all = times === undefined ? values : { ...values, [clock?.times ?? ""]: times };
    const end = isOver ? rowsOf(flight, all, ragged) : Math.min(rowsSoFar(flight, all), Number(points ?? Infinity));
    const from = flight.collected;
    flight.finished = isOver;
    if (end <= from) return;
    flight.collected = end;
    const columns = columnsOf(values, end, from);
    const copied = performance.now();
    await correct?.(columns, flight);
    Object.assign(columns, sumsOf(this.name, columns, this.#options.sums ?? {}));
    const corrected = performance.now();
    const start = clock === undefined ? flight.started : scalarOf(this.name, clock.start, answers);
    const page = pageOf(columns, rowTimes(flight, end, start, times as ArrayLike<number> | undefined, from));
    const pageMs = performance.now() - corrected + (copied - read);
    this.timings = { readMs: read - begun, correctionMs: corrected - copied, pageMs };
    yield* split(page, maxPageBytes);
  }

  protected override async connectSelf({ mock, timeoutMs }: ConnectOptions): Promise<void> {
    this.#isMocked = mock === true;
    if (this.#isMocked) return;
    const answers = await this.#io().bulkConnect(this.#names, timeoutMs === undefined ? {} : { timeoutMs });
    const errors = new Map<string, Error>();
    for (const [pv, answer] of answers) if ("error" in answer) errors.set(pv, answer.error);
    if (errors.size > 0) throw new NotConnectedError(this.name, errors);
  }

  #unlessStopped(stops: number): void {
    if (this.#stops !== stops) throw this.#stopped();
  }

  #stopped(): FlyerError {
    return new FlyerError(`Device ${this.name} was stopped.`);
  }

  async #endEarly(): Promise<void> {
    const [signal, on] = this.#stopSignal === undefined ? [this.acquire, false] : [this.#stopSignal, true];
    await setFlag(signal, on, { wait: false }).wait();
  }

  get #graceMs(): number {
    return this.#options.graceMs ?? 10_000;
  }

  #flown(method: string): Flight {
    if (this.#flight === undefined) throw new FlyerError(`${this.name}: kickoff() must be called before ${method}()`);
    return this.#flight;
  }

  async #context(): Promise<FlyContext> {
    const [numPoints, dwell] = await Promise.all([settingOf(this.numPoints), settingOf(this.dwell)]);
    if (!Number.isSafeInteger(numPoints) || numPoints < 1) {
      throw new FlyerError(`${this.name}: the number of points must be a whole number from 1, not ${numPoints}`);
    }
    if (!(dwell > 0)) throw new FlyerError(`${this.name}: the dwell must be above 0 s, not ${dwell}`);
    return { name: this.name, numPoints, dwell };
  }

  async #assign(to: number | SignalRW<number>, value: number | undefined, what: string): Promise<void> {
    if (value === undefined) return;
    if (typeof to !== "number") await to.set(value).wait();
    else if (to !== value)
      throw new FlyerError(`${this.name}: ${what} is fixed to ${to}; give the flyer its PV to change it`);
  }
}

function pvOf(wave: FlyWaveform): string {
  return typeof wave === "string" ? wave : wave.pv;
}

async function settingOf(source: number | SignalR<number>): Promise<number> {
  return typeof source === "number" ? source : source.get({ cached: false });
}

function scalarOf(flyer: string, pv: string, answers: Awaited<ReturnType<BulkIo["bulkGet"]>>): number {
  const answer = answers.get(pv);
  if (answer !== undefined && "value" in answer && typeof answer.value === "number") return answer.value;
  throw new FlyerError(`${flyer}: ${pv} does not tell the time of the start`);
}
