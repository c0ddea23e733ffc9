import { quantile, type Row } from "./table.ts";

/** Durations in microseconds of one round, with what they cost where the contender says so. */
export interface Measured {
  readonly us: readonly number[];
  /** CPU time of the contender's process for each operation, in microseconds. */
  readonly cpuUs?: number;
  readonly threads?: number;
  readonly residentMb?: number;
  /** How many operations the durations stand for, where that is not their number. */
  readonly count?: number;
  /** Of updates: how many it told its user were dropped. */
  readonly told?: number;
}

export interface Contender {
  who: string;
  round(round: number): Promise<readonly number[] | Measured>;
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
  const measured = contenders.map((): Measured[] => []);
  const failed = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined || failed.has(index)) continue;
      try {
        const result = await contender.round(round);
        measured[index]?.push("us" in result ? result : { us: result });
      } catch (error) {
        failed.add(index);
        report(`${what}: ${contender.who} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return contenders.map(({ who }, index) => rowOf(what, who, measured[index] ?? [])).filter(({ us }) => us.length > 0);
}

/** The rounds of one contender as a row. */
export function rowOf(what: string, who: string, rounds: readonly Measured[]): Row {
  const middle = (pick: (round: Measured) => number | undefined): number | undefined => {
    const all = rounds.map(pick).filter((value) => value !== undefined);
    return all.length === 0 ? undefined : quantile(all, 0.5);
  };
  const cost = {
    cpuUs: middle(({ cpuUs }) => cpuUs),
    threads: middle(({ threads }) => threads),
    residentMb: middle(({ residentMb }) => residentMb),
  };
  return { what, who, us: rounds.flatMap(({ us }) => us), ...cost };
}
