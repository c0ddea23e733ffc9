import { expect, test } from "vitest";
import {
  type DataKey,
  type Document,
  type Event,
  type EventPage,
  Filler,
  type HandlerFactory,
  packEventPage,
  RunRouter,
} from "../../../src/documents/index.ts";
import { newRun, number, point, thrownBy } from "./fixtures.ts";

const external: DataKey = { source: "file", dtype: "array", shape: [2], dtype_numpy: "<f8", external: "FILESTORE:" };

function runWithFiles() {
  const run = newRun();
  const stream = run.composeDescriptor({ name: "primary", dataKeys: { x: number, image: external } });
  const composer = run.composeResource({
    spec: "FRAMES",
    root: "/data",
    resourcePath: "2026/a.bin",
    resourceKwargs: { width: 2 },
  });
  const data = [0, 1].map((frame) => composer.composeDatum({ frame }));
  const events = data.map(({ datum_id }) => stream.composeEvent(point({ x: 1, image: datum_id })));
  return { run, stream, resource: composer.resource, data, events };
}

const frames: HandlerFactory = (path, { width }) => ({ read: ({ frame }) => [path, width, frame] });

function fillerFor({ resource, data }: ReturnType<typeof runWithFiles>, handlers: Record<string, HandlerFactory>) {
  const filler = new Filler({ handlers, rootMap: { "/data": "/mnt/here" }, retryIntervalsMs: [1, 1] });
  filler.handle({ name: "resource", doc: resource });
  for (const doc of data) filler.handle({ name: "datum", doc });
  return filler;
}

const rejection = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => thrownBy(() => {}),
    (error) => error,
  );

test("an event gets the data of its files, with roots as they are on this machine, and says where it came from", async () => {
  const run = runWithFiles();
  const [event] = run.events as [Event];
  const filled = await fillerFor(run, { FRAMES: frames }).fillEvent(event);
  expect(filled.data).toEqual({ x: 1, image: ["/mnt/here/2026/a.bin", 2, 0] });
  expect(filled.filled).toEqual({ image: run.data[0]?.datum_id });
  expect(event.data.image).toBe(run.data[0]?.datum_id);
});

test("a page gets the data of its files, row by row", async () => {
  const run = runWithFiles();
  const page = await fillerFor(run, { FRAMES: frames }).fillEventPage(packEventPage(run.events));
  expect(page.data.image).toEqual([0, 1].map((frame) => ["/mnt/here/2026/a.bin", 2, frame]));
});

test("a resource is opened once, and closed when its run is forgotten", async () => {
  const run = runWithFiles();
  const calls: string[] = [];
  const filler = fillerFor(run, {
    FRAMES: () => {
      calls.push("open");
      return { read: () => calls.push("read"), close: () => calls.push("close") };
    },
  });
  for (const event of run.events) await filler.fillEvent(event);
  await filler.forget(run.run.start.uid);
  expect(calls).toEqual(["open", "read", "read", "close"]);
  expect(await rejection(filler.fillEvent(run.events[0] as Event))).toMatchObject({ name: "UnresolvableReference" });
});

test("a file that comes late is tried again, and one that never comes is reported with its path", async () => {
  const run = runWithFiles();
  let attempts = 0;
  const late: HandlerFactory = (path) => {
    attempts++;
    if (attempts < 3) throw new Error("no such file");
    return { read: () => path };
  };
  await fillerFor(run, { FRAMES: late }).fillEvent(run.events[0] as Event);
  expect(attempts).toBe(3);
  const never: HandlerFactory = () => Promise.reject(new Error("no such file"));
  const error = await rejection(fillerFor(run, { FRAMES: never }).fillEvent(run.events[0] as Event));
  expect(error).toMatchObject({ name: "DataNotAccessible", key: "image" });
  expect(error.message).toContain("/mnt/here/2026/a.bin can't be read after 3 attempts: Error: no such file");
});

test("a spec that nobody reads is named, with those that are read", async () => {
  const run = runWithFiles();
  const error = await rejection(fillerFor(run, { OTHER: frames }).fillEvent(run.events[0] as Event));
  expect(error.message).toContain('spec "FRAMES", which "image" lies in; handlers are given for: OTHER');
});

/** The documents of the run in their order, its events one by one and as a page. */
function documentsOf({ run, stream, resource, data, events }: ReturnType<typeof runWithFiles>): Document[] {
  return [
    { name: "start", doc: run.start },
    { name: "descriptor", doc: stream.descriptor },
    { name: "resource", doc: resource },
    ...data.map((doc): Document => ({ name: "datum", doc })),
    ...events.map((doc): Document => ({ name: "event", doc })),
    { name: "event_page", doc: packEventPage(events) },
    { name: "stop", doc: run.composeStop() },
  ];
}

test("a RunRouter with a filler gives events on with their data, in the order in which all came, and forgets at the stop", async () => {
  const closed: string[] = [];
  const slowFrames: HandlerFactory = (path, { width }) => ({
    read: async ({ frame }) => {
      await new Promise((resolve) => setTimeout(resolve, frame === 0 ? 5 : 0));
      return [path, width, frame];
    },
    close: () => closed.push(path),
  });
  const seen: Document[] = [];
  const router = new RunRouter([() => ({ callbacks: [(document) => seen.push(document)] })], {
    filler: new Filler({ handlers: { FRAMES: slowFrames } }),
  });
  const documents = documentsOf(runWithFiles());
  documents.forEach(router.handle);
  await router.idle();
  expect(seen.map(({ name }) => name)).toEqual(documents.map(({ name }) => name));
  const images = [0, 1].map((frame) => ["/data/2026/a.bin", 2, frame]);
  expect(seen.flatMap(({ name, doc }) => (name === "event" ? [doc.data.image] : []))).toEqual(images);
  const page = seen.at(-2) as Document;
  expect((page.doc as EventPage).data.image).toEqual(images);
  expect(closed).toEqual(["/data/2026/a.bin"]);
  expect(router.size).toBe(0);
});

test("a RunRouter gives an event that can't be filled on as it came, and idle says why, once", async () => {
  const seen: Document[] = [];
  const router = new RunRouter([() => ({ callbacks: [(document) => seen.push(document)] })], {
    filler: new Filler({ handlers: {} }),
  });
  const documents = documentsOf(runWithFiles());
  documents.forEach(router.handle);
  expect((await rejection(router.idle())).name).toBe("UnknownSpec");
  await router.idle();
  expect(seen).toEqual(documents);
});
