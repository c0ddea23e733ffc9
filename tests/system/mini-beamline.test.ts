import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";
import { python } from "./support/python.ts";

const clients = fileURLToPath(new URL("mini-beamline.py", import.meta.url));

let beamline: MiniBeamline;

beforeAll(async () => {
  beamline = await startMiniBeamline();
});

afterAll(async () => {
  await beamline?.stop();
});

/** What Python's EPICS clients observed in one scenario. */
async function observe<T>(scenario: string, input = ""): Promise<T> {
  const interpreter = await python();
  return new Promise((resolve, reject) => {
    const child = execFile(
      interpreter,
      [clients, scenario],
      { env: { ...process.env, ...beamline.env }, timeout: 50_000, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => (error ? reject(new Error(`${scenario}:\n${stderr}`)) : resolve(JSON.parse(stdout))),
    );
    child.stdin?.end(input);
  });
}

describe("records", () => {
  it("are there over both protocols, each one that the documentation names", async () => {
    const names = documentedNames();
    expect(names.length).toBeGreaterThan(100);
    expect(await observe("names", JSON.stringify(names))).toEqual({ missingOverCa: [], missingOverPva: [] });
  });

  it("carry units, precision, limits and time stamps over both protocols", async () => {
    const { ca, pva } = await observe<any>("metadata");
    expect(ca).toMatchObject({ units: "mm", precision: 4, limits: [-100, 100], severity: 0 });
    expect(ca.age).toBeLessThan(2);
    expect(pva).toEqual({ id: "epics:nt/NTScalar:1.0", units: "mm", precision: 4, limits: [-100, 100] });
  });

  it("show a beam current that swings around its mean", async () => {
    const { updates, lowest, highest } = await observe<any>("current");
    expect(updates).toBeGreaterThan(30);
    expect(lowest).toBeGreaterThanOrEqual(475);
    expect(lowest).toBeLessThan(480);
    expect(highest).toBeLessThanOrEqual(525);
    expect(highest).toBeGreaterThan(520);
  });
});

describe("motors", () => {
  it.each(["ca", "pva"])("complete a put over %s at the end of the motion, detector included", async (protocol) => {
    const seen = await observe<any>(`move-${protocol}`);
    expect(seen.seconds).toBeGreaterThan(0.6);
    // On a busy machine a record may tell twice that it moves; what counts is that it does not stand in between.
    expect(seen.done.filter((done: number, at: number) => done !== seen.done[at - 1])).toEqual([0, 1]);
    expect(seen.readbacks.length).toBeGreaterThan(10);
    expect(seen.readbacks).toEqual(seen.readbacks.toSorted((a: number, b: number) => a - b));
    expect(seen.atCompletion).toEqual([3, 1, 0]);
    const open = 200 * Math.exp(-((3 / 5) ** 2) / 2);
    expect(seen.detector / open).toBeGreaterThan(474);
    expect(seen.detector / open).toBeLessThan(526);
  });

  it("move at VELO: 10 mm in two seconds by default", async () => {
    const { default: byDefault, fast } = await observe<any>("sweep");
    expect(byDefault).toBeGreaterThan(2);
    expect(byDefault).toBeLessThan(2.6);
    expect(fast).toBeLessThan(0.8);
  });

  it("brake to a stand when stopped, complete the put and stay there", async () => {
    const seen = await observe<any>("stop");
    expect(seen.movingUnderWay).toBe(1);
    expect(seen.seconds).toBeLessThan(0.5);
    expect(seen).toMatchObject({ done: 1, moving: 0 });
    expect(seen.stoppedAt - seen.underWay).toBeLessThan(2);
    expect(seen.later).toBe(seen.stoppedAt);
  });

  it("refuse a target beyond the soft limits, and end a move at a limit switch", async () => {
    const seen = await observe<any>("limits");
    expect(seen.refused).toEqual([1, 0]);
    expect(seen.allowed).toEqual([0, 0.5]);
    expect(seen.switch).toEqual([1, 105, 1]);
    expect(seen.back).toEqual([0, 0]);
  });
});

describe("point detectors", () => {
  it("follow motor, beam current and settings by their formulas", async () => {
    const seen = await observe<any>("detectors");
    expect(seen.ph.part).toBeCloseTo(Math.exp(-0.5), 1);
    expect(seen.edge.part).toBeCloseTo(0.5, 1);
    expect(seen.slit.part).toBeCloseTo(1, 1);
    expect(seen.slit.pva).toBeGreaterThan(90_000);
    expect(seen.changed).toMatchObject({ exposure: 0.25, center: 5 });
    expect(seen.changed.part).toBeCloseTo(0.25, 1);
  });
});

describe("scaler", () => {
  it("fills fifty waveforms while the motor sweeps, over both protocols, with new content each time", async () => {
    const digests: number[][] = [];
    for (const protocol of ["ca", "pva"]) {
      const seen = await observe<any>(`fly-${protocol}`);
      expect(seen.seconds, "a put completes when the acquisition is done").toBeGreaterThanOrEqual(2);
      expect(seen.seconds).toBeLessThan(2.5);
      expect(seen.acquiring).toEqual([1, 1]);
      expect(seen.after).toEqual([0, 0, 2000]);
      expect(seen.lengths).toEqual([2000]);
      const progress = seen.progress.filter((points: number) => points > 0);
      expect(progress.length).toBeGreaterThan(5);
      expect(progress).toEqual(progress.toSorted((a: number, b: number) => a - b));
      expect(progress.at(-1)).toBe(2000);
      expect(seen.timesIncrease).toBe(true);
      expect(Math.abs(seen.startedLate)).toBeLessThan(0.5);
      expect(seen.positionStepsBack).toBe(0);
      expect(seen.positions[0]).toBeCloseTo(-6, 0);
      expect(seen.positions[2]).toBeCloseTo(6, 0);
      expect(seen.centersIncrease, "each channel has its own peak").toBe(1);
      digests.push(seen.digest);
    }
    const [first, second] = digests as [number[], number[]];
    expect(first.filter((sum, channel) => sum === second[channel])).toEqual([]);
  });

  it("loses counts in its dead time, which a correction gives back", async () => {
    const seen = await observe<any>("fly-ca");
    expect(seen.deadTime).toBe(1e-6);
    expect(seen.monitor).toBeGreaterThan(4_700_000);
    expect(seen.highest).toBeLessThan(520_000);
    expect(seen.peaks[0]).toBeGreaterThan(700_000);
    expect(seen.peaks[1]).toBeLessThan(1_100_000);
  });

  it("completes the put and keeps the points that there are when it is stopped", async () => {
    const { seconds, lengths, points } = await observe<any>("fly-stop");
    expect(seconds).toBeLessThan(2);
    expect(points).toBeGreaterThan(500);
    expect(points).toBeLessThan(1500);
    expect(lengths).toEqual([points]);
  });

  it("acquires at most what its waveforms hold", async () => {
    expect(await observe("fly-most")).toEqual({ points: 10_000, lengths: [10_000] });
  });

  it("follows the motor that it is told, in user coordinates", async () => {
    const seen = await observe<any>("fly-motor");
    expect(seen.choices).toHaveLength(8);
    expect(seen.choices[0]).toBe("mini:ph:mtr");
    expect(seen.units).toBe("deg");
    expect(seen.position).toHaveLength(5);
    for (const position of seen.position) expect(position).toBeCloseTo(seen.readback, 3);
  });
});

describe("the process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("ends on %s", async (signal) => {
    const other = await startMiniBeamline();
    const gone = once(other.process, "exit");
    other.process.kill(signal);
    await gone;
    await expect(connectTo(other.caPort)).rejects.toThrow("ECONNREFUSED");
  });

  it("ends with a parent that is killed", async () => {
    const support = new URL("support/mini-beamline.ts", import.meta.url).href;
    const script = `const { startMiniBeamline } = await import(${JSON.stringify(support)});
      const beamline = await startMiniBeamline();
      console.log(JSON.stringify([beamline.process.pid, beamline.caPort]));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
    const [line] = await once(createInterface({ input: parent.stdout }), "line");
    const [child, port] = JSON.parse(String(line)) as [number, number];
    await connectTo(port);
    parent.kill("SIGKILL");
    await expect.poll(() => running(child), { timeout: 5_000 }).toBe(false);
  });

  it("refuses a port that is taken, by name", async () => {
    await expect(startMiniBeamline({ caPort: beamline.caPort })).rejects.toThrow(`${beamline.caPort}`);
  });

  it("serves its records under another prefix", async () => {
    const other = await startMiniBeamline({ prefix: "other:" });
    const interpreter = await python();
    const script = "import asyncio, aioca; print(float(asyncio.run(aioca.caget('other:ph:mtr.VELO'))))";
    const printed = await new Promise<string>((resolve, reject) => {
      execFile(interpreter, ["-c", script], { env: { ...process.env, ...other.env } }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
    });
    await other.stop();
    expect(printed.trim()).toBe("5.0");
  });
});

/** The names in the tables of the documentation, with `{R}` and channel ranges written out. */
function documentedNames(): string[] {
  const text = readFileSync(fileURLToPath(new URL("../../docs/mini-beamline.md", import.meta.url)), "utf8");
  const cells = [...text.matchAll(/^\| `(mini:[^`]+)`/gm)].map((match) => String(match[1]));
  return cells.flatMap((cell) => {
    if (cell.includes("{R}")) return ["ph:", "edge:", "slit:"].map((detector) => cell.replace("{R}", detector));
    const range = /^(.*Ch)\{(\d\d)\.\.(\d\d)\}$/.exec(cell);
    if (range === null) return [cell];
    const [first, last] = [Number(range[2]), Number(range[3])];
    return Array.from({ length: last - first + 1 }, (_, index) => `${range[1]}${`${first + index}`.padStart(2, "0")}`);
  });
}

function connectTo(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("error", reject).once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
