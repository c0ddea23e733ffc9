import type { Movable } from "../devices/protocols.ts";
import type { Msg, PlanLike } from "../engine/msg.ts";
import { nameOf } from "./arguments.ts";
import type { PosCache, Step, TakeReading } from "./stubs/index.ts";

type Taken = PlanLike<any> | Msg;

/** What is done at each point of a scan, in place of `oneNdStep`. */
export type PerStepNd = (detectors: any, step: Step, posCache: PosCache, takeReading?: TakeReading) => Taken;

/** What is done at each point of a scan of one motor, in place of `one1dStep`; known by its parameter `motor`. */
export type PerStep1d = (detectors: any, motor: Movable<any>, step: any, takeReading?: TakeReading) => Taken;

export type PerStep = PerStepNd | PerStep1d;

/** What is done at each round of `count`, in place of `oneShot`. */
export type PerShot = (detectors: any, takeReading?: TakeReading) => Taken;

interface Parameter {
  readonly name: string;
  readonly required: boolean;
}

/** The parameters that the function declares, read from its source; the engine's own count stops at the first default. */
function parametersOf(fn: (...args: never[]) => unknown): Parameter[] {
  const source = fn.toString().replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
  const bare = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (bare?.[1] !== undefined) return [{ name: bare[1], required: true }];
  return splitList(source.slice(source.indexOf("(") + 1)).map((text) => {
    const rest = text.startsWith("...");
    return { name: /[\w$]+/.exec(text)?.[0] ?? "", required: !rest && !text.includes("=") };
  });
}

/** The comma-separated parts of a list up to the bracket that closes it. */
function splitList(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of source) {
    if (depth === 0 && (char === "," || char === ")")) {
      if (part.trim() !== "") parts.push(part.trim());
      part = "";
      if (char === ")") break;
      continue;
    }
    if ("([{".includes(char)) depth += 1;
    if (")]}".includes(char)) depth -= 1;
    part += char;
  }
  return parts;
}

const SHAPES = "(detectors, step, posCache) or, for one motor, (detectors, motor, step)";

/** The step function in the form for any number of motors. Throws when it has neither of the two forms. */
export function asNdStep(plan: string, perStep: unknown, motors: readonly Movable<any>[]): PerStepNd {
  if (typeof perStep !== "function") {
    throw new TypeError(`${plan}: perStep must be a function ${SHAPES}, got ${nameOf(perStep)}`);
  }
  const parameters = parametersOf(perStep as (...args: never[]) => unknown);
  const takesAll = parameters.length >= 3 || perStep.toString().includes("...");
  if (!takesAll || parameters.slice(3).some((each) => each.required)) {
    const got = parameters.map((each) => each.name).join(", ");
    throw new TypeError(`${plan}: perStep must take ${SHAPES}, but it takes (${got})`);
  }
  if (!/motor$/i.test(parameters[1]?.name ?? "")) return perStep as PerStepNd;
  const [motor, ...others] = motors;
  if (motor === undefined || others.length > 0) {
    throw new TypeError(
      `${plan}: perStep takes (detectors, motor, step), which is for one motor, but ${motors.length} are scanned; take (detectors, step, posCache)`,
    );
  }
  return (detectors, step) => (perStep as PerStep1d)(detectors, motor, step.get(motor));
}

/** What a step or shot function made; throws when that is nothing to run. */
export function checkTaken(plan: string, what: string, taken: unknown): Taken {
  if (typeof taken !== "object" || taken === null || !(Symbol.iterator in taken || Symbol.asyncIterator in taken)) {
    throw new TypeError(
      `${plan}: ${what} must be a generator function or return a plan, but it returned ${nameOf(taken)}`,
    );
  }
  return taken as Taken;
}
