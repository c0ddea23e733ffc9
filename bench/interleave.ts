import type { Row } from "./table.ts";

export interface Contender {
  who: string;
  /** Durations in microseconds of one round. */
  round(round: number): Promise<readonly number[]>;
}

/**
 * Runs the contenders in turn, round by round, in an order that changes each round: the machine's mood falls on all alike.
 * A contender that fails is left out from there on and its error is reported with `report`.
 */
export async function interleave(
  what: string,
  contenders: readonly Contender[],
  rounds: number,
  report: (line: string) => void,
): Promise<Row[]> {
  const rows = contenders.map((contender) => ({ what, who: contender.who, us: [] as number[] }));
  const failed = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined || failed.has(index)) continue;
      try {
        rows[index]?.us.push(...(await contender.round(round)));
      } catch (error) {
        failed.add(index);
        report(`${what}: ${contender.who} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return rows.filter((row) => row.us.length > 0);
}
