import { describe, expect, it } from "vitest";
import { EpicsBackend } from "../../../../src/devices/epics/epics-backend.ts";
import { type Datatype, DatatypeMismatchError, SignalRW, t } from "../../../../src/devices/index.ts";
import { FakeIoc, type FakeRecordOptions } from "./fake-channel.ts";

const mbbo = { kind: "enum", value: 1, choices: ["Aaa", "Bbb", "Ccc"] } as const;
const bo = { kind: "enum", value: 1, choices: ["No", "Yes"] } as const;
const double = (precision: number) => ({ kind: "float64", value: 2, precision }) as const;
const array = (value: any, kind: FakeRecordOptions["kind"]) => ({ kind, value, isArray: true, count: 80 });
const indices = { ...array(Uint16Array.of(3, 0), "enum"), choices: [] };
const text = (value: string) => array(new Uint8Array(Buffer.from(value)), "uint8");

function signalOn<T>(protocol: "ca" | "pva", datatype: Datatype<T>, options: FakeRecordOptions) {
  const ioc = new FakeIoc();
  const record = ioc.add("X", { ...options });
  const pv = `${protocol}://X`;
  const signal = new SignalRW(new EpicsBackend(datatype, pv, pv, () => ioc), { name: "sig" });
  return { signal, record, ioc };
}

type Row = [
  protocol: "ca" | "pva",
  datatype: Datatype<any>,
  options: FakeRecordOptions,
  read: unknown,
  written: unknown,
];

const ACCEPTED: Row[] = [
  ["ca", t.bool, bo, true, 1],
  ["pva", t.bool, { kind: "bool", value: true }, true, true],
  ["ca", t.bool, { kind: "int16", value: 1 }, true, 1],
  ["pva", t.bool, { kind: "int32", value: 0 }, false, 0],
  ["ca", t.int, { kind: "int32", value: -7 }, -7, -7],
  ["ca", t.int, double(0), 2, 2],
  ["pva", t.int, { kind: "int64", value: 5n }, 5, 5],
  ["pva", t.int64, { kind: "int64", value: 2n ** 60n }, 2n ** 60n, 2n ** 60n],
  ["pva", t.int64, { kind: "int32", value: 9 }, 9n, 9],
  ["ca", t.float, double(3), 2, 2],
  ["ca", t.string, { kind: "string", value: "hi" }, "hi", "hi"],
  ["ca", t.string, mbbo, "Bbb", 1],
  ["pva", t.string, text("x\0y"), "x", new Uint8Array(Buffer.from("x\0"))],
  ["ca", t.enum(["Ccc", "Bbb", "Aaa"]), mbbo, "Bbb", 1],
  ["pva", t.subset(["Aaa"]), mbbo, "Bbb", 1],
  ["pva", t.superset(["Aaa", "Bbb", "Ccc", "Ddd"]), mbbo, "Bbb", 1],
  ["pva", t.enum(["a", "b"]), { kind: "string", value: "b" }, "b", "b"],
  ["ca", t.strings, array(["a", "b"], "string"), ["a", "b"], ["a", "b"]],
  ["ca", t.array.u8, array(Uint8Array.of(0, 255), "uint8"), Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
  ["pva", t.array.i64, array(BigInt64Array.of(-1n), "int64"), BigInt64Array.of(-1n), BigInt64Array.of(-1n)],
  ["ca", t.array.bool, array(Uint8Array.of(1, 0), "uint8"), [true, false], Uint8Array.of(1, 0)],
  ["pva", t.int64, { kind: "uint64", value: 2n ** 64n - 1n }, 2n ** 64n - 1n, 2n ** 64n - 1n],
  ["ca", t.array.u16, indices, Uint16Array.of(3, 0), Uint16Array.of(3, 0)],
  ["ca", t.any, indices, Uint16Array.of(3, 0), Uint16Array.of(3, 0)],
  ["ca", t.any, double(3), 2, 2],
  ["ca", t.any, mbbo, "Bbb", 1],
];

const REFUSED: [protocol: "ca" | "pva", datatype: Datatype<any>, options: FakeRecordOptions, message: RegExp][] = [
  ["ca", t.int, double(1), /ca:\/\/X is float64 with precision 1 and cannot be read as t\.int/],
  ["ca", t.int, { kind: "string", value: "" }, /string and cannot be read as t\.int/],
  ["ca", t.float, { kind: "int32", value: 1 }, /int32 and cannot be read as t\.float/],
  ["ca", t.string, double(3), /cannot be read as t\.string/],
  ["ca", t.bool, mbbo, /enum \["Aaa","Bbb","Ccc"\] and cannot be read as t\.bool/],
  ["ca", t.bool, { kind: "int32", value: 1 }, /cannot be read as t\.bool/],
  ["ca", t.int64, { kind: "float64", value: 1, precision: 0 }, /use pva:\/\//],
  ["ca", t.array.i32, array(Float64Array.of(1), "float64"), /array of float64 and cannot be read as t\.array\.i32/],
  ["ca", t.float, array(Float64Array.of(1), "float64"), /array of float64 and cannot be read as t\.float/],
  ["ca", t.array.f64, double(3), /cannot be read as t\.array\.f64/],
  ["ca", t.enum(["Aaa", "Bbb"]), mbbo, /the record has \["Ccc"\] too/],
  ["ca", t.enum(["Aaa", "Bbb", "Ccc", "Ddd"]), mbbo, /the record lacks \["Ddd"\]/],
  ["ca", t.subset(["Ddd"]), mbbo, /the record lacks \["Ddd"\]/],
  ["ca", t.superset(["Aaa"]), mbbo, /the record has \["Bbb","Ccc"\] too/],
  ["ca", t.enum(["a"]), { kind: "string", value: "a" }, /cannot be read as t\.enum/],
  ["ca", t.strings, indices, /array of enum \[\] and cannot be read as t\.strings/],
  ["pva", t.any, { kind: "structure", value: {} }, /no datatype holds it/],
];

describe("a datatype on a channel", () => {
  it.each(ACCEPTED)(
    "over %s reads and writes what it carries (%#)",
    async (protocol, datatype, options, read, written) => {
      const { signal, record } = signalOn(protocol, datatype, options);
      await signal.connect();
      const value = await signal.get();
      expect(value).toStrictEqual(read);
      await signal.set(value).wait();
      expect(record.puts).toStrictEqual([written]);
    },
  );

  it.each(REFUSED)(
    "over %s is refused at connect when it is another (%#)",
    async (protocol, datatype, options, message) => {
      const { signal, ioc } = signalOn(protocol, datatype, options);
      const error = await signal.connect().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DatatypeMismatchError);
      expect(error).toMatchObject({
        source: `${protocol}://X`,
        expected: datatype.kind === "any" ? "a signal" : datatype.label,
      });
      expect((error as Error).message).toMatch(message);
      expect(ioc.open).toBe(0);
    },
  );
});

describe("a value that its channel can't carry", () => {
  it("is refused with the valid labels, and nothing is written", async () => {
    const { signal, record } = signalOn("ca", t.string, mbbo);
    await signal.connect();
    await expect(signal.set("Ddd").wait()).rejects.toThrow(
      'Ddd is not a valid choice for ca://X, valid choices: ["Aaa","Bbb","Ccc"]',
    );
    expect(record.puts).toEqual([]);
  });

  it("is refused over pvAccess, too, where a text is read or written under labels that it is none of", async () => {
    const { signal, record } = signalOn("pva", t.enum(["a", "b"]), { kind: "string", value: "b" });
    await signal.connect();
    expect(await signal.get()).toBe("b");
    record.post("z");
    await expect(signal.get({ cached: false })).rejects.toThrow(/"z"/);
    await expect(signal.set("y" as "a").wait()).rejects.toThrow('"y" is not a valid choice');
    expect(record.puts).toEqual([]);
  });

  it("is refused when it is a text that the record would cut", async () => {
    const { signal, record } = signalOn("ca", t.string, { kind: "string", value: "" });
    await signal.connect();
    await signal.set("é".repeat(19)).wait();
    await expect(signal.set("é".repeat(20)).wait()).rejects.toThrow("holds 39 bytes of text");
    expect(record.puts).toHaveLength(1);
    const long = signalOn("ca", t.string, text("x"));
    await long.signal.connect();
    await expect(long.signal.set("a".repeat(80)).wait()).rejects.toThrow("holds 79 bytes of text");
    await expect(long.signal.set("one\0two").wait()).rejects.toThrow("ends text at a NUL");
  });

  it("is refused when it is a fraction on a record of whole numbers", async () => {
    const { signal, record } = signalOn("ca", t.int, double(0));
    await signal.connect();
    record.post(2.5);
    await expect(signal.get()).rejects.toThrow("2.5 and cannot be read as t.int");
  });
});

describe("the data key of a channel", () => {
  it("has units, precision and the limits that the record sets", async () => {
    const { signal } = signalOn("ca", t.float, {
      ...double(3),
      units: "mm",
      limits: { control: { low: 10, high: 90 }, warning: { low: 5, high: 96 } },
    });
    await signal.connect();
    expect(await signal.describe()).toEqual({
      sig: {
        source: "ca://X",
        dtype: "number",
        shape: [],
        dtype_numpy: "<f8",
        units: "mm",
        precision: 3,
        limits: { control: { low: 10, high: 90 }, warning: { low: 5, high: 96 } },
      },
    });
  });

  it("has the record's labels in the record's order, and nothing that means something for numbers only", async () => {
    const { signal } = signalOn("ca", t.enum(["Ccc", "Bbb", "Aaa"]), { ...mbbo, units: "mm" });
    await signal.connect();
    expect(await signal.describe()).toEqual({
      sig: { source: "ca://X", dtype: "string", shape: [], dtype_numpy: "|S40", choices: ["Aaa", "Bbb", "Ccc"] },
    });
  });

  it("has the length that an array has now", async () => {
    const { signal, record } = signalOn("ca", t.array.u8, array(Uint8Array.of(0, 255), "uint8"));
    await signal.connect();
    record.post(Uint8Array.of(218));
    expect((await signal.describe()).sig).toMatchObject({ dtype: "array", shape: [1], dtype_numpy: "|u1" });
  });
});
