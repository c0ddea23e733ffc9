import { describe, expect, it } from "vitest";
import { EpicsMca, EpicsScaler, QuadEm } from "../../../../src/devices/epics/index.ts";
import { FakeIoc } from "./fake-channel.ts";

function scalerIoc(labels: readonly string[]): FakeIoc {
  const ioc = new FakeIoc();
  for (const field of ["TP", "T", "FREQ"]) ioc.add(`S.${field}`, { kind: "float64", value: 1 });
  ioc.add("S.CNT", { kind: "enum", value: 0, choices: ["Done", "Count"] });
  ioc.add("S.CONT", { kind: "enum", value: 1, choices: ["OneShot", "AutoCount"] });
  labels.forEach((label, i) => {
    ioc.add(`S.S${i + 1}`, { kind: "float64", value: 10 * (i + 1) });
    ioc.add(`S.NM${i + 1}`, { kind: "string", value: label });
    ioc.add(`S.PR${i + 1}`, { kind: "float64", value: 0 });
    ioc.add(`S.G${i + 1}`, { kind: "enum", value: 0, choices: ["N", "Y"] });
  });
  return ioc;
}

describe("a scaler", () => {
  it("reads the channels that have a name under their names, and only those that are selected", async () => {
    const scaler = new EpicsScaler("S", { name: "s", channels: 3, context: scalerIoc(["clock", "", "I0"]) });
    await scaler.connect();
    expect(Object.keys(await scaler.read())).toEqual(["s-time", "s-clock", "s-I0"]);
    expect(Object.keys(await scaler.describe())).toEqual(["s-time", "s-clock", "s-I0"]);
    expect(scaler.hints).toEqual({ fields: ["s-clock", "s-I0"] });
    scaler.selectChannels(["I0"]);
    expect((await scaler.read())["s-I0"]?.value).toBe(30);
    expect(scaler.hints).toEqual({ fields: ["s-I0"] });
    expect(() => scaler.selectChannels(["I1"])).toThrow("s has no channel I1; it has clock, I0");
  });

  it("counts once for each trigger and gets its former mode back", async () => {
    const ioc = scalerIoc(["I0"]);
    const scaler = new EpicsScaler("S", { name: "s", channels: 1, context: ioc });
    await scaler.connect();
    await scaler.stage();
    expect(ioc.record("S.CONT").value).toBe(0);
    let finish = (): void => {};
    ioc.record("S.CNT").onPut = () => new Promise((resolve) => (finish = resolve));
    const trigger = scaler.trigger();
    while (ioc.record("S.CNT").puts.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(trigger.done).toBe(false);
    finish();
    await trigger.wait();
    await scaler.unstage();
    expect(ioc.record("S.CONT").value).toBe(1);
  });

  it("refuses two channels of one name", async () => {
    const scaler = new EpicsScaler("S", { name: "s", channels: 2, context: scalerIoc(["I0", "I0"]) });
    await expect(scaler.connect()).rejects.toThrow('s has two channels named "I0"; rename one');
  });
});

describe("a mocked counter", () => {
  it("has counted for its preset time, or has its average, at once", async () => {
    const scaler = new EpicsScaler("S", { name: "s", channels: 2, context: new FakeIoc() });
    const quad = new QuadEm("Q:", { name: "q", context: new FakeIoc() });
    await Promise.all([scaler.connect({ mock: true }), quad.connect({ mock: true })]);
    await Promise.all([scaler.presetTime.set(60).wait(), quad.averagingTime.set(60).wait()]);
    await Promise.all([scaler.trigger().wait(), quad.trigger().wait()]);
    expect((await scaler.read())["s-time"]?.value).toBe(60);
  });
});

describe("an MCA record", () => {
  it("erases, counts until the record has stopped, and reads its spectrum and regions", async () => {
    const ioc = new FakeIoc();
    ioc.add("M", { kind: "int32", value: Int32Array.of(1, 2, 3), isArray: true, count: 3 });
    for (const field of ["PRTM", "PLTM", "ERTM", "ELTM", "R2", "R2N"])
      ioc.add(`M.${field}`, { kind: "float64", value: 1 });
    ioc.add("M.ACQG", { kind: "enum", value: 0, choices: ["Done", "Acquiring"] });
    for (const field of ["ERST", "STOP", "R2LO", "R2HI", "R2BG"]) ioc.add(`M.${field}`, { kind: "int16", value: 0 });
    ioc.add("M.MODE", { kind: "enum", value: 1, choices: ["PHA", "MCS", "List"] });
    ioc.add("M.R2NM", { kind: "string", value: "Fe" });
    const mca = new EpicsMca("M", { name: "m", regions: [2], context: ioc });
    await mca.connect();
    await mca.stage();
    expect(ioc.record("M.MODE").value).toBe(0);
    ioc.record("M.ERST").onPut = () => {
      ioc.record("M.ACQG").post(1);
      setTimeout(() => ioc.record("M.ACQG").post(0), 20);
    };
    await mca.trigger().wait();
    const readings = await mca.read();
    expect(readings["m-spectrum"]?.value).toEqual(Int32Array.of(1, 2, 3));
    expect(readings["m-regions-2-counts"]?.value).toBe(1);
    expect((await mca.readConfiguration())["m-regions-2-label"]?.value).toBe("Fe");
    expect(mca.hints).toEqual({ fields: ["m-regions-2-counts"] });
    expect(() => new EpicsMca("M", { regions: [32] })).toThrow("regions 0 to 31, not 32");
  });
});

describe("a quad electrometer", () => {
  it("averages once for each trigger and reads the averages", async () => {
    const ioc = new FakeIoc();
    ioc.add("Q:Acquire", { kind: "enum", value: 1, choices: ["Done", "Acquire"] });
    for (const name of ["AcquireMode", "AcquireMode_RBV"]) {
      ioc.add(`Q:${name}`, { kind: "enum", value: 0, choices: ["Continuous", "Multiple", "Single"] });
    }
    for (const name of ["AveragingTime", "IntegrationTime"]) {
      for (const suffix of ["", "_RBV"]) ioc.add(`Q:${name}${suffix}`, { kind: "float64", value: 0.1 });
    }
    ["Current1", "Current2", "Current3", "Current4", "SumAll", "PosX", "PosY"].forEach((name, value) => {
      ioc.add(`Q:${name}:MeanValue_RBV`, { kind: "float64", value });
      for (const suffix of ["", "_RBV"]) {
        ioc.add(`Q:${name}:EnableCallbacks${suffix}`, { kind: "enum", value: 0, choices: ["Disable", "Enable"] });
        ioc.add(`Q:${name}:BlockingCallbacks${suffix}`, { kind: "enum", value: 0, choices: ["No", "Yes"] });
      }
    });
    ioc.add("Q:NumAcquired", { kind: "int32", value: 1 });
    const quad = new QuadEm("Q:", { name: "q", context: ioc });
    await quad.connect();
    await quad.stage();
    expect([ioc.record("Q:Acquire").puts, ioc.record("Q:AcquireMode").puts]).toEqual([[0], [2]]);
    await quad.trigger().wait();
    expect(ioc.record("Q:Acquire").puts).toEqual([0, 1]);
    expect((await quad.read())["q-posY"]?.value).toBe(6);
    expect(quad.hints).toEqual({ fields: ["q-sumAll"] });
  });
});
