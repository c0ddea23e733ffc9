import { t } from "../../datatypes.ts";
import { defineDevice } from "../../define-device.ts";
import { pv } from "../pv.ts";

const PLUGIN = {
  portName: pv.r(t.string, "PortName_RBV"),
  arrayPort: pv.rbv(t.string, "NDArrayPort"),
  enableCallbacks: pv.rbv(t.bool, "EnableCallbacks"),
  droppedArrays: pv.rbv(t.int, "DroppedArrays"),
  arrayCounter: pv.rbv(t.int, "ArrayCounter"),
} as const;

const FILE = {
  ...PLUGIN,
  filePath: pv.rbv(t.string, "FilePath"),
  fileName: pv.rbv(t.string, "FileName"),
  fileTemplate: pv.rbv(t.string, "FileTemplate"),
  fullFileName: pv.r(t.string, "FullFileName_RBV"),
  filePathExists: pv.r(t.bool, "FilePathExists_RBV"),
  createDirectory: pv.rbv(t.int, "CreateDirectory"),
  autoIncrement: pv.rbv(t.bool, "AutoIncrement"),
  fileNumber: pv.rbv(t.int, "FileNumber"),
  fileWriteMode: pv.rbv(t.subset(["Single", "Capture", "Stream"]), "FileWriteMode"),
  numCapture: pv.rbv(t.int, "NumCapture"),
  numCaptured: pv.r(t.int, "NumCaptured_RBV"),
  capture: pv.rbv(t.bool, "Capture"),
  writeStatus: pv.r(t.string, "WriteStatus"),
  writeMessage: pv.r(t.string, "WriteMessage"),
} as const;

/** A plugin that writes one file an image: TIFF, JPEG. */
export class NdFile extends defineDevice(FILE) {}

export class NdFileHdf5 extends defineDevice({
  ...FILE,
  numFramesChunks: pv.rbv(t.int, "NumFramesChunks"),
  chunkSizeAuto: pv.rbv(t.bool, "ChunkSizeAuto"),
  numExtraDims: pv.rbv(t.int, "NumExtraDims"),
  lazyOpen: pv.rbv(t.bool, "LazyOpen"),
  swmrMode: pv.rbv(t.bool, "SWMRMode"),
  xmlFileName: pv.rbv(t.string, "XMLFileName"),
  flushNow: pv.rw(t.bool, "FlushNow"),
}) {}

/** The statistics plugin; its total is what plots show. */
export class NdStats extends defineDevice({
  ...PLUGIN,
  computeStatistics: pv.rbv(t.bool, "ComputeStatistics"),
  minimum: pv.r(t.float, "MinValue_RBV", { kind: "uncached" }),
  maximum: pv.r(t.float, "MaxValue_RBV", { kind: "uncached" }),
  mean: pv.r(t.float, "MeanValue_RBV", { kind: "uncached" }),
  total: pv.r(t.float, "Total_RBV", { kind: "hinted-uncached" }),
}) {}

/** A region of interest; sizes and offsets in pixels. */
export class NdRoi extends defineDevice({
  ...PLUGIN,
  minX: pv.rbv(t.int, "MinX", { kind: "config" }),
  minY: pv.rbv(t.int, "MinY", { kind: "config" }),
  sizeX: pv.rbv(t.int, "SizeX", { kind: "config" }),
  sizeY: pv.rbv(t.int, "SizeY", { kind: "config" }),
}) {}
