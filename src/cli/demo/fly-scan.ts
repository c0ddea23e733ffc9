import { BulkFlyer, deadTimeCorrection, type EpicsMotor } from "../../devices/epics/index.ts";
import { initDevices } from "../../devices/index.ts";
import type { Sink } from "../../documents/index.ts";
import type { Plan } from "../../engine/msg.ts";
import type { RunEngine } from "../../engine/run-engine.ts";
import * as bps from "../../plans/stubs/index.ts";
import { chart, durations, say } from "./report.ts";
import { atSpeed } from "./step-scan.ts";
import { Stopwatch } from "./stopwatch.ts";

const CHANNELS = Array.from({ length: 48 }, (_, at) => `ch${String(at + 1).padStart(2, "0")}`);
const NUM_POINTS = 2_000;
const DWELL = 0.001;
const DEAD_TIME = 1e-6;
const RANGE = 6;
const SPEED = 60;
const SHOWN = "ch24";

/** Sweeps the motor through the channels' peaks, shows one of them and what each part took, and answers with the run's uid. */
export async function runFlyScan(
  engine: RunEngine,
  motor: EpicsMotor,
  sink: Sink,
): Promise<{ readonly uid: string; readonly field: string }> {
  const watch = new Stopwatch();
  const { fly } = await initDevices({ fly: scaler(motor, watch) });
  let curve: [x: number, y: number][] = [];
  const subscriptions = [
    engine.subscribe(() => watch.mark("page"), "event_page"),
    engine.subscribe(watch.handOver(sink)),
    engine.subscribe(({ name, doc }) => {
      if (name !== "event_page") return;
      const { position = [], [SHOWN]: counts = [] } = doc.data;
      curve = Array.from(position, (x, row) => [Number(x), Number(counts[row])]);
    }),
  ];
  try {
    say(`sweeping ${motor.name} from ${-RANGE} to ${RANGE} mm in ${NUM_POINTS * DWELL} s ...`);
    const { planResult } = await engine.run(atSpeed(motor, SPEED, sweep(motor, fly, watch)));
    await sink.flush();
    watch.mark("durable");
    say(`\n${chart(`${SHOWN} over ${motor.name}, corrected for dead time`, curve)}`);
    say(
      durations([
        [
          "read",
          fly.timings?.readMs ?? Number.NaN,
          `one bulk read of ${CHANNELS.length + 2} waveforms x ${NUM_POINTS}`,
        ],
        ["correction", fly.timings?.correctionMs ?? Number.NaN, `dead time, ${CHANNELS.length} channels`],
        ["page", watch.between("corrected", "page"), "columns made, checked and on the bus"],
        ["hand-over", watch.between("handing over", "handed over"), "the writer has it, in its journal or file"],
        ["plan free", watch.between("acquired", "free"), "after the acquisition: all of the above"],
        ["durable", watch.between("acquired", "durable"), "after the acquisition: everything is stored"],
      ]),
    );
    return { uid: planResult ?? "", field: SHOWN };
  } finally {
    for (const subscription of subscriptions) subscription.unsubscribe();
  }
}

function scaler(motor: EpicsMotor, watch: Stopwatch): BulkFlyer {
  const correct = deadTimeCorrection({ deadTime: DEAD_TIME, keys: CHANNELS });
  const channels = CHANNELS.map(
    (key) => [key, { pv: `mini:fly:${key.replace("ch", "Ch")}`, units: "counts" }] as const,
  );
  return new BulkFlyer({
    acquire: "mini:fly:Acquire",
    stop: "mini:fly:Stop",
    numPoints: "mini:fly:NumPoints",
    dwell: "mini:fly:Dwell",
    settings: { "mini:fly:Motor": "mini:ph:mtr" },
    clock: { start: "mini:fly:StartTime", times: "mini:fly:Time" },
    waveforms: {
      position: { pv: "mini:fly:Position", units: "mm" },
      i0: { pv: "mini:fly:I0", units: "counts" },
      ...Object.fromEntries(channels),
    },
    hinted: [SHOWN],
    streamName: "primary",
    sweep: { motor, start: -RANGE, stop: RANGE },
    async correct(columns, context) {
      await correct(columns, context);
      watch.mark("corrected");
    },
  });
}

async function* sweep(motor: EpicsMotor, flyer: BulkFlyer, watch: Stopwatch): Plan<string> {
  yield* bps.mv(motor, -RANGE);
  yield* bps.prepare(flyer, { numPoints: NUM_POINTS, dwell: DWELL }, { wait: true });
  const uid = yield* bps.openRun({ plan_name: "fly_sweep", motors: [motor.name], detectors: [flyer.name] });
  yield* bps.kickoff(flyer, { wait: true });
  yield* bps.complete(flyer, { wait: true });
  watch.mark("acquired");
  yield* bps.collect(flyer);
  watch.mark("free");
  yield* bps.closeRun();
  return uid;
}
