import type { StatusContext } from "../status.ts";

/** Something that a motor does until it stands again: a move, or the search for its home. */
export interface Motion {
  /** As messages name it: a position, or `home`. */
  readonly target: number | string;
  /** Whether the motor may be moving because of this. */
  readonly underWay: boolean;
  run(context: StatusContext): Promise<void>;
  /** The motor has been told to stop: the motion ends once it stands. */
  stopped(success: boolean): void;
  /** The motion ends at once, with this error: another one has taken its place. */
  replaced(error: Error): void;
}
