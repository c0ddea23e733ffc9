import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, type Plan, RunEngine } from "cerulean";
import { StaticPathProvider, softSignalRW, t, UUIDFilenameProvider } from "cerulean/devices";
import type { DataKey } from "cerulean/documents";
import { fly, scan } from "cerulean/plans";
import * as bpp from "cerulean/plans/preprocessors";
import * as bps from "cerulean/plans/stubs";
import { BlobDetector, SynAxis, SynFlyer } from "cerulean/sim";

/** A device that reads, one after the other, the values that it was given. */
class Recorded {
  readonly name: string;
  readonly parent = null;
  readonly #keys: Readonly<Record<string, DataKey>>;
  readonly #points: readonly Readonly<Record<string, unknown>>[];
  #at = 0;

  constructor(name: string, keys: Record<string, Omit<DataKey, "source">>, points: readonly Record<string, unknown>[]) {
    this.name = name;
    this.#keys = Object.fromEntries(
      Object.entries(keys).map(([key, what]) => [key, { ...what, source: `sim://${key}` } as DataKey]),
    );
    this.#points = points;
  }

  get hints() {
    return { fields: Object.keys(this.#keys).slice(0, 1) };
  }

  describe() {
    return this.#keys;
  }

  read() {
    const point = this.#points[this.#at++ % this.#points.length] ?? {};
    const timestamp = Date.now() / 1000;
    return Object.fromEntries(Object.entries(point).map(([key, value]) => [key, { value, timestamp }]));
  }
}

const number = { dtype: "number", shape: [], dtype_numpy: "<f8" } as const;
const integer = { dtype: "integer", shape: [], dtype_numpy: "<i8" } as const;

function points(device: Recorded, count: number): () => Plan {
  return async function* () {
    yield* bps.openRun({ plan_name: "points" });
    for (let at = 0; at < count; at++) {
      yield* bps.checkpoint();
      yield* bps.triggerAndRead([device]);
    }
    yield* bps.closeRun();
  };
}

/** What has gone wrong for a beamline at some time, or for a reader; each gives one run. */
export const CORPUS: Readonly<Record<string, (engine: RunEngine) => Promise<unknown>>> = {
  "scalars of every type": (engine) => {
    const device = new Recorded(
      "det",
      {
        x: number,
        n: integer,
        label: { dtype: "string", shape: [] },
        mode: { dtype: "string", shape: [], choices: ["open", "shut"] },
        on: { dtype: "boolean", shape: [], dtype_numpy: "|b1" },
      },
      [
        { x: 1.5, n: 1, label: "a", mode: "open", on: true },
        { x: -0.25, n: -7, label: "größer", mode: "shut", on: false },
        { x: 1e300, n: 2 ** 40, label: "", mode: "open", on: true },
      ],
    );
    return engine.run(points(device, 3));
  },

  "whole values in a number column, and integers that JavaScript keeps as doubles": (engine) => {
    const device = new Recorded("det", { x: number, n: integer }, [
      { x: 1, n: 2 ** 31 },
      { x: 2 ** 31, n: 3 },
      { x: -5, n: 9007199254740993n },
    ]);
    return engine.run(points(device, 3));
  },

  "NaN and infinities": (engine) => {
    const device = new Recorded("det", { x: number }, [
      { x: Number.NaN },
      { x: Number.POSITIVE_INFINITY },
      { x: Number.NEGATIVE_INFINITY },
    ]);
    return engine.run(points(device, 3));
  },

  "arrays beside scalars": (engine) => {
    const device = new Recorded(
      "det",
      {
        wave: { dtype: "array", shape: [3], dtype_numpy: "<f8" },
        counts: { dtype: "array", shape: [2], dtype_numpy: "<i4" },
        image: { dtype: "array", shape: [2, 2], dtype_numpy: "<f8" },
        names: { dtype: "array", shape: [2], dtype_numpy: "<U8" },
        x: number,
      },
      [
        {
          x: 1,
          wave: new Float64Array([1, 2, 3]),
          counts: new Int32Array([1, 2]),
          image: [
            [1, 2],
            [3, 4],
          ],
          names: ["a", "bb"],
        },
        {
          x: 2,
          wave: [0.5, Number.NaN, -1],
          counts: [3, 4],
          image: [
            [5, 6],
            [7, 8],
          ],
          names: ["ccc", ""],
        },
      ],
    );
    return engine.run(points(device, 2));
  },

  "baseline and monitor": async (engine) => {
    const temperature = softSignalRW(t.float, 4.2, { name: "temperature" });
    const watched = softSignalRW(t.int, 0, { name: "watched" });
    await Promise.all([temperature.connect(), watched.connect()]);
    const device = new Recorded("det", { x: number }, [{ x: 1 }, { x: 2 }]);
    return engine.run(
      bpp.baselineWrapper(
        bpp.monitorDuringWrapper(
          (async function* (): Plan {
            yield* bps.openRun({ plan_name: "watched" });
            for (let at = 1; at <= 3; at++) {
              yield* bps.mv(watched, at);
              yield* bps.triggerAndRead([device]);
            }
            yield* bps.closeRun();
          })(),
          [watched],
        ),
        [temperature],
      ),
    );
  },

  "points taken again after a pause": (engine) => {
    const device = new Recorded(
      "det",
      { x: number },
      [1, 2, 3, 4, 5, 6].map((x) => ({ x })),
    );
    let hasPaused = false;
    async function* rewound(): Plan {
      yield* bps.openRun({ plan_name: "rewound" });
      yield* bps.checkpoint();
      yield* bps.triggerAndRead([device]);
      yield* bps.triggerAndRead([device]);
      if (!hasPaused) {
        hasPaused = true;
        setImmediate(() => void engine.pause().then(() => engine.resume()));
        yield* bps.sleep(0.05);
      }
      yield* bps.triggerAndRead([device]);
      yield* bps.closeRun();
    }
    return engine.run(rewound);
  },

  "a fly scan's page": (engine) =>
    engine.run(
      fly([
        new SynFlyer({
          name: "flyer",
          numPoints: 50,
          columns: { position: (at: number) => at / 8, counts: (at: number) => at * at },
        }),
      ]),
    ),

  "a stream configured anew": (engine) => {
    const device = new Recorded("det", { x: number }, [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]);
    const exposure = {
      name: "det2",
      parent: null,
      seconds: 0.1,
      describe: () => ({ y: { ...number, source: "sim://y" } }),
      read() {
        return { y: { value: this.seconds * 10, timestamp: Date.now() / 1000 } };
      },
      describeConfiguration: () => ({ exposure: { ...number, source: "sim://exposure" } }),
      readConfiguration() {
        return { exposure: { value: this.seconds, timestamp: Date.now() / 1000 } };
      },
      configure(values: { exposure: number }) {
        const before = this.readConfiguration();
        this.seconds = values.exposure;
        return [before, this.readConfiguration()] as const;
      },
    };
    return engine.run(async function* (): Plan {
      yield* bps.openRun({ plan_name: "configured" });
      yield* bps.triggerAndRead([device, exposure]);
      yield* bps.configure(exposure as never, { exposure: 0.5 } as never);
      yield* bps.triggerAndRead([device, exposure]);
      yield* bps.closeRun();
    });
  },

  "a long run": (engine) =>
    engine.run(
      points(
        new Recorded(
          "det",
          { x: number, n: integer },
          Array.from({ length: 2_500 }, (_, at) => ({ x: at / 3, n: at })),
        ),
        2_500,
      ),
    ),

  "a run whose frames are in files": async (engine) => {
    const folder = await mkdtemp(join(tmpdir(), "cerulean-corpus-"));
    try {
      const paths = new StaticPathProvider(new UUIDFilenameProvider(), folder);
      const x = new SynAxis({ name: "x" });
      const camera = new BlobDetector(paths, { x: () => x.position, y: () => 1 }, { name: "cam", width: 4, height: 3 });
      await camera.connect();
      await engine.run(scan([camera], x, -1, 1, 5));
    } finally {
      await rm(folder, { recursive: true });
    }
  },

  "a run that goes on": (engine) => {
    const device = new Recorded("det", { x: number }, [{ x: 1 }, { x: 2 }, { x: 3 }]);
    return engine.run(points(device, 3));
  },

  "a run that failed": (engine) => {
    const device = new Recorded("det", { x: number }, [{ x: 1 }, { x: 2 }]);
    return engine
      .run(async function* (): Plan {
        yield* bps.openRun({ plan_name: "failing", sample: { name: "Au", thickness: 1.5 } });
        yield* bps.triggerAndRead([device]);
        yield* bps.triggerAndRead([device]);
        throw new Error("the beam is gone");
      })
      .catch(() => undefined);
  },

  "a run that was aborted before its first point": (engine) =>
    engine
      .run(async function* (): Plan {
        yield* bps.openRun({ plan_name: "aborted" });
        setImmediate(() => void engine.abort("enough"));
        yield* bps.sleep(10);
      })
      .catch(() => undefined),
};

/** Runs one of the corpus and gives its documents. */
export async function documentsOf(name: string): Promise<Document[]> {
  const engine = new RunEngine();
  const documents: Document[] = [];
  engine.subscribe((document) => {
    documents.push(document);
  });
  await CORPUS[name]?.(engine);
  return name === "a run that goes on" ? documents.filter((document) => document.name !== "stop") : documents;
}
