import { describe, expect, it } from "vitest";
import { isQuotedRight, rowsOf } from "./quoted-tests.ts";

const rows = rowsOf("docs/differences-from-ophyd-async.md");

describe("the list of what differs from ophyd-async", () => {
  it("has what is there, what is here, and a test in each row", () => {
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(row, row.join(" | ")).toHaveLength(3);
  });

  it.each(rows.map(([there = "", , test = ""]) => ({ there, test })))(
    "quotes a test that is there: $there",
    ({ test }) => {
      expect(isQuotedRight(test), test).toBe(true);
    },
  );
});
