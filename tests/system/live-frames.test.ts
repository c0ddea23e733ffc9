import { type Document, RunEngine } from "cerulean";
import { observeValue } from "cerulean/devices";
import { type Context, getContext, liveFrames } from "cerulean/epics";
import { count } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StructuresServer, startStructuresServer } from "./support/structures-server.ts";

const FRAMES = 200;

let server: StructuresServer;
let context: Context;

beforeAll(async () => {
  server = await startStructuresServer();
  context = getContext(server.context);
});

afterAll(async () => {
  await context?.close({ force: true });
  await server?.[Symbol.asyncDispose]();
});

describe("live frames", () => {
  it("come as typed arrays, the newest to a slow onlooker, while a run has its documents without them", async () => {
    const frames = liveFrames("p4p:frame:big", { context });
    await frames.connect();
    const documents: Document[] = [];
    const engine = new RunEngine();
    engine.subscribe((document) => void documents.push(document));
    server.command({ what: "stream", kind: "uint16", shape: [64, 48], count: FRAMES, period: 0.005 });
    const seen: number[] = [];
    const look = async (): Promise<void> => {
      for await (const { data, shape, dtype, uniqueId } of observeValue(frames, { updates: "latest" })) {
        if (shape.length !== 2) continue;
        expect([data.constructor, shape, dtype]).toEqual([Uint16Array, [64, 48], "<u2"]);
        seen.push(uniqueId);
        if (uniqueId === FRAMES) return;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    };
    const { det } = hw();
    await Promise.all([look(), engine.run(count([det], 30, { delay: 0.02 }))]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(FRAMES / 4);
    expect(documents.filter(({ name }) => name === "event")).toHaveLength(30);
    expect(JSON.stringify(documents)).not.toContain("p4p:frame");
    await frames.dispose();
  });
});
