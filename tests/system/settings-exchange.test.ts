import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  applySettings,
  child,
  currentSettings,
  defineDevice,
  retrieveSettings,
  settableSignals,
  storeSettings,
  t,
} from "cerulean/devices";
import { type Context, epicsSignalRW, getContext, pv } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { python } from "./support/python.ts";
import { startStructuresServer } from "./support/structures-server.ts";

const RECORDS = `
record(ao, "set:AcquireTime") { field(PREC, "9") field(PINI, "YES") }
record(longout, "set:NumImages") { field(PINI, "YES") }
record(mbbo, "set:Mode") { field(ZRST, "Off") field(ONST, "No") field(TWST, "1e3") field(VAL, "0") field(PINI, "YES") }
record(stringout, "set:Label") { field(PINI, "YES") }
record(stringout, "set:Comment") { field(PINI, "YES") }
record(bo, "set:OpenShutter") { field(ZNAM, "Shut") field(ONAM, "Open") field(PINI, "YES") }
record(int64out, "set:BigNumber") { field(PINI, "YES") }
record(waveform, "set:Offsets") { field(FTVL, "LONG") field(NELM, "20") }
record(waveform, "set:Curve") { field(FTVL, "DOUBLE") field(NELM, "2000") }
record(waveform, "set:Names") { field(FTVL, "STRING") field(NELM, "5") }
`;

class Camera extends defineDevice({
  acquireTime: pv.rw(t.float, "AcquireTime", { kind: "config" }),
  numImages: pv.rw(t.int, "NumImages", { kind: "config" }),
}) {}

const TRIGGERS = [
  "Immediate",
  ...["A", "B", "C"].flatMap((bit) => [`BIT${bit}=0`, `BIT${bit}=1`]),
  ...["A", "B", "C"].flatMap((place) => [`POS${place}>=POSITION`, `POS${place}<=POSITION`]),
];

/** The device of settings-exchange.py. */
class Everything extends defineDevice({
  cam: child((prefix, shared) => new Camera(prefix, shared)),
  mode: child((prefix, shared) => epicsSignalRW(t.enum(["Off", "No", "1e3"]), `pva://${prefix}Mode`, shared)),
  label: pv.rw(t.string, "Label"),
  comment: child((prefix, shared) => epicsSignalRW(t.string, `pva://${prefix}Comment`, shared)),
  openShutter: pv.rw(t.bool, "OpenShutter"),
  bigNumber: child((prefix, shared) => epicsSignalRW(t.int64, `pva://${prefix}BigNumber`, shared)),
  offsets: pv.rw(t.array.i32, "Offsets"),
  curve: child((prefix, shared) => epicsSignalRW(t.array.f64, `pva://${prefix}Curve`, shared)),
  names: pv.rw(t.strings, "Names"),
}) {}

const FIRST = {
  "cam.acquire_time": 1e-7,
  "cam.num_images": 12,
  mode: "1e3",
  label: "no",
  comment: "- a: 'b' # \"~\"",
  open_shutter: true,
  big_number: 2n ** 62n + 1n,
  offsets: Int32Array.of(-5, 0, 2 ** 31 - 1),
  curve: Float64Array.from({ length: 300 }, (_, i) => (i === 7 ? Number.POSITIVE_INFINITY : 1e22 * Math.sin(i))),
  names: ["on", "1_000", "0x10", "café"],
} as const;

const SECOND = {
  "cam.acquire_time": 12_345_678.25,
  "cam.num_images": -1,
  mode: "No",
  label: "",
  comment: "12:30:00",
  open_shutter: false,
  big_number: -(2n ** 63n),
  offsets: Int32Array.of(1),
  curve: Float64Array.of(0.1, -0, 5e-324),
  names: ["null"],
} as const;

let ioc: CIoc;
let context: Context;
let device: Everything;
let folder: string;
let theirs: Theirs;

interface Theirs extends AsyncDisposable {
  ask(word: "store" | "apply"): Promise<any>;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "settings-"));
  ioc = await CIoc.start(RECORDS);
  context = getContext(ioc.context);
  device = new Everything("set:", { name: "device", context });
  await device.connect();
  await applySettings(device, SECOND, { all: true });
  theirs = await startTheirs("everything", ioc.environment);
});

afterAll(async () => {
  await theirs?.[Symbol.asyncDispose]();
  await context?.close({ force: true });
  await ioc?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startTheirs(what: string, environment: Readonly<Record<string, string>>): Promise<Theirs> {
  const script = fileURLToPath(new URL("support/settings-exchange.py", import.meta.url));
  const process_ = spawn(await python(), [script, folder, what], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(process_, "exit");
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<any> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("ophyd-async's side has ended");
    return JSON.parse(value);
  };
  expect(await next()).toBe("ready");
  return {
    ask(word) {
      process_.stdin.write(`${word}\n`);
      return next();
    },
    async [Symbol.asyncDispose]() {
      process_.stdin.end();
      await exited;
    },
  };
}

const SWITCH = t.array.bool;
const HALF = (half: number) =>
  Object.fromEntries([..."abcdef"].map((line) => [`out${line}${half}`, SWITCH])) as Record<string, typeof SWITCH>;

/** ophyd-async's own table of a PandA's sequencer, and a table of columns of each kind. */
class Sequencer extends defineDevice({
  sequence: child((prefix, shared) =>
    epicsSignalRW(
      t.table({
        repeats: t.array.u16,
        trigger: t.enum(TRIGGERS),
        position: t.array.i32,
        time1: t.array.u32,
        ...HALF(1),
        time2: t.array.u32,
        ...HALF(2),
      }),
      `pva://${prefix}Sequence`,
      shared,
    ),
  ),
  columns: child((prefix, shared) => epicsSignalRW(t.any, `pva://${prefix}table`, shared)),
}) {}

/** When each record was processed last. */
async function stamps(): Promise<Map<string, number>> {
  const signals = [...settableSignals(device)];
  const readings = await Promise.all(signals.map(([, signal]) => signal.getReading({ cached: false })));
  return new Map(signals.map(([path], i) => [path, readings[i]?.timestamp ?? 0]));
}

describe("settings are exchanged with ophyd-async", () => {
  it("theirs are loaded and applied by ours, only where they differ", async () => {
    await applySettings(device, FIRST);
    expect(await currentSettings(device)).toEqual(FIRST);
    await theirs.ask("store");
    await applySettings(device, SECOND);
    expect(await currentSettings(device)).toEqual(SECOND);

    const stored = await retrieveSettings(device, join(folder, "theirs.yaml"));
    expect(stored).toEqual(FIRST);
    expect(await applySettings(device, stored)).toEqual(Object.keys(stored));
    expect(await currentSettings(device)).toEqual(FIRST);

    await device.cam.numImages.set(3).wait();
    await device.names.set(["x"]).wait();
    const before = await stamps();
    expect(await applySettings(device, stored, { phases: [["names"]] })).toEqual(["names", "cam.num_images"]);
    const processed = [...(await stamps())].filter(([path, stamp]) => stamp !== before.get(path)).map(([path]) => path);
    expect(processed).toEqual(["cam.num_images", "names"]);
    expect(await currentSettings(device)).toEqual(FIRST);
  });

  it("ours are loaded and applied by theirs", async () => {
    for (const values of [FIRST, SECOND]) {
      await applySettings(device, values);
      await storeSettings(device, join(folder, "ours.yaml"));
      expect(await theirs.ask("apply")).toEqual([]);
      await applySettings(device, values === FIRST ? SECOND : FIRST);
      expect(await theirs.ask("apply")).toHaveLength(Object.keys(values).length);
      expect(await currentSettings(device)).toEqual(values);
    }
  });

  it("tables, too: theirs by ours and ours by theirs, and only where they differ", async () => {
    await using server = await startStructuresServer();
    await using other = getContext(server.context);
    await using sequencer = new Sequencer("p4p:", { name: "sequencer", context: other });
    await sequencer.connect();
    await using peer = await startTheirs("sequencer", server.environment);
    const sequence = (rows: number) => ({
      repeats: Uint16Array.from({ length: rows }, (_, i) => 65_535 - i),
      trigger: Array.from({ length: rows }, (_, i) => TRIGGERS[i % TRIGGERS.length] as string),
      position: Int32Array.from({ length: rows }, (_, i) => -i * 1000),
      time1: Uint32Array.from({ length: rows }, (_, i) => 4_294_967_295 - i),
      time2: Uint32Array.from({ length: rows }, (_, i) => i),
      ...Object.fromEntries(
        Object.keys({ ...HALF(1), ...HALF(2) }).map((key, at) => [
          key,
          Array.from({ length: rows }, (_, i) => i % (at + 2) === 0),
        ]),
      ),
    });
    // Its server has published none yet.
    expect(await sequencer.sequence.get()).toEqual(sequence(0));
    const columns = (await sequencer.columns.get()) as Record<string, any>;
    const first = { sequence: sequence(5), columns: { ...columns, text: ["no", "1e3", "a: b"] } };
    const second = { sequence: sequence(0), columns: { ...columns, f64: Float64Array.of(1e22, -0, Number.NaN) } };

    await applySettings(sequencer, first);
    expect(await currentSettings(sequencer)).toEqual(first);
    await peer.ask("store");
    await applySettings(sequencer, second);
    const stored = await retrieveSettings(sequencer, join(folder, "theirs.yaml"));
    expect(stored).toEqual(first);
    expect(await applySettings(sequencer, stored)).toEqual(Object.keys(stored));
    expect(await applySettings(sequencer, stored)).toEqual([]);
    expect(await currentSettings(sequencer)).toEqual(first);

    for (const values of [first, second]) {
      await applySettings(sequencer, values);
      await storeSettings(sequencer, join(folder, "ours.yaml"));
      await applySettings(sequencer, values === first ? second : first);
      expect(await peer.ask("apply")).toEqual(["device-columns", "device-sequence"]);
      expect(await currentSettings(sequencer)).toEqual(values);
    }
  });
});
