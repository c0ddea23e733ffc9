import { afterEach, describe, expect, it, vi } from "vitest";
import { Status } from "../../../src/devices/status.ts";
import type { Document, DocumentName } from "../../../src/documents/document.ts";
import { InvalidDocument } from "../../../src/documents/errors.ts";
import type { Plan, PlanLike } from "../../../src/engine/msg.ts";
import { RunEngine } from "../../../src/engine/run-engine.ts";
import { Detector } from "./fixtures/devices.ts";
import { PageFlyer, page } from "./fixtures/flyers.ts";
import { count, msg } from "./fixtures/plans.ts";
import { record } from "./fixtures/record.ts";

const validated = vi.hoisted(() => new WeakSet<object>());
vi.mock("../../../src/documents/validate.ts", async (original) => {
  const real = await original<typeof import("../../../src/documents/validate.ts")>();
  return {
    ...real,
    validate: (...args: [any, any]) => {
      real.validate(...args);
      validated.add(typeof args[0] === "string" ? args[1] : args[0].doc);
    },
  };
});

afterEach(() => void vi.restoreAllMocks());

const IMAGE = { source: "test", dtype: "array" as const, shape: [1, 4], dtype_numpy: "<u2" };
const resource = { uid: "r", spec: "TIFF", root: "/", resource_path: "f", resource_kwargs: {} };
const datum = { datum_id: "r/0", resource: "r", datum_kwargs: { frame: 0 } };
const datumPage = { datum_id: ["r/0"], resource: "r", datum_kwargs: { frame: [0] } };
const streamResource = {
  uid: "s",
  data_key: "image",
  mimetype: "application/x-hdf5",
  uri: "file:///f",
  parameters: {},
};
const range = (stop: number) => ({ start: 0, stop });
const streamDatum = { uid: "s/0", stream_resource: "s", descriptor: "", indices: range(1), seq_nums: range(0) };

/** A detector that writes a file and says so with these documents. */
function writing(external: string, ...documents: Document[]): any {
  return {
    name: "camera",
    trigger: () => Status.finished(),
    read: () => (external === "STREAM:" ? {} : { image: { value: "r/0", timestamp: 1 } }),
    describe: () => ({ image: { ...IMAGE, external } }),
    collectAssetDocs: () => documents,
  };
}

async function* flight(flyer: object): Plan {
  yield* msg("open_run");
  yield* msg("kickoff", flyer);
  yield* msg("collect", flyer);
  yield* msg("close_run");
}

function flown(change: (given: any) => void): () => Plan {
  const given = page(0, 3);
  change(given);
  return () => flight(new PageFlyer("flyer", [given]));
}

const asset = (name: DocumentName, doc: object): Document => ({ name, doc }) as Document;

/** What a device, a plan or the clock can do to each document, and what the error must say. */
const FAULTS: readonly (readonly [
  DocumentName,
  fault: string,
  run: (engine: RunEngine) => Promise<unknown>,
  RegExp,
])[] = [
  ["start", "a dot in a key", (engine) => engine.run(count(new Detector(), 1), { md: { "a.b": 1 } }), /start .*"a\.b"/],
  [
    "start",
    "NaN in nested metadata",
    (engine) => engine.run(count(new Detector(), 1), { md: { sample: { mass: Number.NaN } } }),
    /start .*sample\.mass is NaN/,
  ],
  [
    "descriptor",
    "a dtype that there is not",
    (engine) => {
      const det = Object.assign(new Detector("det"), { describe: () => ({ det: { ...IMAGE, dtype: "float" } }) });
      return engine.run(count(det, 1));
    },
    /descriptor of stream "primary": data_keys\.det\.dtype/,
  ],
  [
    "event",
    "no time",
    (engine) => {
      const det = new Detector("det");
      const read = det.read.bind(det);
      let readings = 0;
      det.read = () => {
        if (++readings < 2) return read();
        vi.spyOn(Date, "now").mockReturnValue(Number.NaN);
        vi.spyOn(performance, "now").mockReturnValue(Number.NaN);
        return read();
      };
      return engine.run(count(det, 2)).finally(() => vi.restoreAllMocks());
    },
    /stream "primary": event .*: time is NaN/,
  ],
  [
    "event_page",
    "a row without a time",
    (engine) =>
      engine.run(
        flown((given) => {
          given.time = Float64Array.of(1, Number.NaN, 3);
        }),
      ),
    /stream "fly": event_page .*time\[1\] is NaN/,
  ],
  [
    "event_page",
    "ragged columns",
    (engine) =>
      engine.run(
        flown((given) => {
          given.data.y = given.data.y.slice(1);
        }),
      ),
    /stream "fly": event_page .*data of "y" has 2 rows where the page has 3/,
  ],
  [
    "stop",
    "a reason that is no text",
    (engine) => engine.run([msg("open_run"), msg("close_run", null, [], { reason: 7 } as any)]),
    /stop .*reason must be string/,
  ],
  [
    "resource",
    "no spec",
    (engine) => engine.run(count(writing("FILE:", asset("resource", { ...resource, spec: undefined })), 1)),
    /resource r: .*spec/,
  ],
  [
    "datum",
    "no arguments",
    (engine) =>
      engine.run(
        count(writing("FILE:", asset("resource", resource), asset("datum", { ...datum, datum_kwargs: 1 })), 1),
      ),
    /datum r\/0: datum_kwargs/,
  ],
  [
    "datum_page",
    "ragged columns",
    (engine) => {
      const ragged = { ...datumPage, datum_kwargs: { frame: [0, 1] } };
      return engine.run(count(writing("FILE:", asset("resource", resource), asset("datum_page", ragged)), 1));
    },
    /datum_page of resource r: datum_kwargs of "frame" has 2 rows/,
  ],
  [
    "stream_resource",
    "no mimetype",
    (engine) => engine.run(count(writing("STREAM:", asset("stream_resource", { ...streamResource, mimetype: 1 })), 1)),
    /stream_resource s: mimetype/,
  ],
  [
    "stream_datum",
    "indices that are no numbers",
    (engine) => {
      const wrong = { ...streamDatum, indices: { start: 0.5, stop: 1.5 } };
      const documents = [asset("stream_resource", streamResource), asset("stream_datum", wrong)];
      return engine.run(count(writing("STREAM:", ...documents), 1));
    },
    /stream_datum s\/0: indices/,
  ],
];

describe("every document that leaves the engine is validated", () => {
  it.each(FAULTS)("a %s with %s is refused by name, and nobody gets it", async (name, _fault, run, says) => {
    const engine = new RunEngine();
    const { documents } = record(engine);
    const error: any = await run(engine).catch((error) => error);
    expect(error).toBeInstanceOf(InvalidDocument);
    expect(error.message).toMatch(says);
    expect(error.documentName).toBe(name);
    for (const { doc } of documents) expect(validated.has(doc)).toBe(true);
    // A good stop ends the run instead, and the event before this one was good.
    const good = name === "stop" || name === "event" ? 1 : 0;
    expect(documents.filter((document) => document.name === name)).toHaveLength(good);
  });

  it("of each type that there is, whatever it comes from", async () => {
    const engine = new RunEngine({ recordInterruptions: true });
    const { documents } = record(engine);
    await engine.run(count(new Detector("det"), 2));
    await engine.run(flight(new PageFlyer("flyer", [page(0, 3)])));
    const files = [asset("resource", resource), asset("datum", datum), asset("datum_page", datumPage)];
    await engine.run(count(writing("FILE:", ...files), 1));
    const stream = [asset("stream_resource", streamResource), asset("stream_datum", streamDatum)];
    await engine.run(count(writing("STREAM:", ...stream), 1));
    const types: DocumentName[] = [
      ...(["start", "descriptor", "event", "event_page", "stop", "resource", "datum", "datum_page"] as const),
      ...(["stream_resource", "stream_datum"] as const),
    ];
    expect(new Set(documents.map(({ name }) => name))).toEqual(new Set(types));
    expect(documents.filter(({ doc }) => !validated.has(doc))).toEqual([]);
  });
});

describe("values that don't fit their data key are told of, once, with stream and key", () => {
  const NUMBER = { source: "test", dtype: "number" as const, shape: [] };
  const CASES: readonly (readonly [string, () => PlanLike<unknown>, string])[] = [
    [
      "a text in a later row of a page",
      flown(({ data }) => (data.y = [1, 2, "three"])),
      '"y" of stream "fly" is a string, not a number in row 2',
    ],
    [
      "a row without a timestamp",
      flown(({ timestamps }) => (timestamps.x = [1, Number.NaN, 3])),
      '"x" of stream "fly" has the time NaN',
    ],
    [
      "a reading without a timestamp",
      () =>
        count(
          {
            name: "d",
            trigger: () => Status.finished(),
            read: () => ({ d: { value: 1, timestamp: Number.NaN } }),
            describe: () => ({ d: NUMBER }),
          } as any,
          2,
        ),
      '"d" of stream "primary" has the time NaN',
    ],
  ];
  it.each(CASES)("%s", async (_what, plan, warning) => {
    const engine = new RunEngine();
    const { errors } = record(engine);
    await engine.run(plan());
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(warning)]);
  });
});
