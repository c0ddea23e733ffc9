import { Msg, type Plan, RunEngine } from "cerulean";
import { Status } from "cerulean/devices";
import { count } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { type Contender, interleave } from "../interleave.ts";
import { Peer } from "../peer.ts";
import { formatTable } from "../table.ts";

const detector = {
  name: "det",
  trigger: () => Status.finished(),
  read: () => ({ det: { value: 1, timestamp: Date.now() / 1000 } }),
  describe: () => ({ det: { source: "bench", dtype: "number" as const, shape: [] } }),
};

async function* nulls(n: number): Plan {
  for (let i = 0; i < n; i++) yield* bps.null();
}

async function* reusedNulls(n: number): Plan {
  const msg = new Msg("null");
  for (let i = 0; i < n; i++) yield msg;
}

function ours(who: string, n: number, plan: () => Plan<unknown>): Contender {
  const engine = new RunEngine();
  return {
    who,
    async round() {
      const start = performance.now();
      await engine.run(plan());
      return [((performance.now() - start) * 1000) / n];
    },
  };
}

/** Prints microseconds an event of `count` and microseconds a `null` message, ours beside bluesky's. */
export async function benchEngine(python: string, rounds: number): Promise<void> {
  const bluesky = new Peer("bluesky", python, "bluesky_peer.py", {});
  const theirs = (who: string, request: Record<string, unknown>): Contender => ({
    who,
    round: () => bluesky.ask(request),
  });
  try {
    const rows = [
      ...(await interleave(
        "count, one detector: us an event (7 messages)",
        [
          ours("cerulean", 20_000, () => count([detector], 20_000)),
          theirs("bluesky", { op: "count", n: 200 }),
          theirs("bluesky without stack capture", { op: "count", n: 400, stack: false }),
        ],
        rounds,
        console.error,
      )),
      ...(await interleave(
        "null: us a message",
        [
          ours("cerulean", 100_000, () => nulls(100_000)),
          ours("cerulean, one message reused", 100_000, () => reusedNulls(100_000)),
          theirs("bluesky", { op: "null", n: 2000 }),
          theirs("bluesky without stack capture", { op: "null", n: 5000, stack: false }),
        ],
        rounds,
        console.error,
      )),
    ];
    console.log(formatTable(rows, "cerulean"));
  } finally {
    await bluesky.close();
  }
}
