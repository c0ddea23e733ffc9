import { Status } from "cerulean/devices";

const NUMBER = { source: "bench", dtype: "number" as const, shape: [] };

/** A detector that answers at once. */
export const detector = {
  name: "det",
  trigger: () => Status.finished(),
  read: () => ({ det: { value: 1, timestamp: Date.now() / 1000 } }),
  describe: () => ({ det: NUMBER }),
};

/** A motor that is there at once. */
export function motor(name: string) {
  let position = 0;
  return {
    name,
    set(to: number) {
      position = to;
      return Status.finished();
    },
    read: () => ({ [name]: { value: position, timestamp: Date.now() / 1000 } }),
    describe: () => ({ [name]: NUMBER }),
  };
}

/** A flyer that has flown: it hands out one page. */
export function flyer(columns: number, rows: number) {
  const keys = Array.from({ length: columns }, (_, i) => `c${i}`);
  const time = Float64Array.from({ length: rows }, (_, i) => 1.7e9 + i / 1000);
  const of = <T>(value: T): Record<string, T> => Object.fromEntries(keys.map((key) => [key, value]));
  return {
    name: "flyer",
    kickoff: () => Status.finished(),
    complete: () => Status.finished(),
    describeCollect: () => ({ fly: of(NUMBER) }),
    *collectPages() {
      yield { data: of(new Float64Array(rows).fill(1)), timestamps: of(time), time };
    },
  };
}
