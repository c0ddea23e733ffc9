import type { Movable } from "../../devices/protocols.ts";
import { repr } from "../metadata.ts";

type Motor = Movable<any>;
type Column = ArrayLike<unknown>;

/** The points of a trajectory: for each motor, its position at each of them. */
export class Cycler implements Iterable<ReadonlyMap<Motor, any>> {
  readonly #columns: ReadonlyMap<Motor, Column>;
  readonly #text: () => string;
  readonly length: number;

  /** `text` tells how the trajectory came about; the columns side by side unless given. */
  constructor(columns: ReadonlyMap<Motor, Column>, text?: () => string) {
    const lengths = new Set([...columns.values()].map((column) => column.length));
    if (lengths.size > 1)
      throw new RangeError(`a trajectory needs as many positions for each motor: ${describe(columns)}`);
    this.#columns = columns;
    this.#text = text ?? (() => sideBySide(columns));
    this.length = [...lengths][0] ?? 0;
  }

  /** The motors, the slowest first. */
  get keys(): Motor[] {
    return [...this.#columns.keys()];
  }

  /** The positions by motor. */
  byKey(): ReadonlyMap<Motor, Column> {
    return this.#columns;
  }

  /** Both trajectories side by side, point by point. Throws when they differ in length or share a motor. */
  add(other: Cycler): Cycler {
    if (other.length !== this.length) {
      throw new RangeError(
        `trajectories of ${this.length} and ${other.length} points can't be joined: ${describe(this.#columns)}, ${describe(other.#columns)}`,
      );
    }
    this.#refuseShared(other);
    return new Cycler(new Map([...this.#columns, ...other.#columns]), () => `(${this} + ${other})`);
  }

  /** For each point of this trajectory all points of the other. Throws when they share a motor. */
  multiply(other: Cycler): Cycler {
    this.#refuseShared(other);
    const columns = new Map<Motor, Column>();
    for (const [motor, column] of this.#columns) columns.set(motor, spread(column, 1, other.length));
    for (const [motor, column] of other.#columns) columns.set(motor, spread(column, this.length, 1));
    return new Cycler(columns, () => `(${this} * ${other})`);
  }

  *[Symbol.iterator](): Generator<ReadonlyMap<Motor, any>, void, undefined> {
    for (let i = 0; i < this.length; i++) {
      const step = new Map<Motor, unknown>();
      for (const [motor, column] of this.#columns) step.set(motor, column[i]);
      yield step;
    }
  }

  toString(): string {
    return this.#text();
  }

  #refuseShared(other: Cycler): void {
    const shared = other.keys.find((motor) => this.#columns.has(motor));
    if (shared !== undefined)
      throw new TypeError(`${shared.name} is in both trajectories; a motor can be given only once`);
  }
}

/** The positions of one motor as a trajectory. */
export function cycler(motor: Motor, positions: Iterable<unknown>): Cycler {
  return new Cycler(new Map([[motor, [...positions]]]));
}

/** Each value `repeats` times, and all of that `tiles` times; every other tile backwards where `snake` says so. */
function spread(column: Column, tiles: number, repeats: number, snake = false): unknown[] {
  const { length } = column;
  const values = new Array<unknown>(length * tiles * repeats);
  let next = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const backwards = snake && tile % 2 === 1;
    for (let i = 0; i < length; i++) {
      values.fill(column[backwards ? length - 1 - i : i], next, next + repeats);
      next += repeats;
    }
  }
  return values;
}

/** All combinations of the trajectories, the first one slowest; those marked run back and forth, the first never. */
export function snakeCyclers(cyclers: readonly Cycler[], snaking: readonly boolean[]): Cycler {
  if (cyclers.length !== snaking.length) {
    throw new RangeError(`${cyclers.length} trajectories need as many snaking flags, got ${snaking.length}`);
  }
  const lengths = cyclers.map((each) => each.length);
  const columns = new Map<Motor, Column>();
  for (const [i, each] of cyclers.entries()) {
    const tiles = product(lengths.slice(0, i));
    const repeats = product(lengths.slice(i + 1));
    for (const [motor, column] of each.byKey()) {
      if (columns.has(motor)) throw new TypeError(`${motor.name} is given twice; a motor can be given only once`);
      columns.set(motor, spread(column, tiles, repeats, i > 0 && snaking[i]));
    }
  }
  return new Cycler(columns);
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all * each, 1);
}

function sideBySide(columns: ReadonlyMap<Motor, Column>): string {
  const parts = [...columns].map(([motor, column]) => `cycler(${repr(motor)}, ${repr(Array.from(column))})`);
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(" + ")})`;
}

function describe(columns: ReadonlyMap<Motor, Column>): string {
  return [...columns].map(([motor, column]) => `${motor.name}: ${column.length}`).join(", ");
}
