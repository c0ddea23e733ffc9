import type { DetectorTrigger, TriggerInfo, TriggerLogic } from "./logics.ts";

/** A trigger info made whole and checked. */
export interface FlightPlan {
  readonly trigger: DetectorTrigger;
  readonly livetime: number | undefined;
  readonly deadtime: number;
  readonly exposuresPerCollection: number;
  readonly collectionsPerEvent: number;
  /** The events of each kickoff; one of 0 events goes on until it is stopped. */
  readonly batches: readonly number[];
  readonly totalEvents: number;
  readonly exposureTimeout: number;
}

const PREPARE = { internal: "prepareInternal", edge: "prepareEdge", level: "prepareLevel" } as const;

/** Throws with the detector's name when the info is wrong, or asks for what the trigger logic can't do. */
export async function planFlight(name: string, info: TriggerInfo, logic: TriggerLogic): Promise<FlightPlan> {
  const { trigger = "internal", livetime, numberOfEvents = 1 } = info;
  const { exposuresPerCollection = 1, collectionsPerEvent = 1 } = info;
  if (trigger === "internal" && logic.prepareInternal === undefined) {
    // It can be triggered all the same, as it is set.
    if (livetime !== undefined || info.deadtime !== undefined) {
      throw new TypeError(`${name} has no trigger logic that could set a livetime or a deadtime`);
    }
  } else if (logic[PREPARE[trigger]] === undefined) {
    const known = (Object.keys(PREPARE) as DetectorTrigger[]).filter((key) => logic[PREPARE[key]] !== undefined);
    throw new TypeError(
      `${name} can't be triggered by "${trigger}"; it supports ${known.join(", ") || "nothing else"}`,
    );
  }
  if (exposuresPerCollection !== 1 && logic.prepareExposuresPerCollection === undefined) {
    throw new TypeError(`${name} does not support several exposures in a collection`);
  }
  const batches = typeof numberOfEvents === "number" ? [numberOfEvents] : numberOfEvents;
  const counts: readonly (readonly [string, number, number])[] = [
    ["exposuresPerCollection", exposuresPerCollection, 1],
    ["collectionsPerEvent", collectionsPerEvent, 1],
    ...batches.map((events) => ["numberOfEvents", events, typeof numberOfEvents === "number" ? 0 : 1] as const),
  ];
  for (const [what, count, least] of counts) {
    if (Number.isSafeInteger(count) && count >= least) continue;
    throw new RangeError(`${name}: ${what} must be a whole number from ${least}, not ${count}`);
  }
  if (batches.length === 0) throw new RangeError(`${name}: numberOfEvents has no kickoff`);
  if (livetime !== undefined && !(livetime > 0))
    throw new RangeError(`${name}: livetime must be above 0 s, not ${livetime}`);
  if (trigger === "edge" && livetime === undefined) {
    throw new TypeError(`${name}: a livetime is needed for edge triggers`);
  }
  const needed = (await logic.deadtime?.()) ?? 0;
  const deadtime = info.deadtime ?? needed;
  if (deadtime < needed) throw new RangeError(`${name} needs at least ${needed} s of deadtime, not ${deadtime}`);
  const totalEvents = batches.reduce((sum, events) => sum + events, 0);
  const exposureTimeout = info.exposureTimeout ?? (livetime ?? 0) + deadtime + 10;
  return {
    trigger,
    livetime,
    deadtime,
    exposuresPerCollection,
    collectionsPerEvent,
    batches,
    totalEvents,
    exposureTimeout,
  };
}

/** Sets the detector up for this many events. */
export async function prepareTrigger(plan: FlightPlan, events: number, logic: TriggerLogic): Promise<void> {
  const { trigger, livetime, deadtime, exposuresPerCollection, collectionsPerEvent } = plan;
  if (logic.prepareExposuresPerCollection !== undefined) {
    await logic.prepareExposuresPerCollection(exposuresPerCollection);
  }
  const num = events * collectionsPerEvent * exposuresPerCollection;
  await logic[PREPARE[trigger]]?.({ num, livetime, deadtime });
}
