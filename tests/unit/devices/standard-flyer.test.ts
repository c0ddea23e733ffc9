import { describe, expect, it } from "vitest";
import { StandardFlyer } from "../../../src/devices/index.ts";

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
});
