import { describe, expect, it } from "vitest";
import { Lossy } from "../../../src/callbacks/index.ts";
import type { Document } from "../../../src/documents/document.ts";
import type { Msg } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector } from "../engine/fixtures/devices.ts";
import { msg } from "../engine/fixtures/plans.ts";

async function* points(num: number): AsyncGenerator<Msg, void, never> {
  const det = new Detector();
  yield* msg("open_run");
  for (let point = 0; point < num; point++) {
    yield* msg("create", null, [], { name: "primary" });
    yield* msg("read", det);
    yield* msg("save");
  }
  yield* msg("close_run");
}

describe("a lossy subscriber", () => {
  it("never holds the engine, gets the frame of the run whole, and tells what was left out, once", async () => {
    const engine = new RunEngine();
    const told: string[] = [];
    const seen: Document[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = async (document: Document) => {
      seen.push(document);
      await released;
    };
    const lossy = new Lossy(slow, { size: 5, report: ({ message }) => told.push(message) });
    engine.subscribe(lossy);
    await engine.run(points(50));
    expect(engine.heldBy).toEqual([]);
    release();
    await lossy.flush();
    const names = seen.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["start", "descriptor"]);
    expect(names.at(-1)).toBe("stop");
    expect(lossy.dropped).toBe(50 - names.filter((name) => name === "event").length);
    expect(lossy.dropped).toBeGreaterThan(40);
    expect(told).toEqual([expect.stringContaining("5 documents waiting")]);
  });

  it("that throws is reported and gets the rest", async () => {
    const engine = new RunEngine();
    const told: string[] = [];
    let seen = 0;
    const failing = () => {
      seen++;
      throw new Error("no display");
    };
    const lossy = new Lossy(failing, { report: ({ message }) => told.push(message) });
    engine.subscribe(lossy);
    await engine.run(points(1));
    await lossy.close();
    expect(seen).toBe(4);
    expect(told).toEqual(Array(4).fill("no display"));
  });

  it("is refused where it is no function or may hold nothing", () => {
    expect(() => new Lossy({} as never)).toThrow(/takes a function/);
    expect(() => new Lossy(() => {}, { size: 0 })).toThrow(/size/);
  });
});

describe("a lossless sink over its mark", () => {
  it("is named by the engine that waits for it", async () => {
    const engine = new RunEngine();
    let catchUp = () => {};
    const sink = {
      ready: undefined as Promise<void> | undefined,
      write({ name }: Document) {
        if (name !== "descriptor") return;
        this.ready = new Promise((resolve) => {
          catchUp = () => {
            this.ready = undefined;
            resolve();
          };
        });
      },
      async flush() {},
      async close() {},
    };
    engine.subscribe(sink);
    const run = engine.run(points(2));
    await expect.poll(() => engine.heldBy).toEqual([sink]);
    catchUp();
    await run;
    expect(engine.heldBy).toEqual([]);
  });
});
