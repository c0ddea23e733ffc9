import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { markedProcesses } from "../support/marked-processes.ts";

const command = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const MARK = "CERULEAN_TEST_MARK";

const cerulean = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });

describe("the command cerulean", () => {
  it("tells what it can do", () => {
    const { status, stdout } = cerulean("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("demo");
    expect(stdout).toContain("ioc");
  });

  it("refuses what it doesn't know, and names it", () => {
    const { status, stderr } = cerulean("scann");
    expect(status).toBe(1);
    expect(stderr).toContain("scann");
  });
});

describe("cerulean ioc", () => {
  let child: ChildProcess | undefined;

  afterEach(() => void child?.kill("SIGKILL"));

  async function serve(mark: string): Promise<ChildProcess> {
    child = spawn(process.execPath, [command, "ioc", "--ca-port", "0", "--pva-port", "0"], {
      env: { ...process.env, [MARK]: mark },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> });
    const [line] = await once(lines, "line");
    expect(line).toMatch(/^ready ca=\d+ pva=\d+/);
    return child;
  }

  it.each(["SIGINT", "SIGTERM"] as const)("serves until %s and ends in order", async (signal) => {
    const mark = randomUUID();
    const serving = await serve(mark);
    serving.kill(signal);
    expect(await once(serving, "exit")).toEqual([0, null]);
    expect(markedProcesses(MARK, mark)).toEqual([]);
  });

  it("takes the beamline with it when it is killed", async () => {
    const mark = randomUUID();
    const serving = await serve(mark);
    expect(markedProcesses(MARK, mark)).toHaveLength(2);
    serving.kill("SIGKILL");
    await vi.waitFor(() => expect(markedProcesses(MARK, mark)).toEqual([]), { timeout: 10_000, interval: 50 });
  });

  it("passes the beamline's own options and errors on", () => {
    const { status, stderr, stdout } = cerulean("ioc", "--ca-port", "many");
    expect(status).not.toBe(0);
    expect(stderr + stdout).toContain("many");
  });
});
