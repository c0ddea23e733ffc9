import { type BulkResult, bulkGet, getContext } from "../../devices/epics/index.ts";
import type { RestorePoint } from "../../devices/protocols.ts";
import { type RecoveryEntry, RecoveryFile } from "../../engine/recovery-file.ts";
import { describeError } from "../describe-error.ts";

export interface RecoverOptions {
  /** Put back what can be put back. */
  readonly apply: boolean;
  /** Drop the list, without changing any device. */
  readonly forget: boolean;
  readonly out?: (line: string) => void;
}

const READ_MS = 5_000;
/** A motor may have a long way. */
const PUT_MS = 600_000;

/** Shows what a process that is gone has changed and not put back, and puts it back when asked to. Resolves to 0 when nothing is left to do. */
export async function recover(path: string, options: RecoverOptions): Promise<number> {
  const { out = (line) => void process.stdout.write(`${line}\n`) } = options;
  using file = new RecoveryFile(path);
  if (file.entries.length === 0) {
    out(`${file.path}: nothing to recover`);
    return 0;
  }
  for (const entry of file.entries) await show(entry, out);
  if (options.forget) {
    file.entries.length = 0;
    file.save();
    out("forgotten; nothing was changed");
    return 0;
  }
  if (!options.apply) {
    out(`put it back with "cerulean doctor --recover ${path} --apply", or drop the list with "--forget"`);
    return 1;
  }
  // What was changed last goes back first.
  for (const entry of [...file.entries].reverse()) {
    if (!(await putBack(entry, out))) continue;
    file.entries.splice(file.entries.indexOf(entry), 1);
    file.save();
  }
  return file.entries.length === 0 ? 0 : 1;
}

async function show({ device, changes, before, by }: RecoveryEntry, out: (line: string) => void): Promise<void> {
  const plan = by.plan === "" ? "a plan" : `the plan ${by.plan}`;
  const since = new Date(by.since * 1000).toLocaleString();
  out(`${device} was ${changes.join(", ")} by ${plan} of ${by.user} on ${by.host} (process ${by.pid}) since ${since}`);
  if (before.length === 0) out("    what it was before is not known; look after it by hand");
  const now = await current(before);
  for (const { pv, value } of before) {
    const is = now.get(pv);
    const found = is instanceof Error ? `can't be read: ${describeError(is)}` : `is ${shown(is)}`;
    out(`    ${pv} was ${shown(value)}, ${isSame(is, value) ? "and is so again" : found}`);
  }
}

/** Whether there is nothing left to do for it; in its own order, because a motor needs its speed first. */
async function putBack({ device, before }: RecoveryEntry, out: (line: string) => void): Promise<boolean> {
  const now = await current(before);
  let isDone = true;
  for (const { pv, value } of before) {
    if (isSame(now.get(pv), value)) continue;
    try {
      if (!isEpics(pv)) throw new Error("it was in the memory of the process that is gone");
      await using channel = getContext().channel(pv);
      await channel.put(value, { timeoutMs: PUT_MS });
      out(`${device}: put ${shown(value)} back to ${pv}`);
    } catch (error) {
      out(`${device}: ${pv} could not be put back to ${shown(value)}: ${describeError(error)}`);
      isDone = !isEpics(pv) && isDone;
    }
  }
  return isDone;
}

type BulkReading = Exclude<BulkResult, { readonly error: Error }>;

async function current(before: readonly RestorePoint[]): Promise<Map<string, unknown>> {
  const names = before.map(({ pv }) => pv);
  const readings = await bulkGet(names.filter(isEpics), { timeoutMs: READ_MS, form: "control" });
  return new Map(
    before.map(({ pv, value }): [string, unknown] => {
      const reading = readings.get(pv);
      if (reading === undefined) return [pv, new Error("it was in the memory of the process that is gone")];
      return [pv, "error" in reading ? reading.error : comparable(reading, value)];
    }),
  );
}

/** Enums are written down by their labels. */
function comparable({ value, metadata }: BulkReading, was: unknown): unknown {
  if (typeof was === "boolean") return Boolean(value);
  return typeof was === "string" && typeof value === "number" ? metadata?.choices?.[value] : value;
}

function isEpics(pv: string): boolean {
  return pv.startsWith("ca://") || pv.startsWith("pva://");
}

function isSame(is: unknown, was: unknown): boolean {
  if (typeof is === "number" && typeof was === "number")
    return Object.is(is, was) || Math.abs(is - was) <= 1e-9 * Math.abs(was);
  if (ArrayBuffer.isView(is)) return isSame([...(is as unknown as Iterable<unknown>)], was);
  if (Array.isArray(is) && Array.isArray(was))
    return is.length === was.length && is.every((each, i) => isSame(each, was[i]));
  return Object.is(is, was) || String(is) === String(was);
}

function shown(value: unknown): string {
  const list = ArrayBuffer.isView(value) ? [...(value as unknown as Iterable<unknown>)] : value;
  const text = Array.isArray(list) ? `[${list.slice(0, 5).join(", ")}${list.length > 5 ? ", ..." : ""}]` : String(list);
  return text === "" ? '""' : text;
}
