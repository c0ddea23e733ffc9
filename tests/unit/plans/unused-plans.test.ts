import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { count, relScan, scan } from "../../../src/plans/index.ts";
import { Bench } from "./support/bench.ts";

/** What the process would be told when it has nothing more to do. */
function toldAtTheEnd(): string[] {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const others = process.listeners("beforeExit").filter((listener) => !before.includes(listener));
  for (const listener of others) {
    process.removeListener("beforeExit", listener as never);
    (listener as () => void)();
  }
  const told = warn.mock.calls.map(([warning]) => String(warning));
  warn.mockRestore();
  return told;
}

let before: unknown[] = [];

describe("plans that are called and never iterated", () => {
  const { det, m1 } = new Bench();

  beforeEach(() => {
    process.emit("beforeExit", 0);
    before = process.listeners("beforeExit");
  });

  afterEach(() => {
    expect(process.listeners("beforeExit")).toEqual(before);
  });

  it("are told of once, by name, when the process has nothing more to do", () => {
    count([det]);
    count([det]);
    relScan([det], m1, 0, 1, 2);
    const told = toldAtTheEnd();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/never iterated: count \(2 times\), rel_scan\..*yield\*/);
    expect(toldAtTheEnd()).toEqual([]);
  });

  it("are not those that were run, or that a plan has delegated to", async () => {
    const engine = new RunEngine();
    await engine.run(count([det]));
    await engine.run(async function* () {
      yield* scan([det], m1, 0, 1, 2);
    });
    for (const plan of [relScan([det], m1, 0, 1, 2), count([det], 2)]) await engine.run(plan);
    expect(toldAtTheEnd()).toEqual([]);
  });

  it("are kept by the hundred only", () => {
    for (let i = 0; i < 1000; i++) count([det]);
    expect(toldAtTheEnd()[0]).toContain("count (100 times)");
  });
});
