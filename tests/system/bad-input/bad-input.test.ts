import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getContext } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "../support/mini-beamline.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const script = fileURLToPath(new URL("script.ts", import.meta.url));

interface Ended {
  code: number;
  printed: string;
  /** The documents of the run that it left, if it left one. */
  documents: [name: string, doc: Record<string, any>][];
}

describe("a program with a mistake in it", () => {
  const folders: string[] = [];
  let ioc: MiniBeamline;

  beforeAll(async () => {
    ioc = await startMiniBeamline();
  });

  afterAll(async () => {
    await getContext(ioc.context).close({ force: true });
    await ioc?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function node(args: readonly string[]): Promise<{ code: number; printed: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env: { ...process.env, ...ioc.env }, timeout: 50_000 }, (error, out, err) => {
        const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
        resolve({ code, printed: out + err });
      });
    });
  }

  async function program(mistake: string): Promise<Ended> {
    const folder = mkdtempSync(join(tmpdir(), "cerulean-mistake-"));
    folders.push(folder);
    const ended = await node(["--import", "tsx", script, mistake, folder]);
    const [file] = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    const lines = file === undefined ? [] : readFileSync(join(folder, file), "utf8").trim().split("\n");
    return { ...ended, documents: lines.map((line) => JSON.parse(line)) };
  }

  async function motorMoves(): Promise<boolean> {
    const channel = getContext(ioc.context).channel("mini:ph:mtr.DMOV");
    await channel.connect({ timeoutMs: 5000 });
    try {
      return (await channel.get()) === 0;
    } finally {
      channel.close();
    }
  }

  it("is told which PV is missing, and within the time-out", async () => {
    const { code, printed } = await program("missing-pv");
    expect(code).toBe(1);
    expect(printed).toContain("NotConnectedError");
    expect(printed).toContain("ca://mini:no:such:pv");
    expect(printed).not.toContain("ca://mini:ph:mtr.");
  });

  it("is told what the PV is when its datatype is another", async () => {
    const { code, printed } = await program("wrong-datatype");
    expect(code).toBe(1);
    expect(printed).toContain("ca://mini:ph:DetValue_RBV");
    expect(printed).toMatch(/int/);
    expect(printed).toMatch(/float/);
  });

  it("is refused when mongod is away, with the address that does not answer", async () => {
    const { code, printed } = await program("mongod-away");
    expect(code).toBe(1);
    expect(printed).toContain("127.0.0.1:1");
  });

  it("gets its plan's own error, the run closed as failed with the reason, and the motor stopped", async () => {
    const { code, printed, documents } = await program("plan-throws");
    expect(code).toBe(1);
    expect(printed).toContain("the sample fell off");
    expect(documents.at(-1)?.[0]).toBe("stop");
    expect(documents.at(-1)?.[1]).toMatchObject({ exit_status: "fail", reason: "the sample fell off" });
    await expect.poll(motorMoves, { timeout: 10_000 }).toBe(false);
    const channel = getContext(ioc.context).channel("mini:ph:mtr.RBV");
    await channel.connect({ timeoutMs: 5000 });
    expect(Math.abs(Number(await channel.get()))).toBeLessThan(45);
    channel.close();
  });

  it("is told the limits of the motor that it would leave, and its run is closed as failed", async () => {
    const { code, printed, documents } = await program("beyond-limits");
    expect(code).toBe(1);
    expect(printed).toMatch(/x.*(limit|range)/i);
    expect(printed).toContain("500000");
    expect(documents.at(-1)?.[1]).toMatchObject({ exit_status: "fail" });
    expect(documents.at(-1)?.[1].reason).toContain("500000");
    expect(await motorMoves()).toBe(false);
  });

  it("is told which argument of which plan is mistyped, before anything moves and before a run is open", async () => {
    const { code, printed, documents } = await program("mistyped-argument");
    expect(code).toBe(1);
    expect(printed).toContain("scan");
    expect(printed).toContain("ten");
    expect(documents).toEqual([]);
  });

  it("is told which detector is none", async () => {
    const { code, printed, documents } = await program("not-a-detector");
    expect(code).toBe(1);
    expect(printed).toMatch(/count.*"?det"?/s);
    expect(documents).toEqual([]);
  });

  it("is told how to build the addon where it was not built", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cerulean-no-addon-"));
    folders.push(folder);
    for (const part of ["dist", "package.json"]) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "her.mjs"), `import { bulkGet } from "cerulean/epics";\nawait bulkGet(["her:pv"]);\n`);
    const { code, printed } = await node([join(folder, "her.mjs")]);
    expect(code).toBe(1);
    expect(printed).toContain("the EPICS addon was not built");
    expect(printed).toContain("npm run setup");
  });
});
