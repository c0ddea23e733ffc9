import { describe, expect, it } from "vitest";
import { RequestStop } from "../../../src/engine/errors.ts";
import { Msg, type Plan, type PlanLike, STEPS } from "../../../src/engine/msg.ts";
import * as bpp from "../../../src/plans/preprocessors/index.ts";
import type * as bps from "../../../src/plans/stubs/index.ts";

const stageable = { name: "stage", stage: () => [], unstage: () => [] };

function* stub(): bps.Many<unknown> {
  return yield* new Msg<string, unknown>("null", null, ["inner"]);
}

async function* plan(): Plan<unknown> {
  return yield* stub();
}

function wrapped(inner: PlanLike<unknown>): AsyncGenerator<Msg, unknown, unknown> {
  return bpp.stageWrapper(bpp.runWrapper(inner), [stageable]);
}

/** Drives the plan to the message of the inner one. */
async function toInner(driven: AsyncGenerator<Msg, unknown, unknown>): Promise<void> {
  for (let step = await driven.next(); step.value instanceof Msg && step.value.command !== "null"; ) {
    step = await driven.next();
  }
}

describe("a plan in wrappers", () => {
  it("can be driven without a promise a message when it is a stub, and only then", () => {
    expect(STEPS in wrapped(stub())).toBe(true);
    expect(STEPS in wrapped(plan())).toBe(false);
    expect(STEPS in bpp.finalizeWrapper(stub(), plan)).toBe(false);
  });
});

describe.each([
  ["a stub", stub],
  ["a plan", plan],
])("%s in wrappers", (_kind, make) => {
  it("is delegated to like any async generator, and sends the same messages", async () => {
    async function* outer(): Plan<unknown> {
      return yield* wrapped(make());
    }
    const commands: string[] = [];
    const driven = outer() as AsyncGenerator<Msg, unknown, any>;
    let step = await driven.next();
    while (!step.done) {
      commands.push(step.value.command);
      step = await driven.next(`did ${step.value.command}`);
    }
    expect(commands).toEqual(["stage", "wait", "open_run", "null", "close_run", "unstage", "wait"]);
    expect(step.value).toBe("did open_run");
  });

  it("is told of an error and cleans up before it throws it", async () => {
    const driven = wrapped(make());
    await toInner(driven);
    const error = new Error("the beam is gone");
    const closing = await driven.throw(error);
    expect(closing.value).toMatchObject({
      command: "close_run",
      kwargs: { exitStatus: "fail", reason: "the beam is gone" },
    });
    expect((await driven.next()).value).toMatchObject({ command: "unstage" });
    await expect(driven.next([])).rejects.toBe(error);
  });

  it("closes its run as a success when it is told to stop", async () => {
    const driven = wrapped(make());
    await toInner(driven);
    const closing = await driven.throw(new RequestStop("enough"));
    expect(closing.value).toMatchObject({ command: "close_run", kwargs: { exitStatus: "success" } });
  });

  it("sends nothing more when it is halted", async () => {
    const driven = wrapped(make());
    await toInner(driven);
    expect(await driven.return(undefined)).toMatchObject({ done: true });
    expect(await driven.next()).toMatchObject({ done: true });
  });
});
