import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Messages that are refused, after which the plan goes on. */
export const REFUSALS: readonly Entry[] = [
  ...[
    { command: "close_run" },
    { command: "save" },
    { command: "drop" },
    { command: "create", kwargs: { name: "primary" } },
    { command: "declare_stream", args: "det", kwargs: { name: "primary" } },
    { command: "monitor", obj: "signal", kwargs: { name: "s" } },
    { command: "unmonitor", obj: "signal" },
    { command: "kickoff", obj: "flyer" },
    { command: "collect", obj: "flyer" },
  ].map(withoutARun),
  ...[{ command: "save" }, { command: "drop" }, { command: "unmonitor", obj: "signal" }].map(inARun),
  ...[
    { command: "read", obj: "bare" },
    { command: "set", obj: "bare", args: 1 },
    { command: "trigger", obj: "bare" },
    { command: "prepare", obj: "bare", args: 1 },
    { command: "complete", obj: "bare" },
    { command: "kickoff", obj: "bare" },
    { command: "collect", obj: "bare" },
    { command: "stop", obj: "bare" },
    { command: "locate", obj: "det" },
    { command: "monitor", obj: "bare", kwargs: { name: "s" } },
    { command: "unsubscribe", args: 99 },
    { command: "bogus", obj: "det" },
  ].map(inARun),
];

interface Message {
  command: string;
  obj?: string;
  args?: unknown;
  kwargs?: Record<string, unknown>;
}

function withoutARun(message: Message): Entry {
  return refused(message, `${message.command} without a run is refused`, "");
}

function inARun(message: Message): Entry {
  const { command, obj = "nothing" } = message;
  return refused(message, `${command} of ${obj} is refused in a run, which goes on`, "yield from bps.open_run()\n");
}

/** A message that is refused, and the plan goes on. */
function refused({ command, obj, args, kwargs = {} }: Message, name: string, before: string): Entry {
  const given = args === undefined ? [] : [args];
  const words = [
    `"${command}"`,
    obj ?? "None",
    ...given,
    ...Object.entries(kwargs).map(([key, value]) => `${key}="${value}"`),
  ];
  return {
    name,
    python: [
      ...before.split("\n").filter(Boolean),
      "try:",
      `    yield Msg(${words.join(", ")})`,
      "except Exception as error:",
      "    note(error)",
      "yield from bps.null()",
    ].join("\n"),
    *plan(bench) {
      const device = (named: unknown) => (bench as any)[named as string] ?? named;
      if (before !== "") yield* bps.openRun();
      try {
        yield m(command, obj === undefined ? null : device(obj), given.map(device), kwargs);
      } catch (error) {
        bench.note(error);
      }
      yield* bps.null();
    },
  };
}
