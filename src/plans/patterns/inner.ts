import { checkMotor, checkNumber, checkPosition, checkWhole, inRows } from "../arguments.ts";
import { type Cycler, cycler } from "./cycler.ts";
import { linspace } from "./linspace.ts";

function together(cyclers: readonly Cycler[]): Cycler {
  return cyclers.reduce((all, each) => all.add(each));
}

/** All motors together along one line: `motor, start, stop` for each, in `num` points. */
export function innerProduct(num: number, args: readonly unknown[], plan = "innerProduct"): Cycler {
  checkWhole(plan, "num", num);
  const cyclers = inRows(plan, args, 3, "motor, start, stop").map(([device, start, stop]) => {
    const motor = checkMotor(plan, device);
    const from = checkNumber(plan, `the start of ${motor.name}`, start);
    return cycler(motor, linspace(from, checkNumber(plan, `the stop of ${motor.name}`, stop), num));
  });
  return together(cyclers);
}

/** All motors together through lists of points: `motor, points` for each, all of one length. */
export function innerListProduct(args: readonly unknown[], plan = "innerListProduct"): Cycler {
  const cyclers = listCyclers(args, plan);
  const lengths = new Set(cyclers.map((each) => each.length));
  if (lengths.size > 1) {
    const each = cyclers.map((one) => `${one.keys[0]?.name}: ${one.length}`).join(", ");
    throw new TypeError(`${plan}: the lists of points must have one length, got ${each}`);
  }
  return together(cyclers);
}

/** One trajectory for each pair of motor and points. */
export function listCyclers(args: readonly unknown[], plan: string): Cycler[] {
  return inRows(plan, args, 2, "motor, list of points").map(([device, points]) => {
    const motor = checkMotor(plan, device);
    if (typeof points !== "object" || points === null || !(Symbol.iterator in points)) {
      throw new TypeError(`${plan}: the points of ${motor.name} must be a list, got ${String(points)}`);
    }
    const positions = [...(points as Iterable<unknown>)].map((position) => checkPosition(plan, motor, position));
    if (positions.length === 0) throw new TypeError(`${plan}: the list of points of ${motor.name} is empty`);
    return cycler(motor, positions);
  });
}
