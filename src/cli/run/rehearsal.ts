import { supports } from "../../devices/protocols.ts";
import type { Msg, PlanLike } from "../../engine/msg.ts";
import { type Estimate, estimatePlan } from "../../plans/simulators/index.ts";
import { describeError } from "../describe-error.ts";
import { Refused } from "./refused.ts";

/** After so many messages a plan is taken for endless: what comes up to there is checked. */
const AT_MOST = 300_000;
/** How many positions are checked at the same time. */
const TOGETHER = 256;

export interface Rehearsal {
  /** Undefined for a plan that does not end. */
  readonly estimate: Estimate | undefined;
  /** Devices that are set and can't tell their limits. */
  readonly unchecked: readonly string[];
}

/** What the plan would do, without touching hardware. A plan that needs readings to go on can't be estimated so. */
export async function dryRun(plan: () => PlanLike<unknown>): Promise<Rehearsal> {
  const rehearsed = await estimate(plan, { positionOf: ({ position }) => asNumber(position) });
  return { estimate: rehearsed, unchecked: [] };
}

/**
 * Takes the plan through all its messages before anything moves: every position is checked against the device's limits; what it
 * reads are the devices' present readings. Throws a Refused that names the positions that won't do.
 */
export async function checkPlan(plan: () => PlanLike<unknown>): Promise<Rehearsal> {
  const limits = new LimitCheck();
  const answer = (msg: Msg): unknown => {
    if (msg.command === "set") return limits.check(msg);
    if (msg.command === "read" && supports(msg.obj, "Readable")) return msg.obj.read();
    return undefined;
  };
  const rehearsed = await estimate(plan, { answer, askDevices: true });
  await limits.finish();
  return { estimate: rehearsed, unchecked: limits.unchecked };
}

async function estimate(
  plan: () => PlanLike<unknown>,
  options: Parameters<typeof estimatePlan>[1] & object,
): Promise<Estimate | undefined> {
  let messages = 0;
  const { answer } = options;
  const counted = (msg: Msg): unknown => {
    messages += 1;
    return answer?.(msg);
  };
  try {
    return await estimatePlan(plan(), { ...options, answer: counted, maxMessages: AT_MOST });
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (messages >= AT_MOST) return undefined;
    throw new Refused(`the plan failed when it was tried without moving anything: ${describeError(error)}`, {
      cause: error,
    });
  }
}

class LimitCheck {
  readonly #checked = new Map<unknown, Set<unknown>>();
  readonly #unchecked = new Map<unknown, string>();
  readonly #refusals: string[] = [];
  #pending: Promise<void>[] = [];

  get unchecked(): string[] {
    return [...this.#unchecked.values()];
  }

  check({ obj, args }: Msg): unknown {
    const value: unknown = args[0];
    if (!supports(obj, "Checkable")) {
      this.#unchecked.set(obj, obj.name);
      return undefined;
    }
    const checked = this.#checked.get(obj) ?? new Set();
    this.#checked.set(obj, checked);
    if (checked.has(value)) return undefined;
    checked.add(value);
    this.#pending.push(this.#ask(obj, value));
    return this.#pending.length < TOGETHER ? undefined : this.#settle();
  }

  async finish(): Promise<void> {
    await this.#settle();
    const first = this.#refusals.slice(0, 5);
    if (first.length === 0) return;
    const more = this.#refusals.length - first.length;
    throw new Refused(
      `the plan goes where it can't, so nothing was moved:\n${first.join("\n")}${more > 0 ? `\nand ${more} more` : ""}`,
    );
  }

  async #settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    await Promise.all(pending);
  }

  async #ask(obj: { checkValue(value: unknown): unknown }, value: unknown): Promise<void> {
    try {
      await obj.checkValue(value);
    } catch (error) {
      this.#refusals.push(describeError(error));
    }
  }
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
