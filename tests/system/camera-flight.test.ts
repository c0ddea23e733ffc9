import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, RunEngine } from "cerulean";
import { type NdArray, StaticPathProvider, UUIDFilenameProvider } from "cerulean/devices";
import { type Context, getContext, SimDetector } from "cerulean/epics";
import { count } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MiniBeamline, startMiniBeamline } from "./support/mini-beamline.ts";
import { framesOf } from "./support/read-frames.ts";

let ioc: MiniBeamline;
let context: Context;
let folder: string;
let det: SimDetector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cerulean-flight-"));
  ioc = await startMiniBeamline();
  context = getContext(ioc.context);
  const paths = new StaticPathProvider(new UUIDFilenameProvider(), folder);
  det = new SimDetector("mini:dot:", paths, { name: "det", context, liveSuffix: "Pva1:Image" });
  await det.connect();
});

afterAll(async () => {
  await context?.close({ force: true });
  await ioc?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a camera on the mini-beamline", () => {
  it("flies in batches into one file, which holds what is announced, while somebody looks at its frames", async () => {
    const live: NdArray[] = [];
    const looking = det.live?.subscribeReading(({ value }) => void live.push(value));
    const documents: Document[] = [];
    const engine = new RunEngine();
    engine.subscribe((document) => void documents.push(document));
    await engine.run(async function* () {
      yield* bps.openRun();
      yield* bps.stage(det);
      yield* bps.prepare(det, { numberOfEvents: [8, 4], livetime: 0.01 }, { wait: true });
      yield* bps.declareStream(det, { name: "main", collect: true });
      for (let batch = 0; batch < 2; batch++) {
        yield* bps.kickoff(det, { wait: true });
        yield* bps.collectWhileCompleting([det], [det], { flushPeriod: 0.05, streamName: "main" });
      }
      yield* bps.closeRun();
      yield* bps.unstage(det);
    });
    looking?.unsubscribe();
    const { det: frames } = await framesOf(documents);
    expect(frames).toHaveLength(1);
    expect(frames?.[0]).toMatchObject({ shape: [12, 480, 640], type: "uint16", skips: false });
    expect(live.length).toBeGreaterThan(2);
    const last = live.at(-1);
    expect(last).toMatchObject({ shape: [480, 640], dtype: "<u2" });
    expect(last?.data).toBeInstanceOf(Uint16Array);
    // What was shown last is what the file has last: its very pixels.
    const pixels = Array.from((last as NdArray).data as Uint16Array);
    expect(pixels.reduce((total, value) => total + value, 0)).toBe(frames?.[0]?.sums.at(-1));
    expect(documents.some((document) => document.name === "descriptor" && "det-live" in document.doc.data_keys)).toBe(
      false,
    );
  });

  it("keeps the exposure of a prepare in the count after it", async () => {
    const engine = new RunEngine();
    const descriptors: any[] = [];
    engine.subscribe(({ doc }) => void descriptors.push(doc), "descriptor");
    await engine.run(async function* () {
      yield* bps.prepare(det, { livetime: 0.03 }, { wait: true });
      yield* count([det], 2);
    });
    expect(await det.cam.acquireTime.get({ cached: false })).toBe(0.03);
    expect(descriptors[0].configuration.det.data["det-cam-acquireTime"]).toBe(0.03);
  });

  it("goes on until it is stopped when it was prepared for no end, and ends well", async () => {
    await det.stage();
    await det.prepare({ numberOfEvents: 0, livetime: 0.01 }).wait();
    await det.kickoff().wait();
    const complete = det.complete();
    await expect.poll(() => det.getIndex(), { timeout: 20_000 }).toBeGreaterThan(2);
    await det.stop();
    await complete.wait();
    const index = await det.getIndex();
    const told: any[] = [];
    for await (const { name, doc } of det.collectAssetDocs()) if (name === "stream_datum") told.push(doc);
    expect(told.at(-1).indices.stop).toBe(index);
    await det.unstage();
  });
});
