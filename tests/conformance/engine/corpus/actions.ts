import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Moves, triggers, staging, and waiting for them. */
export const ACTIONS: readonly Entry[] = [
  {
    name: "set and trigger answer with a status, and wait with true",
    python: `
      note((yield from bps.abs_set(m1, 5, group="g")))
      note((yield from bps.trigger(det, group="g")))
      note((yield from bps.wait("g")))
      note((yield from bps.wait("nothing of that name")))
    `,
    *plan({ note, m1, det }) {
      note(yield* bps.absSet(m1, 5, { group: "g" }));
      note(yield* bps.trigger(det, { group: "g" }));
      note(yield* bps.wait("g"));
      note(yield* bps.wait("nothing of that name"));
    },
  },
  {
    name: "wait takes its group as an argument too, and tells the waiting hook",
    python: `
      yield Msg("set", m1, 5, group="g")
      yield Msg("set", m2, 6, group="g")
      note((yield Msg("wait", None, "g")))
      note((yield Msg("wait", None, "g")))
    `,
    *plan({ note, m1, m2 }) {
      yield m("set", m1, [5], { group: "g" });
      yield m("set", m2, [6], { group: "g" });
      note(yield* m("wait", null, ["g"]));
      note(yield* m("wait", null, ["g"]));
    },
    faults: { "m1.set": { how: "pending" }, "m2.set": { how: "pending" } },
    script: [
      { at: "wait", do: "settle m1.set", after: 0.02 },
      { at: "wait", do: "settle m2.set", after: 0.03 },
    ],
    waiting: true,
  },
  {
    name: "wait without a group waits for all that have none",
    python: `
      yield Msg("set", m1, 5)
      note((yield from bps.trigger(det, wait=True)))
      note(m1.position)
    `,
    *plan({ note, m1, det }) {
      yield m("set", m1, [5]);
      note(yield* bps.trigger(det, { wait: true }));
      note(m1.position);
    },
  },
  {
    name: "a wait that takes too long raises, and can be waited for again",
    python: `
      yield from bps.abs_set(m1, 5, group="g")
      try:
          yield from bps.wait("g", timeout=0.03)
      except Exception as error:
          note(error)
      note((yield from bps.wait("g")), m1.position)
    `,
    *plan({ note, m1 }) {
      yield* bps.absSet(m1, 5, { group: "g" });
      try {
        yield* bps.wait("g", { timeoutMs: 30 });
      } catch (error) {
        note(error);
      }
      note(yield* bps.wait("g"), m1.position);
    },
    faults: { "m1.set": { how: "pending" } },
    script: [{ at: "wait 2", do: "settle m1.set", after: 0.02 }],
  },
  {
    name: "a wait that takes too long can answer with false instead",
    python: `
      yield from bps.abs_set(m1, 5, group="g")
      note((yield from bps.wait("g", timeout=0.03, error_on_timeout=False)))
      note((yield from bps.wait("g", timeout=5, error_on_timeout=False)))
      note((yield from bps.wait("g", timeout=5, error_on_timeout=False)))
    `,
    *plan({ note, m1 }) {
      yield* bps.absSet(m1, 5, { group: "g" });
      note(yield* bps.wait("g", { timeoutMs: 30, errorOnTimeout: false }));
      note(yield* bps.wait("g", { timeoutMs: 5000, errorOnTimeout: false }));
      note(yield* bps.wait("g", { timeoutMs: 5000, errorOnTimeout: false }));
    },
    faults: { "m1.set": { how: "pending" } },
    script: [{ at: "wait 2", do: "settle m1.set", after: 0.02 }],
  },
  {
    name: "wait_for waits for all that it starts, and raises none of their failures",
    python: `
      async def good():
          await asyncio.sleep(0.01)
          note("good")

      async def bad():
          raise Fail("bad")

      note(len((yield from bps.wait_for([good, bad]))))
    `,
    *plan({ note }) {
      const good = async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        note("good");
      };
      const bad = async () => {
        throw new Error("bad");
      };
      note(((yield* bps.waitFor([good, bad])) as unknown[]).length);
    },
  },
  {
    name: "wait_for that takes too long raises",
    python: `
      try:
          yield from bps.wait_for([partial(asyncio.sleep, 5)], timeout=0.02)
      except Exception as error:
          note(error)
    `,
    *plan({ note }) {
      try {
        yield* bps.waitFor([() => new Promise(() => {})], { timeoutMs: 20 });
      } catch (error) {
        note(error);
      }
    },
  },
  {
    name: "wait_for of nothing is refused",
    python: `
      try:
          yield from bps.wait_for([])
      except Exception as error:
          note(error)
    `,
    *plan({ note }) {
      try {
        yield* bps.waitFor([]);
      } catch (error) {
        note(error);
      }
    },
  },
  {
    name: "stop stops a device that moves",
    python: `
      yield from bps.abs_set(m1, 5, group="g")
      note((yield from bps.stop(m1)))
      note((yield from bps.wait("g")), m1.position)
    `,
    *plan({ note, m1 }) {
      yield* bps.absSet(m1, 5, { group: "g" });
      note(yield* bps.stop(m1));
      note(yield* bps.wait("g"), m1.position);
    },
    faults: { "m1.set": { how: "pending" } },
  },
  {
    name: "prepare and complete need no run",
    python: `
      note((yield from bps.prepare(flyer, 7, wait=True)))
      note((yield from bps.complete(flyer, wait=True)))
    `,
    *plan({ note, flyer }) {
      note(yield* bps.prepare(flyer, 7, { wait: true }));
      note(yield* bps.complete(flyer, { wait: true }));
    },
  },
  {
    name: "kickoff and complete answer with a status",
    python: `
      yield from bps.open_run()
      note((yield from bps.kickoff(flyer)), (yield from bps.complete(flyer)))
      yield from bps.close_run()
    `,
    *plan({ note, flyer }) {
      yield* bps.openRun();
      note(yield* bps.kickoff(flyer), yield* bps.complete(flyer));
      yield* bps.closeRun();
    },
  },
  {
    name: "stage and unstage answer with a list or a status, and pass over what can't be staged",
    python: `
      for device in (stager, stager2, det):
          note((yield Msg("stage", device, group="g")))
      yield from bps.wait("g")
      for device in (det, stager2, stager):
          note((yield Msg("unstage", device)))
    `,
    *plan({ note, stager, stager2, det }) {
      for (const device of [stager, stager2, det]) note(yield* m("stage", device, [], { group: "g" }));
      yield* bps.wait("g");
      for (const device of [det, stager2, stager]) note(yield* m("unstage", device));
    },
  },
  {
    name: "what a plan leaves staged is unstaged at the end",
    python: `
      yield Msg("stage", stager)
    `,
    *plan({ stager }) {
      yield m("stage", stager);
    },
  },
  {
    name: "locate answers with one location or with a list of them",
    python: `
      note((yield from bps.locate(m1)))
      note((yield from bps.locate(m1, squeeze=False)))
      note((yield from bps.locate(m1, m2)))
    `,
    *plan({ note, m1, m2 }) {
      note(yield* bps.locate(m1));
      note(yield* bps.locate(m1, { squeeze: false }));
      note(yield* bps.locate(m1, m2));
    },
  },
];
