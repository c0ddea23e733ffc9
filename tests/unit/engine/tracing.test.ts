import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Status, status } from "../../../src/devices/status.ts";
import { Msg, type Plan, RunEngine } from "../../../src/index.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);

beforeEach(() => exporter.reset());
afterAll(() => trace.disable());

const spans = () => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name);

const motor = { name: "m", set: () => status(() => new Promise((resolve) => setTimeout(resolve, 20))) };

async function* move(): Plan {
  yield* new Msg("open_run", null, [], { plan_name: "move" });
  yield* new Msg("set", motor, [3], { group: "g" });
  yield* new Msg("wait", null, [], { group: "g" });
  yield* new Msg("close_run");
}

test("a run has a span, with those of its moves and waits in it, from their start to their end", async () => {
  const { runUids } = await new RunEngine().run(move);
  const run = named("cerulean run");
  expect(run?.attributes).toMatchObject({ run_uid: runUids[0], scan_id: 1, plan_name: "move", exit_status: "success" });
  const set = named("cerulean set m");
  expect(set?.attributes).toEqual({ command: "set", device: "m", value: 3, group: "g" });
  for (const span of [set, named("cerulean wait")]) {
    expect(span?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(span?.duration[1]).toBeGreaterThan(10e6);
  }
});

test("what fails is marked with its error, in the run too", async () => {
  const broken = { name: "b", set: () => Status.failed(new Error("stuck")) };
  const plan = [new Msg("open_run"), new Msg("set", broken, [1]), new Msg("wait")];
  await expect(new RunEngine().run(plan)).rejects.toThrow("stuck");
  expect(named("cerulean set b")?.status).toMatchObject({ message: "stuck" });
  expect(named("cerulean run")?.attributes.exit_status).toBe("fail");
});

test("a wait that is interrupted by an abort has ended too", async () => {
  const engine = new RunEngine();
  const endless = { name: "e", set: () => status(() => new Promise(() => {})), stop: () => {} };
  engine.waitingHook = (statuses) => {
    if (statuses !== null) void engine.abort("enough");
  };
  const plan = [new Msg("open_run"), new Msg("set", endless, [1]), new Msg("wait")];
  await expect(engine.run(plan)).rejects.toThrow("enough");
  expect(named("cerulean wait")?.attributes.interrupted).toBe(true);
  expect(named("cerulean run")?.attributes).toMatchObject({ exit_status: "abort", reason: "enough" });
});
