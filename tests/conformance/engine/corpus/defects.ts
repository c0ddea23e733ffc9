import * as bp from "../../../../src/plans/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Where bluesky is wrong: each has a difference that names it. */
export const DEFECTS: readonly Entry[] = [
  ...["bogus", "ok"].map(
    (status): Entry => ({
      name: `close_run with the exit status "${status}" is refused, and the run ends all the same`,
      python: `
        yield from bps.open_run()
        yield from bps.close_run("${status}")
      `,
      *plan() {
        yield* bps.openRun();
        yield* bps.closeRun(status);
      },
    }),
  ),
  ...[true, false].map(
    (drops): Entry => ({
      name: `create without a name is refused, and ${drops ? "there is no bundle to drop" : "the next create is not"}`,
      python: `
        yield from bps.open_run()
        try:
            yield Msg("create")
        except Exception as error:
            note(error)
        try:
            ${drops ? "yield from bps.drop()" : 'yield from bps.create("primary")'}
        except Exception as error:
            note(error)
        yield from bps.close_run()
      `,
      *plan({ note }) {
        yield* bps.openRun();
        try {
          yield m("create");
        } catch (error) {
          note(error);
        }
        try {
          if (drops) yield* bps.drop();
          else yield* bps.create("primary");
        } catch (error) {
          note(error);
        }
        yield* bps.closeRun();
      },
    }),
  ),
  ...[1, 2].map(
    (updates): Entry => ({
      name: `a monitor without a name of its own, with ${updates} of its updates`,
      python: `
        yield from bps.open_run()
        try:
            yield from bps.monitor(signal)
        except Exception as error:
            note(error)
        yield from bps.null()
        yield from bps.null()
        yield from bps.null()
        yield from bps.close_run()
      `,
      *plan({ note, signal }) {
        yield* bps.openRun();
        try {
          yield* bps.monitor(signal);
        } catch (error) {
          note(error);
        }
        yield* bps.null();
        yield* bps.null();
        yield* bps.null();
        yield* bps.closeRun();
      },
      script: Array.from({ length: updates }, (_, n) => ({ at: `null ${n + 1}`, do: `put signal ${n}` })),
    }),
  ),
  ...[1, 2].map(
    (times): Entry => ({
      name: `a declared stream that is declared ${times} times again`,
      python: `
        yield from bps.open_run()
        for _ in range(${times + 1}):
            yield from bps.declare_stream(det, name="primary")
        yield from bps.trigger_and_read([det])
        yield from bps.close_run()
      `,
      *plan({ det }) {
        yield* bps.openRun();
        for (let n = 0; n <= times; n++) yield* bps.declareStream(det, { name: "primary" });
        yield* bps.triggerAndRead([det]);
        yield* bps.closeRun();
      },
    }),
  ),
  {
    name: "a declaration that a pause repeats",
    python: `
      yield from bps.open_run()
      yield from bps.checkpoint()
      yield from bps.declare_stream(det, name="primary")
      yield from bps.null()
      yield from bps.trigger_and_read([det])
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      yield* bps.checkpoint();
      yield* bps.declareStream(det, { name: "primary" });
      yield* bps.null();
      yield* bps.triggerAndRead([det]);
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
  ...["m1", "det"].map(
    (device): Entry => ({
      name: `a reading of ${device} that a pause interrupts answers the plan all the same`,
      python: `
        note((yield from bps.read(${device})))
        yield from bps.open_run()
        yield from bps.checkpoint()
        yield from bps.create("primary")
        note((yield from bps.read(${device})))
        yield from bps.save()
        yield from bps.close_run()
      `,
      *plan(bench) {
        const read = () => bps.read((bench as any)[device]);
        bench.note(yield* read());
        yield* bps.openRun();
        yield* bps.checkpoint();
        yield* bps.create("primary");
        bench.note(yield* read());
        yield* bps.save();
        yield* bps.closeRun();
      },
      script: [{ at: "read 2", do: "pause" }],
    }),
  ),
  ...[2, 3].map(
    (num): Entry => ({
      name: `innerProductScan of ${num} points with a step of its own`,
      python: `
        own = lambda detectors, motor, step: bps.one_1d_step([det2], motor, step)
        return bp.inner_product_scan([det], ${num}, m1, 0, 1, per_step=own)
      `,
      plan: ({ det, det2, m1 }) =>
        bp.innerProductScan([det], num, m1, 0, 1, {
          perStep: (_detectors: any, motor: any, step: any) => bps.one1dStep([det2], motor, step),
        }),
      printed: "per_step",
    }),
  ),
  {
    name: "a monitor through a suspension with updates in it",
    python: `
      yield from bps.open_run()
      yield from bps.monitor(signal, name="beam")
      yield from bps.sleep(0.05)
      yield from bps.null()
      yield from bps.null()
      yield from bps.close_run()
    `,
    *plan({ signal }) {
      yield* bps.openRun();
      yield* bps.monitor(signal, { name: "beam" });
      yield* bps.sleep(0.05);
      yield* bps.null();
      yield* bps.null();
      yield* bps.closeRun();
    },
    script: [
      { at: "sleep", do: "suspend beam", after: 0.02 },
      { at: "wait_for", do: "put signal 6", after: 0.01 },
      { at: "wait_for", do: "release beam", after: 0.03 },
      { at: "null", do: "put signal 7" },
    ],
  },
];
