import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DocumentError, parse, stringify } from "../../../src/documents/index.ts";
import { thrownBy } from "./fixtures.ts";

describe("writing", () => {
  test("NaN and infinities are Python's words", () => {
    expect(stringify({ x: [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] })).toBe(
      '{"x":[NaN,1,Infinity,-Infinity]}',
    );
  });

  test("integers of 64 bits keep each digit, and large doubles stay doubles", () => {
    expect(stringify([9007199254740993n, -1n, 2 ** 60])).toBe("[9007199254740993,-1,1.152921504606847e+18]");
  });

  test("typed arrays become arrays", () => {
    expect(stringify({ a: Float64Array.of(0.5, Number.NaN), b: BigInt64Array.of(2n ** 62n) })).toBe(
      '{"a":[0.5,NaN],"b":[4611686018427387904]}',
    );
  });

  test("what no wire carries is refused by name, and undefined members are left out", () => {
    expect(stringify({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(thrownBy(() => stringify({ a: { b: () => 1 } })).message).toContain("value.a.b is a function");
  });
});

describe("reading", () => {
  test("whole numbers beyond 2**53 become bigint and no others", () => {
    expect(parse("[9007199254740993, 9007199254740991, 1e20, -9223372036854775808]")).toEqual([
      9007199254740993n,
      9007199254740991,
      1e20,
      -9223372036854775808n,
    ]);
  });

  test("words of Python inside strings are text", () => {
    const text = 'NaN, -Infinity and 12345678901234567890 \\" in "quotes"';
    expect(parse(stringify({ [text]: text, n: Number.NaN }))).toEqual({ [text]: text, n: Number.NaN });
  });

  test("a key called __proto__ is a key", () => {
    expect(Object.keys(parse('{"__proto__": NaN}') as object)).toEqual(["__proto__"]);
  });

  test.each(["NaN,", "[NaN", '{"a" NaN}', "[NaN,]", "NaNa", '["NaN', "[01, NaN]", "{NaN:1}", "[-NaN]", "", "{"])(
    "%s is refused",
    (text) => {
      expect(thrownBy(() => parse(text))).toBeInstanceOf(DocumentError);
    },
  );
});

test("what is written is read as it was", () => {
  const number = fc.oneof(fc.double(), fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }));
  const leaf = fc.oneof(number, fc.string({ unit: "binary" }), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("tree")), fc.dictionary(fc.string(), tie("tree"))),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      // toEqual takes a null prototype for a plain one, and tells -0 from 0.
      expect(parse(stringify(value))).toEqual(value);
    }),
  );
});
