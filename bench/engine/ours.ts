import { type PlanLike, RunEngine } from "cerulean";
import { count } from "cerulean/plans";
import type { Contender } from "../interleave.ts";
import { detector } from "./devices.ts";

/** Microseconds for each of the `parts` of a plan. */
export function ours(who: string, parts: number, plan: () => PlanLike<unknown>): Contender {
  const engine = new RunEngine();
  return {
    who,
    async round() {
      const start = performance.now();
      await engine.run(plan());
      return [((performance.now() - start) * 1000) / parts];
    },
  };
}

export function ourRuns(n: number): Contender {
  const engine = new RunEngine();
  return {
    who: "cerulean",
    async round() {
      const start = performance.now();
      for (let i = 0; i < n; i++) await engine.run(count([detector]));
      return [((performance.now() - start) * 1000) / n];
    },
  };
}

export function ourFirstDocuments(n: number): Contender {
  const engine = new RunEngine();
  let first: number | undefined;
  engine.subscribe(() => {
    first ??= performance.now();
  });
  return {
    who: "cerulean",
    async round() {
      const us: number[] = [];
      for (let i = 0; i < n; i++) {
        first = undefined;
        const start = performance.now();
        await engine.run(count([detector]));
        us.push(((first ?? Number.NaN) - start) * 1000);
      }
      return us;
    },
  };
}

/** From a request to its acknowledgement, while a plan sends messages as fast as it can. */
export function ourRequests(
  who: string,
  n: number,
  request: "pause" | "abort",
  plan: () => PlanLike<unknown>,
): Contender {
  const engine = new RunEngine();
  return {
    who,
    async round() {
      const us: number[] = [];
      for (let i = 0; i < n; i++) {
        const ended = engine.run(plan()).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 20));
        const start = performance.now();
        await engine[request]();
        us.push((performance.now() - start) * 1000);
        if (request === "pause") await engine.abort();
        await ended;
      }
      return us;
    },
  };
}
