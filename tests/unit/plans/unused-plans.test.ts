import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunInterrupted } from "../../../src/engine/errors.ts";
import type { Plan } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { count, relScan, scan } from "../../../src/plans/index.ts";
import * as bpp from "../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
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

async function* mine(): Plan {
  yield* bps.null();
}

async function* sleeping(): Plan {
  yield* bps.sleep(10);
}

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

  it("are stubs of several messages too, but not messages", () => {
    bps.mv(m1, 1);
    bps.triggerAndRead([det]);
    bps.absSet(m1, 1, { wait: true });
    bps.repeat(() => bps.null(), 2);
    bps.null();
    expect(toldAtTheEnd()).toEqual([expect.stringContaining("iterated: mv, triggerAndRead, absSet, repeat.")]);
  });

  it("are plans of one's own, where a wrapper has them or they were made to tell", () => {
    bpp.runWrapper(mine());
    bpp.stageWrapper(bpp.finalizeWrapper(count([det]), mine()), [det]);
    bpp.relativeSetWrapper(scan([det], m1, 0, 1, 2));
    const telling = bpp.plan(mine);
    expect(telling.name).toBe("mine");
    telling();
    mine();
    const [told] = toldAtTheEnd();
    expect(told).toContain("iterated: a plan in a wrapper, count, scan, mine.");
  });

  it("are not those that were run, or that a plan has delegated to", async () => {
    const engine = new RunEngine();
    await engine.run(count([det]));
    await engine.run(async function* () {
      yield* scan([det], m1, 0, 1, 2);
    });
    for (const plan of [relScan([det], m1, 0, 1, 2), count([det], 2)]) await engine.run(plan);
    await engine.run(bpp.plan(mine)());
    await engine.run(
      bpp.pchain(bpp.contingencyWrapper(mine(), { exceptPlan: () => bps.null() }), bps.mv(m1, 1), [bps.null()]),
    );
    await engine
      .run(
        bpp.planMutator(
          bps.repeater(2, () => bps.oneShot([det])),
          () => null,
        ),
      )
      .catch(() => {});
    for await (const _ of bpp.relativeSetWrapper(bps.mv(m1, 1))) break;
    for (const _ of bps.mv(m1, 1)) break;
    bps.mv(m1, 1).next();
    expect(toldAtTheEnd()).toEqual([]);
  });

  it("are not what was to run after a plan that was halted", async () => {
    const engine = new RunEngine();
    const run = engine.run(bpp.finalizeWrapper(sleeping(), bps.mv(m1, 1)));
    engine.messages$.subscribe(() => void engine.halt());
    await expect(run).rejects.toBeInstanceOf(RunInterrupted);
    expect(toldAtTheEnd()).toEqual([]);
  });

  it("are kept by the hundred only", () => {
    for (let i = 0; i < 1000; i++) count([det]);
    expect(toldAtTheEnd()[0]).toContain("count (100 times)");
  });
});
