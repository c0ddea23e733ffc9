import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const tool = new URL("../../../../tools/native-types.mjs", import.meta.url);
const definitions = new URL("../../../../native/index.d.ts", import.meta.url);

describe("native/index.d.ts", () => {
  it("says what the Rust sources say; make it anew with: node tools/native-types.mjs", async () => {
    const { nativeTypes } = await import(tool.href);
    expect(readFileSync(definitions, "utf8")).toBe(nativeTypes());
  });
});
