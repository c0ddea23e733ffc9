import { FakeIoc, type FakeRecord } from "./fake-channel.ts";

/** How the record treats a move; the default is a motor record on a well-behaved axis. */
export interface FakeMotorBehaviour {
  /** Where the axis really ends. */
  land: (target: number) => number;
  /** Ms from the put to DMOV 0. */
  startMs: number;
  /** Ms from DMOV 0 to DMOV 1. */
  travelMs: number;
  /** The put is acknowledged before anything moves. */
  acknowledgesAtOnce: boolean;
  /** DMOV never leaves 1. */
  hidesMotion: boolean;
  /** Half way to `startMs` the record says that it moved, is done and missed its target. */
  startsFalsely: boolean;
  /** A stop that is written before DMOV is 0 comes to nothing. */
  losesEarlyStops: boolean;
  /** Called just before DMOV goes back to 1. */
  atEnd: () => void;
}

const FIELDS: Record<string, number> = {
  RBV: 0,
  VAL: 0,
  VELO: 10,
  VMAX: 0,
  ACCL: 0.1,
  OFF: 0,
  LLM: -100,
  HLM: 100,
  DLLM: -100,
  DHLM: 100,
  RDBD: 0.01,
  MRES: 0.001,
  DLY: 0,
  BDST: 0,
  BVEL: 0,
  BACC: 0,
};
const FLAGS: Record<string, number> = { PREC: 3, DMOV: 1, LVIO: 0, LLS: 0, HLS: 0, MISS: 0, RTRY: 0, STOP: 0, MSTA: 2 };

/** The fields of a motor record `M` and an axis behind them that takes its time. */
export class FakeMotor {
  readonly ioc = new FakeIoc();
  readonly behaviour: FakeMotorBehaviour = {
    land: (target) => target,
    startMs: 0,
    travelMs: 10,
    acknowledgesAtOnce: false,
    hidesMotion: false,
    startsFalsely: false,
    losesEarlyStops: false,
    atEnd: () => {},
  };
  #halt: (() => void) | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor() {
    for (const [field, value] of Object.entries(FIELDS))
      this.ioc.add(`M.${field}`, { kind: "float64", value, precision: 3 });
    for (const [field, value] of Object.entries(FLAGS)) this.ioc.add(`M.${field}`, { kind: "int16", value });
    this.ioc.add("M.EGU", { kind: "string", value: "mm" });
    this.ioc.add("M.SPMG", { kind: "enum", value: 3, choices: ["Stop", "Pause", "Move", "Go"] });
    this.ioc.add("M.SET", { kind: "enum", value: 0, choices: ["Use", "Set"] });
    for (const field of ["HOMF", "HOMR"])
      this.ioc.add(`M.${field}`, { kind: "int16", value: 0 }).onPut = () => this.#go(0);
    this.field("VAL").onPut = (value) =>
      this.field("SET").value === 1 ? this.#redefine(value as number) : this.#go(value as number);
    this.field("STOP").onPut = () => this.halt();
  }

  field(name: string): FakeRecord {
    return this.ioc.record(`M.${name}`);
  }

  get stops(): number {
    return this.field("STOP").puts.length;
  }

  /** As when STOP is written: the axis stands where it is, and VAL follows it. */
  halt(): void {
    this.#halt?.();
  }

  #redefine(position: number): void {
    this.field("VAL").post(position);
    this.field("RBV").post(this.behaviour.land(position));
  }

  #go(target: number): Promise<void> | void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    const { land, startMs, travelMs, acknowledgesAtOnce, hidesMotion, startsFalsely, losesEarlyStops } = this.behaviour;
    const initial = this.field("RBV").value as number;
    this.field("VAL").post(target);
    const arrived = new Promise<void>((resolve) => {
      const end = (position: number): void => {
        for (const timer of this.#timers.splice(0)) clearTimeout(timer);
        this.#halt = undefined;
        this.field("RBV").post(position);
        this.behaviour.atEnd();
        if (!hidesMotion) this.field("DMOV").post(1);
        resolve();
      };
      const start = (): void => {
        this.#halt = halt;
        if (!hidesMotion) this.field("DMOV").post(0);
        this.#timers.push(setTimeout(() => this.field("RBV").post((initial + land(target)) / 2), travelMs / 2));
        this.#timers.push(setTimeout(() => end(land(target)), travelMs));
      };
      const halt = (): void => {
        const position = this.field("RBV").value as number;
        this.field("VAL").post(position);
        end(position);
      };
      this.#halt = losesEarlyStops ? undefined : halt;
      const pretend = (): void => {
        this.field("DMOV").post(0);
        this.field("MISS").post(1);
        this.field("DMOV").post(1);
      };
      if (startsFalsely) this.#timers.push(setTimeout(pretend, startMs / 2));
      if (startMs === 0) start();
      else this.#timers.push(setTimeout(start, startMs));
    });
    return acknowledgesAtOnce ? undefined : arrived;
  }
}
