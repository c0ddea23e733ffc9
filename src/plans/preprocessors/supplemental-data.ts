import type { PlanLike, Preprocessor } from "../../engine/msg.ts";
import { baselineWrapper, flyDuringWrapper, monitorDuringWrapper } from "./during.ts";

/** A preprocessor whose lists can be changed; each run follows the lists as they are when its plan is started. */
export type SupplementalData = Preprocessor & { baseline: unknown[]; monitors: unknown[]; flyers: unknown[] };

/**
 * A preprocessor that takes more data with every run: `baseline` is read at its beginning and end, `monitors` are
 * monitored and `flyers` fly during it.
 */
export function supplementalData(
  options: { baseline?: unknown[]; monitors?: unknown[]; flyers?: unknown[] } = {},
): SupplementalData {
  const { baseline = [], monitors = [], flyers = [] } = options;
  const data = { baseline: [...baseline], monitors: [...monitors], flyers: [...flyers] };
  const preprocessor = (plan: PlanLike<any>): PlanLike<any> => {
    const supplement = preprocessor as SupplementalData;
    const flying = supplement.flyers.length > 0 ? flyDuringWrapper(plan, supplement.flyers) : plan;
    const monitored = supplement.monitors.length > 0 ? monitorDuringWrapper(flying, supplement.monitors) : flying;
    return supplement.baseline.length > 0 ? baselineWrapper(monitored, supplement.baseline) : monitored;
  };
  return Object.assign(preprocessor, data);
}
