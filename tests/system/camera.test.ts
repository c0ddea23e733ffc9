import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, RunEngine } from "cerulean";
import { StaticFilenameProvider, StaticPathProvider, t } from "cerulean/devices";
import { type Context, epicsSignalW, getContext, NdStats, SimDetector } from "cerulean/epics";
import { count } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import * as h5 from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";
import { python } from "./support/python.ts";

let beamline: MiniBeamline;
let context: Context;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cerulean-camera-"));
  beamline = await startMiniBeamline();
  context = getContext(beamline.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await beamline?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What a Python script observed, as the JSON that it printed. */
async function inPython(...args: string[]): Promise<any> {
  const interpreter = await python();
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...beamline.env }, timeout: 50_000 };
    execFile(interpreter, args, options, (error, stdout, stderr) =>
      error ? reject(new Error(`${args.join(" ")}:\n${stderr}`)) : resolve(JSON.parse(stdout)),
    );
  });
}

const observe = (scenario: string): Promise<any> =>
  inPython(fileURLToPath(new URL("camera.py", import.meta.url)), scenario, directory);

describe("the moving-dot camera", () => {
  it("gives the same image to its file, to Channel Access and to pvAccess, where the motors put the spot", async () => {
    const seen = await observe("images");
    expect(seen).toMatchObject({
      exists: 1,
      path: join(directory, "new", "dot_000.h5"),
      shape: [3, 480, 640],
      dtype: "<u2",
      differ: 3,
      sameOverCa: true,
      sameOverPva: true,
      pvaType: "<u2",
      counters: [3, 3, 0],
      total: 0,
    });
    expect(seen.seconds).toBeGreaterThan(0.1);
    expect(seen.states.slice(-2)).toEqual(["Acquire", "Idle"]);
    expect(Math.abs(seen.brightestColumn - 420)).toBeLessThan(40);
  });

  it("hangs, drops images and fails to write on command", async () => {
    expect(await observe("faults")).toEqual({
      missing: 0,
      hung: true,
      aborted: "Aborted",
      dropped: [2, 2],
      status: "Write error",
      message: "the disk refuses to write, as the record Fault asks",
    });
  });
});

describe("an areaDetector on the mini-beamline", () => {
  const makeDetector = async (filename: string): Promise<SimDetector> => {
    const paths = new StaticPathProvider(new StaticFilenameProvider(filename), directory);
    const det = new SimDetector("mini:dot:", paths, { name: "det", context });
    await det.connect({ timeoutMs: 10_000 });
    await det.cam.acquireTime.set(0.01).wait();
    await det.cam.acquirePeriod.set(0.02).wait();
    return det;
  };

  it("writes exactly the frames that its documents announce, as h5py reads them", async () => {
    await using det = await makeDetector("counted");
    const documents: [string, any][] = [];
    const engine = new RunEngine();
    engine.subscribe(({ name, doc }) => documents.push([name, doc]));
    await engine.run(count([det], 3));
    const announced = documents.filter(([name]) => name === "stream_datum").map(([, doc]) => doc.indices);
    expect(announced.at(-1)).toMatchObject({ stop: 3 });
    const shape = await inPython(
      "-c",
      "import h5py, json, sys; print(json.dumps(h5py.File(sys.argv[1])['/entry/data/data'].shape))",
      join(directory, "counted.h5"),
    );
    expect(shape).toEqual([3, 480, 640]);
  });

  it.each([
    ["Drop", /dropped/],
    ["Write error", /refuses to write/],
  ])("fails when the plugin says %s", async (fault, message) => {
    await using det = await makeDetector(`failing-${fault.replace(" ", "-")}`);
    const command = epicsSignalW(t.string, "mini:dot:HDF1:Fault", { name: "fault", context });
    await command.connect();
    await command.set(fault).wait();
    try {
      const exposures = async function* () {
        yield* bps.openRun();
        yield* bps.stage(det);
        yield* bps.prepare(det, { exposureTimeout: 2 }, { wait: true });
        for (let i = 0; i < 3; i++) yield* bps.triggerAndRead([det]);
      };
      await expect(new RunEngine().run(exposures())).rejects.toThrow(message);
      await det.unstage();
    } finally {
      await command.set("None").wait();
      await command.dispose();
    }
  });

  it("fails when the camera hangs, and counts again when it does so no more", async () => {
    await using det = await makeDetector("hanging");
    const command = epicsSignalW(t.string, "mini:dot:cam1:Fault", { name: "fault", context });
    await command.connect();
    await command.set("Hang").wait();
    await det.stage();
    await det.prepare({ exposureTimeout: 0.3 }).wait();
    await expect(det.trigger().wait()).rejects.toThrow("det has written nothing for 0.3 s: 0 collections, not 1");
    await command.set("None").wait();
    await command.dispose();
    await det.unstage();
    await det.stage();
    await det.trigger().wait();
    expect(await det.getIndex()).toBe(1);
    await det.unstage();
  });

  it("has statistics of each frame beside its file", async () => {
    await using det = await makeDetector("summed");
    await using stats = new NdStats("mini:dot:Stats1:", { name: "stats", context });
    await stats.connect({ timeoutMs: 10_000 });
    const documents: Document[] = [];
    const engine = new RunEngine();
    engine.subscribe((document) => void documents.push(document));
    await engine.run(count([det, stats], 2));
    const totals = documents.flatMap(({ name, doc }) => (name === "event" ? [doc.data["stats-total"]] : []));
    await h5.ready;
    const file = new h5.File(join(directory, "summed.h5"), "r");
    const pixels = (file.get("/entry/data/data") as h5.Dataset).value as Uint16Array;
    file.close();
    const sums = [0, 1].map((frame) =>
      pixels.subarray(frame * 480 * 640, (frame + 1) * 480 * 640).reduce((total, count) => total + count, 0),
    );
    expect(totals).toEqual(sums);
    expect(stats.hints).toEqual({ fields: ["stats-total"] });
  });
});

describe("the monochromator", () => {
  it("moves its three motors to the energy, by hand or by itself", async () => {
    const seen = await observe("monochromator");
    expect(seen.stood).toBe(0);
    expect(seen.asked[0]).toBeCloseTo(12, 6);
    for (const [mode, energy] of [
      ["manual", 12],
      ["auto", 8],
    ] as const) {
      const wavelength = 12.39842 / energy;
      const theta = Math.asin(wavelength / 6.2712);
      expect(seen[mode][0]).toBeCloseTo(energy, 2);
      expect(seen[mode][1]).toBeCloseTo(wavelength, 3);
      expect(seen[mode][2]).toBeCloseTo((theta * 180) / Math.PI, 2);
      expect(seen[`${mode}Motors`][0]).toBeCloseTo(-17.5 / 2 / Math.cos(theta), 2);
      expect(seen[`${mode}Motors`][1]).toBeCloseTo(17.5 / 2 / Math.sin(theta), 2);
    }
  });
});

describe("the beamline", () => {
  it("lists its motors as an NTTable", async () => {
    const seen = await observe("table");
    expect(seen.id).toBe("epics:nt/NTTable:1.0");
    expect(seen.labels).toHaveLength(6);
    expect(Object.keys(seen.columns)).toEqual(["name", "position", "units", "low", "high", "moving"]);
    expect(seen.columns.name[0]).toBe("mini:ph:mtr");
    expect(seen.columns.high.slice(0, 4)).toEqual([100, 100, 100, 500]);
  });

  it("keeps silent on command, over both protocols", async () => {
    const seen = await observe("silence");
    expect(seen.pva).toBeGreaterThan(0.5);
    expect(seen.ca).toBeGreaterThan(0.5);
  });
});
