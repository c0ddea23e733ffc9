import { type Context, getContext, NotConnectedError, shutdownAll } from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter } from "./support/flight-counter.ts";

const WAVEFORMS = 50;
const records = Array.from(
  { length: WAVEFORMS },
  (_, index) => `record(waveform, "b:wf${index}") { field(FTVL, "DOUBLE") field(NELM, "1000") }
record(longout, "b:n${index}") { field(VAL, "${index}") field(PINI, "YES") }`,
).join("\n");
const names = (protocol: string, kind: string) =>
  Array.from({ length: WAVEFORMS }, (_, index) => `${protocol}://b:${kind}${index}`);

describe("bulk operations on a C IOC", () => {
  let ioc: CIoc;
  let counter: FlightCounter;
  let context: Context;

  beforeAll(async () => {
    ioc = await CIoc.start(`${records}
record(mbbo, "b:enum") { field(ZRST, "Aaa") field(ONST, "Bbb") field(PINI, "YES") }`);
    counter = await FlightCounter.start(ioc.ports);
    context = getContext(counter.context);
  });
  afterAll(async () => {
    await shutdownAll({ force: true });
    await counter?.stop();
    await ioc?.stop();
  });

  it.each(["ca", "pva"] as const)("sends the requests of 50 waveforms over %s in one go", async (protocol) => {
    const wanted = names(protocol, "wf");
    await context.bulkGet(wanted);
    const written = new Map(
      wanted.map((name, index) => [name, Float64Array.from({ length: 1000 }, () => index + 0.5)]),
    );
    for (const answer of (await context.bulkPut(written)).values()) expect(answer).toEqual({ ok: true });
    await context.bulkGet(wanted);
    const before = counter.flights(protocol);
    const readings = await context.bulkGet(wanted);
    expect(counter.flights(protocol) - before).toBe(1);
    expect([...readings.keys()]).toEqual(wanted);
    for (const [index, reading] of [...readings.values()].entries()) {
      expect(reading).toMatchObject({ alarmSeverity: 0 });
      if ("value" in reading) expect(reading.value).toEqual(Float64Array.from({ length: 1000 }, () => index + 0.5));
    }
  });

  it.each(["ca", "pva"] as const)("puts 50 values over %s in one go, and all of them arrive", async (protocol) => {
    const values = new Map(names(protocol, "n").map((name, index) => [name, index]));
    await context.bulkPut(values);
    const next = new Map(names(protocol, "n").map((name, index) => [name, 500 + index]));
    const before = counter.flights(protocol);
    for (const answer of (await context.bulkPut(next)).values()) expect(answer).toEqual({ ok: true });
    expect(counter.flights(protocol) - before).toBe(1);
    const readings = await context.bulkGet([...next.keys()]);
    expect([...readings.values()].map((reading) => "value" in reading && reading.value)).toEqual([...next.values()]);
  });

  it.each(["ca", "pva"] as const)("asks 50 connected channels over %s what they are in one go", async (protocol) => {
    const wanted = [...names(protocol, "n"), ...names(protocol, "wf")];
    await context.bulkConnect(wanted);
    const before = counter.flights(protocol);
    const connected = await context.bulkConnect(wanted, { metadata: true });
    expect(counter.flights(protocol) - before).toBe(1);
    for (const connection of connected.values()) {
      expect(connection).toMatchObject({ connected: true, metadata: { limits: expect.anything() } });
    }
    await context.bulkConnect(wanted);
    expect(counter.flights(protocol) - before).toBe(1);
  });

  it.each(["ca", "pva"] as const)(
    "connects 100 new channels over %s in few flights, whatever their number",
    async (protocol) => {
      await using fresh = getContext({ ...counter.context, user: `fresh-${protocol}` });
      const before = counter.flights(protocol);
      const connected = await fresh.bulkConnect([...names(protocol, "n"), ...names(protocol, "wf")], {
        metadata: true,
      });
      for (const connection of connected.values()) expect(connection).toMatchObject({ connected: true });
      expect(counter.flights(protocol) - before).toBeLessThan(WAVEFORMS);
    },
  );

  it("reads values that changed after connection, with their time stamps, of both protocols in one call", async () => {
    const mixed = [...names("ca", "n"), ...names("pva", "n")];
    await context.bulkGet(mixed);
    const values = new Map(names("ca", "n").map((name, index) => [name, 1000 + index]));
    await context.bulkPut(values);
    const readings = [...(await context.bulkGet(mixed)).values()];
    const ca = readings.slice(0, WAVEFORMS);
    expect(ca.map((reading) => ("value" in reading ? reading.value : reading.error))).toEqual([...values.values()]);
    expect(readings.slice(WAVEFORMS)).toEqual(ca);
  });

  it("has the error of a missing PV in its place and is no later than the time-out", async () => {
    const start = performance.now();
    const readings = await context.bulkGet(["ca://b:n0", "ca://b:nope", "pva://b:nope", "pva://b:n1"], {
      timeoutMs: 400,
    });
    expect(performance.now() - start).toBeLessThan(900);
    expect(readings.get("ca://b:n0")).toMatchObject({ alarmSeverity: 0 });
    expect(readings.get("pva://b:n1")).toMatchObject({ alarmSeverity: 0 });
    for (const missing of ["ca://b:nope", "pva://b:nope"]) {
      expect(readings.get(missing)).toEqual({ error: expect.any(NotConnectedError) });
    }
  });

  it("connects many at once and tells what they are", async () => {
    const connected = await context.bulkConnect([...names("ca", "wf"), ...names("pva", "wf"), "ca://b:nope"], {
      timeoutMs: 2_000,
    });
    const missing = connected.get("ca://b:nope");
    expect(missing).toEqual({ error: expect.any(NotConnectedError) });
    connected.delete("ca://b:nope");
    for (const [name, connection] of connected) {
      expect(connection, name).toMatchObject({ connected: true, info: { kind: "float64", isArray: true } });
    }
  });

  it("puts labels and values together, and tells which were refused", async () => {
    const answers = await context.bulkPut(
      new Map<string, unknown>([
        ["pva://b:enum", "Bbb"],
        ["ca://b:n0", 1.5],
        ["ca://b:n1", 42],
        ["ca://b:enum", "Xxx"],
      ]),
    );
    expect(answers.get("pva://b:enum")).toEqual({ ok: true });
    expect(answers.get("ca://b:n1")).toEqual({ ok: true });
    expect(String((answers.get("ca://b:n0") as { error: Error }).error)).toContain("takes whole numbers");
    expect(String((answers.get("ca://b:enum") as { error: Error }).error)).toContain("not a valid choice");
    const now = await context.bulkGet(["ca://b:enum", "pva://b:n1"]);
    expect([...now.values()].map((reading) => ("value" in reading ? reading.value : null))).toEqual([1, 42]);
  });
});
