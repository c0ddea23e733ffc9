import { describe, expect, test } from "vitest";
import {
  type Document,
  DocumentRouter,
  type Event,
  type EventPage,
  packEventPage,
  RunRouter,
  SingleRunDocumentRouter,
} from "../../../src/documents/index.ts";
import { events, newRun, number, thrownBy } from "./fixtures.ts";

function documentsOfRun(metadata: Record<string, unknown> = {}): Document[] {
  const run = newRun({ metadata });
  const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number } });
  const resource = run.composeResource({ spec: "s", root: "/", resourcePath: "p", resourceKwargs: {} });
  return [
    { name: "start", doc: run.start },
    { name: "descriptor", doc: stream.descriptor },
    { name: "resource", doc: resource.resource },
    { name: "datum", doc: resource.composeDatum({ point: 1 }) },
    ...events(2, stream).map((doc): Document => ({ name: "event", doc })),
    { name: "stop", doc: run.composeStop() },
  ];
}

const names = (documents: readonly Document[]) => documents.map(({ name }) => name);

describe("a DocumentRouter", () => {
  test("with event written gets pages as events", () => {
    const seen: Event[] = [];
    class Rows extends DocumentRouter {
      override event(doc: Event): void {
        seen.push(doc);
      }
    }
    const rows = events(3);
    const { handle } = new Rows();
    handle({ name: "event_page", doc: packEventPage(rows) });
    handle({ name: "bulk_events", doc: { d: rows } });
    expect(seen).toEqual([...rows, ...rows]);
  });

  test("with event_page written gets events as pages of one row", () => {
    const seen: EventPage[] = [];
    class Pages extends DocumentRouter {
      override event_page(doc: EventPage): void {
        seen.push(doc);
      }
    }
    const [row] = events(1) as [Event];
    new Pages().handle({ name: "event", doc: row });
    expect(seen).toEqual([packEventPage([row])]);
  });

  test("with both written converts nothing", () => {
    const seen: string[] = [];
    class Both extends DocumentRouter {
      override event(): void {
        seen.push("event");
      }
      override event_page(): void {
        seen.push("event_page");
      }
    }
    const { handle } = new Both();
    const rows = events(2);
    handle({ name: "event_page", doc: packEventPage(rows) });
    handle({ name: "event", doc: rows[0] as Event });
    expect(seen).toEqual(["event_page", "event"]);
  });

  test("converts data of resources likewise", () => {
    const ids: string[] = [];
    class Data extends DocumentRouter {
      override datum({ datum_id }: { datum_id: string }): void {
        ids.push(datum_id);
      }
    }
    const { handle } = new Data();
    handle({ name: "datum_page", doc: { datum_id: ["a", "b"], resource: "r", datum_kwargs: {} } });
    handle({ name: "bulk_datum", doc: { datum_ids: ["c"], datum_kwarg_list: [{}], resource: "r" } });
    expect(ids).toEqual(["a", "b", "c"]);
  });

  test("passes on what its methods answer with, and all else as it came", () => {
    const out: Document[] = [];
    class Doubling extends DocumentRouter {
      override event(doc: Event): Event {
        return { ...doc, data: { x: (doc.data.x as number) * 2 } };
      }
    }
    const documents = documentsOfRun();
    const router = new Doubling({ emit: (document) => out.push(document) });
    documents.forEach(router.handle);
    expect(names(out)).toEqual(names(documents));
    expect(out.flatMap((document) => (document.name === "event" ? [document.doc.data.x] : []))).toEqual([0, 1]);
    expect(out[0]).toBe(documents[0]);
  });
});

describe("a SingleRunDocumentRouter", () => {
  class Streams extends SingleRunDocumentRouter {
    readonly seen: string[] = [];
    override event(doc: Event): void {
      this.seen.push(`${this.getStart().plan_name} ${this.getStreamName(doc)} ${doc.seq_num}`);
    }
  }

  test("knows the run and the stream of each event", () => {
    const router = new Streams();
    documentsOfRun({ plan_name: "count" }).forEach(router.handle);
    expect(router.seen).toEqual(["count primary 1", "count primary 2"]);
  });

  test("refuses a second run, the descriptor of another, and events without a descriptor", () => {
    const router = new Streams();
    const [start] = documentsOfRun() as [Document];
    const [otherStart, otherDescriptor] = documentsOfRun() as [Document, Document];
    expect(thrownBy(() => router.handle(otherDescriptor))).toMatchObject({ code: "unresolvable" });
    router.handle(start);
    expect(thrownBy(() => router.handle(otherStart)).message).toContain("use one for each run");
    expect(thrownBy(() => router.handle(otherDescriptor)).name).toBe("UnresolvableReference");
    expect(thrownBy(() => router.handle({ name: "event", doc: events(1)[0] as Event })).message).toContain(
      "a descriptor must come before its events",
    );
  });
});

describe("a RunRouter", () => {
  test("gives the documents of runs that are mixed up to callbacks of their own", () => {
    const seen = new Map<string, Document[]>();
    const router = new RunRouter([
      (start) => {
        const documents: Document[] = [];
        seen.set(start.uid, documents);
        return { callbacks: [(document) => documents.push(document)] };
      },
    ]);
    const runs = [documentsOfRun(), documentsOfRun()] as [Document[], Document[]];
    runs[0].forEach((document, i) => {
      router.handle(document);
      router.handle(runs[1][i] as Document);
    });
    expect(Array.from(seen.values())).toEqual(runs);
  });

  test("tells a stream's callback what came before it", () => {
    const seen: Document[] = [];
    const router = new RunRouter([() => ({ streams: [() => [(document) => seen.push(document)]] })]);
    const [start, descriptor, resource, datum, ...rest] = documentsOfRun() as [Document, Document, Document, Document];
    for (const document of [start, resource, datum, descriptor, ...rest]) router.handle(document);
    expect(names(seen)).toEqual(["start", "resource", "datum", "descriptor", "event", "event", "stop"]);
  });

  test("gives a stream's callback only that stream", () => {
    const run = newRun();
    const [a, b] = ["a", "b"].map((name) => run.composeDescriptor({ name, dataKeys: { x: number } }));
    if (a === undefined || b === undefined) throw new Error("two streams are needed");
    const seen: Document[] = [];
    const router = new RunRouter([
      () => ({ streams: [({ name }) => (name === "a" ? [(document) => seen.push(document)] : [])] }),
    ]);
    router.handle({ name: "start", doc: run.start });
    for (const { descriptor } of [a, b]) router.handle({ name: "descriptor", doc: descriptor });
    for (const stream of [a, b, a]) router.handle({ name: "event", doc: events(1, stream)[0] as Event });
    router.handle({ name: "stop", doc: run.composeStop() });
    expect(names(seen)).toEqual(["start", "descriptor", "event", "event", "stop"]);
  });

  test("forgets a run when it stops, with its resources, which upstream keeps for ever", () => {
    const seen: Document[] = [];
    const router = new RunRouter([() => ({ callbacks: [(document) => seen.push(document)] })]);
    const documents = documentsOfRun();
    documents.forEach(router.handle);
    expect(router.size).toBe(0);
    const count = seen.length;
    for (const document of documents.slice(1)) router.handle(document);
    expect(seen).toHaveLength(count);
  });

  test("gives stream data to the run of their resource while they don't name their stream", () => {
    const run = newRun();
    const images = run.composeStreamResource({ dataKey: "i", mimetype: "m", uri: "u", parameters: {} });
    const seen: Document[] = [];
    const router = new RunRouter([() => ({ callbacks: [(document) => seen.push(document)] })]);
    router.handle({ name: "start", doc: run.start });
    router.handle({ name: "stream_resource", doc: images.streamResource });
    router.handle({ name: "stream_datum", doc: images.composeStreamDatum({ indices: { start: 0, stop: 1 } }) });
    expect(names(seen)).toEqual(["start", "stream_resource", "stream_datum"]);
  });
});
