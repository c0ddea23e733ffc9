import { describe, expect, it, vi } from "vitest";
import {
  type AcquireLogic,
  type DataLogic,
  type Exposures,
  SignalDataProvider,
  StandardDetector,
  StreamResourceDataProvider,
  softSignalRAndSetter,
  softSignalRW,
  type TriggerLogic,
  t,
} from "../../../../src/devices/index.ts";

interface Faults {
  /** Frames of each acquisition that never come; a negative number has that many more. */
  drop?: number;
  verify?: (announced: number) => Promise<void>;
}

function make(options: Faults = {}) {
  const [counter, setCounter] = softSignalRAndSetter(t.int, 0);
  const log: string[] = [];
  let armed = 0;
  let count = 0;
  const expose = (): void => {
    for (let left = armed; left > (options.drop ?? 0); left--) setCounter(++count);
  };
  const arm = (kind: string) => async (exposures: Exposures) => {
    armed = exposures.num;
    log.push(`${kind} ${exposures.num} x ${exposures.livetime ?? "as it is"}`);
  };
  const trigger: TriggerLogic = {
    prepareInternal: arm("internal"),
    prepareEdge: arm("edge"),
    deadtime: () => 0.1,
  };
  const acquire: AcquireLogic = {
    start: async () => {
      log.push("start");
      setImmediate(expose);
    },
    waitIdle: async () => void log.push("idle"),
    ensureStopped: async () => void log.push("stopped"),
  };
  let opened = 0;
  const files: DataLogic = {
    prepareStream: async (dataKey, collectionsPerEvent) => {
      opened++;
      return new StreamResourceDataProvider({
        uri: "file://localhost/data/x.h5",
        mimetype: "application/x-hdf5",
        collectionsPerEvent,
        counter,
        ...(options.verify === undefined ? {} : { verify: options.verify }),
        datasets: [
          { dataKey, source: "sim://x", shape: [3, 4], dtypeNumpy: "<u2", parameters: { dataset: "/entry/data/data" } },
        ],
      });
    },
    hinted: (dataKey) => [dataKey],
    stop: async () => void log.push("closed"),
  };
  const gain = softSignalRW(t.float, 2, { name: "gain" });
  const gains: DataLogic = { prepareSingle: async () => new SignalDataProvider(gain) };
  const det = new StandardDetector({ acquire, trigger, data: [files, gains] }, { name: "det" });
  return { det, log, opened: () => opened };
}

const assets = async (det: StandardDetector, index?: number) => {
  const found: any[] = [];
  for await (const { name, doc } of det.collectAssetDocs(index)) found.push([name, (doc as any).indices]);
  return found;
};

describe("a StandardDetector", () => {
  it("triggers one event as it is set, and tells its file once and then each event", async () => {
    const { det, log } = make();
    await det.stage();
    await expect(det.describe()).rejects.toThrow("det: Prepare not run; call prepare() before describe()");
    await det.trigger().wait();
    expect(log).toEqual(["stopped", "closed", "internal 1 x as it is", "closed", "start", "idle"]);
    expect(await det.describe()).toMatchObject({
      det: { external: "STREAM:", shape: [1, 3, 4], dtype: "array", dtype_numpy: "<u2" },
      gain: { dtype: "number" },
    });
    expect(Object.keys(await det.read())).toEqual(["gain"]);
    expect(det.hints).toEqual({ fields: ["det"] });
    expect(await assets(det)).toEqual([
      ["stream_resource", undefined],
      ["stream_datum", { start: 0, stop: 1 }],
    ]);
    await det.trigger().wait();
    expect(await assets(det)).toEqual([["stream_datum", { start: 1, stop: 2 }]]);
    expect(await assets(det)).toEqual([]);
  });

  it("flies the batches that it was prepared for and not one more", async () => {
    const { det } = make();
    await det.stage();
    await det.prepare({ numberOfEvents: [3, 2], collectionsPerEvent: 2, livetime: 0.1 }).wait();
    await det.kickoff().wait();
    await det.complete().wait();
    expect(await det.getIndex()).toBe(3);
    expect((await assets(det, 2)).at(-1)).toEqual(["stream_datum", { start: 0, stop: 2 }]);
    await det.kickoff().wait();
    await det.complete().wait();
    expect(await assets(det)).toEqual([["stream_datum", { start: 2, stop: 5 }]]);
    await expect(det.kickoff().wait()).rejects.toThrow(
      "det: Kickoff requested 5:7, but detector was only prepared up to 5",
    );
    expect((await det.describeCollect()).det?.shape).toEqual([2, 3, 4]);
  });

  it("says what it was asked out of order, or can't do", async () => {
    const { det } = make();
    await det.stage();
    await expect(det.kickoff().wait()).rejects.toThrow("Prepare not run; call prepare() before kickoff()");
    await det.prepare({ numberOfEvents: 2 }).wait();
    await expect(det.complete().wait()).rejects.toThrow("kickoff() must be called before complete()");
    await expect(det.trigger().wait()).rejects.toThrow("trigger() is not supported for multiple events");
    await expect(det.prepare({ trigger: "level" }).wait()).rejects.toThrow(
      'det can\'t be triggered by "level"; it supports internal, edge',
    );
    await expect(det.prepare({ deadtime: 0.01 }).wait()).rejects.toThrow("needs at least 0.1 s of deadtime, not 0.01");
    await expect(det.prepare({ trigger: "edge" }).wait()).rejects.toThrow("a livetime is needed for edge triggers");
    await expect(det.prepare({ collectionsPerEvent: 0 }).wait()).rejects.toThrow(
      "must be a whole number from 1, not 0",
    );
    await expect(det.prepare({ exposuresPerCollection: 2 }).wait()).rejects.toThrow("several exposures");
  });

  it("is armed by prepare when somebody else triggers it, by kickoff when it does so itself", async () => {
    const { det, log } = make();
    await det.prepare({ trigger: "edge", livetime: 0.1, numberOfEvents: 2 }).wait();
    expect(log).toEqual(["edge 2 x 0.1", "closed", "start"]);
    log.length = 0;
    await det.prepare({ numberOfEvents: 2 }).wait();
    expect(log).toEqual(["internal 2 x as it is"]);
    await det.kickoff().wait();
    expect(log.at(-1)).toBe("start");
  });

  it("opens its files again only when the collections of an event change", async () => {
    const { det, opened } = make();
    for (const collectionsPerEvent of [1, 1, 2]) await det.prepare({ collectionsPerEvent }).wait();
    expect(opened()).toBe(2);
  });

  it("fails when frames stay away, and when it is stopped", async () => {
    const { det } = make({ drop: 1 });
    await det.prepare({ numberOfEvents: 3, exposureTimeout: 0.05 }).wait();
    await det.kickoff().wait();
    await expect(det.complete().wait()).rejects.toThrow("det has written nothing for 0.05 s: 2 collections, not 3");
    await det.prepare({ numberOfEvents: 3 }).wait();
    await det.kickoff().wait();
    const complete = det.complete();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await det.stop();
    await expect(complete.wait()).rejects.toThrow("Device det was stopped.");
  });

  it("ends an endless flight well when it is stopped, and another one on request", async () => {
    const { det } = make({ drop: -4 });
    await det.prepare({ numberOfEvents: 0 }).wait();
    await det.kickoff().wait();
    const complete = det.complete();
    await vi.waitFor(async () => expect(await det.getIndex()).toBe(4));
    expect(complete.done).toBe(false);
    await det.stop();
    await complete.wait();
    await det.prepare({ numberOfEvents: 100 }).wait();
    await det.kickoff().wait();
    const finite = det.complete();
    await det.stop({ success: true });
    await finite.wait();
  });

  it("tells what its writer knows about frames that stay away, and about wrong ones in a step scan", async () => {
    const verify = async (announced: number) => {
      if (announced > 0) throw new Error("the writer dropped 1 array");
    };
    const { det } = make({ drop: 1, verify });
    await det.prepare({ numberOfEvents: 3, exposureTimeout: 0.05 }).wait();
    await det.kickoff().wait();
    await expect(det.complete().wait()).rejects.toThrow("2 collections, not 3; the writer dropped 1 array");
    const step = make({ verify });
    await expect(step.det.trigger().wait()).rejects.toThrow("the writer dropped 1 array");
  });
});
