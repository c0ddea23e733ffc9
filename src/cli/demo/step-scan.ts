import { PeakStats } from "../../callbacks/index.ts";
import { EpicsMotor, epicsSignalR } from "../../devices/epics/index.ts";
import { initDevices, t } from "../../devices/index.ts";
import { LiveTable } from "../../documents/sinks/live-table.ts";
import type { Plan } from "../../engine/msg.ts";
import type { RunEngine } from "../../engine/run-engine.ts";
import { scan } from "../../plans/index.ts";
import { finalizeWrapper, monitorDuringWrapper } from "../../plans/preprocessors/index.ts";
import * as bps from "../../plans/stubs/index.ts";
import { chart, describePeak, say } from "./report.ts";

const RANGE = 15;
const POINTS = 31;
const SPEED = 60;

/** The devices of the step scan: a motor record over CA, a point detector over PVA, and the beam current. */
export async function stepScanDevices() {
  return initDevices({
    ph: new EpicsMotor("ca://mini:ph:mtr"),
    det: epicsSignalR(t.float, "pva://mini:ph:DetValue_RBV"),
    current: epicsSignalR(t.float, "ca://mini:current"),
  });
}

type Devices = Awaited<ReturnType<typeof stepScanDevices>>;

/** Scans the pinhole against its detector, shows the table, the curve and the peak, and answers with the run's uid. */
export async function runStepScan(engine: RunEngine, { ph, det, current }: Devices): Promise<string> {
  const peaks = new PeakStats(ph.name, det.name);
  const subscriptions = [engine.subscribe(new LiveTable([ph, det])), engine.subscribe(peaks)];
  try {
    const plan = monitorDuringWrapper(atSpeed(ph, SPEED, scan([det], ph, -RANGE, RANGE, POINTS)), [current]);
    const { planResult } = await engine.run(plan);
    say(`\n${chart(`${det.name} over ${ph.name}`, peaks.points)}`);
    if (peaks.peak !== undefined) say(describePeak(peaks.peak, "mm"));
    return planResult ?? "";
  } finally {
    for (const subscription of subscriptions) subscription.unsubscribe();
  }
}

/** Runs a plan with the motor at another speed, and puts its own back however the plan ends. */
export async function* atSpeed<T>(motor: EpicsMotor, speed: number, plan: Plan<T>): Plan<T> {
  const before = (yield* bps.read(motor.velocity))[motor.velocity.name];
  yield* bps.mv(motor.velocity, speed);
  return yield* finalizeWrapper(plan, () => bps.mv(motor.velocity, Number(before?.value)));
}
