import { type Plan, RunEngine } from "cerulean";
import { DeviceMap, defineDevice, initDevices, t } from "cerulean/devices";
import { EpicsMotor, pv } from "cerulean/epics";
import * as bps from "cerulean/plans/stubs";

/** A detector behind an aperture: its children, their PVs, types and kinds are data, and their names are typed. */
class PointDetector extends defineDevice({
  value: pv.r(t.float, "DetValue_RBV", { kind: "hinted-uncached" }),
  exposureTime: pv.rbv(t.float, "ExposureTime", { kind: "config" }),
  sigma: pv.rbv(t.float, "DetSigma", { kind: "config" }),
  motorPosition: pv.r(t.float, "MotorPos", { kind: "omitted" }),
}) {}

const { pinhole, detectors } = await initDevices({
  pinhole: new EpicsMotor("mini:ph:mtr"),
  detectors: new DeviceMap({ ph: new PointDetector("mini:ph:"), edge: new PointDetector("mini:edge:") }),
});
const det = detectors.get("ph");
console.log(await det.summary());

/** The light at two places; a field that the detector has not got does not compile. */
async function* twoPlaces(): Plan<readonly [number, number]> {
  yield* bps.openRun();
  const light = async function* (at: number): Plan<number> {
    yield* bps.mv(pinhole, at);
    const readings = yield* bps.triggerAndRead([pinhole, det]);
    return Number(readings[det.value.name]?.value);
  };
  const both = [yield* light(0), yield* light(5)] as const;
  yield* bps.closeRun();
  return both;
}

const { planResult = [0, 0] } = await new RunEngine({ handleSignals: true }).run(twoPlaces());
const [centre, side] = planResult;
console.log(`at one sigma there is ${(side / centre).toFixed(2)} of the light`);
