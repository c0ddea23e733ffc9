import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

// A motor that would move for a minute, and a plan that waits for it. What the script does with the engine follows.
const SCRIPT = `
  import { writeSync } from "node:fs";
  import { Msg, RunEngine } from "cerulean";
  import { status } from "cerulean/devices";
  const say = (what) => writeSync(1, what + "\\n");
  let asked = performance.now();
  const motor = {
    name: "motor",
    set: () => status(() => new Promise(() => {})),
    stop: () => say("stop " + (performance.now() - asked < 100 ? "in time" : "late")),
  };
  const ask = () => { asked = performance.now(); };
  const moving = [new Msg("open_run"), new Msg("set", motor, [1])];
  const emitted = ({ name, doc }) => name === "stop" && say(doc.exit_status + ": " + doc.reason);
`;

async function run(script: string): Promise<{ code: number | null; said: string[]; complaints: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT + script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, complaints] = ["", ""];
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  const [code] = await once(child, "close");
  return { code, said: said.trim().split("\n"), complaints };
}

test("an exception that nobody caught stops what moves, ends the run in order, and then the process as ever", async () => {
  const { code, said, complaints } = await run(`
    setTimeout(() => { ask(); throw new Error("a bug elsewhere"); }, 50);
    await new RunEngine().run([...moving, new Msg("sleep", null, [60])], { subs: emitted }).catch(() => say("interrupted"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    say("went on");
  `);
  expect(said).toEqual(["stop in time", "abort: uncaught exception: a bug elsewhere", "interrupted"]);
  expect(complaints).toMatch(/a bug elsewhere/);
  expect(code).toBe(1);
});

for (const signal of ["SIGTERM", "SIGHUP"]) {
  test(`${signal} stops what moves and aborts the run, also while the plan is in an await of its own`, async () => {
    const { code, said } = await run(`
      async function* plan() {
        yield* moving;
        await new Promise(() => {});
      }
      setTimeout(() => { ask(); process.kill(process.pid, "${signal}"); }, 50);
      const engine = new RunEngine({ handleSignals: true, planTimeoutMs: 200 });
      await engine.run(plan(), { subs: emitted }).catch((error) => say(error.name));
    `);
    expect(said).toEqual(["stop in time", expect.stringMatching(`abort: .*${signal}`), "RunInterrupted"]);
    expect(code).toBe(0);
  });
}

test("a paused engine holds the process, an idle one does not", async () => {
  const { code, said } = await run(`
    const engine = new RunEngine();
    setTimeout(() => { say(engine.state); ask(); void engine.abort("enough"); }, 300).unref();
    engine.state$.subscribe((state) => state === "running" && ask());
    await engine.run([...moving, new Msg("pause")], { subs: emitted }).catch((error) => say(error.name));
    setTimeout(() => say("held"), 60_000).unref();
  `);
  expect(said).toEqual(["stop in time", "paused", "stop in time", "abort: enough", "RunInterrupted"]);
  expect(code).toBe(0);
});
