import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CLOCKWORK, FLOOD, label, TASKS } from "../../../bench/epics/tasks.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/seed-features.md"), "utf8");

/** The rows of all tables, without their heads. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| there |"))
  .map((line) => line.slice(1, -1).split(" | "));

const benched = ["ca", "pva"].flatMap((protocol) =>
  [...TASKS.map(({ what }) => what), FLOOD, CLOCKWORK].map((what) => label(protocol as "ca" | "pva", what)),
);

describe("the list of the features of ophyd-epicsrs", () => {
  it("has a row for each, with what shows it", () => {
    expect(rows.length).toBeGreaterThan(70);
    for (const row of rows) expect(row, row.join(" | ")).toHaveLength(3);
  });

  it.each(rows.map((row) => ({ there: row[0]?.trim() ?? "", shown: row[2]?.trim() ?? "" })))(
    "shows what is said of: $there",
    ({ shown }) => {
      const [, file = "", title = ""] = /^`([^`]+)` "(.+)"$/.exec(shown) ?? [];
      expect(existsSync(join(root, file)), file).toBe(true);
      if (file === "bench/epics/tasks.ts") expect(benched).toContain(title);
      else expect(readFileSync(join(root, file), "utf8")).toContain(title);
    },
  );
});
