import { describe, expect, it } from "vitest";
import { compare } from "../../../src/cli/demo/compare.ts";
import type { Document } from "../../../src/documents/index.ts";

const start = { name: "start", doc: { uid: "run", time: 1, motors: ["m"], deep: { a: [1, 2] } } };
const descriptor = { name: "descriptor", doc: { uid: "d", run_start: "run", time: 2, name: "primary", data_keys: {} } };
const page = {
  name: "event_page",
  doc: {
    uid: ["e1", "e2"],
    descriptor: "d",
    seq_num: [1, 2],
    time: [3, 4],
    data: { x: new Float64Array([0.5, Number.NaN]), n: new BigInt64Array([1n, 2n ** 60n]) },
    timestamps: { x: [3, 4], n: [3, 4] },
    filled: {},
  },
};
const stop = { name: "stop", doc: { uid: "s", run_start: "run", time: 5, exit_status: "success" } };
const rows = [
  { uid: "e1", descriptor: "d", seq_num: 1, time: 3, data: { x: 0.5, n: 1 }, timestamps: { x: 3, n: 3 }, filled: {} },
  {
    ...{ uid: "e2", descriptor: "d", seq_num: 2, time: 4, timestamps: { x: 4, n: 4 }, filled: {} },
    data: { x: Number.NaN, n: 2n ** 60n },
  },
].map((doc) => ({ name: "event", doc }));

const emitted = [start, descriptor, page, stop] as unknown as Document[];
const stored = [start, descriptor, ...rows, stop] as unknown as Document[];

describe("compare", () => {
  it("finds a page and its rows equal, NaN and integers of any size included", () => {
    expect(compare(emitted, stored)).toEqual({ documents: 5, difference: undefined });
  });

  it("names the first field that differs", () => {
    const changed = structuredClone(stored);
    (changed[3] as any).doc.data.n = 2n ** 60n + 1n;
    expect(compare(emitted, changed).difference).toBe(
      "event e2: event.data.n is 1152921504606846977n, emitted 1152921504606846976n",
    );
  });

  it("names a field that is missing and one that was added", () => {
    const changed = structuredClone(stored);
    delete (changed[0] as any).doc.deep.a;
    expect(compare(emitted, changed).difference).toBe("start run: start.deep.a is absent, emitted [1,2]");
    (changed[0] as any).doc.deep = { a: [1, 2], b: 1 };
    expect(compare(emitted, changed).difference).toBe("start run: start.deep.b is 1, emitted absent");
  });

  it("names a document that is missing and one that was never emitted", () => {
    expect(compare(emitted, stored.slice(0, -1)).difference).toBe("stop s: is not in the store");
    expect(compare(emitted.slice(0, -1), stored).difference).toBe("stop s: stored, but was never emitted");
    expect(compare(emitted, [...stored, stored[3] as Document]).difference).toBe("event e2: is stored twice");
  });
});
