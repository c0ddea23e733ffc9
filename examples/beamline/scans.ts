import type { Plan } from "cerulean";
import { t } from "cerulean/devices";
import { EpicsMotor, epicsSignalR } from "cerulean/epics";
import { scan } from "cerulean/plans";
import { finalizeWrapper } from "cerulean/plans/preprocessors";
import * as bps from "cerulean/plans/stubs";

export const pinhole = new EpicsMotor("mini:ph:mtr");
export const light = epicsSignalR(t.float, "pva://mini:ph:DetValue_RBV");

/** The light through the pinhole, from one side of the centre to the other. */
export function profile(halfWidth = 10, points = 11): Plan<string> {
  return scan([light], pinhole, -halfWidth, halfWidth, points);
}

/** Walks outwards until half of the light is gone, answers with how far that was, and goes back to the centre. */
export function halfLight(step = 1): Plan<number> {
  return finalizeWrapper(walk(step), () => bps.mv(pinhole, 0));
}

async function* walk(step: number): Plan<number> {
  yield* bps.openRun({ plan_name: "halfLight", step });
  const lightAt = async function* (position: number): Plan<number> {
    yield* bps.mv(pinhole, position);
    const readings = yield* bps.triggerAndRead([pinhole, light]);
    return Number(readings[light.name]?.value ?? 0);
  };
  const full = yield* lightAt(0);
  let at = 0;
  while ((yield* lightAt(at + step)) > full / 2 && at < 50) at += step;
  yield* bps.closeRun();
  return at;
}
