import { describe, expect, it } from "vitest";
import { CLOCKWORK, FLOOD, label, TASKS } from "../../../bench/epics/tasks.ts";
import { isQuotedRight, quoted, rowsOf } from "./quoted-tests.ts";

const rows = rowsOf("docs/seed-features.md");

const benched = ["ca", "pva"].flatMap((protocol) =>
  [...TASKS.map(({ what }) => what), FLOOD, CLOCKWORK].map((what) => label(protocol as "ca" | "pva", what)),
);

describe("the list of the features of ophyd-epicsrs", () => {
  it("has a row for each, with what shows it", () => {
    expect(rows.length).toBeGreaterThan(70);
    for (const row of rows) expect(row, row.join(" | ")).toHaveLength(3);
  });

  it.each(rows.map(([there = "", , shown = ""]) => ({ there, shown })))(
    "shows what is said of: $there",
    ({ shown }) => {
      const { file, title } = quoted(shown);
      if (file === "bench/epics/tasks.ts") expect(benched).toContain(title);
      else expect(isQuotedRight(shown), shown).toBe(true);
    },
  );
});
