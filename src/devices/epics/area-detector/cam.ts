import { t } from "../../datatypes.ts";
import { defineDevice } from "../../define-device.ts";
import { pv } from "../pv.ts";

const nonZero = { wait: (value: boolean): boolean => value };

/** What every areaDetector driver has. A start is waited for, a stop is not. */
export class AdCam extends defineDevice({
  portName: pv.r(t.string, "PortName_RBV"),
  acquire: pv.rbv(t.bool, "Acquire", nonZero),
  acquireTime: pv.rbv(t.float, "AcquireTime", { kind: "config" }),
  acquirePeriod: pv.rbv(t.float, "AcquirePeriod", { kind: "config" }),
  numImages: pv.rbv(t.int, "NumImages"),
  imageMode: pv.rbv(t.subset(["Single", "Multiple", "Continuous"]), "ImageMode"),
  triggerMode: pv.rbv(t.string, "TriggerMode"),
  detectorState: pv.r(t.string, "DetectorState_RBV"),
  arrayCounter: pv.rbv(t.int, "ArrayCounter"),
  arrayCallbacks: pv.rbv(t.bool, "ArrayCallbacks"),
  arraySizeX: pv.r(t.int, "ArraySizeX_RBV"),
  arraySizeY: pv.r(t.int, "ArraySizeY_RBV"),
  arraySizeZ: pv.r(t.int, "ArraySizeZ_RBV"),
  dataType: pv.r(t.string, "DataType_RBV"),
  colorMode: pv.r(t.string, "ColorMode_RBV"),
  waitForPlugins: pv.rw(t.bool, "WaitForPlugins"),
}) {}
