/** A way from standstill to standstill: how long it takes, and how much of it is done after some seconds. */
export interface MotionProfile {
  readonly seconds: number;
  /** From 0 to 1. */
  covered(seconds: number): number;
}

/** Speeds up, cruises and brakes by constant acceleration: v² / a of the way is needed for it, and a shorter way has a lower top speed. */
export function motionProfile(way: number, velocity: number, acceleration: number): MotionProfile {
  if (way === 0) return { seconds: 0, covered: () => 1 };
  if (!Number.isFinite(acceleration)) {
    const seconds = way / velocity;
    return { seconds, covered: (at) => (seconds === 0 ? 1 : clamp(at / seconds)) };
  }
  const top = Math.min(velocity, Math.sqrt(way * acceleration));
  const ramp = top / acceleration;
  const seconds = way / top + ramp;
  const covered = (at: number): number => {
    const left = seconds - at;
    if (at <= 0) return 0;
    if (left <= 0) return 1;
    if (at < ramp) return (acceleration * at ** 2) / 2 / way;
    return left < ramp ? 1 - (acceleration * left ** 2) / 2 / way : (top * (at - ramp / 2)) / way;
  };
  return { seconds, covered };
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
