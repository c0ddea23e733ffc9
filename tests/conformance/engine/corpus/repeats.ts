import { SuspendFloor } from "../../../../src/engine/suspenders/index.ts";
import * as bps from "../../../../src/plans/stubs/index.ts";
import { type Bench, m } from "../bench.ts";
import type { Entry } from "../entry.ts";

interface Message {
  command: string;
  obj?: keyof Bench;
  /** What follows the object in Python, with the same for us. */
  words?: string;
  args?: (bench: Bench) => readonly unknown[];
  kwargs?: Record<string, unknown>;
  /** Whether it comes in a run, and between create and save. */
  within?: "run" | "bundle";
  script?: Entry["script"];
}

const ALL: readonly Message[] = [
  { command: "stage", obj: "stager" },
  { command: "unstage", obj: "stager" },
  { command: "checkpoint" },
  { command: "subscribe", words: "note", args: () => [() => {}] },
  { command: "rewindable", words: "None", args: () => [null] },
  { command: "open_run" },
  { command: "locate", obj: "m1" },
  { command: "trigger", obj: "det" },
  { command: "stop", obj: "m1" },
  { command: "read", obj: "det" },
  { command: "prepare", obj: "flyer", words: "1", args: () => [1] },
  { command: "complete", obj: "flyer" },
  { command: "configure", obj: "conf", words: "2", args: () => [2] },
  { command: "RE_class" },
  { command: "wait_for", words: "[partial(asyncio.sleep, 0)]", args: () => [[async () => {}]] },
  {
    command: "install_suspender",
    words: "SuspendFloor(signal, 10)",
    args: ({ signal }) => [new SuspendFloor(signal, 10)],
  },
  {
    command: "remove_suspender",
    words: "SuspendFloor(signal, 10)",
    args: ({ signal }) => [new SuspendFloor(signal, 10)],
  },
  {
    command: "input",
    script: [1, 2].map((nth) => ({ at: `input ${nth}`, do: "type yes", after: 0.01 })),
  },
  { command: "kickoff", obj: "flyer", within: "run" },
  { command: "collect", obj: "flyer", within: "run" },
  { command: "monitor", obj: "signal", words: 'name="beam"', kwargs: { name: "beam" }, within: "run" },
  { command: "drop", within: "bundle" },
  { command: "save", within: "bundle" },
];

/** A message between two nulls, and a pause after it: what is repeated tells whether it is kept, dropped or a checkpoint. */
export const REPEATS: readonly Entry[] = ALL.map(({ command, obj, words, args, kwargs, within, script = [] }) => ({
  name: `what is repeated of ${command} after a pause`,
  python: [
    ...(within === undefined ? [] : ["yield from bps.open_run()"]),
    "yield from bps.checkpoint()",
    "yield Msg('null', None, 'before')",
    ...(within === "bundle" ? ["yield from bps.create('primary')"] : []),
    `yield Msg("${command}", ${obj ?? "None"}${words === undefined ? "" : `, ${words}`})`,
    "yield Msg('null', None, 'after')",
    "yield from bps.sleep(0.03)",
  ].join("\n"),
  *plan(bench: Bench) {
    if (within !== undefined) yield* bps.openRun();
    yield* bps.checkpoint();
    yield m("null", null, ["before"]);
    if (within === "bundle") yield* bps.create("primary");
    yield m(command, obj === undefined ? null : bench[obj], [...(args?.(bench) ?? [])], kwargs);
    yield m("null", null, ["after"]);
    yield* bps.sleep(0.03);
  },
  script: [...script, { at: "sleep", do: "pause", after: 0.01 }],
}));
