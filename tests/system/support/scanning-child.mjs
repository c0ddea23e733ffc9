import { RunEngine } from "cerulean";
import { initDevices, t } from "cerulean/devices";
import { EpicsMotor, epicsSignalRW } from "cerulean/epics";
import * as bps from "cerulean/plans/stubs";

// Sweeps a motor slowly, staged and with a setting changed, and says when it is on its way. It has to be killed.
const { motor, exposure } = await initDevices({
  motor: new EpicsMotor("mini:ph:mtr"),
  exposure: epicsSignalRW(t.float, "pva://mini:ph:ExposureTime"),
});
const engine = new RunEngine({ recoveryFile: process.argv[2] });
process.stdin.on("close", () => process.exit()).resume();

async function* sweep() {
  yield* bps.stage(motor);
  yield* bps.mv(exposure, 0.25);
  yield* bps.prepare(motor, { startPosition: 5, endPosition: 45, timeForMove: 10 }, { wait: true });
  yield* bps.openRun();
  yield* bps.kickoff(motor, { wait: true });
  process.stdout.write("flying\n");
  yield* bps.complete(motor, { wait: true });
}
await engine.run(sweep);
