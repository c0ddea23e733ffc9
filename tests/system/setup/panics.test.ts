import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const { toolchain } = await import(new URL("../../../tools/setup/toolchain.mjs", import.meta.url).href);
const source = fileURLToPath(new URL("../../../native/src/lib.rs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cerulean-panics-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of the addon by itself: without its crates it says more than the one thing that is asked. */
function complaints(panic: string): string {
  const { cargo, args, env } = toolchain();
  const rustc = cargo.replace(/cargo$/, "rustc");
  const options = ["--crate-type", "lib", "--edition", "2021", "-C", `panic=${panic}`, "--out-dir", folder, source];
  return spawnSync(rustc, [...args, ...options], { encoding: "utf8", env: { ...process.env, ...env } }).stderr;
}

describe("the addon, whose panics become errors", () => {
  it("can't be compiled where a panic ends the process", () => {
    expect(complaints("abort")).toContain("the addon catches panics at its boundary");
    expect(complaints("unwind")).not.toContain("the addon catches panics at its boundary");
  });
});
