export {
  BulkFlyer,
  type BulkFlyerOptions,
  type BulkIo,
  type FlySetup,
  type FlyTimings,
  type FlyWaveform,
} from "./bulk-flyer.ts";
export type { ChannelSource } from "./channel-source.ts";
export { type DeadTimeOptions, deadTimeCorrection } from "./dead-time.ts";
export { EpicsBackend } from "./epics-backend.ts";
export { type FlyContext, type FlyCorrection, FlyerError } from "./fly-page.ts";
export type { SweepOptions } from "./fly-sweep.ts";
export { EpicsMotor, type EpicsMotorOptions } from "./motor.ts";
export {
  MotorError,
  MotorLimitsError,
  MotorStoppedError,
  MoveInterruptedError,
  MoveTimeoutError,
} from "./motor-errors.ts";
export type { FlyMotorInfo } from "./motor-fly.ts";
export type { MoveCompletion } from "./motor-move.ts";
export { MotorRecord, type MotorRecordOptions } from "./motor-record.ts";
export { type PvOptions, pv } from "./pv.ts";
export {
  type EpicsSignalOptions,
  epicsSignalR,
  epicsSignalRW,
  epicsSignalRWRbv,
  epicsSignalW,
  epicsSignalX,
} from "./signals.ts";
