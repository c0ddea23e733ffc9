import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { ProgressBars } from "../../../src/callbacks/index.ts";
import { status } from "../../../src/devices/status.ts";
import { Msg, RunEngine } from "../../../src/index.ts";
import { SynAxis } from "../../../src/sim/index.ts";

/** A terminal that keeps what was written to it. */
function terminal(isTTY = true) {
  let text = "";
  let seen = (): void => {};
  const stream = Object.assign(
    new Writable({
      write(chunk, _, done) {
        text += chunk;
        seen();
        done();
      },
    }),
    { isTTY, columns: 100, rows: 24 },
  ) as unknown as NodeJS.WriteStream;
  return {
    stream,
    get text() {
      return text;
    },
    until: (part: string) =>
      new Promise<void>((resolve) => {
        seen = () => text.includes(part) && resolve();
        seen();
      }),
  };
}

test("each action that is waited for has a bar with its device, way and time, and the bars go when the wait is over", async () => {
  const screen = terminal();
  const bars = new ProgressBars({ stream: screen.stream, afterMs: 10 });
  const x = new SynAxis({ name: "x", velocity: 10, units: "mm" });
  const y = { name: "y", set: () => status(() => new Promise((resolve) => setTimeout(resolve, 300))) };
  const engine = new RunEngine();
  engine.waitingHook = bars.hook;
  const run = engine.run([new Msg("set", x, [3]), new Msg("set", y, [1]), new Msg("wait")]);
  await screen.until("of 3.000 mm");
  expect(bars.active).toBe(true);
  bars.log("a line above");
  await screen.until("a line above\n");
  await run;
  expect(screen.text).toMatch(/ {2}x \[=* *\] \d\.\d{3} of 3\.000 mm, \d\.\d s left/);
  expect(screen.text).toMatch(/ {2}y \[ {30}\]/);
  expect(bars.active).toBe(false);
});

test("nothing is drawn for a short wait, nor where it is no terminal", async () => {
  for (const { screen, afterMs } of [
    { screen: terminal(), afterMs: 10_000 },
    { screen: terminal(false), afterMs: 0 },
  ]) {
    const engine = new RunEngine();
    engine.waitingHook = new ProgressBars({ stream: screen.stream, afterMs }).hook;
    await engine.run([new Msg("set", new SynAxis({ name: "x", delay: 0.05 }), [3]), new Msg("wait")]);
    expect(screen.text).toBe("");
  }
});

test("the bars leave Ctrl-C to the engine", async () => {
  const before = process.listenerCount("SIGINT");
  const screen = terminal();
  const engine = new RunEngine();
  engine.waitingHook = new ProgressBars({ stream: screen.stream, afterMs: 0 }).hook;
  const run = engine.run([new Msg("set", new SynAxis({ name: "x", delay: 0.2 }), [3]), new Msg("wait")]);
  await screen.until("x [");
  expect(process.listenerCount("SIGINT")).toBe(before);
  await run;
});
