import { describe, expect, it } from "vitest";
import { Context } from "../../../../src/devices/epics/context.ts";
import { ContextInUseError, ContextOptionError, NotConnectedError } from "../../../../src/devices/epics/errors.ts";
import { Queue } from "../../../../src/devices/epics/queue.ts";
import { FakeAddon } from "./fake-addon.ts";

function open() {
  const addon = new FakeAddon();
  return { addon, context: new Context(new Queue(addon), { addrList: ["here"], pva: { serverPort: 7 } }) };
}

describe("a context", () => {
  it("hands its options to the protocols they are for", () => {
    const { addon } = open();
    expect(addon.contexts.get(1)).toEqual({ caAddrList: ["here"], pvaAddrList: ["here"], pvaServerPort: 7 });
  });

  it.each([
    [{ addrList: "here" }, 'addrList is an array of "host" or "host:port", not "here"'],
    [{ pva: { nameServers: [5] } }, 'pva.nameServers is an array of "host" or "host:port", not [5]'],
    [{ ca: { autoAddrList: "NO" } }, 'ca.autoAddrList is true or false, not "NO"'],
    [{ ca: { serverPort: 99_999 } }, "ca.serverPort is a port from 1 to 65535, not 99999"],
    [{ ca: { serverPort: "5064" } }, 'ca.serverPort is a port from 1 to 65535, not "5064"'],
    [{ pva: { broadcastPort: 5076.5 } }, "pva.broadcastPort is a port from 1 to 65535, not 5076.5"],
    [{ user: 5 }, "user is a text, not 5"],
  ])("refuses %o", (options, message) => {
    const make = () => new Context(new Queue(new FakeAddon()), options as object);
    expect(make).toThrow(ContextOptionError);
    expect(make).toThrow(message);
  });

  it("refuses an option that holds for the whole process, with the variable to set instead", () => {
    const queue = new Queue(new FakeAddon());
    const options = { ca: { connectionTimeoutMs: 5 } } as object;
    expect(() => new Context(queue, options)).toThrow(ContextOptionError);
    expect(() => new Context(queue, options)).toThrow(
      "ca.connectionTimeoutMs holds for the whole process: set EPICS_CA_CONN_TMO and EPICS_PVA_CONN_TMO",
    );
    expect(() => new Context(queue, { adrList: [] } as object)).toThrow("there is no context option adrList");
  });

  it("takes a bare name for Channel Access and refuses an unknown protocol", () => {
    const { context } = open();
    expect(context.channel("X").source).toBe("ca://X");
    expect(context.channel("pva://Y").source).toBe("pva://Y");
    expect(() => context.channel("tango://Z")).toThrow('there is no protocol "tango"');
    expect(() => context.channel("pva://")).toThrow("names no PV");
  });

  it("answers a bulk read in the order of the names, each name once, failures in place", async () => {
    const { addon, context } = open();
    const got = context.bulkGet(["b", "pva://a", "b", "foo://x"], { timeoutMs: 100 });
    expect(addon.asked.at(-1)?.arguments).toEqual([[1, 2], 1, 100]);
    addon.bulk(addon.last("bulkRead"), [{ value: 2 }, { failed: [0, "was not found in time"] }]);
    const readings = await got;
    expect([...readings.keys()]).toEqual(["b", "pva://a", "foo://x"]);
    expect(readings.get("b")).toMatchObject({ value: 2 });
    expect(readings.get("pva://a")).toEqual({ error: expect.any(NotConnectedError) });
    expect(readings.get("foo://x")).toEqual({ error: expect.any(TypeError) });
  });

  it("keeps the channels of bulk reads from one to the next, and counts them as used by nobody", async () => {
    const { addon, context } = open();
    for (const value of [1, 2]) {
      const got = context.bulkGet(["a"]);
      addon.bulk(addon.last("bulkRead"), [{ value }]);
      expect((await got).get("a")).toMatchObject({ value });
    }
    expect(addon.opened.size).toBe(1);
    await context.close();
    expect(addon.opened.size).toBe(0);
  });

  it("aborts a bulk read", async () => {
    const { addon, context } = open();
    const controller = new AbortController();
    const got = context.bulkGet(["a"], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(got).rejects.toThrow("enough");
    expect(addon.cancelled).toEqual([addon.last("bulkRead")]);
  });

  it("writes many values and tells which failed", async () => {
    const { addon, context } = open();
    const put = context.bulkPut(
      new Map<string, unknown>([
        ["a", 1],
        ["b", 2],
      ]),
    );
    await expect.poll(() => addon.asked.at(-1)?.what).toBe("bulkPut");
    expect(addon.asked.at(-1)?.arguments).toEqual([[1, 2], [1, 2], [0, 0], true]);
    addon.bulk(addon.last("bulkPut"), [{ failed: [2, "denies"] }, { failed: [0, "is away"] }]);
    expect([...(await put).values()].map((answer) => ("error" in answer ? answer.error.message : answer))).toEqual([
      "ca://a denies",
      "ca://b is away",
    ]);
  });

  it("is not closed under those who hold its channels, and says who they are", async () => {
    const { context } = open();
    const channel = context.channel("pva://busy");
    await expect(context.close()).rejects.toThrow(ContextInUseError);
    await expect(context.close()).rejects.toThrow("channels are in use: pva://busy");
    await context.close({ force: true });
    await expect(channel.read()).rejects.toThrow("pva://busy is closed");
  });
});

describe("the queue's logs", () => {
  it("are asked for while somebody listens, and no longer", () => {
    const addon = new FakeAddon();
    const queue = new Queue(addon);
    const heard: string[] = [];
    const listening = queue.addLogListener((level, target, message, fields) =>
      heard.push(`${level} ${target} ${message} ${fields.server}`),
    );
    expect(addon.listening).toBe(true);
    addon.log("WARN", "epics_ca_rs", "something", { server: "ioc:5064" });
    listening[Symbol.dispose]();
    expect(addon.listening).toBe(false);
    expect(heard).toEqual(["warn epics_ca_rs something ioc:5064"]);
  });
});
