import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Document, RunEngine } from "cerulean";
import { t } from "cerulean/devices";
import { type Context, epicsSignalR, epicsSignalW, getContext, Xspress3Flyer } from "cerulean/epics";
import * as bps from "cerulean/plans/stubs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CaprotoIoc, startCaproto } from "./support/caproto-ioc.ts";
import { python } from "./support/python.ts";

/** What numpy makes of the waveforms, read by a client that is not ours. */
const NUMPY = `
import json, numpy
from caproto.sync.client import read
get = lambda pv: numpy.asarray(read(f"xs:{pv}").data, dtype=float)
factors = {c: get(f"C{c}SCA:9:TSArrayValue") for c in (1, 2)}
columns = {f"{name}_{c}": get(f"MCA{c}ROI:{roi}:TSTotal") * factors[c] for name, roi in (("Fe", 1), ("Cu", 2)) for c in (1, 2)}
columns.update({f"factor_{c}": factors[c] for c in (1, 2)})
columns.update({name: columns[f"{name}_1"] + columns[f"{name}_2"] for name in ("Fe", "Cu")})
print(json.dumps({key: column.tolist() for key, column in columns.items()}))
`;

let ioc: CaprotoIoc;
let context: Context;
let flyer: Xspress3Flyer;

beforeAll(async () => {
  ioc = await startCaproto("xspress3.py");
  context = getContext(ioc.context);
  flyer = new Xspress3Flyer("xs:", {
    name: "xs3",
    channels: 2,
    rois: { Fe: 1, Cu: 2 },
    settings: { "xs:det1:ERASE": true },
    partial: "xs:det1:ArrayCounter_RBV",
    context,
  });
  await flyer.connect();
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.[Symbol.asyncDispose]();
});

async function numpyColumns(): Promise<Record<string, number[]>> {
  const env = {
    ...process.env,
    EPICS_CA_ADDR_LIST: "127.0.0.1",
    EPICS_CA_AUTO_ADDR_LIST: "NO",
    EPICS_CA_SERVER_PORT: `${ioc.caPort}`,
  };
  const { stdout } = await promisify(execFile)(await python(), ["-c", NUMPY], { env });
  return JSON.parse(stdout);
}

/** One row of a map, collected as it comes; the lengths of its pages and all of its columns. */
async function flyRow(numPoints: number, dwell: number) {
  const documents: Document[] = [];
  const engine = new RunEngine();
  engine.subscribe((document) => void documents.push(document));
  await engine.run(async function* () {
    yield* bps.openRun();
    yield* bps.prepare(flyer, { numPoints, dwell }, { wait: true });
    yield* bps.declareStream(flyer, { name: "xs3", collect: true });
    yield* bps.kickoff(flyer, { wait: true });
    yield* bps.collectWhileCompleting([flyer], [flyer], { flushPeriod: 0.1, streamName: "xs3" });
    yield* bps.closeRun();
  });
  const pages = documents.filter(({ name }) => name === "event_page").map(({ doc }) => doc as any);
  const keys = Object.keys(pages[0]?.data ?? {});
  const columns = Object.fromEntries(
    keys.map((key) => [key, pages.flatMap(({ data }): number[] => Array.from(data[key]))]),
  );
  return { columns, lengths: pages.map(({ time }) => time.length as number) };
}

async function put(pv: string, value: string): Promise<void> {
  const signal = epicsSignalW(t.string, pv, { name: "command", context });
  await signal.connect();
  await signal.set(value).wait();
  await signal.dispose();
}

describe("an Xspress3 on a server that is not ours", () => {
  it("gives rows as they come, whose corrected columns and sums are what numpy makes of the waveforms", async () => {
    const first = await flyRow(60, 0.01);
    expect(first.lengths.reduce((sum, rows) => sum + rows, 0)).toBe(60);
    expect(first.lengths.length).toBeGreaterThan(1);
    expect(first.columns).toEqual(await numpyColumns());
    // The next row is measured anew: none of it is of the row before.
    const second = await flyRow(20, 0.005);
    expect(second.columns).toEqual(await numpyColumns());
    expect(second.columns.Fe).toHaveLength(20);
    expect(second.columns.Fe).not.toEqual(first.columns.Fe?.slice(0, 20));
  });

  it("is set up before it is started: its points and dwell, each channel's time series, and what else was asked for", async () => {
    const before = ioc.told.length;
    await flyRow(5, 0.002);
    const channel = (c: number): string[] => [
      `MCA${c}ROI:TSNumPoints=5`,
      `MCA${c}ROI:TSControl=Erase/Start`,
      `C${c}SCA:TS:TSNumPoints=5`,
      `C${c}SCA:TS:TSAcquire=Acquire`,
    ];
    expect(ioc.told.slice(before)).toEqual(
      [
        "det1:NumImages=5",
        "det1:AcquireTime=0.002",
        ...channel(1),
        ...channel(2),
        "det1:ERASE=Erase",
        "det1:Acquire=Acquire",
      ].map((line) => `put xs:${line}`),
    );
  });

  it("reports a channel that has a point less, and pads nothing", async () => {
    await put("xs:Fault", "Short");
    try {
      await expect(flyRow(10, 0.002)).rejects.toThrow("xs3 was asked for 10 points, but Fe_2 has 9");
    } finally {
      await put("xs:Fault", "None");
    }
  });

  it("stops acquiring when it is stopped", async () => {
    await flyer.prepare({ numPoints: 1000, dwell: 0.02 }).wait();
    await flyer.kickoff().wait();
    const complete = flyer.complete();
    await flyer.stop();
    await expect(complete.wait()).rejects.toThrow("Device xs3 was stopped.");
    const state = epicsSignalR(t.string, "xs:det1:DetectorState_RBV", { name: "state", context });
    await state.connect();
    await expect.poll(() => state.get({ cached: false }), { timeout: 10_000 }).toBe("Idle");
    await state.dispose();
  });
});
