import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { packMessage, unpackMessage } from "../../../src/documents/sinks/msgpack.ts";

describe("MessagePack", () => {
  it("brings back what documents are made of", () => {
    const value = {
      text: "größer",
      none: null,
      on: true,
      numbers: [0.1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300],
      integers: [0, -1, 2 ** 31, 2 ** 40, -(2 ** 52)],
      nested: { "a key": [{ deep: [] }] },
    };
    expect(unpackMessage(packMessage(value))).toEqual(value);
  });

  it("keeps integers of 64 bits, and those beside them integers", () => {
    const value = { big: 2n ** 63n + 1n, small: -(2n ** 63n), beside: 2 ** 40 };
    const packed = packMessage(value);
    expect(unpackMessage(packed)).toEqual(value);
    expect(decode(packed, { useBigInt64: true })).toMatchObject({ beside: 2n ** 40n });
  });

  it("makes lists of typed arrays", () => {
    expect(unpackMessage(packMessage([new Float64Array([1, 2.5]), new BigInt64Array([7n])]))).toEqual([[1, 2.5], [7]]);
  });

  it("refuses larger integers, and says where they are", () => {
    expect(() => packMessage({ data: { counts: [1, 2n ** 64n] } })).toThrow(/value\.data\.counts\[\] is 184467\d+/);
  });
});
