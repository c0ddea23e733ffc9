import { describe, expect, it } from "vitest";
import { missingMethods, supports } from "../../../src/devices/index.ts";

describe("what a device supports", () => {
  it("follows from its methods and not from its class", () => {
    const axis = { name: "m", set() {}, read() {}, describe() {} };
    expect(supports(axis, "Movable")).toBe(true);
    expect(supports(axis, "Readable")).toBe(true);
    expect(supports(axis, "Locatable")).toBe(false);
    expect(missingMethods(axis, "Locatable")).toEqual(["locate"]);
    expect(missingMethods(axis, "Stageable")).toEqual(["stage", "unstage"]);
  });

  it("is nothing for what is no object", () => {
    expect(supports(null, "Readable")).toBe(false);
    expect(missingMethods(undefined, "Readable")).toEqual(["read", "describe"]);
  });
});
