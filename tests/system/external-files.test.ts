import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { RunEngine } from "cerulean";
import { Catalog, type CatalogRun, type ExternalFiles } from "cerulean/catalog";
import { AutoIncrementFilenameProvider, StaticPathProvider } from "cerulean/devices";
import { composeRun, type DataKey, type Document } from "cerulean/documents";
import { scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { BlobDetector, SynAxis } from "cerulean/sim";
import { JsonlWriter } from "cerulean/sinks/jsonl";
import { MongoWriter } from "cerulean/sinks/mongo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyMongod, type MongoServer } from "./support/mongod.ts";
import { python } from "./support/python.ts";
import { framesOf } from "./support/read-frames.ts";

let folder: string;
let mongod: MongoServer;
const catalogs: Catalog[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerulean files of runs-"));
  mongod = await anyMongod();
});
afterAll(async () => {
  for (const catalog of catalogs) await catalog.close();
  await mongod.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sumOf = (frame: any): number =>
  typeof frame === "number" ? frame : Array.from(frame as any[], sumOf).reduce((sum, part) => sum + part, 0);

/** A detector of 8 x 6 pixels whose files are in the folder. */
async function detector(x: () => number): Promise<BlobDetector> {
  const paths = new StaticPathProvider(new AutoIncrementFilenameProvider({ base: "blob" }), folder);
  const det = new BlobDetector(paths, { x, y: () => 1 }, { name: "det", width: 8, height: 6 });
  await det.connect();
  return det;
}

describe("the files of a run of the sim detector", () => {
  /** The run from each kind of store, and its documents. */
  async function stored(take: (engine: RunEngine) => Promise<unknown>): Promise<[readonly CatalogRun[], Document[]]> {
    const places = [mkdtempSync(join(folder, "runs-")), mongod.uri(), mongod.uri()] as const;
    const journalDir = join(folder, "journal");
    const sinks = [
      new JsonlWriter(places[0]),
      await MongoWriter.connect(places[1], { journalDir }),
      await MongoWriter.connect(places[2], { journalDir, layout: "columns" }),
    ];
    const engine = new RunEngine();
    const documents: Document[] = [];
    engine.subscribe((document) => void documents.push(document));
    for (const sink of sinks) engine.subscribe(sink);
    await take(engine);
    for (const sink of sinks) await sink.close();
    const [{ doc: start }] = documents as [Document];
    const { uid } = start as { uid: string };
    const runs = places.map(async (place) => {
      const catalog = await Catalog.open(place);
      catalogs.push(catalog);
      return catalog.run(uid);
    });
    return [await Promise.all(runs), documents];
  }

  it("of a step scan are its frames and sums, in columns and rows, as h5py reads them", async () => {
    const x = new SynAxis({ name: "x" });
    const det = await detector(() => x.position);
    const [runs, documents] = await stored((engine) => engine.run(scan([det], x, -2, 2, 5)));
    const { det: frames, "det-sum": sums } = await framesOf(documents);
    for (const run of runs) {
      const columns = await run.columns("primary", {});
      expect(columns["det-sum"]).toEqual(Float64Array.from(sums?.[0]?.sums ?? []));
      expect(Array.from(columns.det as ArrayLike<any>, sumOf)).toEqual(frames?.[0]?.sums);
      expect((columns.det as any)[0]).toHaveLength(1);
      expect((columns.det as any)[0][0]).toHaveLength(6);
      expect((columns.det as any)[0][0][0]).toBeInstanceOf(Uint8Array);
      const rows = [];
      for await (const row of run.rows("primary", {})) rows.push([row.seq_num, row.x, row["det-sum"]]);
      expect(rows).toEqual([-2, -1, 0, 1, 2].map((at, row) => [row + 1, at, frames?.[0]?.sums[row]]));
      expect((await run.columns("primary"))["det-sum"]).toEqual(new Float64Array(5).fill(Number.NaN));
    }
  });

  it("of a flight without events make its points, two frames in each", async () => {
    let frame = 0;
    const det = await detector(() => frame++);
    const [runs] = await stored((engine) =>
      engine.run(async function* () {
        yield* bps.stage(det);
        yield* bps.openRun();
        yield* bps.prepare(det, { numberOfEvents: 4, collectionsPerEvent: 2, livetime: 0.002 }, { wait: true });
        yield* bps.declareStream(det, { name: "main", collect: true });
        yield* bps.kickoff(det, { wait: true });
        yield* bps.collectWhileCompleting([det], [det], { flushPeriod: 0.01, streamName: "main" });
        yield* bps.closeRun();
        yield* bps.unstage(det);
      }),
    );
    for (const run of runs) {
      const columns = await run.columns("main", {});
      expect(Array.from(columns.seq_num as ArrayLike<number>)).toEqual([1, 2, 3, 4]);
      const events = Array.from(columns.det as ArrayLike<any>, (event) => Float64Array.from(event, sumOf));
      expect(events).toEqual(Array.from(columns["det-sum"] as ArrayLike<any>));
      expect(events.map(({ length }) => length)).toEqual([2, 2, 2, 2]);
      expect(new Set(events.flatMap((pair) => [...pair])).size).toBe(8);
    }
  });
});

const WRITE = `
import sys, h5py, numpy
with h5py.File(sys.argv[1], "w") as file:
    frames = numpy.arange(5 * 2 * 3, dtype="<u2").reshape(5, 2, 3)
    file.create_dataset("/entry/frames", data=frames, chunks=(1, 2, 3), compression="gzip", shuffle=True)
    file["/entry/counts"] = numpy.arange(5, dtype="<i8") + 2**53
    file["/entry/names"] = ["a", "b", "c", "d", "é"]
`;

describe("a file that h5py wrote", () => {
  const KEYS: Record<string, [DataKey, dataset: string]> = {
    frames: [{ source: "py", dtype: "array", shape: [2, 3], dtype_numpy: "<u2", external: "STREAM:" }, "/entry/frames"],
    counts: [{ source: "py", dtype: "integer", shape: [], dtype_numpy: "<i8", external: "STREAM:" }, "/entry/counts"],
    names: [{ source: "py", dtype: "string", shape: [], external: "STREAM:" }, "/entry/names"],
  };
  let path: string;

  beforeAll(async () => {
    path = join(folder, "from python.h5");
    execFileSync(await python(), ["-c", WRITE, path]);
  });

  /** A run whose three keys are in the file, announced in two pieces. */
  async function announced(
    change: { uri?: string; mimetype?: string; dataset?: string; stop?: number } = {},
  ): Promise<CatalogRun> {
    const run = composeRun();
    const dataKeys = Object.fromEntries(Object.entries(KEYS).map(([key, [dataKey]]) => [key, dataKey]));
    const { descriptor } = run.composeDescriptor({ name: "primary", dataKeys });
    const documents: Document[] = [
      { name: "start", doc: run.start },
      { name: "descriptor", doc: descriptor },
    ];
    for (const [key, [, dataset]] of Object.entries(KEYS)) {
      const composer = run.composeStreamResource({
        dataKey: key,
        mimetype: change.mimetype ?? "application/x-hdf5",
        uri: change.uri ?? String(pathToFileURL(path)),
        parameters: { dataset: change.dataset ?? dataset },
      });
      documents.push({ name: "stream_resource", doc: composer.streamResource });
      for (const [start, stop] of [
        [0, 2],
        [2, change.stop ?? 5],
      ] as const) {
        const doc = composer.composeStreamDatum({
          indices: { start, stop },
          seqNums: { start: start + 1, stop: stop + 1 },
          descriptor: descriptor.uid,
        });
        documents.push({ name: "stream_datum", doc });
      }
    }
    documents.push({ name: "stop", doc: run.composeStop() });
    const place = mkdtempSync(join(folder, "py-"));
    const writer = new JsonlWriter(place);
    for (const document of documents) writer.write(document);
    await writer.close();
    const catalog = await Catalog.open(place);
    catalogs.push(catalog);
    return catalog.run(run.start.uid);
  }

  it("is read with its types: frames compressed with gzip, 64-bit integers, strings", async () => {
    const columns = await (await announced()).columns("primary", {});
    expect(columns.frames?.[4]).toEqual([Uint16Array.of(24, 25, 26), Uint16Array.of(27, 28, 29)]);
    expect(columns.counts).toEqual(BigInt64Array.from({ length: 5 }, (_, at) => 2n ** 53n + BigInt(at)));
    expect(columns.names).toEqual(["a", "b", "c", "d", "é"]);
    expect(columns.seq_num).toHaveLength(5);
  });

  it("is found where its folder is on this machine, and waited for when it is late", async () => {
    const run = await announced({ uri: "file://localhost/beamline/data/moved.h5" });
    const [moved, files] = [join(folder, "moved.h5"), { rootMap: { "/beamline/data": folder } }];
    execFileSync(await python(), ["-c", WRITE, `${moved}.part`]);
    const reading = run.columns("primary", { ...files, retryIntervalsMs: new Array(100).fill(20) });
    renameSync(`${moved}.part`, moved);
    expect((await reading).names).toEqual(["a", "b", "c", "d", "é"]);
  });

  const BROKEN: readonly [what: string, Parameters<typeof announced>[0], RegExp, object][] = [
    [
      "that isn't there",
      { uri: "file:///nowhere/x.h5" },
      /data of "counts" in \/nowhere\/x\.h5 can't be read after 2/,
      { code: "inaccessible" },
    ],
    [
      "that is none",
      { uri: String(new URL(import.meta.url)) },
      /can't be read after 2 attempts: Error: it is no HDF5 file/,
      { code: "inaccessible" },
    ],
    [
      "without the data set",
      { dataset: "/entry/other" },
      /it has no data set "\/entry\/other"/,
      { code: "inaccessible" },
    ],
    ["that is shorter than announced", { stop: 7 }, /it has 3 of the values from 2 up to 7/, { code: "inaccessible" }],
    [
      "of a mimetype that nobody reads",
      { mimetype: "image/tiff" },
      /mimetype "image\/tiff".* given for: application\/x-hdf5/,
      { code: "unhandled" },
    ],
  ];
  it.each(BROKEN)("%s is refused by name", async (_what, change, says, details) => {
    const run = await announced(change);
    const error: any = await run.columns("primary", { retryIntervalsMs: [1] }).catch((error) => error);
    expect(error.message).toMatch(says);
    expect(error).toMatchObject({ ...details, key: "counts" });
  });

  it("of any mimetype is read by a handler that is given", async () => {
    const run = await announced({ mimetype: "multipart/related;type=image/tiff" });
    const files: ExternalFiles = {
      streamHandlers: {
        "multipart/related;type=image/tiff": (where, { parameters }) => ({
          read: ({ start, stop }) =>
            Array.from({ length: stop - start }, (_, at) => `${where}${parameters.dataset}${start + at}`),
        }),
      },
    };
    expect((await run.columns("primary", files)).names?.[3]).toBe(`${path}/entry/names3`);
  });
});
