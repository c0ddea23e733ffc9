import { describe, expect, it } from "vitest";
import { RequestAbort, RequestStop } from "../../../src/engine/errors.ts";
import { Msg, type Plan } from "../../../src/engine/msg.ts";
import { count, relScan } from "../../../src/plans/index.ts";
import * as bpp from "../../../src/plans/preprocessors/index.ts";
import * as bps from "../../../src/plans/stubs/index.ts";
import { Bench, commands, runPlan } from "./support/bench.ts";

/** Named nulls, so that one can see which came when. */
const step = (name: string): Msg<"null", string> => new Msg("null", { name });
const answering = (msg: Msg): string | undefined => (msg.command === "null" ? `did ${msg.obj.name}` : undefined);
const names = (messages: readonly Msg[]): string[] => messages.map((msg) => msg.obj?.name ?? msg.command);

function* stub(): bps.Many<string[]> {
  const answers: string[] = [];
  for (const name of ["a", "b", "c"]) answers.push(yield* step(name));
  return answers;
}

async function* plan(): Plan<string[]> {
  return yield* stub();
}

/** Drives a plan up to the message with that name and halts it there, like the engine; answers with what came after. */
async function haltAt(driven: AsyncGenerator<Msg, unknown, any>, name: string): Promise<string[]> {
  let next = await driven.next(undefined);
  while (!next.done && next.value.obj?.name !== name) next = await driven.next(undefined);
  const after: string[] = [];
  for (next = await driven.return(undefined); !next.done; next = await driven.next(undefined)) {
    after.push(...names([next.value]));
  }
  return after;
}

describe.each([
  ["a stub", stub],
  ["a plan", plan],
])("planMutator on %s", (_kind, make) => {
  it("leaves messages alone, with their answers and the plan's result", async () => {
    const { messages, result } = await runPlan(
      bpp.planMutator(make(), () => null),
      answering,
    );
    expect(names(messages)).toEqual(["a", "b", "c"]);
    expect(result).toEqual(["did a", "did b", "did c"]);
  });

  it("runs the head in place of the message and answers with the head's last response", async () => {
    const mutated = bpp.planMutator(make(), (msg) =>
      msg.obj.name === "b" ? [[step("x"), msg, step("y")], null] : null,
    );
    const { messages, result } = await runPlan(mutated, answering);
    expect(names(messages)).toEqual(["a", "x", "b", "y", "c"]);
    expect(result).toEqual(["did a", "did y", "did c"]);
  });

  it("runs the tail after the message and keeps the message's answer", async () => {
    const mutated = bpp.planMutator(make(), (msg) => (msg.obj.name === "b" ? [null, [step("x")]] : null));
    const { messages, result } = await runPlan(mutated, answering);
    expect(names(messages)).toEqual(["a", "b", "x", "c"]);
    expect(result).toEqual(["did a", "did b", "did c"]);
  });

  it("processes the messages of heads and tails like the plan's own", async () => {
    const mutated = bpp.planMutator(make(), (msg) => {
      if (msg.obj.name === "b") return [[step("x"), msg], [step("y")]];
      if (msg.obj.name === "x") return [[msg, step("x2")], null];
      return null;
    });
    expect(names((await runPlan(mutated)).messages)).toEqual(["a", "x", "x2", "b", "y", "c"]);
  });

  it("replaces a message that the plan sends twice both times", async () => {
    const same = step("same");
    const twice = (function* (): bps.Many {
      yield* same;
      yield* same;
    })();
    const mutated = bpp.planMutator(twice, (msg) => (msg === same ? [[step("x"), msg], null] : null));
    expect(names((await runPlan(mutated)).messages)).toEqual(["x", "same", "x", "same"]);
  });

  it("throws an error in a head into the plan, which may go on", async () => {
    const caught: unknown[] = [];
    const careful = (async function* (): Plan<void> {
      try {
        yield* step("a");
      } catch (error) {
        caught.push(error);
        yield* step("recovered");
      }
    })();
    const mutated = bpp.planMutator(careful, (msg) =>
      msg.obj.name === "a" ? [[step("x"), msg], [step("tail")]] : null,
    );
    const failure = new Error("lost");
    const { messages, error } = await runPlan(mutated, (msg) => {
      if (msg.obj.name === "x") throw failure;
    });
    expect(error).toBeUndefined();
    expect(caught).toEqual([failure]);
    expect(names(messages)).toEqual(["x", "recovered"]);
  });

  it("throws an error of its message processor into the plan", async () => {
    const { error } = await runPlan(
      bpp.planMutator(make(), () => {
        throw new Error("bad processor");
      }),
    );
    expect(String(error)).toMatch(/bad processor/);
  });

  it("advances the plan only when it is asked for the next message", async () => {
    let reached = "";
    const watched = (async function* (): Plan<void> {
      reached = "a";
      yield* step("a");
      reached = "b";
      yield* step("b");
    })();
    const mutated = bpp.planMutator(watched, () => null) as AsyncGenerator<Msg, void, any>;
    expect(reached).toBe("");
    await mutated.next(undefined);
    expect(reached).toBe("a");
    await mutated.return(undefined);
    expect(reached).toBe("a");
  });

  it("ends every plan on its stack when it is halted", async () => {
    const ended: string[] = [];
    async function* guarded(name: string, inner: Iterable<Msg>): Plan<void> {
      try {
        yield* inner;
      } finally {
        ended.push(name);
      }
    }
    const mutated = bpp.planMutator(guarded("plan", [step("a")]), (msg) =>
      msg.obj.name === "a" ? [guarded("head", [step("x")]), null] : null,
    );
    expect(await haltAt(mutated, "x")).toEqual([]);
    expect(ended).toEqual(["head", "plan"]);
  });
});

describe("msgMutator", () => {
  it("leaves a message out and answers it with nothing", async () => {
    const { messages, result } = await runPlan(
      bpp.msgMutator(plan(), (msg) => (msg.obj.name === "b" ? null : msg)),
      answering,
    );
    expect(names(messages)).toEqual(["a", "c"]);
    expect(result).toEqual(["did a", undefined, "did c"]);
  });
});

describe("finalizeWrapper", () => {
  const wrapped = () => bpp.finalizeWrapper(plan(), () => [step("final")]);

  it("runs the final plan after the plan and answers with the plan's result", async () => {
    const { messages, result } = await runPlan(wrapped(), answering);
    expect(names(messages)).toEqual(["a", "b", "c", "final"]);
    expect(result).toEqual(["did a", "did b", "did c"]);
  });

  it.each([new Error("lost"), new RequestStop(), new RequestAbort("enough")])("runs it on %s too", async (thrown) => {
    const { messages, error } = await runPlan(wrapped(), (msg) => {
      if (msg.obj.name === "b") throw thrown;
    });
    expect(names(messages)).toEqual(["a", "b", "final"]);
    expect(error).toBe(thrown);
  });

  it("does not run it on a halt", async () => {
    expect(await haltAt(wrapped(), "b")).toEqual([]);
  });

  it("throws the final plan's own error, with what came before as its cause", async () => {
    const { error } = await runPlan(wrapped(), (msg) => {
      if (msg.obj.name === "b") throw new Error("first");
      if (msg.obj.name === "final") throw new Error("second");
    });
    expect(error).toMatchObject({ message: "second", cause: { message: "first" } });
  });

  it("takes a plan as well as a function that makes one", async () => {
    const { messages } = await runPlan(bpp.finalizeWrapper(stub(), step("final")));
    expect(names(messages)).toEqual(["a", "b", "c", "final"]);
  });

  it("pauses after an error when that is asked for", async () => {
    const { messages } = await runPlan(
      bpp.finalizeWrapper(plan(), () => [step("final")], { pauseForDebug: true }),
      (msg) => {
        if (msg.obj?.name === "a") throw new Error("lost");
      },
    );
    expect(names(messages)).toEqual(["a", "pause", "final"]);
  });

  it("has no decorator for a plan that can run only once", () => {
    expect(() => bpp.finalizeDecorator(stub() as never)).toThrow(/must be a function/);
  });
});

describe("contingencyWrapper", () => {
  const parts = {
    exceptPlan: () => [step("except")],
    elsePlan: () => [step("else")],
    finalPlan: () => [step("final")],
  };
  const fail = (msg: Msg): undefined => {
    if (msg.obj.name === "b") throw new Error("lost");
  };

  it("runs its parts as try, catch, else and finally do", async () => {
    expect(names((await runPlan(bpp.contingencyWrapper(plan(), parts))).messages)).toEqual([
      "a",
      "b",
      "c",
      "else",
      "final",
    ]);
    const failed = await runPlan(bpp.contingencyWrapper(plan(), parts), fail);
    expect(names(failed.messages)).toEqual(["a", "b", "except", "final"]);
    expect(failed.error).toMatchObject({ message: "lost" });
  });

  it("swallows the error when told to, and answers with what the except plan does", async () => {
    const exceptPlan = () => step("except");
    const { result, error } = await runPlan(
      bpp.contingencyWrapper(plan() as Plan<any>, { exceptPlan, autoRaise: false }),
      (msg) => fail(msg) ?? answering(msg),
    );
    expect(error).toBeUndefined();
    expect(result).toBe("did except");
  });
});

describe("a list of messages for a plan", () => {
  it("fails with the engine's error, though a list has no throw", async () => {
    const { error } = await runPlan(bpp.runWrapper([step("a"), step("b")] as never), (msg) => {
      if (msg.obj?.name === "b") throw new Error("lost");
    });
    expect(error).toMatchObject({ message: "lost" });
  });
});

describe("runWrapper", () => {
  const closing = async (thrown: unknown) => {
    const { messages } = await runPlan(bpp.runWrapper(plan()), (msg) => {
      if (msg.obj?.name === "b") throw thrown;
    });
    return messages.at(-1)?.kwargs;
  };

  it("closes a failed run with the error's message", async () => {
    expect(await closing(new TypeError("no beam"))).toEqual({ exitStatus: "fail", reason: "no beam" });
  });

  it("closes an aborted run with the reason of the abort, which bluesky loses", async () => {
    expect(await closing(new RequestAbort("sample fell off"))).toEqual({
      exitStatus: "abort",
      reason: "sample fell off",
    });
  });

  it("closes a stopped run as a success, with no reason", async () => {
    expect(await closing(new RequestStop("stopped"))).toEqual({ exitStatus: "success", reason: undefined });
  });

  it("leaves a halted run to the engine", async () => {
    expect(await haltAt(bpp.runWrapper(plan()), "b")).toEqual([]);
  });
});

describe("relative plans", () => {
  it("send the motors back when they fail, and not when they are halted", async () => {
    const bench = new Bench();
    const failed = await bench.run(relScan([bench.det], bench.m1, -1, 1, 3), (msg) => {
      if (msg.command === "trigger") throw new Error("lost");
    });
    expect(commands(failed).slice(-2)).toEqual(["set m1", "wait"]);
    expect(failed.messages.at(-2)?.args).toEqual([3]);
  });
});

describe("preprocessors around runs", () => {
  it("use the key of the run that they work in", async () => {
    const bench = new Bench();
    const keyed = bpp.setRunKeyWrapper(count([bench.det]), "side");
    const supplement = bpp.supplementalData({ baseline: [bench.m1], monitors: [bench.signal], flyers: [bench.flyer] });
    const { messages } = await bench.run(supplement(keyed));
    expect(new Set(messages.map((msg) => msg.run))).toEqual(new Set(["side"]));
  });

  it("follow the lists of supplementalData as they are when the plan starts", async () => {
    const bench = new Bench();
    const supplement = bpp.supplementalData();
    expect(commands(await bench.run(supplement(count([bench.det]))))).not.toContain("monitor signal");
    supplement.monitors.push(bench.signal);
    expect(commands(await bench.run(supplement(count([bench.det]))))).toContain("monitor signal");
    supplement.monitors = [];
    expect(commands(await bench.run(supplement(count([bench.det]))))).not.toContain("monitor signal");
  });
});

describe("subsWrapper", () => {
  it("subscribes each callback under its name and unsubscribes all at the end", async () => {
    const [one, two] = [() => {}, () => {}];
    const { messages } = await runPlan(bpp.subsWrapper(stub(), { all: [one, two], start: one }));
    const subscribed = messages.filter((msg) => msg.command === "subscribe");
    expect(subscribed.map((msg) => [msg.args[0], msg.kwargs.name])).toEqual([
      [one, "all"],
      [two, "all"],
      [one, "start"],
    ]);
    expect(messages.slice(-3).map((msg) => msg.command)).toEqual(["unsubscribe", "unsubscribe", "unsubscribe"]);
  });
});

describe("configureCountTimeWrapper", () => {
  it("sets a counter's time before its first use and puts it back", async () => {
    const bench = new Bench();
    const counter = Object.assign(bench.det, { countTime: bench.m1 });
    const trace = await bench.run(bpp.configureCountTimeWrapper(bps.triggerAndRead([counter]), 0.5));
    expect(commands(trace).slice(0, 4)).toEqual(["locate m1", "set m1", "wait", "trigger det"]);
    expect(trace.messages.filter((msg) => msg.command === "set").map((msg) => msg.args[0])).toEqual([0.5, 3]);
  });
});

describe("decorators", () => {
  it("wrap every plan that the decorated function makes", async () => {
    const bench = new Bench();
    const measure = bpp.stageDecorator([bench.det])(
      bpp.runDecorator({ md: { purpose: "test" } })((times: number) => bps.repeat(() => step("shot"), times)),
    );
    for (const times of [1, 2]) {
      const trace = await bench.run(measure(times));
      expect(trace.result).toBe("uid");
      expect(commands(trace).filter((command) => command === "null shot")).toHaveLength(times);
      expect(commands(trace).at(-1)).toBe("unstage det");
    }
  });
});
