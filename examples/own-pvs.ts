import { RunEngine } from "cerulean";
import { LiveTable, PeakStats } from "cerulean/callbacks";
import { initDevices, t } from "cerulean/devices";
import { EpicsMotor, epicsSignalR } from "cerulean/epics";
import { scan } from "cerulean/plans";
import { JsonlWriter } from "cerulean/sinks/jsonl";

const { x, det } = await initDevices({
  x: new EpicsMotor("mini:ph:mtr"),
  det: epicsSignalR(t.float, "pva://mini:ph:DetValue_RBV"),
});

const engine = new RunEngine({ md: { beamline: "mine" }, handleSignals: true });
const files = new JsonlWriter("data");
const peak = new PeakStats(x.name, det.name);
for (const subscriber of [files, new LiveTable([x, det]), peak]) engine.subscribe(subscriber);

const { planResult: uid } = await engine.run(scan([det], x, -10, 10, 11));
await files.close();
console.log(`run ${uid}: peak at ${peak.peak?.cen?.toFixed(2)}, stored in data/${uid}.jsonl`);
