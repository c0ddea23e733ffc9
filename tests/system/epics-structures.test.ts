import * as devices from "cerulean/devices";
import { type Datatype, t, waitForValue } from "cerulean/devices";
import {
  ChannelRequestError,
  ChannelTypeError,
  type Context,
  epicsSignalR,
  epicsSignalRW,
  getContext,
  PutOutcomeUnknownError,
  pvInfo,
} from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { times } from "../soak.ts";
import { signalBackendSuite } from "../suites/signal-backend.ts";
import { CIoc } from "./support/c-ioc.ts";
import { type StructuresServer, startStructuresServer } from "./support/structures-server.ts";

/** What the server's table has in its columns, by their kinds. */
const COLUMNS = {
  flag: t.array.bool,
  byteflag: t.array.bool,
  i8: t.array.i8,
  u8: t.array.u8,
  i16: t.array.i16,
  u16: t.array.u16,
  i32: t.array.i32,
  u32: t.array.u32,
  i64: t.array.i64,
  u64: t.array.u64,
  f32: t.array.f32,
  f64: t.array.f64,
  text: t.strings,
};
const TABLE = t.table(COLUMNS);

const three = {
  flag: [false, true, false],
  byteflag: [true, false, true],
  i8: Int8Array.of(-128, 0, 127),
  u8: Uint8Array.of(0, 1, 255),
  i16: Int16Array.of(-32768, 0, 32767),
  u16: Uint16Array.of(0, 1, 65535),
  i32: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1),
  u32: Uint32Array.of(0, 1, 2 ** 32 - 1),
  i64: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
  u64: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n),
  f32: Float32Array.of(0.5, Number.NaN, Number.POSITIVE_INFINITY),
  f64: Float64Array.of(Math.PI, Number.NaN, -1e300),
  text: ["", "ünï ☃", "x".repeat(300)],
};
const one = Object.fromEntries(
  Object.entries(three).map(([name, column]) => [name, column.slice(1, 2)]),
) as unknown as typeof three;
const none = Object.fromEntries(
  Object.entries(three).map(([name, column]) => [name, column.slice(0, 0)]),
) as unknown as typeof three;

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

async function connected<T>(datatype: Datatype<T>, pv: string) {
  const signal = epicsSignalRW(datatype, pv, { name: "sig", context });
  await signal.connect({ timeoutMs: 5000 });
  return signal;
}

// The suite is written against the sources, the signals come from the package: the same shapes, other classes.
signalBackendSuite(
  "t.table over pvAccess",
  {
    datatype: TABLE,
    values: [three, one],
    dataKey: { source: "pva://p4p:table", dtype: "array", shape: [3] },
    async make() {
      const signal = await connected(TABLE, "pva://p4p:table");
      await signal.set(three).wait();
      return signal;
    },
  } as never,
  devices as never,
);

describe("a table", () => {
  it("is put and got without a row, and monitored as it fills", async () => {
    const signal = await connected(TABLE, "pva://p4p:table:empty");
    expect(await signal.get()).toEqual(none);
    const lengths: number[] = [];
    signal.subscribeReading(({ value }) => lengths.push(value.text.length));
    await waitForValue(signal, (value) => value.text.length === 0);
    for (const value of [three, none, one]) {
      await signal.set(value).wait();
      expect(await signal.get({ cached: false })).toEqual(value);
    }
    await waitForValue(signal, (value) => value.text.length === 1);
    expect(lengths).toEqual([0, 3, 0, 1]);
    await signal.set(none).wait();
    expect((await signal.describe()).sig).toMatchObject({ dtype: "array", shape: [0] });
    await signal.dispose();
  });

  it("describes its columns as numpy names them", async () => {
    const signal = await connected(TABLE, "pva://p4p:table:fixed");
    expect((await signal.describe()).sig?.dtype_numpy).toEqual([
      ["flag", "|b1"],
      ["byteflag", "|b1"],
      ["i8", "|i1"],
      ["u8", "|u1"],
      ["i16", "<i2"],
      ["u16", "<u2"],
      ["i32", "<i4"],
      ["u32", "<u4"],
      ["i64", "<i8"],
      ["u64", "<u8"],
      ["f32", "<f4"],
      ["f64", "<f8"],
      ["text", "|S40"],
    ]);
    await signal.dispose();
  });

  it("is inferred where no type is given, with all its columns", async () => {
    const signal = await connected(t.any, "pva://p4p:table:fixed");
    expect(signal.datatype.label).toMatch(
      /^t\.table\(\{ flag: t\.array\.bool, byteflag: t\.array\.u8, .* text: t\.strings \}\)$/,
    );
    expect(await signal.get()).toMatchObject({ flag: [false, true], i64: BigInt64Array.of(0n, 1n) });
    await signal.dispose();
  });

  it.each<[string, Datatype<any>, RegExp]>([
    ["another column", t.table({ ...COLUMNS, more: t.strings }), /it lacks the column more/],
    ["a column less", t.table({ text: t.strings }), /it has a column flag too/],
    ["another type", t.table({ ...COLUMNS, i32: t.array.f64 }), /its column i32 is int32, not t\.array\.f64/],
    ["text for numbers", t.table({ ...COLUMNS, f64: t.strings }), /its column f64 is float64, not t\.strings/],
    ["no table at all", t.array.f64, /is table \{ flag: bool, .* \} and cannot be read as t\.array\.f64/],
    ["a frame", t.ndarray, /cannot be read as t\.ndarray/],
  ])("is refused at connect when it is declared with %s", async (_what, datatype, message) => {
    const signal = epicsSignalR(datatype, "pva://p4p:table", { name: "sig", context });
    await expect(signal.connect({ timeoutMs: 5000 })).rejects.toThrow(message);
  });

  it("refuses columns of several lengths, and one that is missing, and writes nothing", async () => {
    const signal = await connected(TABLE, "pva://p4p:table");
    await signal.set(three).wait();
    await expect(signal.set({ ...three, text: [] }).wait()).rejects.toThrow(
      "Columns should be same length, got lengths={",
    );
    const { text: _, ...short } = three;
    await expect(signal.set(short as typeof three).wait()).rejects.toThrow("the column text is missing");
    await expect(signal.set({ ...three, i8: [1, 2, 3] as never }).wait()).rejects.toThrow("column i8: ");
    expect(await signal.get({ cached: false })).toEqual(three);
    await signal.dispose();
    await using channel = context.channel("pva://p4p:table");
    await expect(channel.put({ ...one, byteflag: [1], text: [] })).rejects.toThrow("takes columns of one length");
    await expect(channel.put({ text: ["x"] })).rejects.toThrow("is a table with a column flag, which was not given");
    await expect(channel.put({ ...one, byteflag: [1], more: [1] })).rejects.toThrow("has no field more");
  });

  it("checks the labels of an enum column", async () => {
    const datatype = t.table({ ...COLUMNS, text: t.enum(["row 0 ä", "row 1 ä"]) });
    const signal = await connected(datatype, "pva://p4p:table:fixed");
    expect((await signal.get()).text).toEqual(["row 0 ä", "row 1 ä"]);
    await signal.dispose();
    const other = await connected(t.table({ ...COLUMNS, text: t.enum(["row 0 ä", "no"]) }), "pva://p4p:table:fixed");
    await expect(other.get()).rejects.toThrow(/column text: "row 1 ä" is not a valid choice/);
    await other.dispose();
  });

  it("has the labels of its columns in the channel's metadata", async () => {
    await using channel = context.channel("pva://p4p:table:fixed");
    const { columns, info } = await channel.metadata();
    expect(info).toMatchObject({ kind: "table", typeId: "epics:nt/NTTable:1.0" });
    expect(columns?.[0]).toEqual({ name: "flag", kind: "bool", label: "FLAG" });
    expect(columns).toHaveLength(13);
  });
});

describe("a frame", () => {
  it.each([
    ["bool", "|b1", Uint8Array.of(0, 1, 0, 1, 0, 1)],
    ["int8", "|i1", Int8Array.of(0, 1, 2, 3, 4, 5)],
    ["uint8", "|u1", Uint8Array.of(0, 1, 2, 3, 4, 5)],
    ["int16", "<i2", Int16Array.of(0, 1, 2, 3, 4, 5)],
    ["uint16", "<u2", Uint16Array.of(0, 1, 2, 3, 4, 5)],
    ["int32", "<i4", Int32Array.of(0, 1, 2, 3, 4, 5)],
    ["uint32", "<u4", Uint32Array.of(0, 1, 2, 3, 4, 5)],
    ["int64", "<i8", BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n)],
    ["uint64", "<u8", BigUint64Array.of(0n, 1n, 2n, 3n, 4n, 5n)],
    ["float32", "<f4", Float32Array.of(0, 1, 2, 3, 4, 5)],
    ["float64", "<f8", Float64Array.of(0, 1, 2, 3, 4, 5)],
  ])("of %s has its data, its shape with rows first, its type, times and number", async (kind, dtype, data) => {
    const signal = await connected(t.ndarray, `pva://p4p:frame:${kind}`);
    const { value, timestamp } = await signal.getReading();
    expect(value).toEqual({
      data,
      shape: [2, 3],
      dtype,
      uniqueId: 7,
      dataTimestamp: 1700000000.25,
      codec: "",
      attributes: {},
      dimensions: [2, 3].map((size) => ({ size, offset: 1, fullSize: size + 1, binning: 2, reverse: false })),
    });
    expect(timestamp).toBe(1700000001.5);
    expect(await signal.describe()).toEqual({
      sig: { source: signal.source, dtype: "array", shape: [2, 3], dtype_numpy: dtype },
    });
    expect((await signal.read()).sig?.value).toEqual([data.slice(0, 3), data.slice(3)]);
    await expect(signal.set(value).wait()).rejects.toThrow(`${signal.source}: Writing to NDArray not supported`);
    await signal.dispose();
  });

  it("in colour has the colour last, and its attributes by name", async () => {
    const signal = await connected(t.any, "pva://p4p:frame:rgb");
    const value = await signal.get();
    expect(value).toMatchObject({ shape: [4, 5, 3], dtype: "|u1" });
    expect(value.attributes).toEqual({
      ColorMode: { value: 2n, description: "the ColorMode", source: "driver", sourceType: 0 },
      Name: { value: "cam", description: "the Name", source: "driver", sourceType: 0 },
      Gain: { value: 1.5, description: "the Gain", source: "driver", sourceType: 0 },
    });
    expect((await signal.read()).sig?.value[3][4]).toEqual(Uint8Array.of(57, 58, 59));
    await signal.dispose();
  });

  it("that is stamped for its data only is read with that time", async () => {
    await using channel = context.channel("pva://p4p:frame:unstamped");
    expect(await channel.read()).toMatchObject({ timestamp: 1700000000.25 });
  });

  it("that is compressed is refused, and the error names codec and PV", async () => {
    const signal = await connected(t.ndarray, "pva://p4p:frame:jpeg");
    const refused = signal.get();
    await expect(refused).rejects.toThrow(ChannelTypeError);
    await expect(refused).rejects.toThrow("pva://p4p:frame:jpeg sends frames compressed with jpeg");
    await signal.dispose();
  });

  it("that is not of its own shape, and one that never came, are errors", async () => {
    await using short = context.channel("pva://p4p:frame:short");
    await expect(short.get()).rejects.toThrow("sent a frame of shape [2, 3] with 5 elements");
    const signal = await connected(t.ndarray, "pva://p4p:frame:none");
    await expect(signal.get()).rejects.toThrow("pva://p4p:frame:none is empty and cannot be read as t.ndarray");
    await signal.dispose();
  });

  it("is monitored through changes of shape, type and compression", async () => {
    const signal = await connected(t.ndarray, "pva://p4p:frame:live");
    await signal.stage();
    const seen: unknown[] = [];
    signal.subscribeReading(({ value, alarmSeverity }) => seen.push([alarmSeverity, value.dtype, ...value.shape]));
    await waitForValue(signal, ({ uniqueId }) => uniqueId === 7);
    const post = (frame: object) => server.command({ what: "frame", name: "p4p:frame:live", ...frame });
    post({ kind: "float64", shape: [4], unique_id: 8 });
    await waitForValue(signal, ({ uniqueId }) => uniqueId === 8);
    post({ kind: "uint8", shape: [9], unique_id: 9, codec: "lz4" });
    await expect.poll(() => signal.latest?.message).toContain("compressed with lz4");
    post({ kind: "uint8", shape: [3, 3], unique_id: 10, first: 1 });
    const frame = await waitForValue(signal, ({ uniqueId }) => uniqueId === 10);
    expect(frame.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(seen).toEqual([
      [0, "<u2", 2, 3],
      [0, "<f8", 4],
      [-1, "<f8", 4],
      [0, "|u1", 3, 3],
    ]);
    await signal.dispose();
  });

  it("of 16 MB comes ten times a second without holding the loop for 5 ms, in flat memory", async () => {
    await using channel = context.channel("pva://p4p:frame:big");
    await channel.connect();
    const holds: number[] = [];
    const resident: number[] = [];
    const numbers: number[] = [];
    let ticked = performance.now();
    const timer = setInterval(() => {
      ticked = performance.now();
    }, 1);
    using _frames = channel.subscribe((reading) => {
      const { data, uniqueId } = reading.value as unknown as devices.NdArray;
      if (data.length === 8) return;
      numbers.push(uniqueId);
      expect(data.at(-1)).toBe(65535);
      resident.push(process.memoryUsage().rss);
      // How long this batch has held the loop already: the last turn of the timer was before it.
      const before = ticked;
      setImmediate(() => holds.push(performance.now() - before));
    });
    const count = times(25, 600);
    server.command({ what: "stream", kind: "uint16", shape: [4096, 2048], count, period: 0.1 });
    await expect.poll(() => numbers.at(-1), { timeout: count * 200 + 20_000 }).toBe(count);
    clearInterval(timer);
    expect(numbers).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    // What a frame costs is in every one; what a busy machine adds is not.
    const typical = holds.sort((a, b) => a - b)[Math.floor(holds.length / 2)] ?? Number.POSITIVE_INFINITY;
    expect(typical).toBeLessThan(5);
    const early = Math.max(...resident.slice(5, 12));
    const late = Math.min(...resident.slice(-6));
    expect(late).toBeLessThan(early + 100e6);
  });
});

describe("what Channel Access has not", () => {
  let ioc: CIoc;
  let own: Context;

  const element = (type: string, values: string) =>
    `field(FTVL, "${type}") field(NELM, "10") field(INP, {const: [${values}]})`;

  beforeAll(async () => {
    ioc = await CIoc.start(`
record(waveform, "s:wave") { field(FTVL, "DOUBLE") field(NELM, "10") }
record(ao, "g:x") { field(VAL, "1.5") field(EGU, "mm") field(PINI, "YES")
  info(Q:group, { "g:group": { +id: "cerulean:test/Group:1.0", x: { +type: "scalar", +channel: "VAL", +putorder: 0, +trigger: "*" } } }) }
record(longout, "g:n") { field(VAL, "3") field(PINI, "YES")
  info(Q:group, { "g:group": { n: { +type: "plain", +channel: "VAL", +putorder: 1 } } }) }
record(aai, "g:a") { ${element("DOUBLE", "1, 2.5")} field(PINI, "YES")
  info(Q:group, { "g:table": { +id: "epics:nt/NTTable:1.0", "value.a": { +type: "plain", +channel: "VAL", +putorder: 0 } } }) }
record(aai, "g:b") { ${element("STRING", '"one", "two"')} field(PINI, "YES")
  info(Q:group, { "g:table": { "value.b": { +type: "plain", +channel: "VAL", +putorder: 1, +trigger: "*" } } }) }
record(aai, "g:pixels") { ${element("USHORT", "1, 2, 3, 4, 5, 6")} field(PINI, "YES")
  info(Q:group, { "g:image": { +id: "epics:nt/NTNDArray:1.0", "": { +type: "meta", +channel: "VAL" },
    value: { +type: "any", +channel: "VAL", +trigger: "*" } } }) }
record(longin, "g:width") { field(VAL, "3") field(PINI, "YES")
  info(Q:group, { "g:image": { "dimension[0].size": { +type: "plain", +channel: "VAL" } } }) }
record(longin, "g:height") { field(VAL, "2") field(PINI, "YES")
  info(Q:group, { "g:image": { "dimension[1].size": { +type: "plain", +channel: "VAL" } } }) }
`);
    own = getContext(ioc.context);
  });
  afterAll(async () => {
    await own?.close({ force: true });
    await ioc?.stop();
  });

  it.each<[Datatype<any>, string]>([
    [t.table({ a: t.array.f64 }), "Channel Access carries no tables; use pva://"],
    [t.ndarray, "Channel Access carries no frames; use pva://"],
  ])("is refused over it with a pointer to pvAccess", async (datatype, message) => {
    const signal = epicsSignalR(datatype, "ca://s:wave", { name: "sig", context: own });
    await expect(signal.connect({ timeoutMs: 5000 })).rejects.toThrow(message);
    await using channel = own.channel("ca://s:wave");
    await expect(channel.rpc({ x: 1 })).rejects.toThrow("ca://s:wave can't be called: only pvAccess has calls");
    await expect(channel.put(1, { field: "value" })).rejects.toThrow("name a record's field in the PV");
    await expect(channel.put({ a: [1] })).rejects.toThrow(ChannelTypeError);
  });

  it("comes in groups of a C IOC: fields are got, monitored, and put together or alone", async () => {
    await using group = own.channel("pva://g:group");
    expect(await group.connect()).toMatchObject({ kind: "structure", typeId: "cerulean:test/Group:1.0" });
    const updates: unknown[] = [];
    using _updates = group.subscribe(({ value }) => updates.push(shortened(value)));
    await expect.poll(() => updates).toEqual([{ x: 1.5, n: 3 }]);
    await group.put({ x: 2.5, n: 4 });
    expect(shortened(await group.get())).toEqual({ x: 2.5, n: 4 });
    await group.put(5, { field: "n" });
    await group.put(3.5, { field: "x.value" });
    expect(shortened(await group.get())).toEqual({ x: 3.5, n: 5 });
    await expect.poll(() => updates.at(-1)).toMatchObject({ x: 3.5 });
    await using record = own.channel("ca://g:n");
    expect(await record.get()).toBe(5);
    await expect(group.put(1)).rejects.toThrow("pva://g:group is a structure: it takes an object, not 1");
    await expect(group.put(1, { field: "nope" })).rejects.toThrow("pva://g:group");
  });

  it("comes in groups that are a table or a frame", async () => {
    const table = epicsSignalRW(t.table({ b: t.strings, a: t.array.f64 }), "pva://g:table", {
      name: "tab",
      context: own,
    });
    await table.connect({ timeoutMs: 5000 });
    expect(await table.get()).toEqual({ a: Float64Array.of(1, 2.5), b: ["one", "two"] });
    await table.set({ a: Float64Array.of(7), b: ["seven"] }).wait();
    expect(await table.get({ cached: false })).toEqual({ a: Float64Array.of(7), b: ["seven"] });
    await table.dispose();
    const image = epicsSignalR(t.ndarray, "pva://g:image", { name: "im", context: own });
    await image.connect({ timeoutMs: 5000 });
    expect((await image.read()).im?.value).toEqual([Uint16Array.of(1, 2, 3), Uint16Array.of(4, 5, 6)]);
    await image.dispose();
  });
});

describe("a structure", () => {
  it("is got as it is, and put by its fields, deep ones too", async () => {
    await using channel = context.channel("pva://p4p:structure");
    expect(await channel.connect()).toMatchObject({ kind: "structure" });
    expect(await channel.get()).toEqual({ x: 1.5, label: "one", deep: { n: 3, wave: Float64Array.of(1, 2) } });
    await channel.put({ x: -2, deep: { n: 4 } });
    await channel.put(Float64Array.of(5), { field: "deep.wave" });
    await channel.put("two", { field: "label" });
    expect(await channel.get()).toEqual({ x: -2, label: "two", deep: { n: 4, wave: Float64Array.of(5) } });
    await expect(channel.put({ nope: 3 })).rejects.toThrow("has no field nope that could be written");
    await expect(channel.put({ x: "text" })).rejects.toThrow("takes numbers");
    await expect(channel.put(1.5, { field: "deep.n" })).rejects.toThrow("takes whole numbers, not 1.5");
    const signal = epicsSignalR(t.any, "pva://p4p:structure", { name: "sig", context });
    await expect(signal.connect({ timeoutMs: 5000 })).rejects.toThrow("no datatype holds it");
  });

  it("is described with all its fields", async () => {
    const info = await pvInfo("pva://p4p:structure", { context });
    expect(info).toMatchObject({
      kind: "structure",
      fieldDescription: {
        fields: { x: "float64", label: "string", deep: { fields: { n: "int32", wave: "float64[]" } } },
      },
    });
  });

  it("of a scalar takes a put to one field beside its value", async () => {
    await using channel = context.channel("pva://p4p:scalar");
    await channel.put(40, { field: "control.limitHigh" });
    const { limits } = await channel.metadata();
    expect(limits.control).toMatchObject({ high: 40 });
    expect(await channel.get()).toBe(2.5);
  });
});

describe("a call", () => {
  it("sends its arguments as an NTURI, each of its own type, and answers with a value, a structure or nothing", async () => {
    await using add = context.channel("pva://p4p:call:add");
    expect(await add.rpc({ lhs: 1, rhs: 2.5 })).toMatchObject({ value: 3.5 });
    await using echo = context.channel("pva://p4p:call:echo");
    const query = { a: 1, b: 2n, c: "x", d: true, numbers: Int16Array.of(1, 2), words: ["a", "b"] };
    expect(await echo.rpc(query)).toEqual({
      path: "p4p:call:echo",
      scheme: "pva",
      kinds: ["a d", "b l", "c s", "d ?", "numbers ah", "words as"],
      sum: 3,
    });
    await using nothing = context.channel("pva://p4p:call:nothing");
    expect(await nothing.rpc()).toBeNull();
  });

  it("fails with the server's words, or for what it can't send", async () => {
    await using channel = context.channel("pva://p4p:call:fail");
    const failed = channel.rpc({ a: 1 });
    await expect(failed).rejects.toThrow(ChannelRequestError);
    await expect(failed).rejects.toThrow("pva://p4p:call:fail answered: no such call as p4p:call:fail");
    await expect(channel.rpc({ a: { b: 1 } })).rejects.toThrow("takes arguments that are values or arrays");
  });

  it("has an unknown outcome when no answer comes in time, and when the server dies; it is sent once", async () => {
    await using slow = context.channel("pva://p4p:call:slow");
    await slow.connect();
    await expect(slow.rpc({ seconds: 30 }, { timeoutMs: 100 })).rejects.toThrow(PutOutcomeUnknownError);
    const other = await startStructuresServer();
    const own = getContext(other.context);
    await using die = own.channel("pva://p4p:call:die");
    await die.connect();
    await expect(die.rpc({ a: 1 })).rejects.toThrow(PutOutcomeUnknownError);
    await own.close({ force: true });
    await other[Symbol.asyncDispose]();
  });
});

/** A group's values without what belongs to them. */
function shortened(value: unknown): unknown {
  const { x, n } = value as { x: { value: number }; n: number };
  return { x: x.value, n };
}
