import { describe, expect, it } from "vitest";
import { StandardFlyer, type Status, type StatusContext } from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import * as bps from "../../../src/plans/stubs/index.ts";

function make() {
  const log: string[] = [];
  let finish = (): void => {};
  const flyer = new StandardFlyer(
    {
      prepare: async (speed: number) => {
        log.push(`prepare ${speed}`);
        return speed * 2;
      },
      kickoff: async (prepared) => {
        log.push(`kickoff ${prepared}`);
        return `flight of ${prepared}`;
      },
      complete: async (flying, { report }) => {
        log.push(flying);
        report({ current: 1, target: 2 });
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
      stop: async () => void log.push("stop"),
    },
    { name: "f" },
  );
  return { flyer, log, finish: () => finish() };
}

describe("a StandardFlyer", () => {
  it("hands what was prepared to the kickoff and what that made to complete", async () => {
    const { flyer, log, finish } = make();
    await flyer.stage();
    await flyer.prepare(3).wait();
    await flyer.kickoff().wait();
    const complete = flyer.complete();
    const seen: number[] = [];
    complete.watch(({ current }) => seen.push(current));
    finish();
    await complete.wait();
    expect(log).toEqual(["stop", "prepare 3", "kickoff 6", "flight of 6"]);
    expect(seen).toEqual([1]);
  });

  it("keeps the order of its steps", async () => {
    const { flyer } = make();
    await expect(flyer.kickoff().wait()).rejects.toThrow("f: prepare() must be called before kickoff()");
    await expect(flyer.complete().wait()).rejects.toThrow("f: kickoff() must be called before complete()");
    await flyer.prepare(1).wait();
    await flyer.kickoff().wait();
    await expect(flyer.kickoff().wait()).rejects.toThrow("prepare() must be called before kickoff()");
  });

  it("fails what is pending when it is stopped", async () => {
    const { flyer, log } = make();
    await flyer.prepare(1).wait();
    await flyer.kickoff().wait();
    const complete = flyer.complete();
    await flyer.stop();
    await expect(complete.wait()).rejects.toThrow("Device f was stopped.");
    expect(log.at(-1)).toBe("stop");
  });

  it("forgets what a stop has overtaken, however that ends", async () => {
    const ends: (() => void)[] = [];
    const signals: AbortSignal[] = [];
    const step = (_: unknown, { signal }: StatusContext) => {
      signals.push(signal);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    let stopped = (): void => {};
    const stop = () => new Promise<void>((resolve) => (stopped = resolve));
    const flyer = new StandardFlyer({ prepare: step, kickoff: step, complete: step, stop }, { name: "f" });
    const overtake = async (pending: Status): Promise<void> => {
      const stopping = flyer.stop();
      ends.pop()?.();
      stopped();
      await stopping;
      await expect(pending.wait()).rejects.toThrow("Device f was stopped.");
    };
    const pass = async (pending: Status): Promise<void> => {
      ends.pop()?.();
      await pending.wait();
    };
    await overtake(flyer.prepare(1));
    await expect(flyer.kickoff().wait()).rejects.toThrow("prepare() must be called before kickoff()");
    await pass(flyer.prepare(1));
    await overtake(flyer.kickoff());
    await expect(flyer.complete().wait()).rejects.toThrow("kickoff() must be called before complete()");
    await pass(flyer.prepare(1));
    await pass(flyer.kickoff());
    await overtake(flyer.complete());
    const late = flyer.prepare(1);
    const stopping = flyer.stop();
    stopped();
    await stopping;
    expect([late.error?.message, signals.at(-1)?.aborted]).toEqual(["Device f was stopped.", true]);
    ends.pop()?.();
    await expect(flyer.kickoff().wait()).rejects.toThrow("prepare() must be called before kickoff()");
  });

  it("does not stop what begins while it is still being staged", async () => {
    let stopped = (): void => {};
    const stop = () => new Promise<void>((resolve) => (stopped = resolve));
    const flyer = new StandardFlyer({
      prepare: async () => {},
      kickoff: async () => {},
      complete: async () => {},
      stop,
    });
    const staging = flyer.stage();
    const prepared = flyer.prepare(1);
    stopped();
    await staging;
    await prepared.wait();
    await flyer.kickoff().wait();
  });

  it("can be flown again after a step has failed, and fails what is pending when it can't be stopped", async () => {
    const { flyer } = make();
    const broken = new StandardFlyer(
      {
        prepare: (fine: boolean) => (fine ? Promise.resolve() : Promise.reject(new Error("not ready"))),
        kickoff: async () => {},
        complete: () => new Promise<void>(() => {}),
        stop: () => Promise.reject(new Error("no answer")),
      },
      { name: "f" },
    );
    await expect(broken.prepare(false).wait()).rejects.toThrow("not ready");
    await expect(broken.kickoff().wait()).rejects.toThrow("prepare() must be called before kickoff()");
    await broken.prepare(true).wait();
    await broken.kickoff().wait();
    const complete = broken.complete();
    await expect(broken.unstage()).rejects.toThrow("f could not be stopped: no answer");
    expect(complete.error?.message).toBe("Device f was stopped.");
    await flyer.prepare(1).wait();
    await flyer.unstage();
    await expect(flyer.kickoff().wait()).rejects.toThrow("prepare() must be called before kickoff()");
  });

  it("is prepared, kicked off, completed and stopped by a plan", async () => {
    const { flyer, log, finish } = make();
    const engine = new RunEngine();
    await engine.run(async function* () {
      yield* bps.openRun();
      yield* bps.stage(flyer);
      yield* bps.prepare(flyer, 4, { wait: true });
      yield* bps.kickoff(flyer, { wait: true });
      const complete = yield* bps.complete(flyer);
      finish();
      await complete.wait();
      yield* bps.unstage(flyer);
      yield* bps.closeRun();
    });
    expect(log).toEqual(["stop", "prepare 4", "kickoff 8", "flight of 8", "stop"]);
    log.length = 0;
    const aborted = engine.run(async function* () {
      yield* bps.openRun();
      yield* bps.prepare(flyer, 4, { wait: true });
      yield* bps.kickoff(flyer, { wait: true });
      yield* bps.complete(flyer);
      throw new Error("the plan fails");
    });
    await expect(aborted).rejects.toThrow("the plan fails");
    expect(log).toEqual(["prepare 4", "kickoff 8", "flight of 8", "stop"]);
  });
});
