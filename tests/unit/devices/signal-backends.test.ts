import * as devices from "../../../src/devices/index.ts";
import { softSignalRW, t } from "../../../src/devices/index.ts";
import { mockOf } from "../../../src/testing/index.ts";
import { type BackendUnderTest, signalBackendSuite } from "../../suites/signal-backend.ts";

type Case = Omit<BackendUnderTest<any>, "make">;

const CASES: readonly Case[] = [
  { datatype: t.bool, values: [true, false], dataKey: { dtype: "boolean", shape: [], dtype_numpy: "|b1" } },
  { datatype: t.int, values: [3, -4], dataKey: { dtype: "integer", shape: [], dtype_numpy: "<i8" } },
  { datatype: t.int64, values: [2n ** 62n, -1n], dataKey: { dtype: "integer", shape: [], dtype_numpy: "<i8" } },
  { datatype: t.float, values: [1.5, Number.NaN], dataKey: { dtype: "number", shape: [], dtype_numpy: "<f8" } },
  { datatype: t.string, values: ["a", "café"], dataKey: { dtype: "string", shape: [] } },
  { datatype: t.strings, values: [["a", "b"], []], dataKey: { dtype: "array", shape: [2] } },
  { datatype: t.enum(["Off", "On"]), values: ["On", "Off"], dataKey: { dtype: "string", choices: ["Off", "On"] } },
  {
    datatype: t.array.f64,
    values: [Float64Array.of(1, 2, 3), Float64Array.of()],
    dataKey: { dtype: "array", shape: [3], dtype_numpy: "<f8" },
  },
  {
    datatype: t.array.u8,
    values: [Uint8Array.of(0, 255), Uint8Array.of(1)],
    dataKey: { dtype_numpy: "|u1", shape: [2] },
  },
  { datatype: t.array.bool, values: [[true, false], [true]], dataKey: { dtype_numpy: "|b1", shape: [2] } },
];

for (const backend of CASES) {
  const { label } = backend.datatype;

  signalBackendSuite(
    `a soft signal of ${label}`,
    {
      ...backend,
      async make() {
        const signal = softSignalRW(backend.datatype, backend.values[0], { name: "sig" });
        await signal.connect();
        return signal;
      },
    },
    devices,
  );

  signalBackendSuite(
    `a mocked signal of ${label}`,
    {
      ...backend,
      async make() {
        const signal = softSignalRW(backend.datatype, undefined, { name: "sig" });
        await signal.connect({ mock: true });
        mockOf(signal).setValue(backend.values[0]);
        await signal.set(backend.values[0]).wait();
        return signal;
      },
    },
    devices,
  );
}
