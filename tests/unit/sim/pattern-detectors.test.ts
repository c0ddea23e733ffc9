import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AutoIncrementFilenameProvider, StaticPathProvider } from "../../../src/devices/index.ts";
import { RunEngine } from "../../../src/index.ts";
import { scan } from "../../../src/plans/index.ts";
import { BlobDetector, interestingPattern, PatternDetector, SynAxis } from "../../../src/sim/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blob-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a blob detector", () => {
  it("writes a file that holds exactly the frames that its stream documents announce", async () => {
    const x = new SynAxis({ name: "x" });
    const names = new AutoIncrementFilenameProvider({ base: "blob" });
    const paths = new StaticPathProvider(names, folder, { directoryUri: `file://localhost${folder}/` });
    const det = new BlobDetector(paths, { x: () => x.position, y: () => 1 }, { name: "det", width: 8, height: 6 });
    await det.connect();
    const documents: { name: string; doc: any }[] = [];
    const engine = new RunEngine();
    engine.subscribe((document) => void documents.push(document));
    await engine.run(scan([det], x, -1, 1, 3));
    const resources = documents.filter(({ name }) => name === "stream_resource").map(({ doc }) => doc);
    expect(resources.map(({ data_key }) => data_key)).toEqual(["det", "det-sum"]);
    const announced = documents.filter(({ name }) => name === "stream_datum").map(({ doc }) => doc.indices.stop);
    expect(Math.max(...announced)).toBe(3);
    const h5 = await import("h5wasm/node");
    await h5.ready;
    const file = new h5.File(fileURLToPath(resources[0].uri.replace("localhost", "")), "r");
    const frames = file.get(resources[0].parameters.dataset) as any;
    const sums = file.get(resources[1].parameters.dataset) as any;
    expect([frames.shape, sums.shape]).toEqual([[3, 6, 8], [3]]);
    const pixels = frames.value as Uint8Array;
    expect(pixels[3 * 8 + 4]).toBe(Math.round(255 * interestingPattern(-1, 1)));
    for (let i = 0; i < 3; i++) {
      const sum = pixels.subarray(48 * i, 48 * (i + 1)).reduce((total, value) => total + value, 0);
      expect(sums.value[i]).toBe(sum);
    }
    file.close();
  });
});

describe("a pattern detector", () => {
  it("sees another pattern in each channel", async () => {
    const det = new PatternDetector({ x: () => 2, y: () => 3 }, { name: "p", channels: 2, counts: 1000 });
    await det.connect();
    await det.trigger().wait();
    const readings = await det.read();
    expect(readings["p-channels-1"]?.value).toBe(Math.round(1000 * interestingPattern(2, 3, 1)));
    expect(readings["p-channels-2"]?.value).toBe(Math.round(1000 * interestingPattern(2, 3, 2)));
    expect(det.hints).toEqual({ fields: ["p-channels-1", "p-channels-2"] });
  });
});
