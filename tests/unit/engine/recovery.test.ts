import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { status } from "../../../src/devices/status.ts";
import { Msg, type Plan, RunEngine } from "../../../src/index.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-recovery-"));
  file = join(folder, "recovery.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFile = (): any[] => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).entries : []);
const briefly = (): string[] => inFile().map(({ device, changes }) => `${device}: ${changes.join(", ")}`);

/** A motor that notes what the file says at the moment when it is told to move. */
function motor(name: string, position = 0) {
  return {
    name,
    position,
    seen: [] as any[],
    recoverable: async () => [{ pv: `ca://${name}`, value: 5 }],
    set(value: number) {
      this.seen = inFile();
      this.position = value;
      return status(async () => {});
    },
  };
}

async function* setTo(device: object, value: number, then?: () => unknown): Plan {
  yield* new Msg("set", device, [value], { group: "a" });
  yield* new Msg("wait", null, [], { group: "a" });
  await then?.();
}

test("what a device was is in the file before the device is told to move, and the file is gone after the plan", async () => {
  const m = motor("m");
  const engine = new RunEngine({ recoveryFile: file });
  let during: any[] = [];
  await engine.run(() =>
    setTo(m, 3, () => {
      during = inFile();
    }),
  );
  expect(m.seen).toEqual(during);
  expect(during).toEqual([
    {
      device: "m",
      changes: ["set"],
      before: [{ pv: "ca://m", value: 5 }],
      by: expect.objectContaining({ pid: process.pid, since: expect.any(Number) }),
    },
  ]);
  expect(existsSync(file)).toBe(false);
});

test("what is staged is in the file until it is unstaged, each device once with all that was done to it", async () => {
  const m = { ...motor("m"), stage: () => [], unstage: () => [] };
  const det = { name: "det", stage: () => status(async () => {}), unstage: () => status(async () => {}) };
  const seen: string[][] = [];
  const engine = new RunEngine({ recoveryFile: file });
  await engine.run(async function* (): Plan {
    yield* new Msg("stage", m);
    yield* new Msg("stage", det, [], { group: "s" });
    yield* setTo(m, 1);
    seen.push(briefly());
    yield* new Msg("unstage", det, [], { group: "s" });
    yield* new Msg("wait", null, [], { group: "s" });
    yield* new Msg("unstage", m);
    seen.push(briefly());
  });
  expect(seen).toEqual([["m: staged, set", "det: staged"], ["m: set"]]);
  expect(existsSync(file)).toBe(false);
});

test("the file is gone after a plan that failed or was aborted too, because the engine has put things in order", async () => {
  const engine = new RunEngine({ recoveryFile: file });
  const failing = setTo(motor("m"), 1, () => {
    throw new Error("no");
  });
  await expect(engine.run(failing)).rejects.toThrow("no");
  expect(existsSync(file)).toBe(false);
  await engine.run(setTo(motor("m"), 2));
  expect(existsSync(file)).toBe(false);
});

test("a plan that is aborted while a device is asked what it is does not move it any more", async () => {
  let asked = (): void => {};
  let answer = (_: never[]): void => {};
  const waiting = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const recoverable = (): Promise<never[]> => {
    asked();
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const m = { ...motor("m", 7), recoverable };
  const engine = new RunEngine({ recoveryFile: file });
  const run = engine.run(setTo(m, 1));
  await waiting;
  const aborted = engine.abort("enough");
  answer([]);
  await expect(run).rejects.toThrow("enough");
  await aborted;
  expect(m.position).toBe(7);
});

test("a device that can't tell what it is moves all the same, and the engine says so", async () => {
  const m = {
    ...motor("m"),
    recoverable: async () => {
      throw new Error("m is away");
    },
  };
  const engine = new RunEngine({ recoveryFile: file });
  const errors: string[] = [];
  engine.errors$.subscribe(({ message }) => errors.push(message));
  await engine.run(setTo(m, 1));
  expect(m.position).toBe(1);
  expect(errors).toEqual(["what m is before it is set can't be written down for a recovery: m is away"]);
});

test("what an earlier process has left is told, and stays in the file until somebody deals with it", async () => {
  const by = { user: "ann", host: "elsewhere", pid: 1, started: "", plan: "scan", since: 1 };
  const left = { device: "x", changes: ["set"], before: [{ pv: "ca://x", value: 1 }], by };
  writeFileSync(file, JSON.stringify({ version: 1, entries: [left] }));
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const engine = new RunEngine({ recoveryFile: file });
  expect((await warned).message).toContain("ended without putting back x");
  let during: string[] = [];
  await engine.run(
    setTo(motor("m"), 3, () => {
      during = briefly();
    }),
  );
  expect(during).toEqual(["x: set", "m: set"]);
  expect(inFile()).toEqual([left]);
});

test("a second engine can't have the file, and another file is refused by its name", () => {
  new RunEngine({ recoveryFile: file });
  expect(() => new RunEngine({ recoveryFile: file })).toThrow(`the recovery file ${file} is in use by process`);
  const other = join(folder, "other.json");
  writeFileSync(other, "{}");
  expect(() => new RunEngine({ recoveryFile: other })).toThrow(`${other} is not a recovery file`);
});
