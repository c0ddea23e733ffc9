import { type Plan, RunEngine } from "cerulean";
import { initDevices } from "cerulean/devices";
import { BulkFlyer, deadTimeCorrection, EpicsMotor } from "cerulean/epics";
import * as bps from "cerulean/plans/stubs";

const { x } = await initDevices({ x: new EpicsMotor("mini:ph:mtr") });
await x.velocity.set(50).wait();

/** The scaler counts while the motor sweeps; then all waveforms are read at once and come as one page, corrected. */
const { fly } = await initDevices({
  fly: new BulkFlyer({
    acquire: "mini:fly:Acquire",
    stop: "mini:fly:Stop",
    numPoints: "mini:fly:NumPoints",
    dwell: "mini:fly:Dwell",
    settings: { "mini:fly:Motor": "mini:ph:mtr" },
    clock: { start: "mini:fly:StartTime", times: "mini:fly:Time" },
    waveforms: {
      position: { pv: "mini:fly:Position", units: "mm" },
      i0: { pv: "mini:fly:I0", units: "counts" },
      counts: { pv: "mini:fly:Ch24", units: "counts" },
    },
    correct: deadTimeCorrection({ deadTime: 1e-6, keys: ["counts"] }),
    sweep: { motor: x, start: -6, stop: 6 },
    streamName: "primary",
  }),
});

async function* sweep(): Plan<string> {
  const uid = yield* bps.openRun({ plan_name: "sweep" });
  yield* bps.prepare(fly, { numPoints: 1000, dwell: 0.002 }, { wait: true });
  yield* bps.kickoff(fly, { wait: true });
  yield* bps.complete(fly, { wait: true });
  yield* bps.collect(fly);
  yield* bps.closeRun();
  return uid;
}

const engine = new RunEngine({ handleSignals: true });
engine.subscribe(({ name, doc }) => {
  if (name !== "event_page") return;
  const { position = [], counts = [], i0 = [] } = doc.data as Record<string, ArrayLike<number>>;
  const light = Array.from(counts, (count, row) => count / (i0[row] as number));
  const top = light.indexOf(Math.max(...light));
  console.log(`${light.length} rows in one page; most light at ${(position[top] as number).toFixed(1)} mm`);
});
await engine.run(sweep());
