import { describe, expect, it } from "vitest";
import {
  child,
  Device,
  DeviceMap,
  defineDevice,
  initDevices,
  NotConnectedError,
  type SignalBackend,
  SignalR,
  SignalRW,
  SoftBackend,
  softSignalR,
  softSignalRW,
  t,
} from "../../../src/devices/index.ts";
import { mockOf, mocksOf } from "../../../src/testing/index.ts";

class Stage extends Device {
  readonly x = this.add("x", softSignalRW(t.float));
  readonly y = this.add("y", softSignalRW(t.float));
}

class Table extends Device {
  readonly top = this.add("top", new Stage());
}

/** A backend whose connection is decided by the test. */
function unreachable(pv: string, connect: () => Promise<void>): SignalBackend<number> {
  const backend = new SoftBackend(t.float);
  backend.connect = connect;
  backend.source = () => `ca://${pv}`;
  return backend;
}

class NotThere extends Error {
  override readonly name = "NotConnectedError";
}

class Half extends Device {
  readonly good = this.add("good", softSignalRW(t.float));
  readonly bad: SignalR<number>;
  attempts = 0;
  there = false;

  constructor(name: string) {
    super({ name });
    const connect = async () => {
      this.attempts++;
      if (!this.there) throw new NotThere("ca://PV");
    };
    this.bad = this.add("bad", new SignalR(unreachable("PV", connect)));
  }
}

describe("the names of a device tree", () => {
  it("follow from the path, and a renamed parent renames all below it", () => {
    const table = new Table({ name: "table" });
    expect(table.top.x.name).toBe("table-top-x");
    table.rename("bench");
    expect(table.top.y.name).toBe("bench-top-y");
    expect(table.top.x.parent).toBe(table.top);
  });

  it("use the separator of the nearest parent that has one", () => {
    const table = new Table({ name: "table", separator: "_" });
    expect(table.top.x.name).toBe("table_top_x");
  });

  it("are the bare keys while the root has no name", () => {
    expect(new Table().top.x.name).toBe("top-x");
  });

  it("can't be changed below the root", () => {
    const table = new Table({ name: "table" });
    expect(() => table.top.rename("other")).toThrow("table-top is named by its parent table");
  });

  it("are those of children that were added: what a class keeps to itself is none", async () => {
    class Keeper extends Device {
      readonly #own = softSignalRW(t.float);
      readonly shown = this.add("shown", softSignalRW(t.float));

      get ownName(): string {
        return this.#own.name;
      }
    }
    const keeper = new Keeper({ name: "keeper" });
    await keeper.connect();
    expect([...keeper.children.keys()]).toEqual(["shown"]);
    expect([keeper.ownName, keeper.shown.name]).toEqual(["", "keeper-shown"]);
  });

  it("keep a child with the parent that has it", () => {
    class Thief extends Device {
      take(device: Device): void {
        this.add("stolen", device);
      }
    }
    const stage = new Stage({ name: "stage" });
    const thief = new Thief({ name: "thief" });
    expect(() => thief.take(stage.x)).toThrow(
      "Cannot set the parent of stage-x to be thief: it is already a child of stage",
    );
  });
});

describe("connecting a device tree", () => {
  it("shows all that failed as a tree, and leaves the rest usable", async () => {
    const half = new Half("dev");
    const error = await half.connect().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotConnectedError);
    expect((error as Error).message).toBe("\ndev: NotConnectedError:\n    bad: NotConnectedError: ca://PV\n");
    expect(await half.good.get()).toBe(0);
  });

  it("indents each level of the tree", async () => {
    const error = await initDevices({ one: new Half(""), two: new Half("") }).catch((reason: unknown) => reason);
    expect((error as Error).message).toBe(
      "\ninitDevices: NotConnectedError:\n" +
        "    one: NotConnectedError:\n        bad: NotConnectedError: ca://PV\n" +
        "    two: NotConnectedError:\n        bad: NotConnectedError: ca://PV\n",
    );
    expect([...(error as NotConnectedError).subErrors.keys()]).toEqual(["one", "two"]);
  });

  it("tells an error that has nothing to do with a child only once", async () => {
    class Many extends Device {
      constructor() {
        super({ name: "many" });
        const fail = () => Promise.reject(new Error("the addon was not built"));
        for (const key of ["a", "b", "c"]) this.add(key, new SignalR(unreachable(key, fail)));
      }
    }
    await expect(new Many().connect()).rejects.toThrow(/^the addon was not built$/);
  });

  it("tries again what failed and not what succeeded", async () => {
    const half = new Half("dev");
    await expect(half.connect()).rejects.toThrow();
    half.there = true;
    await half.connect();
    await half.connect();
    expect(half.attempts).toBe(2);
  });

  it("is shared by callers that come while it goes on, and repeated when forced", async () => {
    const half = new Half("dev");
    half.there = true;
    await Promise.all([half.connect(), half.connect()]);
    expect(half.attempts).toBe(1);
    await half.connect({ force: true });
    expect(half.attempts).toBe(2);
  });

  it("goes to stand-ins with mock, and back to the real ones without", async () => {
    const half = new Half("dev");
    await half.connect({ mock: true });
    expect(half.attempts).toBe(0);
    expect(half.bad.source).toBe("mock+ca://PV");
    mockOf(half.bad).setValue(4);
    expect(await half.bad.get()).toBe(4);
    expect([...mocksOf(half).keys()]).toEqual(["dev-good", "dev-bad"]);
    half.there = true;
    await half.connect();
    expect(half.bad.source).toBe("ca://PV");
    expect(() => mockOf(half.bad)).toThrow("ca://PV is not mocked");
  });

  it("connects a hundred mocked bundles of five devices in well under half a second", async () => {
    class Bundle extends Device {
      constructor() {
        super();
        for (let i = 0; i < 5; i++) this.add(`s${i}`, new Table());
      }
    }
    const bundles = new DeviceMap(Array.from({ length: 100 }, (_, i) => [i, new Bundle()] as const));
    const begun = performance.now();
    await bundles.connect({ mock: true });
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe("initDevices", () => {
  it("names devices after their keys and connects them", async () => {
    const { stage, other } = await initDevices({ stage: new Stage(), other: new Stage({ name: "mine" }) });
    expect(stage.x.name).toBe("stage-x");
    expect(other.name).toBe("mine");
  });

  it("ends with the reason of its signal", async () => {
    const signal = AbortSignal.abort(new Error("no longer wanted"));
    await expect(initDevices({ half: new Half("") }, { signal })).rejects.toThrow(/^no longer wanted$/);
  });

  it("refuses two devices of one name", async () => {
    await expect(initDevices({ a: new Stage({ name: "b" }), b: new Stage() })).rejects.toThrow(
      'Devices do not have unique names: a and b are both called "b"',
    );
  });
});

describe("a DeviceMap", () => {
  it("names its children by number and gives them by key", () => {
    const map = new DeviceMap({ 1: new Stage(), 3: new Stage() }, { name: "bank" });
    expect([...map.keys()]).toEqual([1, 3]);
    expect(map.get(3).x.name).toBe("bank-3-x");
    expect(() => map.get(2 as 1)).toThrow("bank has no child 2; it has 1, 3");
    expect([...map].map(([key]) => key)).toEqual([1, 3]);
  });
});

describe("a declared device", () => {
  const Slit = defineDevice({
    gap: child((prefix) => softSignalRW(t.float, prefix.length), "hinted"),
    speed: child(() => softSignalRW(t.float, 2), "config"),
    label: child(() => softSignalR(t.string, "s")),
  });

  it("has its children as properties, made for its prefix", async () => {
    const slit = new Slit("IOC:", { name: "slit" });
    await slit.connect();
    expect(slit.gap).toBeInstanceOf(SignalRW);
    expect(Object.keys(await slit.read())).toEqual(["slit-gap"]);
    expect((await slit.read())["slit-gap"]?.value).toBe(4);
    expect(Object.keys(await slit.readConfiguration())).toEqual(["slit-speed"]);
    expect(slit.hints).toEqual({ fields: ["slit-gap"] });
  });

  it("can be extended by a class", async () => {
    class Jaws extends Slit {
      async half(): Promise<number> {
        return (await this.gap.get()) / 2;
      }
    }
    const jaws = new Jaws("ABCD", { name: "jaws" });
    await jaws.connect({ mock: true });
    mockOf(jaws.gap).setValue(3);
    expect(await jaws.half()).toBe(1.5);
  });

  it("refuses what the device uses itself also where nobody has checked the types", () => {
    for (const key of ["read", "set", "children", "addProperty"]) {
      const children = { [key]: child(() => softSignalRW(t.float)) };
      expect(() => new (defineDevice(children))("")).toThrow(
        `a child can't be called "${key}": the device itself uses that name; use "${key}_"`,
      );
    }
  });
});
