import { type Movable, supports } from "../../devices/protocols.ts";
import { checkMotor, checkNumber, checkWhole, nameOf } from "../arguments.ts";
import { type Cycler, cycler, snakeCyclers } from "./cycler.ts";
import { listCyclers } from "./inner.ts";
import { linspace } from "./linspace.ts";

/** How a grid's arguments are written: four for each motor, or five (with a snaking flag) for each but the first. */
export type OuterProductArgsPattern = "pattern_1" | "pattern_2";

export const OuterProductArgsPattern = { PATTERN_1: "pattern_1", PATTERN_2: "pattern_2" } as const;

/** One axis of a grid. */
export interface GridAxis {
  readonly motor: Movable<any>;
  readonly start: number;
  readonly stop: number;
  readonly num: number;
  readonly snake: boolean;
}

/** Which of the two ways the arguments are written in. Throws when they are in neither. */
export function classifyOuterProductArgsPattern(
  args: readonly unknown[],
  plan = "outerProduct",
): OuterProductArgsPattern {
  const byFour = args.length > 0 && args.length % 4 === 0;
  const byFive = args.length > 4 && (args.length - 4) % 5 === 0;
  if (byFour && motorsAt(args, (i) => i % 4 === 0)) return "pattern_1";
  if (byFive && motorsAt(args, (i) => i === 0 || (i >= 4 && (i - 4) % 5 === 0))) return "pattern_2";
  throw new TypeError(
    `${plan}: expected motor, start, stop, num for each motor, the slowest first, got ${args.map(nameOf).join(", ") || "nothing"}`,
  );
}

function motorsAt(args: readonly unknown[], expected: (i: number) => boolean): boolean {
  return args.every((arg, i) => supports(arg, "Movable") === expected(i));
}

/** The axes that the arguments describe, the slowest first. Throws at a bad motor, position or number of points. */
export function chunkOuterProductArgs(
  args: readonly unknown[],
  pattern?: OuterProductArgsPattern,
  plan = "outerProduct",
): GridAxis[] {
  const flagged = (pattern ?? classifyOuterProductArgsPattern(args, plan)) === "pattern_2";
  const axes: GridAxis[] = [];
  for (let i = 0; i < args.length; ) {
    const motor = checkMotor(plan, args[i]);
    const start = checkNumber(plan, `the start of ${motor.name}`, args[i + 1]);
    const stop = checkNumber(plan, `the stop of ${motor.name}`, args[i + 2]);
    const num = checkWhole(plan, `num of ${motor.name}`, args[i + 3]);
    const hasFlag = flagged && i > 0;
    axes.push({ motor, start, stop, num, snake: hasFlag && checkFlag(plan, motor, args[i + 4]) });
    i += hasFlag ? 5 : 4;
  }
  return axes;
}

function checkFlag(plan: string, motor: Movable<any>, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${plan}: the snaking of ${motor.name} must be true or false`);
  return value;
}

/** Every combination of positions: `motor, start, stop, num` for each motor, the slowest first. */
export function outerProduct(args: readonly unknown[]): Cycler {
  return gridOf(chunkOuterProductArgs(args));
}

export function gridOf(axes: readonly GridAxis[]): Cycler {
  return snakeCyclers(
    axes.map(({ motor, start, stop, num }) => cycler(motor, linspace(start, stop, num))),
    axes.map((axis) => axis.snake),
  );
}

/** Every combination of listed positions: `motor, points` for each motor, the slowest first. */
export function outerListProduct(
  args: readonly unknown[],
  snakeAxes: boolean | Iterable<unknown> = false,
  plan = "outerListProduct",
): Cycler {
  const cyclers = listCyclers(args, plan);
  const motors = cyclers.map((each) => each.keys[0] as Movable<any>);
  return snakeCyclers(cyclers, snakingOf(plan, motors, snakeAxes));
}

/** Which motors run back and forth. Throws when the slowest one or a motor that is not scanned is asked to. */
export function snakingOf(
  plan: string,
  motors: readonly Movable<any>[],
  snakeAxes: boolean | Iterable<unknown>,
): boolean[] {
  if (typeof snakeAxes === "boolean") return motors.map((_, i) => snakeAxes && i > 0);
  if (typeof snakeAxes !== "object" || snakeAxes === null || !(Symbol.iterator in snakeAxes)) {
    throw new TypeError(`${plan}: snakeAxes must be true, false or a list of motors, got ${nameOf(snakeAxes)}`);
  }
  const axes = [...snakeAxes];
  const asked = new Set(axes);
  if (asked.size < axes.length)
    throw new TypeError(`${plan}: snakeAxes names a motor twice: ${axes.map(nameOf).join(", ")}`);
  if (asked.has(motors[0])) {
    throw new TypeError(
      `${plan}: ${nameOf(motors[0])} is the slowest motor and can't run back and forth; leave it out of snakeAxes`,
    );
  }
  for (const axis of axes) {
    if (!motors.includes(axis as Movable<any>))
      throw new TypeError(`${plan}: snakeAxes has ${nameOf(axis)}, which is not scanned`);
  }
  return motors.map((motor) => asked.has(motor));
}
