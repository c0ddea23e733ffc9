import { type Plan, RunEngine } from "cerulean";
import { type Datatype, initDevices, t } from "cerulean/devices";
import { EpicsMotor, epicsSignalR } from "cerulean/epics";
import { count, scan } from "cerulean/plans";
import { runWrapper } from "cerulean/plans/preprocessors";
import * as bps from "cerulean/plans/stubs";
import { JsonlWriter } from "cerulean/sinks/jsonl";
import { MongoWriter } from "cerulean/sinks/mongo";

/** What a user might get wrong, each as her program would be; `process.argv` has the case and the folder for its runs. */
const [, , mistake = "", folder = ""] = process.argv;

const motorPv = "mini:ph:mtr";

async function devices(detectorPv = "mini:ph:DetValue_RBV", type: Datatype<any> = t.float) {
  return initDevices(
    { x: new EpicsMotor(motorPv), det: epicsSignalR(type, detectorPv) },
    { timeoutMs: mistake === "missing-pv" ? 700 : 5000 },
  );
}

async function* failing(x: EpicsMotor): Plan {
  yield* bps.absSet(x, 50, { group: "far" });
  yield* bps.sleep(0.2);
  throw new Error("the sample fell off");
}

const cases: Record<string, () => Promise<unknown>> = {
  "missing-pv": () => devices("mini:no:such:pv"),
  "wrong-datatype": () => devices("mini:ph:DetValue_RBV", t.int),
  "mongod-away": () => MongoWriter.connect("mongodb://127.0.0.1:1/away", { journalDir: folder }),
  "plan-throws": async () => {
    const { x } = await devices();
    await run(runWrapper(failing(x)));
  },
  "beyond-limits": async () => {
    const { x, det } = await devices();
    await run(scan([det], x, 0, 1e6, 3));
  },
  "mistyped-argument": async () => {
    const { x, det } = await devices();
    await run(scan([det], x, 0, "ten", 3));
  },
  "not-a-detector": async () => {
    const { x } = await devices();
    await run(count([x, "det"], 2));
  },
};

async function run(plan: Plan<unknown>): Promise<void> {
  const engine = new RunEngine();
  engine.subscribe(new JsonlWriter(folder));
  await engine.run(plan);
}

await cases[mistake]?.();
