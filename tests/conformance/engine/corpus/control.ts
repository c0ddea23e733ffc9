import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Messages to the engine itself. */
export const CONTROL: readonly Entry[] = [
  {
    name: "null, sleep, checkpoint and clear_checkpoint answer with nothing",
    python: `
      note((yield from bps.null()), (yield from bps.sleep(0.01)))
      note((yield from bps.checkpoint()), (yield from bps.clear_checkpoint()))
    `,
    *plan({ note }) {
      note(yield* bps.null(), yield* bps.sleep(0.01));
      note(yield* bps.checkpoint(), yield* bps.clearCheckpoint());
    },
  },
  {
    name: "RE_class answers with the engine's class",
    python: `
      note((yield Msg("RE_class")).__name__)
    `,
    *plan({ note }) {
      note((yield* m("RE_class")).name);
    },
  },
  {
    name: "input answers with the line that was typed",
    python: `
      note((yield from bps.input_plan("go on? ")))
    `,
    *plan({ note }) {
      note(yield* bps.inputPlan("go on? "));
    },
    script: [{ at: "input", do: "type yes", after: 0.02 }],
  },
  {
    name: "rewindable tells and is told",
    python: `
      note((yield Msg("rewindable", None, None)), (yield Msg("rewindable", None, False)))
      note((yield Msg("rewindable", None, None)), (yield Msg("rewindable", None, True)))
    `,
    *plan({ note }) {
      note(yield* m("rewindable", null, [null]), yield* m("rewindable", null, [false]));
      note(yield* m("rewindable", null, [null]), yield* m("rewindable", null, [true]));
    },
  },
  {
    name: "checkpoint between create and save is refused",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      try:
          yield from bps.checkpoint()
      except Exception as error:
          note(error)
      yield from bps.drop()
      yield from bps.checkpoint()
      yield from bps.close_run()
    `,
    *plan({ note }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      try {
        yield* bps.checkpoint();
      } catch (error) {
        note(error);
      }
      yield* bps.drop();
      yield* bps.checkpoint();
      yield* bps.closeRun();
    },
  },
  {
    name: "a command that was registered answers, and one that was taken away is unknown",
    python: `
      async def double(msg):
          return 2 * msg.args[0]

      RE.register_command("double", double)
      note((yield Msg("double", None, 21)))
      RE.unregister_command("double")
      try:
          yield Msg("double", None, 21)
      except Exception as error:
          note(error)
    `,
    *plan({ note, engine }) {
      engine.registerCommand("double", (msg) => 2 * msg.args[0]);
      note(yield* m("double", null, [21]));
      engine.unregisterCommand("double");
      try {
        yield m("double", null, [21]);
      } catch (error) {
        note(error);
      }
    },
  },
];
