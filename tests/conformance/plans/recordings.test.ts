import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { python } from "../../system/support/python.ts";

const run = promisify(execFile);
const unit = new URL("../../unit/", import.meta.url);

describe("what the unit tests take for bluesky's", () => {
  it.each([
    ["messages of plans", "plans/golden/record.py", "plans/golden/messages.json"],
    ["peaks of curves", "callbacks/golden/record.py", "callbacks/golden/peaks.json"],
  ])("is what bluesky does: %s", async (_what, script, recording) => {
    const { stdout } = await run(await python(), [fileURLToPath(new URL(script, unit))], { maxBuffer: 10_000_000 });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(new URL(recording, unit), "utf8")));
  });
});
