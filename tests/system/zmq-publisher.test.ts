import { setImmediate as turn } from "node:timers/promises";
import { type Document, type Plan, RunEngine } from "cerulean";
import { BestEffortCallback } from "cerulean/callbacks";
import { fly, scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { hw } from "cerulean/sim";
import { ZmqPublisher } from "cerulean/sinks/zmq";
import { describe, expect, it } from "vitest";
import { Subscriber } from "zeromq";
import { simpleRun } from "../suites/sample-run.ts";
import { ZmqSubscriber } from "./support/zmq-subscriber.ts";

const FIRST_ROWS = 3;

/** A scan that goes on past its first points only when Python has shown them. */
async function* watchedScan(subscriber: ZmqSubscriber): Plan {
  const { motor, noisyDet } = hw();
  let points = 0;
  yield* scan([noisyDet], motor, -3, 3, 13, {
    async *perStep(detectors: readonly unknown[], step: bps.Step, posCache: bps.PosCache): Plan {
      yield* bps.oneNdStep(detectors, step, posCache);
      if (++points === FIRST_ROWS) yield* bps.waitFor([() => subscriber.until(() => subscriber.rows[FIRST_ROWS - 1])]);
    },
  });
}

describe("bluesky's BestEffortCallback behind a RemoteDispatcher", () => {
  it("shows the rows of our engine's scan while it goes on, and finds the peaks that ours finds", async () => {
    await using subscriber = await ZmqSubscriber.start({ prefix: "bl7", shown: true });
    await using publisher = await ZmqPublisher.connect(subscriber.address, { prefix: "bl7" });
    await using stranger = await ZmqPublisher.connect(subscriber.address, { prefix: "other" });
    const lines: string[] = [];
    const ours = new BestEffortCallback({ out: (line) => lines.push(line) });
    const engine = new RunEngine();
    engine.subscribe(publisher);
    engine.subscribe(ours);
    for (const document of simpleRun(2).documents) stranger.write(document);
    await stranger.flush();
    const { runUids } = await engine.run(watchedScan(subscriber));

    const theirs = await subscriber.peaks(runUids[0] as string);
    expect(theirs.com?.noisy_det).toBeCloseTo(ours.peaks.com.noisy_det as number, 10);
    expect(theirs.cen?.noisy_det).toBeCloseTo(ours.peaks.cen.noisy_det as number, 10);
    expect(theirs.fwhm?.noisy_det).toBeCloseTo(ours.peaks.fwhm.noisy_det as number, 10);
    expect(theirs.max?.noisy_det).toEqual(ours.peaks.max.noisy_det);
    expect(theirs.min?.noisy_det).toEqual(ours.peaks.min.noisy_det);

    const table = lines
      .filter((line) => /^\|\s+\d/.test(line))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const told = (row: readonly string[]): string[] => [row[0] as string, ...row.slice(2, 4)];
    expect(subscriber.rows.map(told)).toEqual(table.map((row) => told(row.slice(1, -1))));
    expect(subscriber.rows).toHaveLength(13);
  });

  it("gets a fly scan's page in parts, over JSON, with every row", async () => {
    await using subscriber = await ZmqSubscriber.start({ format: "json" });
    await using publisher = await ZmqPublisher.connect(subscriber.address, { format: "json" });
    const engine = new RunEngine();
    const emitted: Document[] = [];
    engine.subscribe(publisher);
    engine.subscribe((document) => emitted.push(document));
    const { runUids } = await engine.run(fly([hw().flyer1]));
    await subscriber.stopped(runUids[0] as string);
    const page = emitted.find(({ name }) => name === "event_page")?.doc as Record<string, any>;
    const pages = subscriber.documents.filter(({ name }) => name === "event_page");
    expect(pages.flatMap(({ doc }) => doc.data.flyer1_y)).toEqual([...page.data.flyer1_y]);
    expect(pages.flatMap(({ doc }) => doc.uid)).toEqual(page.uid);
  });
});

describe("a ZeroMQ publisher", () => {
  it("goes on when the proxy is started again", async () => {
    let first: ZmqSubscriber | undefined = await ZmqSubscriber.start();
    const { address } = first;
    await using publisher = await ZmqPublisher.connect(address);
    await first[Symbol.asyncDispose]();
    first = undefined;
    await using second = await ZmqSubscriber.start({ port: Number(new URL(address).port) });
    let arrived = false;
    const found = second
      .until(() => second.documents[0])
      .then(() => {
        arrived = true;
      });
    // What is published before the socket is back is lost, as ZeroMQ has it.
    while (!arrived) {
      for (const document of simpleRun(1).documents) publisher.write(document);
      await publisher.flush();
      await Promise.race([found, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  });

  it("refuses to start where nobody listens, unless it may, and says what to start", async () => {
    const nowhere = "tcp://127.0.0.1:9";
    await expect(ZmqPublisher.connect(nowhere, { connectTimeoutMs: 100 })).rejects.toThrow(
      /Nobody listens at tcp:\/\/127\.0\.0\.1:9 .*bluesky-0MQ-proxy/,
    );
    await using publisher = await ZmqPublisher.connect(nowhere, { allowUnavailable: true, lingerMs: 0 });
    publisher.write(simpleRun(1).documents[0] as Document);
    await publisher.flush();
  });

  it("names an address, a format or a prefix that can't be used", async () => {
    await expect(ZmqPublisher.bind("nonsense")).rejects.toThrow(/ZmqPublisher: "nonsense" can't be used/);
    await expect(ZmqPublisher.bind("tcp://127.0.0.1:*", { prefix: "a b" })).rejects.toThrow(/prefix "a b" has a space/);
    await expect(ZmqPublisher.bind("tcp://127.0.0.1:*", { format: "pickle" as never })).rejects.toThrow(
      /msgpack or json/,
    );
  });

  it("is not held by a subscriber that takes nothing, whatever it is sent", async () => {
    await using publisher = await ZmqPublisher.bind("tcp://127.0.0.1:*", { highWaterMark: 10, lingerMs: 0 });
    const stuck = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    stuck.connect(publisher.address);
    stuck.subscribe();
    const [start] = simpleRun(1, { padding: "x".repeat(100_000) }).documents as [Document];
    for (let at = 0; at < 500; at++) {
      publisher.write(start);
      if (at % 5 === 0) await turn();
    }
    await publisher.flush();
    expect(publisher.dropped).toBe(0);
    stuck.close();
  });

  it("tells of a document that can't be encoded, and goes on", async () => {
    const told: string[] = [];
    await using publisher = await ZmqPublisher.bind("tcp://127.0.0.1:*", {
      report: ({ message }) => told.push(message),
    });
    const [start] = simpleRun(1).documents as [Document];
    publisher.write({ name: "start", doc: { ...start.doc, sample: () => {} } } as unknown as Document);
    publisher.write({ name: "start", doc: { ...start.doc, huge: 2n ** 64n } } as unknown as Document);
    publisher.write(start);
    await publisher.flush();
    expect(told).toEqual([
      expect.stringMatching(/sample is a function, which no store can hold/),
      expect.stringMatching(/huge is 18446744073709551616, and MessagePack has integers of 64 bits only/),
    ]);
    await publisher.close();
    expect(() => publisher.write(start)).toThrow(/closed/);
  });
});
