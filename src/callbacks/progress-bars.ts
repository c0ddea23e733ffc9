import { MultiBar, type SingleBar } from "cli-progress";

/** How far an action is; the times in seconds. */
interface Progress {
  readonly current: number;
  readonly target: number;
  readonly unit?: string;
  readonly precision?: number;
  readonly fraction?: number;
  readonly remaining?: number;
}

interface Action {
  watch(cb: (progress: Progress) => void): unknown;
  onDone(cb: () => void): unknown;
}

interface Started {
  readonly command: string;
  readonly obj: unknown;
}

export interface ProgressBarsOptions {
  /** Where the bars are drawn; standard error by default. Nothing is drawn where it is no terminal. */
  readonly stream?: NodeJS.WriteStream;
  /** A wait that is over earlier has no bars; 300 by default. */
  readonly afterMs?: number;
}

const FORMAT = "  {name} [{bar}] {detail}";
const FULL = 100;

/**
 * One bar in the terminal for each action that the plan waits for: `engine.waitingHook = new ProgressBars().hook`. They go away when the
 * wait is over. An action that doesn't report its progress has a bar that stays empty until it is done.
 */
export class ProgressBars {
  readonly #stream: NodeJS.WriteStream;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #bars: MultiBar | undefined;

  constructor({ stream = process.stderr, afterMs = 300 }: ProgressBarsOptions = {}) {
    this.#stream = stream;
    this.#afterMs = afterMs;
  }

  /** To be the engine's waiting hook. */
  readonly hook = (statuses: ReadonlySet<Action> | null, actions?: ReadonlyMap<Action, Started>): void => {
    clearTimeout(this.#timer);
    this.#bars?.stop();
    this.#bars = undefined;
    if (statuses === null || this.#stream.isTTY !== true) return;
    this.#timer = setTimeout(() => this.#draw(statuses, actions), this.#afterMs);
    this.#timer.unref();
  };

  /** Whether there are bars now, so that a line printed elsewhere would run into them. */
  get active(): boolean {
    return this.#bars !== undefined;
  }

  /** Prints a line above the bars. */
  log(line: string): void {
    if (this.#bars === undefined) this.#stream.write(`${line}\n`);
    else this.#bars.log(`${line}\n`);
  }

  #draw(statuses: ReadonlySet<Action>, actions: ReadonlyMap<Action, Started> | undefined): void {
    const bars = new MultiBar({
      stream: this.#stream,
      format: FORMAT,
      barCompleteChar: "=",
      barIncompleteChar: " ",
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C is the engine's.
      gracefulExit: false,
    });
    this.#bars = bars;
    for (const status of statuses)
      follow(status, bars.create(FULL, 0, { name: nameOf(actions?.get(status)), detail: "" }));
  }
}

function follow(status: Action, bar: SingleBar): void {
  status.watch((progress) => bar.update(FULL * fractionOf(progress), { detail: detailOf(progress) }));
  status.onDone(() => bar.update(FULL, { detail: "done" }));
}

function fractionOf({ fraction, current, target }: Progress): number {
  if (fraction !== undefined) return Math.min(Math.max(fraction, 0), 1);
  return current === target ? 1 : 0;
}

function detailOf({ current, target, unit = "", precision = 3, remaining }: Progress): string {
  const places = Math.min(Math.max(precision, 0), 10);
  const left = remaining === undefined || !Number.isFinite(remaining) ? "" : `, ${remaining.toFixed(1)} s left`;
  return `${current.toFixed(places)} of ${target.toFixed(places)} ${unit}`.trimEnd() + left;
}

function nameOf(started: Started | undefined): string {
  if (started === undefined) return "an action";
  const { name } = (started.obj ?? {}) as { name?: unknown };
  const device = typeof name === "string" && name !== "" ? name : "an object without a name";
  return started.command === "set" ? device : `${started.command} ${device}`;
}
