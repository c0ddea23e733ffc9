import { afterEach, describe, expect, it, vi } from "vitest";
import {
  isStatus,
  type Progress,
  Status,
  StatusCancelled,
  StatusTimeoutError,
  status,
  toStatus,
} from "../../../src/devices/index.ts";

const never = () => new Promise<void>(() => {});

afterEach(() => vi.restoreAllMocks());

describe("a status", () => {
  it("succeeds when its promise resolves and fails when it rejects or throws", async () => {
    const fine = status(async () => "ignored");
    expect([fine.done, fine.success]).toEqual([false, false]);
    await fine.wait();
    expect([fine.done, fine.success, fine.error]).toEqual([true, true, undefined]);
    const failed = status(() => Promise.reject(new Error("broken")));
    await expect(failed.wait()).rejects.toThrow("broken");
    expect([failed.done, failed.success, failed.error?.message]).toEqual([true, false, "broken"]);
    const thrown = status(() => {
      throw new Error("at once");
    });
    expect(thrown.error?.message).toBe("at once");
  });

  it("begins its work at once", () => {
    let begun = false;
    status(async () => {
      begun = true;
    });
    expect(begun).toBe(true);
  });

  it("is never thenable, so that yield* and await do not wait for it", async () => {
    const pending = status(never);
    expect("then" in pending).toBe(false);
    expect(await (async () => pending)()).toBe(pending);
  });

  it("that fails with nobody listening is no unhandled rejection", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    status(() => Promise.reject(new Error("nobody cares")));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("calls back once when it settles, and at once when it has settled already", async () => {
    const calls: boolean[] = [];
    const one = status(async () => {});
    one.onDone(({ success }) => calls.push(success));
    expect(calls).toEqual([]);
    await one.wait();
    one.onDone(({ success }) => calls.push(success));
    expect(calls).toEqual([true, true]);
  });

  it("calls nobody back who has unsubscribed", async () => {
    const listener = vi.fn();
    const one = status(async () => {});
    one.onDone(listener).unsubscribe();
    await one.wait();
    expect(listener).not.toHaveBeenCalled();
  });

  it("keeps a listener that throws from the others, and reports it", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const one = status(async () => {});
    const listener = vi.fn();
    one.onDone(() => {
      throw new Error("listener broke");
    });
    one.onDone(listener);
    await one.wait();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0]?.[0])).toContain("listener broke");
  });
});

describe("the progress of a status", () => {
  it("is merged, has its elapsed time, and a late watcher gets the last report", async () => {
    const seen: Progress[] = [];
    let report: (progress: Partial<Progress>) => void = () => {};
    const one = status((context) => {
      report = context.report;
      return never();
    });
    report({ initial: 0, target: 10, unit: "mm" });
    report({ current: 5 });
    one.watch((progress) => seen.push(progress));
    report({ current: 7 });
    expect(seen).toMatchObject([
      { initial: 0, target: 10, current: 5, unit: "mm" },
      { current: 7, target: 10 },
    ]);
    expect(seen[1]?.elapsed).toBeGreaterThanOrEqual(0);
  });

  it("ends with the status", async () => {
    let report: (progress: Partial<Progress>) => void = () => {};
    const one = status(async (context) => {
      report = context.report;
    });
    const watcher = vi.fn();
    one.watch(watcher);
    await one.wait();
    report({ current: 1 });
    expect(watcher).not.toHaveBeenCalled();
  });
});

describe("waiting for a status", () => {
  it("gives up after its time without cancelling the action", async () => {
    const one = status(never);
    await expect(one.wait({ timeoutMs: 5 })).rejects.toThrow(StatusTimeoutError);
    expect(one.done).toBe(false);
  });

  it("gives up when its signal is aborted, before or while it waits", async () => {
    const one = status(never);
    await expect(one.wait({ signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
    const controller = new AbortController();
    const waiting = one.wait({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    await expect(waiting).rejects.toThrow("changed my mind");
    expect(one.done).toBe(false);
  });
});

describe("cancelling a status", () => {
  it("fails it with the reason and aborts its signal", async () => {
    let aborted: unknown;
    const one = status(({ signal }) => {
      signal.addEventListener("abort", () => {
        aborted = signal.reason;
      });
      return never();
    });
    one.cancel("enough");
    expect(one.error).toBeInstanceOf(StatusCancelled);
    expect(aborted).toBe(one.error);
    await expect(one.wait()).rejects.toThrow("cancelled: enough");
  });

  it("does nothing when it is done", async () => {
    const one = status(async () => {});
    await one.wait();
    one.cancel("enough");
    expect(one.success).toBe(true);
    Status.finished().cancel();
    expect(Status.finished().success).toBe(true);
  });
});

describe("an answer of a device", () => {
  it("is a status by brand or by shape, whatever its class", () => {
    const foreign = {
      done: true,
      success: true,
      onDone: () => {},
      watch: () => {},
      wait: async () => {},
      cancel: () => {},
    };
    expect(isStatus(foreign)).toBe(true);
    expect(toStatus(foreign, "set() of m")).toBe(foreign);
    expect(isStatus(Promise.resolve())).toBe(false);
    expect(isStatus(null)).toBe(false);
  });

  it("that is a promise is wrapped and not awaited", async () => {
    let resolve = (): void => {};
    const wrapped = toStatus(
      new Promise<void>((done) => {
        resolve = done;
      }),
      "set() of m",
    );
    expect(wrapped.done).toBe(false);
    resolve();
    await wrapped.wait();
    await expect(toStatus(Promise.reject(new Error("no")), "set() of m").wait()).rejects.toThrow("no");
  });

  it("that is neither is refused, with the culprit", () => {
    expect(() => toStatus(undefined, "set() of m")).toThrow("set() of m answered with undefined");
  });

  it("can be finished or failed from the start", () => {
    expect(Status.finished().success).toBe(true);
    const error = new Error("no");
    expect(Status.failed(error)).toMatchObject({ done: true, success: false, error });
  });
});
