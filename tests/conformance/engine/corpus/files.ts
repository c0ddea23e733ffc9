import * as bp from "../../../../src/plans/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import type { Entry } from "../entry.ts";

/** Data that devices write into files themselves. */
export const FILES: readonly Entry[] = [
  {
    name: "a file that is written while it flies becomes stream data",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(writer1, name="fly", collect=True)
      yield from bps.kickoff(writer1, wait=True)
      writer1.written = 2
      note((yield from bps.collect(writer1, name="fly")))
      note((yield from bps.collect(writer1, name="fly")))
      writer1.written = 5
      note((yield from bps.collect(writer1, name="fly")))
      yield from bps.close_run()
    `,
    *plan({ note, writer1 }) {
      yield* bps.openRun();
      yield* bps.declareStream(writer1, { name: "fly", collect: true });
      yield* bps.kickoff(writer1, { wait: true });
      writer1.written = 2;
      note(yield* bps.collect(writer1, { name: "fly" }));
      note(yield* bps.collect(writer1, { name: "fly" }));
      writer1.written = 5;
      note(yield* bps.collect(writer1, { name: "fly" }));
      yield* bps.closeRun();
    },
  },
  {
    name: "two files are collected as far as both are written",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(writer1, writer2, name="fly", collect=True)
      writer1.written, writer2.written = 4, 3
      yield from bps.collect(writer1, writer2, name="fly")
      writer1.written, writer2.written = 6, 6
      yield from bps.collect(writer1, writer2, name="fly")
      yield from bps.close_run()
    `,
    *plan({ writer1, writer2 }) {
      yield* bps.openRun();
      yield* bps.declareStream(writer1, writer2, { name: "fly", collect: true });
      [writer1.written, writer2.written] = [4, 3];
      yield* bps.collect(writer1, writer2, { name: "fly" });
      [writer1.written, writer2.written] = [6, 6];
      yield* bps.collect(writer1, writer2, { name: "fly" });
      yield* bps.closeRun();
    },
  },
  {
    name: "several files need a declared stream",
    python: `
      yield from bps.open_run()
      try:
          yield from bps.collect(writer1, writer2)
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, writer1, writer2 }) {
      yield* bps.openRun();
      try {
        yield* bps.collect(writer1, writer2);
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "a count with frames in a file",
    python: "bp.count([det, frames], 3)",
    plan: ({ det, frames }) => bp.count([det, frames], 3),
  },
  {
    name: "a count of two frames at a time is refused",
    python: `
      frames.width = 2
      yield from bp.count([frames], 2)
    `,
    async *plan({ frames }) {
      frames.width = 2;
      yield* bp.count([frames], 2);
    },
  },
  {
    name: "a count with a camera that writes a file of its own",
    python: "bp.count([det, camera], 2)",
    plan: ({ det, camera }) => bp.count([det, camera], 2),
  },
  {
    name: "frames in a file through a pause",
    python: "bp.count([det, frames], 2)",
    plan: ({ det, frames }) => bp.count([det, frames], 2),
    script: [{ at: "save 2", do: "pause" }],
  },
];
