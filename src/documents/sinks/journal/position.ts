/** Where a journal ends: so many committed bytes in that segment. */
export interface JournalPosition {
  readonly segment: number;
  readonly size: number;
}

const HALF = 32n;

/** In one number that two threads can share: the segment in the upper half, its bytes in the lower one. */
export function packPosition({ segment, size }: JournalPosition): bigint {
  return (BigInt(segment) << HALF) | BigInt(size);
}

export function unpackPosition(packed: bigint): JournalPosition {
  return { segment: Number(packed >> HALF), size: Number(packed & 0xffff_ffffn) };
}
