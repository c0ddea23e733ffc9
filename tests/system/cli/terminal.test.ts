import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { python } from "../support/python.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const terminal = fileURLToPath(new URL("../support/terminal.py", import.meta.url));

/** What makes a terminal hide its cursor, and show it. */
const [HIDDEN, SHOWN] = ["\u001b[?25l", "\u001b[?25h"];

const SCANS = `
import type { Plan } from "cerulean";
import { scan } from "cerulean/plans";
import { SynAxis, SynGauss } from "cerulean/sim";

export const x = new SynAxis({ velocity: 2, units: "mm" });
export const det = new SynGauss("det", x, "x", 0, 100, { sigma: 1 });
export const sweep = (): Plan<string> => scan([det], x, -2, 2, 3);
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-terminal-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/cerulean"));
  writeFileSync(join(folder, "scans.ts"), SCANS);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `cerulean run` as somebody sees it who sits at a terminal. */
async function sitAt(...args: string[]) {
  const child = spawn(
    await python(),
    [terminal, process.execPath, join(root, "dist/cli/main.js"), "run", ...args, "--no-check"],
    { cwd: folder, stdio: ["pipe", "pipe", "inherit"] },
  );
  let screen = "";
  child.stdout.on("data", (chunk) => {
    screen += chunk;
  });
  return {
    shows: (what: RegExp) => vi.waitFor(() => expect(screen).toMatch(what), { timeout: 30_000, interval: 10 }),
    type: (text: string) => void child.stdin.write(text),
    ended: once(child, "close").then(([code]) => ({ code, screen })),
    [Symbol.dispose]: () => void child.stdin.end(),
  };
}

describe("cerulean run at a terminal", () => {
  it("draws a bar for a move that takes its time, takes it away, and leaves table and curve whole", async () => {
    using session = await sitAt("scans.ts", "sweep");
    await session.shows(/ {2}x \[=* *\] -?\d\.\d{3} of -?\d\.\d{3} mm, \d\.\d s left/);
    const { code, screen } = await session.ended;
    expect(code).toBe(0);
    expect(screen).toMatch(/\| +3 \| [\d:.]+ \| +2\.000 \| +13\.534 \|\r\n/);
    expect(screen).toContain("det vs x");
    expect(screen).toContain(HIDDEN);
    expect(screen.lastIndexOf(SHOWN)).toBeGreaterThan(screen.lastIndexOf(HIDDEN));
  });

  it("pauses at Ctrl-C, says how to go on, and goes on at Enter", async () => {
    using session = await sitAt("scans.ts", "sweep");
    await session.shows(/\| +1 \|/);
    session.type("\x03");
    await session.shows(/Paused.*Enter goes on/s);
    session.type("\r");
    const { code, screen } = await session.ended;
    expect(code).toBe(0);
    expect(screen).toMatch(/\| +3 \|/);
  });

  it("ends the scan at a second Ctrl-C, and the terminal has its cursor back", async () => {
    using session = await sitAt("scans.ts", "sweep");
    await session.shows(/\| +1 \|/);
    session.type("\x03");
    await session.shows(/Paused/);
    session.type("\x03");
    const { code, screen } = await session.ended;
    expect(code).toBe(130);
    expect(screen.lastIndexOf(SHOWN)).toBeGreaterThanOrEqual(screen.lastIndexOf(HIDDEN));
  });
});
