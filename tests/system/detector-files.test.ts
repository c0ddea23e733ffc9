import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, RunEngine } from "cerulean";
import { AutoIncrementFilenameProvider, type PathProvider, YMDPathProvider } from "cerulean/devices";
import { scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { BlobDetector, interestingPattern, SynAxis } from "cerulean/sim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { framesOf } from "./support/read-frames.ts";

let folder: string;
let paths: PathProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frames of a scan-"));
  paths = new YMDPathProvider(new AutoIncrementFilenameProvider({ base: "blob" }), folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function record(engine: RunEngine): Document[] {
  const documents: Document[] = [];
  engine.subscribe((document) => void documents.push(document));
  return documents;
}

function frameSum(x: number, y: number, [height, width]: readonly [number, number]): number {
  let sum = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [(4 * (column - width / 2)) / width, (4 * (row - height / 2)) / height];
      sum += Math.round(255 * interestingPattern(x, y) * Math.exp(-(dx ** 2) - dy ** 2));
    }
  }
  return sum;
}

describe("Python opens a detector's files and finds exactly the frames that the documents announce", () => {
  it("of a step scan", async () => {
    const x = new SynAxis({ name: "x" });
    const det = new BlobDetector(paths, { x: () => x.position, y: () => 1 }, { name: "det", width: 16, height: 12 });
    await det.connect();
    const engine = new RunEngine();
    const documents = record(engine);
    await engine.run(scan([det], x, -2, 2, 5));
    const { det: frames, "det-sum": sums } = await framesOf(documents);
    expect(frames).toHaveLength(1);
    expect(frames?.[0]).toMatchObject({ shape: [5, 12, 16], type: "uint8", chunks: [1, 12, 16], skips: false });
    const expected = [-2, -1, 0, 1, 2].map((at) => frameSum(at, 1, [12, 16]));
    expect(frames?.[0]?.sums).toEqual(expected);
    expect(sums?.[0]).toMatchObject({ shape: [5], type: "float64", sums: expected });
  });

  it("of a flight in batches with several frames an event, and of the next run in a file of its own", async () => {
    let frame = 0;
    const det = new BlobDetector(paths, { x: () => frame++, y: () => 0.5 }, { name: "det", width: 4, height: 3 });
    await det.connect();
    const engine = new RunEngine();
    for (const batches of [[3, 2], [4]]) {
      frame = 0;
      const documents = record(engine);
      await engine.run(async function* () {
        yield* bps.stage(det);
        yield* bps.openRun();
        yield* bps.prepare(det, { numberOfEvents: batches, collectionsPerEvent: 2, livetime: 0.002 }, { wait: true });
        yield* bps.declareStream(det, { name: "main", collect: true });
        for (const _ of batches) {
          yield* bps.kickoff(det, { wait: true });
          yield* bps.collectWhileCompleting([det], [det], { flushPeriod: 0.01, streamName: "main" });
        }
        yield* bps.closeRun();
        yield* bps.unstage(det);
      });
      const total = 2 * batches.reduce((sum, events) => sum + events, 0);
      const { det: frames } = await framesOf(documents);
      expect(frames).toHaveLength(1);
      expect(frames?.[0]).toMatchObject({ shape: [total, 3, 4], skips: false });
      expect(frames?.[0]?.sums).toEqual(Array.from({ length: total }, (_, i) => frameSum(i, 0.5, [3, 4])));
    }
  });
});
