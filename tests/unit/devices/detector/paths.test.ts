import { describe, expect, it } from "vitest";
import {
  AutoIncrementFilenameProvider,
  AutoIncrementingPathProvider,
  StaticFilenameProvider,
  StaticPathProvider,
  UUIDFilenameProvider,
  YMDPathProvider,
} from "../../../../src/devices/index.ts";

describe("path providers", () => {
  it("tell the writer's path and the reader's URI apart", () => {
    const paths = new StaticPathProvider(new StaticFilenameProvider("x"), "C:\\data\\", {
      directoryUri: "file://server/mnt/data",
    });
    expect(paths.path("det")).toEqual({
      directoryPath: "C:\\data\\",
      filename: "x",
      createDirDepth: 0,
      directoryUri: "file://server/mnt/data/",
    });
    expect(new StaticPathProvider(new StaticFilenameProvider("x"), "/a b").path("det").directoryUri).toBe(
      "file://localhost/a%20b/",
    );
  });

  it("make directories by date, for Windows too", () => {
    const options = { now: () => new Date(2026, 0, 2) };
    expect(new YMDPathProvider(new StaticFilenameProvider("x"), "/data", options).path("det")).toMatchObject({
      directoryPath: "/data/2026/01/02",
      createDirDepth: -3,
      directoryUri: "file://localhost/data/2026/01/02/",
    });
    const windows = new YMDPathProvider(new StaticFilenameProvider("x"), "D:\\data", options).path("det");
    expect(windows.directoryPath).toBe("D:\\data\\2026\\01\\02");
  });

  it("count up to a number of digits, and give a new name each time", () => {
    const names = new AutoIncrementFilenameProvider({ base: "scan", maxDigits: 2, start: 98 });
    expect([names.filename(), names.filename()]).toEqual(["scan_98", "scan_99"]);
    expect(() => names.filename()).toThrow("file number 100 exceeded maximum of 2 digits");
    const uuids = new UUIDFilenameProvider();
    expect(uuids.filename()).not.toBe(uuids.filename());
    const paths = new AutoIncrementingPathProvider(uuids, "/data", { base: "run" });
    expect([paths.path("a").directoryPath, paths.path("a").directoryPath]).toEqual([
      "/data/run_00000",
      "/data/run_00001",
    ]);
  });

  it("refuse paths and URIs that mean nothing elsewhere", () => {
    expect(() => new StaticPathProvider(new UUIDFilenameProvider(), "data")).toThrow("data is no absolute path");
    const paths = new StaticPathProvider(new UUIDFilenameProvider(), "/data", { directoryUri: "data" });
    expect(() => paths.path("det")).toThrow("data is no URI");
  });
});
