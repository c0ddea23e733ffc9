import { expect, it } from "vitest";
import { csvLines } from "../../../src/documents/catalog/csv.ts";

it("writes CSV with all digits, quotes where they are needed, arrays as JSON, and nothing for a missing value", () => {
  const lines = csvLines({
    seq_num: new Int32Array([1, 2]),
    'a, "b"': ["x\ny", 'say "so"'],
    number: new Float64Array([0.1 + 0.2, Number.NaN]),
    big: new BigInt64Array([2n ** 53n + 1n, -1n]),
    wave: [new Float64Array([1, Number.POSITIVE_INFINITY]), [[1], [2]]],
    gone: [null, true],
  });
  expect([...lines].join("")).toBe(
    'seq_num,"a, ""b""",number,big,wave,gone\n' +
      '1,"x\ny",0.30000000000000004,9007199254740993,"[1,Infinity]",\n' +
      '2,"say ""so""",NaN,-1,"[[1],[2]]",true\n',
  );
});
