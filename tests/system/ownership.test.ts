import { fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PersistentMetadata, RunEngine } from "cerulean";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const support = (name: string): string => fileURLToPath(new URL(`support/${name}`, import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-ownership-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function counting(file: string): Promise<{ kill(): Promise<number> }> {
  const child = fork(support("counting-child.mjs"), [file], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let last = 0;
  child.on("message", (scanId) => {
    last = scanId as number;
  });
  await once(child, "message");
  return {
    async kill() {
      child.kill("SIGKILL");
      await once(child, "close");
      return last;
    },
  };
}

describe("persistent metadata of another process", () => {
  it("are refused while it lives, and whole and current after it was killed in the middle of a change", async () => {
    const file = join(folder, "md.json");
    for (let round = 0; round < 5; round++) {
      const other = await counting(file);
      expect(() => new PersistentMetadata(file)).toThrow(`of ${userInfo().username} on ${hostname()}`);
      const last = await other.kill();
      using md = new PersistentMetadata(file);
      expect(md.scan_id).toBeGreaterThanOrEqual(last);
      expect(md.scan_id).toBeLessThanOrEqual(last + 1);
    }
    expect(readdirSync(folder).filter((name) => name.includes(".lock."))).toEqual([]);
  });
});

describe("a beamline lock", () => {
  it("refuses a second engine for as long as the process of the first lives", () => {
    const lock = join(folder, "beamline");
    const engine = () => spawnSync(process.execPath, [support("locking-child.mjs"), lock], { encoding: "utf8" });
    expect(engine().stdout).toBe("mine\n");
    new RunEngine({ beamlineLock: lock });
    const refused = engine();
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toContain(`the beamline ${lock} is in use by process ${process.pid} of`);
    expect(() => new RunEngine({ beamlineLock: lock })).toThrow("is in use");
    expect(existsSync(lock)).toBe(false);
  });

  it("is had by one of many that come at the same moment", async () => {
    const lock = join(folder, "beamline");
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [support("locking-child.mjs"), lock, "hold"]),
    );
    const winners = await Promise.all(
      children.map(async (child) => {
        const said = once(child.stdout, "data").then(() => child);
        return Promise.race([said, once(child, "exit").then(() => undefined)]);
      }),
    );
    for (const child of children) child.stdin.end();
    expect(winners.filter((winner) => winner !== undefined)).toHaveLength(1);
  });
});
