import { Msg, type Plan, type PlanLike } from "cerulean";
import { count, fly } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";
import { detector, flyer } from "./devices.ts";

export async function* nulls(n: number): Plan {
  for (let i = 0; i < n; i++) yield* bps.null();
}

export async function* reusedNulls(n: number): Plan {
  const msg = new Msg("null");
  for (let i = 0; i < n; i++) yield msg;
}

/** Messages that pass through as many async generators. */
export async function* nested(depth: number, n: number): Plan {
  yield* depth === 1 ? nulls(n) : nested(depth - 1, n);
}

/** What `count` does, as a user would write it. */
export async function* ownCount(n: number): Plan {
  yield* bps.openRun();
  for (let i = 0; i < n; i++) {
    yield* bps.checkpoint();
    yield* bps.triggerAndRead([detector]);
  }
  yield* bps.closeRun();
}

/** `count` inside an async generator. */
export async function* delegatedCount(n: number): Plan<unknown> {
  return yield* count([detector], n);
}

export async function* endless(): Plan {
  yield* bps.checkpoint();
  for (;;) yield* bps.null();
}

export function page(columns: number, rows: number): () => PlanLike<unknown> {
  const device = flyer(columns, rows);
  return () => fly([device]);
}
