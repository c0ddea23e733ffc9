/** What one motor would do, in its own units. */
export interface Travel {
  readonly moves: number;
  readonly distance: number;
  readonly min: number;
  readonly max: number;
}

/** The ways of all motors of a plan. */
export class TravelLog {
  readonly all: Record<string, Travel> = {};
  readonly #positions = new Map<unknown, number>();

  position(motor: unknown): number | undefined {
    return this.#positions.get(motor);
  }

  /** Answers with how far it is. A motor of which nobody knows where it stood has no way to its first target. */
  move(motor: { readonly name: string }, from: number | undefined, target: number): number {
    const distance = Math.abs(target - (from ?? target));
    const known = this.all[motor.name];
    this.all[motor.name] = {
      moves: (known?.moves ?? 0) + 1,
      distance: (known?.distance ?? 0) + distance,
      min: Math.min(known?.min ?? target, target),
      max: Math.max(known?.max ?? target, target),
    };
    this.#positions.set(motor, target);
    return distance;
  }
}
