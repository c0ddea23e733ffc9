import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";
import { Fail } from "../kit/kit.ts";

/** Opening and closing runs, their metadata, and who hears of them. */
export const RUNS: readonly Entry[] = [
  {
    name: "open_run and close_run answer with the uid of the run",
    python: `
      note((yield from bps.open_run({"sample": "gold"})))
      note((yield from bps.close_run("fail", "no beam")))
      return "done"
    `,
    *plan({ note }) {
      note(yield* bps.openRun({ sample: "gold" }));
      note(yield* bps.closeRun("fail", "no beam"));
      return "done";
    },
  },
  {
    name: "metadata of the call goes before that of the message and of the engine",
    python: `
      yield from bps.open_run({"a": "message", "b": "message", "c": "message"})
      yield from bps.close_run()
    `,
    *plan() {
      yield* bps.openRun({ a: "message", b: "message", c: "message" });
      yield* bps.closeRun();
    },
    engine: { md: { a: "engine", b: "engine", d: "engine", scan_id: 41 }, runMd: { a: "call", plan_name: "mine" } },
  },
  {
    name: "a second open_run is refused and the run goes on",
    python: `
      yield from bps.open_run()
      try:
          yield from bps.open_run()
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note }) {
      yield* bps.openRun();
      try {
        yield* bps.openRun();
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "a sample that is a list is refused, and its scan number is used up",
    python: `
      try:
          yield from bps.open_run({"sample": ["gold"]})
      except Exception as error:
          note("refused")
      yield from bps.open_run({"sample": {"name": "gold"}})
      yield from bps.close_run()
    `,
    *plan({ note }) {
      try {
        yield* bps.openRun({ sample: ["gold"] });
      } catch {
        note("refused");
      }
      yield* bps.openRun({ sample: { name: "gold" } });
      yield* bps.closeRun();
    },
  },
  {
    name: "subscribe hears documents until unsubscribe",
    python: `
      yield from bps.open_run()
      token = yield from bps.subscribe("event", lambda name, doc: note(name, doc["seq_num"]))
      for n in range(3):
          if n == 2:
              note((yield from bps.unsubscribe(token)))
          yield from bps.create("primary")
          yield from bps.read(det)
          yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      const hear = ({ name, doc }: any) => note(name, doc.seq_num);
      const token = yield* bps.subscribe("event", hear);
      for (let n = 0; n < 3; n++) {
        if (n === 2) note(yield* bps.unsubscribe(token));
        yield* bps.create("primary");
        yield* bps.read(det);
        yield* bps.save();
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "a subscription to no document's name is refused",
    python: `
      try:
          yield from bps.subscribe("evnt", note)
      except Exception as error:
          note(error)
    `,
    *plan({ note }) {
      try {
        yield* bps.subscribe("evnt" as "event", () => {});
      } catch (error) {
        note(error);
      }
    },
  },
  {
    name: "a subscriber's error reaches the plan and fails the run",
    python: `
      def refuse(name, doc):
          raise Fail("the disk is full")

      yield from bps.subscribe("event", refuse)
      yield from bps.open_run()
      yield from bps.trigger_and_read([det])
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.subscribe("event", () => {
        throw new Fail("the disk is full");
      });
      yield* bps.openRun();
      yield* bps.triggerAndRead([det]);
      yield* bps.closeRun();
    },
  },
  {
    name: "a list of messages is a plan",
    python: `[Msg("open_run"), Msg("null", None, 1), Msg("close_run")]`,
    plan: () => [m("open_run"), m("null", null, [1]), m("close_run")],
  },
];
