import { type Plan, RunEngine } from "cerulean";
import { initDevices, PseudoPositioner } from "cerulean/devices";
import { EpicsMotor } from "cerulean/epics";
import { scan } from "cerulean/plans";
import * as bps from "cerulean/plans/stubs";

const { left, right } = await initDevices({
  left: new EpicsMotor("mini:dot:mtrx"),
  right: new EpicsMotor("mini:dot:mtry"),
});

/** A table on two jacks: its height is their mean, its tilt is how far they differ. The names of the axes are typed. */
const table = new PseudoPositioner({
  name: "table",
  axes: ["height", "tilt"],
  reals: { left, right },
  forward: ({ height, tilt }) => ({ left: height - tilt / 2, right: height + tilt / 2 }),
  inverse: (jacks) => ({ height: (jacks.left + jacks.right) / 2, tilt: jacks.right - jacks.left }),
  units: { height: "mm", tilt: "mm" },
});
await table.connect();

async function* level(): Plan {
  yield* bps.mv(table, { height: 10, tilt: 4 }); // both jacks at once, checked before either moves
  yield* scan([], table.axes.height, 10, 20, 3); // the tilt stays
}

await new RunEngine({ handleSignals: true }).run(level());
const { readback } = await table.locate();
console.log(`height ${readback.height.toFixed(1)}, tilt ${readback.tilt.toFixed(1)}`);
