import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/engine/msg.ts";
import {
  adaptiveScan,
  count,
  innerProductScan,
  listScan,
  RampFail,
  rampPlan,
  scan,
  tweak,
} from "../../../src/plans/index.ts";
import { lazilyStageWrapper } from "../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Bench, commands } from "./support/bench.ts";

describe("count", () => {
  it("rests from start to start, and not after the last reading as bluesky does", async () => {
    const bench = new Bench();
    const { messages } = await bench.run(count([bench.det], 3, { delay: 10 }));
    const rests = messages.filter((msg) => msg.command === "sleep").map((msg) => msg.args[0]);
    expect(rests).toHaveLength(2);
    for (const rest of rests) expect(rest).toBeLessThanOrEqual(10);
    expect(messages[0]?.command).toBe("stage");
    expect(messages[1]?.kwargs).toMatchObject({ num_points: 3, num_intervals: 2, plan_args: { delay: 10 } });
  });

  it("takes one delay after each reading from a list, and ends an endless count with it", async () => {
    const bench = new Bench();
    const trace = await bench.run(count([bench.det], null, { delay: [10, 20] }));
    expect(commands(trace).filter((command) => command === "save")).toHaveLength(3);
    expect(trace.messages[1]?.kwargs).toMatchObject({ num_points: null, num_intervals: null });
  });

  it("goes on without end when the number is null", async () => {
    const bench = new Bench();
    let shots = 0;
    const { error } = await bench.run(count([bench.det], null), (msg) => {
      if (msg.command === "save" && ++shots === 500) throw new Error("enough");
    });
    expect(String(error)).toMatch(/enough/);
  });

  it("runs perShot in place of its own reading", async () => {
    const bench = new Bench();
    async function* perShot(detectors: readonly unknown[]): Plan {
      yield* bps.oneShot(detectors, (devices) => bps.triggerAndRead(devices, "dark"));
    }
    const { messages } = await bench.run(count([bench.det], 2, { perShot }));
    const streams = messages.filter((msg) => msg.command === "create").map((msg) => msg.kwargs.name);
    expect(streams).toEqual(["dark", "dark"]);
  });

  it("puts the user's metadata over its own and keeps both sides' hints", async () => {
    const bench = new Bench();
    const md = { plan_name: "alignment", hints: { fields: ["det"] } };
    const { messages } = await bench.run(count([bench.det], 1, { md }));
    expect(messages[1]?.kwargs).toMatchObject({
      plan_name: "alignment",
      hints: { fields: ["det"], dimensions: [[["time"], "primary"]] },
    });
    expect(md).toEqual({ plan_name: "alignment", hints: { fields: ["det"] } });
  });
});

describe("scan", () => {
  it("takes the number of points by name too", async () => {
    const bench = new Bench();
    const { messages } = await bench.run(scan([bench.det], bench.m1, 0, 1, { num: 3 }));
    expect(messages.filter((msg) => msg.command === "set").map((msg) => msg.args[0])).toEqual([0, 0.5, 1]);
  });

  it("reads devices once that are given with their parent", async () => {
    const bench = new Bench();
    const child = Object.assign(new Bench().det, { name: "child", parent: bench.det });
    const trace = await bench.run(scan([bench.det, child], bench.m1, 0, 1, 1));
    expect(commands(trace).filter((command) => command.startsWith("read"))).toEqual(["read det", "read m1"]);
    expect(commands(trace).filter((command) => command.startsWith("stage"))).toEqual(["stage det", "stage m1"]);
  });

  it("drops the event and ends the run as failed when a reading fails", async () => {
    const bench = new Bench();
    const trace = await bench.run(scan([bench.det], bench.m1, 0, 1, 2), (msg) => {
      if (msg.command === "read") throw new Error("no reading");
    });
    expect(commands(trace).slice(-5)).toEqual(["read det", "drop", "close_run", "unstage m1", "unstage det"]);
    expect(trace.messages.at(-3)?.kwargs).toEqual({ exitStatus: "fail", reason: "no reading" });
  });
});

describe("a scan of a device that must not be rewound", () => {
  it("forbids the replay for the reading alone and restores what held before", async () => {
    const bench = new Bench();
    const det = Object.assign(bench.det, { rewindable: false });
    const trace = await bench.run(bps.triggerAndRead([det]));
    expect(commands(trace)).toEqual([
      "rewindable",
      "rewindable",
      "trigger det",
      "wait",
      "create",
      "read det",
      "save",
      "rewindable",
    ]);
    expect(trace.messages.filter((msg) => msg.command === "rewindable").map((msg) => msg.args[0])).toEqual([
      null,
      false,
      true,
    ]);
  });
});

describe("pseudo axes", () => {
  const pseudo = () => {
    const bench = new Bench();
    const parent = { name: "diff", parent: null, pseudoPositioners: [] as unknown[], realPositioners: [] as unknown[] };
    const [h, k] = [new Bench().m1, new Bench().m2];
    Object.assign(h, { name: "diff_h", parent });
    Object.assign(k, { name: "diff_k", parent });
    const moves: unknown[] = [];
    Object.assign(parent, { h, k, set: (value: unknown) => moves.push(value), pseudoPositioners: [h, k] });
    return { bench, parent, h, k, moves };
  };

  it("of one positioner move together as one move of it", async () => {
    const { bench, h, k, moves } = pseudo();
    const trace = await bench.run(bps.mv(h, 1, bench.m1, 5, k, 2));
    expect(commands(trace)).toEqual(["set m1", "set diff", "wait"]);
    expect(moves).toEqual([{ h: 1, k: 2 }]);
  });

  it("can't move together with their positioner", async () => {
    const { bench, parent, h } = pseudo();
    const { error } = await bench.run(bps.mv(h, 1, parent as unknown as typeof h, 2));
    expect(String(error)).toMatch(/diff and its own axes can't be moved at once/);
  });

  it("are staged, moved and read as one device in a scan", async () => {
    const { bench, h, k, moves } = pseudo();
    await bench.run(listScan([bench.det], h, [1, 2], k, [5, 6]));
    expect(moves).toEqual([
      { h: 1, k: 5 },
      { h: 2, k: 6 },
    ]);
  });
});

describe("adaptiveScan", () => {
  it("steps back downwards as it does upwards, where bluesky leaps ahead", async () => {
    const positions = async (start: number, stop: number): Promise<number[]> => {
      const bench = new Bench();
      const { messages } = await bench.run(
        adaptiveScan([bench.det], "det", bench.m1, start, stop, 0.1, 1.5, 30, true),
        (msg) =>
          msg.command === "read" && msg.obj === bench.det
            ? { det: { value: 100 / (1 + bench.m1.setpoint ** 2), timestamp: 0 } }
            : undefined,
      );
      return messages.filter((msg) => msg.command === "set").map((msg) => msg.args[0]);
    };
    const up = await positions(-4, 4);
    expect(up.some((position, i) => position < (up[i - 1] ?? position))).toBe(true);
    expect((await positions(4, -4)).map((position) => -position)).toEqual(up);
  });
});

describe("innerProductScan", () => {
  it("runs the caller's perStep and answers with the run's uid", async () => {
    const bench = new Bench();
    const perStep = (_detectors: unknown, step: bps.Step, posCache: bps.PosCache) => bps.movePerStep(step, posCache);
    const trace = await bench.run(innerProductScan([bench.det], 2, bench.m1, 0, 1, { perStep }));
    expect(commands(trace)).not.toContain("save");
    expect(trace.result).toBe("uid");
  });
});

describe("lazilyStageWrapper", () => {
  it("waits for a device that takes time to stage before it is used", async () => {
    const bench = new Bench();
    const trace = await bench.run(lazilyStageWrapper(bps.absSet(bench.m1, 1, { wait: true })), (msg) =>
      msg.command === "stage" ? { done: false } : undefined,
    );
    expect(commands(trace).slice(0, 3)).toEqual(["stage m1", "wait", "set m1"]);
  });
});

describe("rampPlan", () => {
  it("fails when the ramp takes longer than its timeout", async () => {
    const bench = new Bench();
    const status = { done: false };
    const go = (function* (): bps.Many<any> {
      yield* bps.null();
      return status;
    })();
    const { error } = await bench.run(rampPlan(go, bench.signal, () => bps.triggerAndRead([bench.det]), false, 5));
    expect(error).toBeInstanceOf(RampFail);
  });
});

describe("tweak", () => {
  it("steps on Enter, changes the step on a number and ends on anything else", async () => {
    const bench = new Bench();
    const typed = ["", "0.5", "done"];
    const trace = await bench.run(tweak(bench.det, "det", bench.m1, 1), (msg) =>
      msg.command === "input" ? typed.shift() : undefined,
    );
    expect(trace.messages.filter((msg) => msg.command === "set").map((msg) => msg.args[0])).toEqual([4, 4.5]);
    expect(trace.messages.find((msg) => msg.command === "input")?.kwargs.prompt).toBe("m1, 3, 24.6, (1) ");
    expect(commands(trace).slice(-3)).toEqual(["close_run", "unstage m1", "unstage det"]);
  });
});

describe("stubs", () => {
  it("give every use a group of its own", async () => {
    const bench = new Bench();
    const groups = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const { messages } = await bench.run(bps.mv(bench.m1, i));
      for (const msg of messages) groups.add(msg.kwargs.group);
    }
    expect(groups.size).toBe(3);
  });

  it("collect while completing until all are complete, and once more then", async () => {
    const bench = new Bench();
    const waits = [false, false, true];
    const trace = await bench.run(
      bps.collectWhileCompleting([bench.flyer], [bench.flyer], { flushPeriod: 0.25 }),
      (msg) => (msg.command === "wait" ? waits.shift() : undefined),
    );
    expect(commands(trace).filter((command) => command === "collect flyer")).toHaveLength(3);
    expect(trace.messages[1]?.kwargs).toMatchObject({ timeoutMs: 250, errorOnTimeout: false });
  });

  it("wait for a device that takes time to stage", async () => {
    const bench = new Bench();
    const pending = await bench.run(bps.stageAll(bench.det, bench.m1), (msg) =>
      msg.command === "stage" ? { done: false } : undefined,
    );
    expect(commands(pending)).toEqual(["stage det", "stage m1", "wait"]);
  });

  it("name the device that has no single value", async () => {
    const bench = new Bench();
    const det = Object.assign(bench.det, { hints: { fields: ["a", "b"] } });
    expect(String((await bench.run(bps.rd(det))).error)).toMatch(/rd: det has 2 values \(a, b\)/);
  });
});
