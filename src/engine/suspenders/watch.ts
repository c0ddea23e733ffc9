import { type Reading, type Readings, supports } from "../../devices/protocols.ts";
import { nameOf } from "../groups.ts";

/** What a suspender is told: a value that it can judge by, or why there is none. */
export type Observation = { value: unknown } | { trouble: string };

const INVALID = 3;
const DISCONNECTED = -1;

/** Follows a Subscribable or an RxJS Observable of values, from its current value on. Answers with what ends it. */
export function watch(signal: unknown, observe: (observation: Observation) => void): () => void {
  if (supports(signal, "Subscribable")) {
    const update = (readings: Readings<any>): void =>
      observe(judge(readings[signal.name] ?? Object.values(readings)[0]));
    signal.subscribe(update);
    return () => signal.clearSub(update);
  }
  const observable = signal as { subscribe?: unknown } | null | undefined;
  if (typeof observable?.subscribe !== "function") {
    throw new TypeError(
      `a suspender watches a device with subscribe and clearSub, or an Observable, not ${nameOf(signal)}`,
    );
  }
  const subscription = (observable as { subscribe(observer: object): { unsubscribe(): void } }).subscribe({
    next: (value: unknown) => observe(judgeValue(value)),
    error: (error: unknown) => observe({ trouble: `failed: ${error}` }),
    complete: () => observe({ trouble: "has ended" }),
  });
  return () => subscription.unsubscribe();
}

function judge(reading: Reading | undefined): Observation {
  if (reading === undefined) return { trouble: "has no value" };
  if (reading.alarmSeverity === DISCONNECTED) return { trouble: "is disconnected" };
  if (reading.alarmSeverity === INVALID) return { trouble: "is invalid" };
  return judgeValue(reading.value);
}

function judgeValue(value: unknown): Observation {
  if (value === undefined || value === null || Number.isNaN(value))
    return { trouble: `has the value ${String(value)}` };
  return { value };
}
