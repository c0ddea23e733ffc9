import { type Movable, supports } from "../devices/protocols.ts";

/** How a value is named in an error: a device by its name, anything else as it prints. */
export function nameOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name || "(anonymous)"}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const name = (value as { name?: unknown }).name;
  return typeof name === "string" ? name : `an object with ${Object.keys(value).join(", ") || "no keys"}`;
}

/** Devices have methods, options have none of a device's. */
function isOptions(value: unknown): value is Record<string, any> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !Object.values(value).some((member) => typeof member === "function") || !("name" in value);
}

/**
 * Splits the trailing options object from positional arguments, as far as there is one. Throws at an option that is
 * not among the known ones, so that a misspelled one is not ignored.
 */
export function takeOptions<K extends string>(
  plan: string,
  args: readonly unknown[],
  known: readonly K[],
): [positional: unknown[], options: { [key in K]?: any }] {
  const last = args.at(-1);
  if (last === undefined && args.length > 0) return takeOptions(plan, args.slice(0, -1), known);
  if (!isOptions(last)) return [[...args], {}];
  checkOptions(plan, last, known);
  return [args.slice(0, -1), last as { [key in K]?: any }];
}

/** Throws at an option that the plan does not have. */
export function checkOptions(plan: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(`${plan}: there is no option ${JSON.stringify(key)}; its options are ${known.join(", ")}`);
    }
  }
}

/** The positional arguments in rows of `size`; throws when they don't come out even. */
export function inRows(plan: string, args: readonly unknown[], size: number, row: string): unknown[][] {
  if (args.length === 0 || args.length % size !== 0) {
    throw new TypeError(
      `${plan}: expected ${row} for each motor, got ${args.length} arguments: ${args.map(nameOf).join(", ")}`,
    );
  }
  const rows: unknown[][] = [];
  for (let i = 0; i < args.length; i += size) rows.push(args.slice(i, i + size));
  return rows;
}

/** Throws unless it is a list of devices that can be read. */
export function checkDetectors(plan: string, detectors: unknown, readable = true): void {
  if (!Array.isArray(detectors)) {
    throw new TypeError(`${plan}: the detectors must be a list of devices, such as [det], not ${nameOf(detectors)}`);
  }
  for (const [i, detector] of detectors.entries()) {
    if (typeof detector?.name !== "string" || (readable && !supports(detector, "Readable"))) {
      throw new TypeError(
        `${plan}: detector ${i + 1} (${nameOf(detector)}) is no device that can be read; it needs name, read and describe`,
      );
    }
  }
}

/** The motor itself; throws unless it can be set. */
export function checkMotor(plan: string, motor: unknown): Movable<any> {
  if (!supports(motor, "Movable") || typeof motor.name !== "string") {
    throw new TypeError(`${plan}: expected a motor (a device with a name and set), got ${nameOf(motor)}`);
  }
  return motor;
}

/** The number itself; throws unless it is finite. */
export function checkNumber(plan: string, what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError(`${plan}: ${what} must be a finite number, got ${nameOf(value)}`);
  }
  return value;
}

/** The number itself; throws unless it is whole and at least `least`. */
export function checkWhole(plan: string, what: string, value: unknown, least = 1): number {
  if (!Number.isInteger(value) || (value as number) < least) {
    throw new TypeError(
      `${plan}: ${what} is a number of points (not a step size) and must be whole and at least ${least}, got ${nameOf(value)}`,
    );
  }
  return value as number;
}

/** A position that a motor can be sent to; throws at NaN and infinities, which no motor can reach. */
export function checkPosition(plan: string, motor: { readonly name: string }, value: unknown): unknown {
  if (value === undefined || value === null || (typeof value === "number" && !Number.isFinite(value))) {
    throw new TypeError(`${plan}: ${motor.name} can't be sent to ${String(value)}`);
  }
  return value;
}

/** The pairs of `mv` and its like as a map. */
export function checkMoves(
  plan: string,
  args: readonly unknown[],
): [moves: Map<Movable<any>, unknown>, options: { group?: unknown; timeoutMs?: number }] {
  // Records are positions too (of a positioner with several axes), so only an odd last argument can be the options.
  const paired = args.length % 2 === 0;
  const [pairs, options] = paired ? [args, {}] : takeOptions(plan, args, ["group", "timeoutMs"]);
  const moves = new Map<Movable<any>, unknown>();
  for (const [motor, position] of inRows(plan, pairs, 2, "motor, position")) {
    const movable = checkMotor(plan, motor);
    if (moves.has(movable)) throw new TypeError(`${plan}: ${movable.name} is given twice`);
    moves.set(movable, checkPosition(plan, movable, position));
  }
  return [moves, options];
}
