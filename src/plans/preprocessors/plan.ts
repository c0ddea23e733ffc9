import type { Msg } from "../../engine/msg.ts";
import { noted } from "../noted-plan.ts";

/**
 * Makes a plan of your own tell when it was called and never iterated, as ours do: `const align = plan(async function* align() { ... })`.
 * A bare `async function*` leaves no trace of such a call.
 */
export function plan<F extends (...args: any[]) => AsyncGenerator<Msg, any, any>>(planFunction: F): F {
  const { name } = planFunction;
  const make = (...args: unknown[]) => noted(name || "a plan without a name", planFunction(...args));
  return Object.defineProperty(make, "name", { value: name }) as unknown as F;
}
