import { describe, expect, it, vi } from "vitest";
import {
  type AcquireLogic,
  type DataLogic,
  SignalDataProvider,
  StandardDetector,
  type Status,
  StreamResourceDataProvider,
  softSignalRAndSetter,
  softSignalRW,
  type TriggerInfo,
  type TriggerLogic,
  t,
} from "../../../../src/devices/index.ts";

const acquire: AcquireLogic = { start: async () => {}, waitIdle: async () => {}, ensureStopped: async () => {} };

/** A data logic that writes to a file of its own, and what counts its frames. */
function fileOf(suffix: string) {
  const [counter, write] = softSignalRAndSetter(t.int, 0);
  const logic: DataLogic = {
    suffix,
    hinted: (dataKey) => [dataKey],
    stop: vi.fn(async () => {}),
    prepareStream: async (dataKey, collectionsPerEvent) =>
      new StreamResourceDataProvider({
        uri: `file://localhost/data/${dataKey}.h5`,
        mimetype: "application/x-hdf5",
        collectionsPerEvent,
        counter,
        datasets: [{ dataKey, source: "sim://x", shape: [3], dtypeNumpy: "<u2", parameters: { dataset: "/x" } }],
      }),
  };
  return { logic, write };
}

/** Notes what it is asked for. */
function triggerLogic(): { trigger: TriggerLogic; asked: unknown[] } {
  const asked: unknown[] = [];
  const note =
    (what: string) =>
    async (given: unknown): Promise<void> =>
      void asked.push([what, given]);
  const trigger = {
    prepareInternal: note("internal"),
    prepareEdge: note("edge"),
    prepareLevel: note("level"),
    prepareExposuresPerCollection: note("exposures"),
    deadtime: () => 0.1,
  };
  return { trigger, asked };
}

describe("what a detector is prepared for", () => {
  it.each<[TriggerInfo, string]>([
    [{ livetime: 0 }, "det: livetime must be above 0 s, not 0"],
    [{ livetime: Number.NaN }, "det: livetime must be above 0 s, not NaN"],
    [{ deadtime: 0.01 }, "det needs at least 0.1 s of deadtime, not 0.01"],
    [{ trigger: "edge" }, "det: a livetime is needed for edge triggers"],
    [{ numberOfEvents: -1 }, "det: numberOfEvents must be a whole number from 0, not -1"],
    [{ numberOfEvents: [2, 0] }, "det: numberOfEvents must be a whole number from 1, not 0"],
    [{ numberOfEvents: [] }, "det: numberOfEvents has no kickoff"],
    [{ collectionsPerEvent: 1.5 }, "det: collectionsPerEvent must be a whole number from 1, not 1.5"],
    [{ exposuresPerCollection: 0 }, "det: exposuresPerCollection must be a whole number from 1, not 0"],
  ])("is refused where it makes no sense: %o", async (info, message) => {
    const { trigger, asked } = triggerLogic();
    const det = new StandardDetector({ acquire, trigger, data: [fileOf("").logic] }, { name: "det" });
    await expect(det.prepare(info).wait()).rejects.toThrow(message);
    expect(asked).toEqual([]);
    await expect(det.kickoff().wait()).rejects.toThrow("Prepare not run");
  });

  it("is told to its trigger logic in exposures, batch by batch, or at once where somebody else triggers", async () => {
    const { trigger, asked } = triggerLogic();
    const { logic, write } = fileOf("");
    const det = new StandardDetector({ acquire, trigger, data: [logic] }, { name: "det" });
    const counts = { numberOfEvents: [2, 1], collectionsPerEvent: 2, exposuresPerCollection: 3 };
    await det.prepare({ ...counts, livetime: 0.5 }).wait();
    await det.kickoff().wait();
    write(4);
    await det.complete().wait();
    await det.kickoff().wait();
    expect(asked).toEqual([
      ["exposures", 3],
      ["internal", { num: 12, livetime: 0.5, deadtime: 0.1 }],
      ["exposures", 3],
      ["internal", { num: 6, livetime: 0.5, deadtime: 0.1 }],
    ]);
    asked.length = 0;
    await det.prepare({ ...counts, trigger: "level" }).wait();
    await det.kickoff().wait();
    await det.kickoff().wait();
    expect(asked).toEqual([
      ["exposures", 3],
      ["level", { num: 18, livetime: undefined, deadtime: 0.1 }],
    ]);
  });

  it("is no time where there is no trigger logic: such a detector is triggered as it is set", async () => {
    const { logic, write } = fileOf("");
    const det = new StandardDetector(
      { acquire: { ...acquire, start: async () => write(1) }, data: [logic] },
      { name: "det" },
    );
    for (const info of [{ livetime: 1 }, { deadtime: 1 }]) {
      await expect(det.prepare(info).wait()).rejects.toThrow(
        "det has no trigger logic that could set a livetime or a deadtime",
      );
    }
    await expect(det.prepare({ trigger: "edge", livetime: 1 }).wait()).rejects.toThrow(
      'det can\'t be triggered by "edge"; it supports nothing else',
    );
    await det.trigger().wait();
    expect(await det.getIndex()).toBe(1);
  });
});

describe("a detector", () => {
  it("can do nothing before it was prepared, nor once it is unstaged", async () => {
    const { logic } = fileOf("");
    const det = new StandardDetector({ acquire, data: [logic] }, { name: "det" });
    const refusals = async (): Promise<void> => {
      await expect(det.kickoff().wait()).rejects.toThrow("det: Prepare not run; call prepare() before kickoff()");
      await expect(det.complete().wait()).rejects.toThrow("call prepare() before complete()");
      await expect(det.read()).rejects.toThrow("call prepare() before read()");
      await expect(det.describe()).rejects.toThrow("call prepare() before describe()");
      await expect(det.describeCollect()).rejects.toThrow("call prepare() before describeCollect()");
    };
    await refusals();
    await det.prepare({}).wait();
    await det.unstage();
    await refusals();
    expect(logic.stop).toHaveBeenCalledTimes(2);
  });

  it("that others trigger is not triggered by a plan", async () => {
    const { trigger } = triggerLogic();
    const det = new StandardDetector({ acquire, trigger, data: [fileOf("").logic] }, { name: "det" });
    await det.prepare({ trigger: "level" }).wait();
    await expect(det.trigger().wait()).rejects.toThrow("det: trigger() needs an internal trigger");
  });

  it("that writes no files is triggered, and not flown", async () => {
    const gain = softSignalRW(t.float, 2, { name: "gain" });
    const data = [{ prepareSingle: async () => new SignalDataProvider(gain) }];
    const det = new StandardDetector({ acquire, data }, { name: "det" });
    await det.trigger().wait();
    expect((await det.read()).gain?.value).toBe(2);
    await expect(det.kickoff().wait()).rejects.toThrow(
      "det writes no files, so it can't be kicked off; trigger it instead",
    );
  });

  it("has the data of several logics, of which only files are flown into", async () => {
    const [big, small] = [fileOf(""), fileOf("-small")];
    const gain = softSignalRW(t.float, 2, { name: "gain" });
    const single: DataLogic = { prepareSingle: async () => new SignalDataProvider(gain) };
    const det = new StandardDetector({ acquire, data: [big.logic, small.logic, single] }, { name: "det" });
    await det.prepare({ numberOfEvents: 2 }).wait();
    expect(Object.keys(await det.describe())).toEqual(["gain", "det", "det-small"]);
    expect(Object.keys(await det.describeCollect())).toEqual(["det", "det-small"]);
    expect(det.hints).toEqual({ fields: ["det", "det-small"] });
    await det.kickoff().wait();
    const complete = det.complete();
    big.write(2);
    small.write(1);
    await vi.waitFor(async () => expect(await det.getIndex()).toBe(1));
    expect(complete.done).toBe(false);
    small.write(2);
    await complete.wait();
    const told: unknown[] = [];
    for await (const { name, doc } of det.collectAssetDocs()) told.push([name, (doc as any).data_key]);
    expect(told).toEqual([
      ["stream_resource", "det"],
      ["stream_datum", undefined],
      ["stream_resource", "det-small"],
      ["stream_datum", undefined],
    ]);
  });

  it("fails when its logics have not written the same", async () => {
    const [big, small] = [fileOf(""), fileOf("-small")];
    const det = new StandardDetector({ acquire, data: [big.logic, small.logic] }, { name: "det" });
    await det.prepare({ numberOfEvents: 2 }).wait();
    await det.kickoff().wait();
    big.write(3);
    small.write(2);
    await expect(det.complete().wait()).rejects.toThrow(
      "det: its data logics have written different numbers of collections: 3, 2",
    );
  });

  it("begins nothing any more when it is stopped or unstaged before", async () => {
    let pass = (): void => {};
    const gate = vi.fn(() => new Promise<void>((resolve) => (pass = resolve)));
    const start = vi.fn(async () => {});
    const { logic, write } = fileOf("");
    const trigger: TriggerLogic = { prepareInternal: gate, prepareLevel: gate };
    const det = new StandardDetector({ acquire: { ...acquire, start }, trigger, data: [logic] }, { name: "det" });
    const atGate = async (begin: () => Status): Promise<Status> => {
      const calls = gate.mock.calls.length;
      const begun = begin();
      await vi.waitFor(() => expect(gate.mock.calls.length).toBe(calls + 1));
      return begun;
    };
    const overtaken = async (begin: () => Status, end: () => Promise<void>): Promise<void> => {
      const begun = await atGate(begin);
      await end();
      pass();
      await expect(begun.wait()).rejects.toThrow("Device det was stopped.");
    };
    await overtaken(
      () => det.trigger(),
      () => det.stop(),
    );
    await overtaken(
      () => det.prepare({ trigger: "level" }),
      () => det.unstage(),
    );
    await expect(det.kickoff().wait()).rejects.toThrow("Prepare not run");
    expect(start).not.toHaveBeenCalled();
    const prepared = await atGate(() => det.prepare({ numberOfEvents: [1, 1] }));
    pass();
    await prepared.wait();
    await det.kickoff().wait();
    write(1);
    await det.complete().wait();
    await overtaken(
      () => det.kickoff(),
      () => det.stop({ success: true }),
    );
    expect(start).toHaveBeenCalledTimes(1);
  });

  it("that is unstaged fails what is pending, and ends a flight without an end", async () => {
    const det = new StandardDetector({ acquire, data: [fileOf("").logic] }, { name: "det" });
    await det.prepare({ numberOfEvents: 2 }).wait();
    await det.kickoff().wait();
    const finite = det.complete();
    await det.unstage();
    await expect(finite.wait()).rejects.toThrow("Device det was stopped.");
    await det.prepare({ numberOfEvents: 0 }).wait();
    await det.kickoff().wait();
    const endless = det.complete();
    await det.unstage();
    await endless.wait();
  });
});
