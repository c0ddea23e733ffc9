import { type Movable, type Readable, supports } from "../devices/protocols.ts";
import { Msg } from "../engine/msg.ts";
import { checkDetectors, checkMotor, checkNumber, checkOptions } from "./arguments.ts";
import type { Composable } from "./composable.ts";
import { dimensionsByMotor, mergeMetadata, type PlanOptions, repr } from "./metadata.ts";
import { runWrapper, stageWrapper } from "./preprocessors/index.ts";
import { numberFrom } from "./readings.ts";
import { create, inputPlan, save, trigger } from "./stubs/index.ts";
import type { Many } from "./stubs/types.ts";

/**
 * Moves a motor step by step while the user watches a field of the detector: Enter repeats the step, a number is the
 * next step, anything else ends it. Answers with the run's uid; throws at once when an argument is wrong.
 */
export function tweak(
  detector: unknown,
  targetField: string,
  motor: unknown,
  step: number,
  options: PlanOptions = {},
): Composable<string> {
  checkOptions("tweak", options, ["md"]);
  checkDetectors("tweak", [detector]);
  const positioner = checkMotor("tweak", motor);
  if (!supports(motor, "Readable"))
    throw new TypeError(`tweak: ${positioner.name} can't be read, so its position is unknown`);
  checkNumber("tweak", "step", step);
  const own = {
    detectors: [(detector as Readable).name],
    motors: [positioner.name],
    plan_args: { detector: repr(detector), target_field: targetField, motor: repr(motor), step },
    plan_name: "tweak",
  };
  const md = mergeMetadata(own, dimensionsByMotor([motor]), options.md);
  return stageWrapper(runWrapper(turns(detector, targetField, positioner, step), { md }), [detector, motor]);
}

function* turns(detector: any, targetField: string, motor: Movable<any>, firstStep: number): Many {
  for (let step = firstStep; ; ) {
    yield create("primary");
    const where: Record<string, any> | undefined = yield* new Msg<"read", any>("read", motor);
    // Where no engine answers, as in a dry run, there is nothing to go on.
    if (where === undefined) return;
    const position = numberFrom("tweak", "the motor's field", where, Object.keys(where)[0] ?? motor.name);
    if (supports(detector, "Triggerable")) {
      yield trigger(detector, { group: "A" });
      yield new Msg("wait", null, [], { group: "A" });
    }
    const readings = yield* new Msg<"read", Record<string, any>>("read", detector);
    const value = numberFrom("tweak", "targetField", readings, targetField);
    yield save();
    const typed = yield* inputPlan(`${motor.name}, ${short(position)}, ${short(value)}, (${step}) `);
    const asked = typed?.trim() ?? "";
    if (asked !== "") {
      const next = Number(asked);
      if (!Number.isFinite(next)) return;
      step = next;
    }
    yield new Msg("set", motor, [position + step], { group: "A" });
    yield new Msg("wait", null, [], { group: "A" });
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
