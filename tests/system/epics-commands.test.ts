import type { SignalX } from "cerulean/devices";
import {
  ChannelRequestError,
  type Context,
  epicsSignalX,
  getContext,
  NotConnectedError,
  PutOutcomeUnknownError,
  WriteAccessError,
} from "cerulean/epics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { startP4pServer } from "./support/p4p-server.ts";

const RULES = `ASG(DEFAULT) { RULE(1, READ) RULE(1, WRITE) }
ASG(FIXED) { RULE(1, READ) }
`;
/** `k:go` starts what takes half a second and counts in `k:done`, `k:slow` and `k:slower` what takes a minute. */
const RECORDS = `record(bo, "k:go") { field(ZNAM, "Idle") field(ONAM, "Go") field(FLNK, "k:work") }
record(seq, "k:work") { field(DLY1, "0.5") field(LNK1, "k:done.PROC PP") field(DO1, "1") }
record(calcout, "k:done") { field(INPA, "k:done.VAL") field(CALC, "A+1") }
record(longout, "k:slow") { field(FLNK, "k:long") }
record(seq, "k:long") { field(DLY1, "60") field(LNK1, "k:done.PROC PP") field(DO1, "1") }
record(longout, "k:slower") { field(FLNK, "k:longer") }
record(seq, "k:longer") { field(DLY1, "60") field(LNK1, "k:done.PROC PP") field(DO1, "1") }
record(longout, "k:fixed") { field(ASG, "FIXED") field(VAL, "3") field(PINI, "YES") }
`;
const WORK_MS = 500;

describe.each(["ca", "pva"] as const)("a command over %s", (protocol) => {
  let ioc: CIoc;
  let context: Context;

  beforeAll(async () => {
    ioc = await CIoc.start(RECORDS, { acf: RULES });
    context = getContext(ioc.context);
  });
  afterAll(async () => {
    await context?.close({ force: true });
    await ioc?.stop();
  });

  async function command(record: string, options: { readonly value?: unknown } = {}) {
    const signal = epicsSignalX(`${protocol}://${record}`, { name: record.slice(2), context, ...options });
    await signal.connect({ timeoutMs: 5_000 });
    return signal;
  }
  async function recordOf(record: string): Promise<unknown> {
    await using channel = context.channel(`ca://${record}`);
    return await channel.get();
  }

  it("writes its second label and ends with what that started", async () => {
    const go = await command("k:go");
    const before = Number(await recordOf("k:done"));
    const begun = performance.now();
    const status = go.trigger();
    await expect.poll(() => recordOf("k:go")).toBe(1);
    expect(status.done).toBe(false);
    await status.wait();
    expect(performance.now() - begun).toBeGreaterThan(WORK_MS * 0.9);
    expect(await recordOf("k:done")).toBe(before + 1);
    await go.dispose();
  });

  it("writes the value that it was made with", async () => {
    const go = await command("k:go", { value: "Idle" });
    await go.trigger().wait();
    expect(await recordOf("k:go")).toBe(0);
    await go.dispose();
  });

  it("ends at once without waiting, and what it started goes on", async () => {
    const go = await command("k:go");
    const before = Number(await recordOf("k:done"));
    const begun = performance.now();
    await go.trigger({ wait: false }).wait();
    expect(performance.now() - begun).toBeLessThan(WORK_MS * 0.9);
    await expect.poll(() => recordOf("k:done"), { timeout: 5_000 }).toBe(before + 1);
    await go.dispose();
  });

  it("fails at once where this client may not write", async () => {
    const fixed = await command("k:fixed");
    const begun = performance.now();
    const refused = fixed.trigger({ timeoutMs: 5_000 }).wait();
    await expect(refused).rejects.toThrow(WriteAccessError);
    await expect(refused).rejects.toThrow(`${protocol}://k:fixed denies write access`);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await recordOf("k:fixed")).toBe(3);
    await fixed.dispose();
  });

  it("is not connected without a server", async () => {
    const gone = epicsSignalX(`${protocol}://k:nowhere`, { name: "gone", context });
    await expect(gone.connect({ timeoutMs: 200 })).rejects.toThrow(NotConnectedError);
    await gone.dispose();
  });

  it("tells that its outcome is not known after its time, and when its server went away", async () => {
    const [slow, slower] = await Promise.all([command("k:slow"), command("k:slower")]);
    const late = slow.trigger({ timeoutMs: 200 });
    const cut = slower.trigger({ timeoutMs: 20_000 });
    await expect(late.wait()).rejects.toThrow(PutOutcomeUnknownError);
    await expect.poll(() => Promise.all([recordOf("k:slow"), recordOf("k:slower")])).toEqual([1, 1]);
    await Promise.all([expect(cut.wait()).rejects.toThrow(PutOutcomeUnknownError), ioc.kill()]);
    await Promise.all([slow.dispose(), slower.dispose()]);
  });
});

describe("a command that the server refuses", () => {
  async function refused(signal: SignalX): Promise<string> {
    await signal.connect({ timeoutMs: 5_000 });
    const status = signal.trigger({ timeoutMs: 5_000 });
    const error = await status.wait().catch((error: unknown) => error);
    expect([status.done, status.success, error]).toEqual([true, false, expect.any(ChannelRequestError)]);
    await signal.dispose();
    return String(error);
  }

  it("fails over Channel Access", async () => {
    await using ioc = await CIoc.start('record(longout, "k:disabled") { field(DISP, "1") }');
    await using context = getContext(ioc.context);
    const disabled = epicsSignalX("ca://k:disabled", { name: "disabled", context });
    expect(await refused(disabled)).toMatch(/ca:\/\/k:disabled answered: .+/);
    await using channel = context.channel("ca://k:disabled");
    expect(await channel.get()).toBe(0);
  });

  // Not on a C IOC: its QSRV says that all is well when a record refuses what is put with completion.
  it("fails over pvAccess, with the server's words", async () => {
    await using server = await startP4pServer({ "k:shutter": "refusing" });
    await using context = getContext(server.context);
    const shutter = epicsSignalX("pva://k:shutter", { name: "shutter", context });
    expect(await refused(shutter)).toContain("pva://k:shutter answered: the interlock is open");
  });
});
