import { describe, expect, it } from "vitest";
import { TransitionError } from "../../../src/engine/errors.ts";
import { type EngineState, StateMachine } from "../../../src/engine/state.ts";

const STATES: readonly EngineState[] = [
  ...(["idle", "running", "pausing", "paused", "suspending"] as const),
  ...(["stopping", "aborting", "halting", "panicked"] as const),
];

/** As bluesky's, and an ending may be made harder on its way. */
const ALLOWED: Readonly<Record<EngineState, string>> = {
  idle: "running panicked",
  running: "idle pausing halting stopping aborting suspending panicked",
  pausing: "paused idle halting aborting panicked",
  suspending: "running halting aborting panicked",
  paused: "idle running halting stopping aborting panicked",
  stopping: "idle aborting halting panicked",
  aborting: "idle halting panicked",
  halting: "idle panicked",
  panicked: "",
};

/** States on the shortest way from idle to each. */
const WAYS: Readonly<Record<EngineState, readonly EngineState[]>> = {
  idle: [],
  running: ["running"],
  pausing: ["running", "pausing"],
  suspending: ["running", "suspending"],
  paused: ["running", "pausing", "paused"],
  stopping: ["running", "stopping"],
  aborting: ["running", "aborting"],
  halting: ["running", "halting"],
  panicked: ["panicked"],
};

function at(state: EngineState): { machine: StateMachine; told: EngineState[] } {
  const machine = new StateMachine(() => {});
  for (const step of WAYS[state]) machine.to(step, "a test");
  const told: EngineState[] = [];
  machine.changes.subscribe((each) => told.push(each));
  told.length = 0;
  return { machine, told };
}

describe.each(STATES)("from %s", (from) => {
  const allowed = ALLOWED[from].split(" ");

  it.each(STATES.filter((to) => allowed.includes(to)))("the engine can go to %s, and tells so", (to) => {
    const { machine, told } = at(from);
    machine.to(to, "somebody");
    expect(machine.current).toBe(to);
    expect(told).toEqual([to]);
  });

  it.each(STATES.filter((to) => !allowed.includes(to)))(
    "a change to %s is refused with both names, and nothing changes",
    (to) => {
      const { machine, told } = at(from);
      expect(() => machine.to(to, "somebody")).toThrow(TransitionError);
      expect(() => machine.to(to, "somebody")).toThrow(`somebody: the engine can't go from "${from}" to "${to}"`);
      expect(machine.current).toBe(from);
      expect(told).toEqual([]);
    },
  );
});
