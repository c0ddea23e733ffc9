import {
  type Channel,
  type ChannelMetadata,
  type ChannelReading,
  getContext,
  NotConnectedError,
} from "../../devices/epics/index.ts";
import { asError } from "../../devices/errors.ts";
import { Report, type ReportOptions } from "./report.ts";

export type EventMask = readonly ("value" | "alarm" | "log" | "property")[];

export interface MonitorOptions extends ReportOptions {
  /** After this time a PV that was not found is told; it is looked for further. */
  readonly timeoutMs: number;
  readonly mask: EventMask;
  /** How many updates of all PVs end the command; Ctrl-C does too. */
  readonly count: number;
}

/** Tells each update of the PVs until it is interrupted. Resolves to the exit code: 1 when one of them never told anything. */
export async function monitor(pvs: readonly string[], options: MonitorOptions): Promise<number> {
  const report = new Report(options);
  let left = options.count;
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
      for (const each of watched) each.stop();
      resolve(watched.every(({ told }) => told) ? 0 : 1);
    };
    const told = (): void => {
      left -= 1;
      if (left === 0) end();
    };
    const watched = [...new Set(pvs)].flatMap((pv) => {
      try {
        return [new Watched(pv, report, options, () => left > 0, told)];
      } catch (error) {
        report.failure(pv, asError(error));
        return [{ told: false, stop: () => {} }];
      }
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  });
}

/** One PV that is being told of. */
class Watched {
  told = false;
  readonly #pv: string;
  readonly #channel: Channel;
  readonly #report: Report;
  readonly #timer: NodeJS.Timeout;
  readonly #isWanted: () => boolean;
  readonly #onTold: () => void;
  readonly #timeoutMs: number;
  readonly #json: boolean;
  readonly #waiting: ChannelReading[] = [];
  #metadata: ChannelMetadata | undefined;
  #fetching = false;
  #stopped = false;

  constructor(pv: string, report: Report, options: MonitorOptions, isWanted: () => boolean, onTold: () => void) {
    this.#pv = pv;
    this.#report = report;
    this.#isWanted = isWanted;
    this.#onTold = onTold;
    this.#timeoutMs = options.timeoutMs;
    this.#json = options.json;
    this.#channel = getContext().channel(pv);
    this.#channel.subscribe((reading) => this.#update(reading), {
      mask: options.mask,
      hold: true,
      onConnection: (state) => this.#connection(state),
      onError: (error) => report.failure(pv, error),
      onDropped: (count) => report.failure(pv, new Error(`${count} updates were dropped: this terminal is too slow`)),
    });
    this.#timer = setTimeout(() => this.#missing(), options.timeoutMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  #update(reading: ChannelReading): void {
    // The labels of an enum may have changed with it: it is told with those that hold now.
    if (this.#metadata?.info.kind === "enum") this.#metadata = undefined;
    this.#waiting.push(reading);
    this.#tell();
  }

  #tell(): void {
    if (this.#metadata === undefined) {
      if (this.#waiting.length > 0) void this.#fetch();
      return;
    }
    for (const reading of this.#waiting.splice(0)) {
      if (!this.#isWanted()) return;
      clearTimeout(this.#timer);
      this.told = true;
      this.#report.reading(this.#pv, reading, this.#metadata);
      this.#onTold();
    }
  }

  async #fetch(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      this.#metadata = await this.#channel.metadata({ timeoutMs: this.#timeoutMs });
    } catch (error) {
      this.#waiting.length = 0;
      if (!this.#stopped && !(error instanceof NotConnectedError)) this.#report.failure(this.#pv, asError(error));
    } finally {
      this.#fetching = false;
    }
    if (!this.#stopped) this.#tell();
  }

  #connection(state: string): void {
    if (state === "connected") this.#metadata = undefined;
    if (state !== "disconnected" && state !== "unresponsive") return;
    if (this.#json) this.#report.record(this.#pv, { connection: state });
    else this.#report.line(`${this.#pv} *** ${state}`);
  }

  #missing(): void {
    if (this.#channel.connected) return;
    this.#report.failure(
      this.#pv,
      new NotConnectedError(this.#channel.source, `was not found within ${this.#timeoutMs} ms; still looking for it`),
    );
  }
}
