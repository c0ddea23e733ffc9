import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Context, EpicsMotor, getContext } from "cerulean/epics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const scanning = fileURLToPath(new URL("support/scanning-child.mjs", import.meta.url));

let ioc: MiniBeamline;
let context: Context;
let folder: string;
let file: string;

beforeAll(async () => {
  ioc = await startMiniBeamline();
  context = getContext(ioc.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cerulean-recovery-"));
  file = join(folder, "recovery.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const doctor = (...args: string[]) =>
  spawnSync(process.execPath, [command, "doctor", "--recover", file, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...ioc.env },
  });

/** An engine that flies a motor, killed in full flight. */
async function killInFlight(): Promise<void> {
  const child = spawn(process.execPath, [scanning, file], {
    env: { ...process.env, ...ioc.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const [said] = await Promise.race([once(child.stdout, "data"), gone.then(() => ["it ended"])]);
  expect(String(said)).toBe("flying\n");
  const refused = doctor("--apply");
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(`is in use by process ${child.pid}`);
  child.kill("SIGKILL");
  await gone;
}

const present = async (pv: string): Promise<unknown> => {
  await using channel = context.channel(pv);
  return await channel.get();
};

describe("cerulean doctor --recover", () => {
  it("shows what a killed engine has changed, puts it back when asked to, and has nothing to do then", async () => {
    const motor = new EpicsMotor("mini:ph:mtr", { name: "motor", context });
    await motor.connect();
    await motor.set(2).wait();
    const [speed, exposure] = [await present("mini:ph:mtr.VELO"), await present("mini:ph:ExposureTime")];
    await killInFlight();
    expect(await present("mini:ph:mtr.VELO")).toBe(4);

    const { status, stdout } = doctor();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^motor was staged, prepared, kicked off by the plan .* \(process \d+\)/m);
    expect(stdout).toContain(`ca://mini:ph:mtr.VELO was ${speed}, is 4`);
    expect(stdout).toMatch(/ca:\/\/mini:ph:mtr.VAL was 2, is 45/);
    expect(stdout).toContain(`pva://mini:ph:ExposureTime was ${exposure}, is 0.25`);
    expect(await present("mini:ph:ExposureTime")).toBe(0.25);

    const applied = doctor("--apply");
    expect(applied).toMatchObject({ status: 0, stderr: "" });
    expect(await present("mini:ph:mtr.VELO")).toBe(speed);
    expect(await present("mini:ph:ExposureTime")).toBe(exposure);
    expect(Math.abs((await motor.locate()).readback - 2)).toBeLessThan(0.01);
    expect(existsSync(file)).toBe(false);
    expect(doctor()).toMatchObject({ status: 0, stdout: `${file}: nothing to recover\n` });
    await motor.dispose();
  });

  it("keeps the list when nothing can be reached, and drops it without touching anything when told to", async () => {
    await killInFlight();
    const before = readFileSync(file, "utf8");
    const unreachable = spawnSync(process.execPath, [command, "doctor", "--recover", file], {
      encoding: "utf8",
      env: { ...process.env, ...ioc.env, EPICS_CA_ADDR_LIST: "127.0.0.1:1", EPICS_PVA_ADDR_LIST: "127.0.0.1:1" },
    });
    expect(unreachable.status).toBe(1);
    expect(unreachable.stdout).toContain("can't be read");
    expect(readFileSync(file, "utf8")).toBe(before);
    const speed = await present("mini:ph:mtr.VELO");
    expect(doctor("--forget").status).toBe(0);
    expect(await present("mini:ph:mtr.VELO")).toBe(speed);
    expect(existsSync(file)).toBe(false);
  });
});
