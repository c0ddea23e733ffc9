import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Document, RunEngine } from "cerulean";
import { type Device, DeviceMap, NotConnectedError, SignalR, SignalRW, SignalW, SignalX, t } from "cerulean/devices";
import { type Context, definePviDevice, getContext, PviDevice, pvi, pviDevice } from "cerulean/epics";
import { count } from "cerulean/plans";
import { mockOf } from "cerulean/testing";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { python } from "./support/python.ts";
import { type StructuresServer, startPviServer } from "./support/structures-server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let server: StructuresServer;
let context: Context;

beforeAll(async () => {
  server = await startPviServer();
  context = getContext(server.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await server?.[Symbol.asyncDispose]();
});

class Pulse extends definePviDevice({
  delay: pvi.rw(t.float, { kind: "config" }),
  fired: pvi.r(t.int64, { kind: "hinted" }),
}) {}

class Box extends definePviDevice({
  gap: pvi.rw(t.float, { kind: "hinted" }),
  width: pvi.rw(t.float),
  mode: pvi.rw(t.enum(["Manual", "Auto"])),
  secret: pvi.w(t.int),
  name_: pvi.r(t.string),
  runs: pvi.r(t.int),
  start: pvi.x(),
  pulse: pvi.map(pvi.device(Pulse)),
  old: pvi.map(pvi.device(Pulse)),
  level: pvi.map(pvi.rw(t.float)),
}) {}

describe("a device that is made from its PVI structure", () => {
  it("has all that the structure and those below it tell, with the types of the channels", async () => {
    await using box = await pviDevice("box:", { name: "box", context });
    await box.connect();
    expect([...box.children.keys()].slice(0, 4)).toEqual(["gap", "width", "temperature", "count"]);
    expect(box.gap).toBeInstanceOf(SignalRW);
    expect(box.temperature).toBeInstanceOf(SignalR);
    expect(box.secret).toBeInstanceOf(SignalW);
    expect(box.start).toBeInstanceOf(SignalX);
    const types = ["gap", "count", "mode", "armed", "label", "wave"].map((key) => box[key].datatype.label);
    expect(types).toEqual(["t.float", "t.int", 't.enum("Manual", "Auto")', "t.bool", "t.string", "t.array.f64"]);
    await box.width.set(2.5).wait();
    expect(await box.width.locate()).toEqual({ setpoint: 2.5, readback: 0.25 });
    expect(await box.pulse.get(2).delay.get()).toBe(0.2);
    expect(box.pulse.get(2).delay.name).toBe("box-pulse-2-delay");
    const level = await Promise.all([...box.level].map(async ([key, signal]) => [key, await signal.get()]));
    expect(level).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(box.old).toBeInstanceOf(DeviceMap);
    expect([...box.old.keys()]).toEqual([1, 2]);
  });

  it("runs commands to their end", async () => {
    await using box = await pviDevice("box:", { context });
    await box.connect();
    const before = await box.runs.get();
    await box.start.trigger().wait();
    expect(await box.runs.get({ cached: false })).toBe(before + 1);
  });

  it("calls entries otherwise whose names a device uses itself", async () => {
    await using box = await pviDevice("box:", { name: "box", context });
    await box.connect();
    expect(await box.name_.get()).toBe("the box");
    expect(await box.stage_.x.get()).toBe(7);
    expect(box.name).toBe("box");
  });

  it.each([
    ["plain:", 'plain:PVI is no PVI structure: it has no structure "value"'],
    ["odd:", 'odd:PVI: the entry "gap" is {"q":"box:GAP"}; it has to be one of r, w, r and w, rw, x, d'],
    [
      "box:LEVELS:",
      "box:LEVELS:PVI is a vector: give the prefix of the device that it is a part of, or of one of its members",
    ],
    ["mixed:", "mixed:PVI: the members of its vector differ: d, rw"],
    ["ring:", "ring:PVI contains itself, by way of ring:PVI, ring:inner:PVI"],
    ["missing:", "pva://missing:PVI"],
  ])("is refused where the structure is wrong: %s", async (prefix, message) => {
    await expect(pviDevice(prefix, { context, timeoutMs: 1000 })).rejects.toThrow(message);
  });

  it("fails to connect with what can't be reached, and the rest of it works", async () => {
    await using half = await pviDevice("half:", { name: "half", context });
    const error = await half.connect({ timeoutMs: 500 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect([...(error as NotConnectedError).subErrors.keys()]).toEqual(["gone"]);
    expect(await half.gap.get()).toBe(1.5);
  });

  it("is the same that ophyd-async makes of it", async () => {
    await using ours = await pviDevice("peer:", { context });
    await ours.connect();
    const script = fileURLToPath(new URL("support/pvi-peer.py", import.meta.url));
    const env = { ...process.env, ...server.environment };
    const { stdout } = await promisify(execFile)(await python(), [script, "peer:"], { env });
    const theirs = JSON.parse(stdout) as Record<string, [kind: string, pv: string]>;
    expect(Object.keys(theirs)).toHaveLength(19);
    expect(Object.fromEntries(signalsOf(ours))).toEqual(theirs);
  });
});

/** As ophyd-async names them: a command is a `TriggerableCommand` there. */
function* signalsOf(device: Device, path: readonly string[] = []): Generator<[string, [string, string]]> {
  for (const [key, child] of device.children) {
    if (child instanceof PviDevice || child instanceof DeviceMap) yield* signalsOf(child, [...path, key]);
    else {
      const kind = child instanceof SignalX ? "TriggerableCommand" : child.constructor.name;
      const pv = (child as SignalX).backend.target("").replace("pva://", "");
      yield [[...path, key].join("."), [kind, pv]];
    }
  }
}

describe("a declared device that PVI fills", () => {
  it("has the types that were declared, and is read in a run by its kinds", async () => {
    await using box = new Box("box:", { name: "box", context });
    await box.connect();
    const declared = ["gap", "width", "mode", "secret", "name_", "runs", "start", "pulse", "old", "level"];
    expect([...box.children.keys()]).toEqual(declared);
    expectTypeOf(box.mode).toEqualTypeOf<SignalRW<"Manual" | "Auto">>();
    expectTypeOf(box.pulse.get(1)).toEqualTypeOf<Pulse>();
    await box.mode.set("Manual").wait();
    expect(await box.mode.get()).toBe("Manual");
    expect(await box.name_.get()).toBe("the box");
    expect(box.gap.source).toBe("pva://box:GAP");
    await box.secret.set(5).wait();
    const documents: Document[] = [];
    const engine = new RunEngine();
    engine.subscribe((document) => void documents.push(document));
    await engine.run(count([box.gap, box.pulse.get(2)], 1));
    const event = documents.find((document) => document.name === "event");
    expect(event?.doc.data).toEqual({ "box-gap": 1.5, "box-pulse-2-fired": 12n });
    const descriptor = documents.find((document) => document.name === "descriptor");
    expect(descriptor?.doc.configuration?.["box-pulse-2"]?.data).toEqual({ "box-pulse-2-delay": 0.2 });
  });

  it("gives its signals' updates, and takes new ones after it was connected again", async () => {
    await using pulse = new Pulse("box:PULSE1:", { name: "pulse", context });
    await pulse.connect();
    const seen: number[] = [];
    using _updates = pulse.delay.subscribeReading(({ value }) => void seen.push(value));
    await expect.poll(() => seen).toEqual([0.1]);
    await pulse.connect({ force: true });
    await pulse.delay.set(0.5).wait();
    await expect.poll(() => seen).toEqual([0.1, 0.5]);
    await pulse.delay.set(0.1).wait();
  });

  it("fails to connect with a tree of all that the structures don't have as declared", async () => {
    class Wrong extends definePviDevice({
      gap: pvi.rw(t.string),
      hole: pvi.r(t.float),
      temperature: pvi.rw(t.float),
      start: pvi.r(t.int),
      pulse: pvi.rw(t.float),
      width: pvi.device(Pulse),
      stage_: pvi.map(pvi.rw(t.float)),
      count: pvi.r(t.int),
    }) {}
    await using wrong = new Wrong("box:", { name: "wrong", context });
    const error = await wrong.connect({ timeoutMs: 5000 }).catch((thrown: Error) => thrown);
    expect((error as Error).message.split("\n").slice(1, -1)).toEqual([
      "wrong: NotConnectedError:",
      "    gap: DatatypeMismatchError: pva://box:GAP is float64 and cannot be read as t.string",
      '    hole: PviError: box:PVI has no entry "hole"; it has gap, width, temperature, count, mode, armed, label, wave, table, secret, name, runs, start, pulse, old, level, stage',
      "    temperature: PviError: box:PVI.temperature is a signal with r, and a signal with rw is asked for",
      "    start: PviError: box:PVI.start is a signal with x, and a signal with r is asked for",
      "    pulse: PviError: box:PVI.pulse is a device, and a signal with rw is asked for",
      "    width: PviError: box:PVI.width is a signal with rw, and a device is asked for",
      "    stage_: PviError: box:STAGE:PVI is no vector: it has x, home",
    ]);
    expect(await wrong.count.get()).toBe(3);
  });

  it("has the members of a vector that has names beside them", async () => {
    class Bank extends definePviDevice({ bank: pvi.map(pvi.rw(t.float)) }) {}
    await using declared = new Bank("bank:", { name: "declared", context });
    await declared.connect();
    expect([...declared.bank.keys()]).toEqual([1]);
    await using found = await pviDevice("bank:", { name: "found", context });
    await found.connect();
    expect([...found.bank.keys()]).toEqual([1, "gap"]);
    expect(await found.bank.get("gap").get()).toBe(1.5);
  });

  it("has two members in each vector when it is connected to stand-ins", async () => {
    await using box = new Box("nowhere:", { name: "box" });
    await box.connect({ mock: true });
    expect([...box.pulse.keys()]).toEqual([1, 2]);
    mockOf(box.pulse.get(1).delay).setValue(3);
    expect(await box.pulse.get(1).delay.get()).toBe(3);
    await box.start.trigger().wait();
    expect(box.gap.source).toBe("mock+pva://nowhere:PVI.gap");
  });

  it("can't have a child under a name that it uses itself", () => {
    // @ts-expect-error: "read" is reserved
    const make = () => new (definePviDevice({ read: pvi.r(t.float) }))("box:");
    expect(make).toThrow('a child can\'t be called "read": the device itself uses that name; use "read_"');
  });
});

describe("cerulean pvi", () => {
  const folder = mkdtempSync(join(tmpdir(), "cerulean-pvi-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const written = (...args: readonly string[]) => {
    const env = { ...process.env, ...server.environment };
    return promisify(execFile)(process.execPath, [join(root, "dist/cli/main.js"), "pvi", ...args], { env });
  };

  it("writes classes that compile, connect, and have the types of the channels", async () => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/cerulean"));
    symlinkSync(join(root, "node_modules/@types"), join(folder, "node_modules/@types"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    await written("box:", "--out", join(folder, "box.ts"));
    const text = readFileSync(join(folder, "box.ts"), "utf8");
    expect(text).toContain('mode: pvi.rw(t.enum(["Manual", "Auto"])),');
    expect(text).toContain("table: pvi.rw(t.table({ time: t.array.f64, line: t.array.i32 })),");
    expect(text).toContain("pulse: pvi.map(pvi.device(Pulse)),");
    expect((await written("box:", "--class", "Box")).stdout).toBe(text);
    writeFileSync(
      join(folder, "use.ts"),
      `import { Box } from "./box.ts";
      const box = new Box("box:", { name: "box" });
      await box.connect();
      const mode: "Manual" | "Auto" = await box.mode.get();
      const delay: number = await box.pulse.get(2).delay.get();
      const x: number = await box.stage_.x.get();
      // @ts-expect-error: it is not among the labels
      box.mode.set("Off").wait().catch(() => {});
      console.log(mode, delay, x, (await box.table.get()).line.constructor.name);
      await box.dispose();`,
    );
    const tsconfig = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: { skipLibCheck: true },
      files: ["use.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...tsconfig, include: [] }));
    const tsc = promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    expect(await tsc.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: "" });
    const env = { ...process.env, ...server.environment };
    const run = await promisify(execFile)(join(root, "node_modules/.bin/tsx"), [join(folder, "use.ts")], { env });
    expect(run.stdout).toMatch(/^(Auto|Manual) 0.2 7 Int32Array\n$/);
  });

  it("writes of the members of a vector what they have in common, and names the rest", async () => {
    const { stdout } = await written("uneven:");
    expect(stdout).toContain(`export class Unit extends definePviDevice({
  gap: pvi.rw(t.float),
  // Not the same in all members of the vector: mode, extra
}) {}`);
  });

  it("writes a vector that has names beside its members as those, and tells the names", async () => {
    const { stdout } = await written("bank:");
    expect(stdout).toContain("  // Beside its members bank has: gap\n  bank: pvi.map(pvi.rw(t.float)),\n");
  });

  it("fails with what is wrong, and writes nothing", async () => {
    const out = join(folder, "none.ts");
    const failed = written("missing:", "-w", "0.5", "--out", out).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(await failed).toMatchObject({ code: 1, stderr: expect.stringContaining("pva://missing:PVI") });
    await expect(written("box:", "--class", "2nd")).rejects.toMatchObject({ code: 2 });
    expect(() => readFileSync(out)).toThrow("ENOENT");
  });
});
