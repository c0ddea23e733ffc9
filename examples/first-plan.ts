import { type Plan, RunEngine } from "cerulean";
import { LiveTable } from "cerulean/callbacks";
import * as bps from "cerulean/plans/stubs";
import { hw } from "cerulean/sim";

const { motor, det } = hw();

/** Walks towards the light for as long as each step gains, and answers with where it was strongest. */
async function* climb(from: number, step: number): Plan<number> {
  yield* bps.openRun({ plan_name: "climb", sample: "LaB6" });
  let best = { at: from, light: 0 };
  for (let at = from; ; at += step) {
    yield* bps.mv(motor, at);
    const readings = yield* bps.triggerAndRead([motor, det]);
    const light = readings.det?.value ?? 0;
    if (light < best.light) break;
    best = { at, light };
  }
  yield* bps.closeRun();
  return best.at;
}

const engine = new RunEngine();
engine.subscribe(new LiveTable([motor, det]));
const { planResult } = await engine.run(climb(-2, 0.5));
console.log(`strongest at ${planResult}`);
