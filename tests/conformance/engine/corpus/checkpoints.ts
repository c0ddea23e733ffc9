import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Plans that can't be led back, or not everywhere. */
export const CHECKPOINTS: readonly Entry[] = [
  {
    name: "what is not rewindable is not repeated, and its bundle is kept",
    python: `
      yield from bps.open_run()
      yield from bps.checkpoint()
      yield from bps.null()
      yield Msg("rewindable", None, False)
      yield from bps.create("primary")
      yield from bps.read(det)
      yield from bps.sleep(0.05)
      yield from bps.save()
      yield Msg("rewindable", None, True)
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      yield* bps.checkpoint();
      yield* bps.null();
      yield m("rewindable", null, [false]);
      yield* bps.create("primary");
      yield* bps.read(det);
      yield* bps.sleep(0.05);
      yield* bps.save();
      yield m("rewindable", null, [true]);
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
  {
    name: "a pause in a region that is not rewindable",
    python: `
      yield from bps.open_run()
      yield Msg("rewindable", None, False)
      yield from bps.create("primary")
      yield from bps.read(det)
      yield from bps.null()
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      yield m("rewindable", null, [false]);
      yield* bps.create("primary");
      yield* bps.read(det);
      yield* bps.null();
      yield* bps.save();
      yield* bps.closeRun();
    },
    script: [{ at: "null", do: "pause" }],
  },
  ...["resume", "halt"].map(
    (way): Entry => ({
      name: `a pause after clear_checkpoint aborts, for which there is no ${way}`,
      python: `
        yield from bps.open_run()
        yield from bps.clear_checkpoint()
        yield from bps.trigger_and_read([det])
        yield from bps.checkpoint()
        yield from bps.sleep(5)
        yield from bps.close_run()
      `,
      *plan({ det }) {
        yield* bps.openRun();
        yield* bps.clearCheckpoint();
        yield* bps.triggerAndRead([det]);
        yield* bps.checkpoint();
        yield* bps.sleep(5);
        yield* bps.closeRun();
      },
      script: [{ at: "sleep", do: "pause", after: 0.02 }],
      whenPaused: [[way]],
    }),
  ),
  {
    name: "a plan that catches a failed pause goes on, and is aborted all the same",
    python: `
      yield from bps.open_run()
      yield from bps.clear_checkpoint()
      try:
          yield from bps.sleep(5)
      except Exception as error:
          note(error)
      yield from bps.trigger_and_read([det])
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      yield* bps.clearCheckpoint();
      try {
        yield* bps.sleep(5);
      } catch (error) {
        note(error);
      }
      yield* bps.triggerAndRead([det]);
    },
    script: [{ at: "sleep", do: "pause", after: 0.02 }],
  },
];
