import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applySettings,
  child,
  currentSettings,
  defineDevice,
  retrieveSettings,
  softSignalR,
  softSignalRW,
  storeSettings,
  t,
} from "../../../src/devices/index.ts";
import { settingsFromYaml, settingsToYaml } from "../../../src/devices/settings-yaml.ts";
import { mockOf } from "../../../src/testing/index.ts";

class Camera extends defineDevice({
  acquireTime: child(() => softSignalRW(t.float, 0.1), "config"),
  numImages: child(() => softSignalRW(t.int, 1), "config"),
}) {}

class Everything extends defineDevice({
  cam: child((prefix) => new Camera(prefix), "config"),
  mode: child(() => softSignalRW(t.enum(["No", "Yes"]), "No"), "config"),
  label: child(() => softSignalRW(t.string, "on"), "config"),
  flag: child(() => softSignalRW(t.bool, true), "config"),
  big: child(() => softSignalRW(t.int64, 2n ** 62n + 1n), "config"),
  wave: child(() => softSignalRW(t.array.i32, Int32Array.of(1, -2)), "hinted"),
  small: child(() => softSignalRW(t.float, 1e-7), "config"),
  fixed: child(() => softSignalR(t.int, 3), "normal"),
}) {}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function made(options: { mock?: boolean } = {}): Promise<Everything> {
  const device = new Everything("", { name: "d" });
  await device.connect(options);
  return device;
}

describe("settings", () => {
  it("are written as ophyd-async writes and Python reads them, and come back the same", async () => {
    const device = await made();
    const file = join(folder, "a.yaml");
    const settings = await storeSettings(device, file);
    expect(await readFile(file, "utf8")).toBe(
      [
        "cam.acquire_time: 0.1",
        "cam.num_images: 1",
        'mode: "No"',
        'label: "on"',
        "flag: true",
        "big: 4611686018427387905",
        "wave: [ 1, -2 ]",
        "small: 1.0e-7",
        "",
      ].join("\n"),
    );
    expect(await retrieveSettings(device, file)).toEqual(settings);
  });

  it("are read from a file that PyYAML has dumped", async () => {
    const file = join(folder, "py.yaml");
    await writeFile(file, "cam.acquire_time: 1.0e-06\ncam.num_images: 5\nmode: 'Yes'\nwave: [3, 4, 5]\nflag: false\n");
    const device = await made();
    await applySettings(device, await retrieveSettings(device, file));
    expect(await currentSettings(device)).toMatchObject({
      "cam.acquire_time": 1e-6,
      "cam.num_images": 5,
      mode: "Yes",
      wave: Int32Array.of(3, 4, 5),
      flag: false,
    });
    await writeFile(file, "- cam.num_images: 5\n- mode: 'Yes'\n  cam.num_images: 6\n");
    expect(await retrieveSettings(device, file)).toEqual({ "cam.num_images": 6, mode: "Yes" });
    expect(settingsFromYaml(settingsToYaml({ a: Number.NaN, b: -Infinity }))).toEqual({ a: Number.NaN, b: -Infinity });
  });

  it("are written only where they differ, phase by phase", async () => {
    const device = await made({ mock: true });
    await device.mode.set("Yes").wait();
    const order: string[] = [];
    for (const signal of [device.cam.acquireTime, device.cam.numImages, device.mode, device.label]) {
      mockOf(signal as never).onPut = () => void order.push(signal.name);
    }
    const settings = { "cam.num_images": 7, "cam.acquire_time": 0.5, mode: "Yes", label: "x" } as const;
    const written = await applySettings(device, settings, { phases: [["label"], /^cam\.acquire/] });
    expect(written).toEqual(["label", "cam.acquire_time", "cam.num_images"]);
    expect(order).toEqual(["d-label", "d-cam-acquireTime", "d-cam-numImages"]);
    expect(await applySettings(device, settings, { all: true, ignore: ["label"] })).toHaveLength(3);
  });

  it("are refused with the name of what is wrong", async () => {
    const device = await made();
    const file = join(folder, "wrong.yaml");
    await writeFile(file, "nothing: 1\n");
    await expect(retrieveSettings(device, file)).rejects.toThrow("d has no settable nothing");
    await writeFile(file, "wave: [1.5]\n");
    await expect(retrieveSettings(device, file)).rejects.toThrow("wave: 1.5 does not fit into t.array.i32");
    await expect(applySettings(device, { mode: "Maybe" as never })).rejects.toThrow(/settings of d: mode: .*"Maybe"/);
  });
});

describe("a summary", () => {
  it("shows every signal with its kind, value, datatype and source", async () => {
    const device = await made();
    const text = await device.summary();
    expect(text.split("\n")[0]).toBe('Everything "d"');
    expect(text).toMatch(/^ {2}cam +config +Camera$/m);
    expect(text).toMatch(/^ {4}acquireTime +config +0\.1 +t\.float {2}soft:\/\/d-cam-acquireTime$/m);
    expect(text).toMatch(/^ {2}wave +hinted +\[1, -2\] +t\.array\.i32/m);
  });
});

describe("a settings file", () => {
  it("is taken by PyYAML's rules: what it quotes not is a text, and what looks like more is quoted", () => {
    const texts = [
      "y",
      "N",
      "1e3",
      "1.5e7",
      "0o17",
      "a: b",
      "",
      "yes",
      "Off",
      "~",
      "012",
      "1:30",
      "2026-01-02",
      "=",
      "<<",
    ];
    const written = settingsToYaml(Object.fromEntries(texts.map((text, i) => [`t${i}`, text])));
    const quoted = texts.filter((_, i) => new RegExp(`^t${i}: ["']`, "m").test(written));
    expect(quoted).toEqual(["a: b", "", "yes", "Off", "~", "012", "1:30", "2026-01-02", "=", "<<"]);
    expect(Object.values(settingsFromYaml(written))).toEqual(texts);
    expect(
      settingsFromYaml("a: y\nb: 1e3\nc: No\nd: 0x1F\ne: 010\nf: 1:30\ng: 1_000\nh: +.5e-3\ni: -.inf\nj: ~\n"),
    ).toEqual({ a: "y", b: "1e3", c: false, d: 31n, e: 8n, f: 90n, g: 1000n, h: "+.5e-3", i: -Infinity, j: null });
  });

  it("keeps every double as it is", () => {
    const values = [-0, 0.1, 5e-324, 1e20, -1e21, 2 ** 53, Number.MAX_VALUE, 1e-7, 3];
    const text = settingsToYaml({ values });
    expect(text).toContain("[ -0.0, 0.1, 5.0e-324, 100000000000000000000.0, -1.0e+21, 9007199254740992.0, ");
    expect((settingsFromYaml(text).values as unknown[]).map(Number)).toEqual(values);
  });
});
