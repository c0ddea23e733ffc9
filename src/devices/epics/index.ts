export { AdAcquireLogic, AdInternalTriggerLogic } from "./area-detector/ad-logics.ts";
export { type NdParameterAttribute, type NdPvAttribute, ndAttributesXml } from "./area-detector/attributes.ts";
export { AdCam } from "./area-detector/cam.ts";
export { NdFile, NdFileHdf5, NdRoi, NdStats } from "./area-detector/plugins.ts";
export { checkPorts, type PortSource, type PortUser } from "./area-detector/ports.ts";
export { liveFrames, SimDetector, type SimDetectorOptions } from "./area-detector/sim-detector.ts";
export { HdfDataLogic, type HdfWriterOptions, ImageDataLogic, type WriterOptions } from "./area-detector/writers.ts";
export {
  type BulkConnection,
  type BulkConnectOptions,
  type BulkOptions,
  type BulkPutOptions,
  type BulkResult,
  type BulkWritten,
  bulkConnect,
  bulkGet,
  bulkGetF64,
  bulkPut,
  caughtPanicCount,
  type F64Columns,
  type PvInfoOptions,
  pvInfo,
} from "./bulk.ts";
export { BulkFlyer } from "./bulk-flyer.ts";
export { Channel } from "./channel.ts";
export type { ChannelSource } from "./channel-source.ts";
export type {
  ChannelColumn,
  ChannelInfo,
  ChannelKind,
  ChannelMetadata,
  ChannelProtocol,
  ChannelRange,
  ChannelReading,
  ChannelSubscription,
  ChannelValue,
  ConnectionState,
  NumericArray,
  PutOptions,
  ReadingForm,
  ReadOptions,
  SubscribeOptions,
  WaitOptions,
} from "./channel-types.ts";
export { type Context, getContext, shutdownAll } from "./context.ts";
export type { ContextOptions, ProtocolOptions, PvaOptions } from "./context-options.ts";
export { type Counters, counters, prometheusText } from "./counters.ts";
export { type DeadTimeOptions, deadTimeCorrection, deadTimeFactors } from "./dead-time.ts";
export { EpicsBackend } from "./epics-backend.ts";
export {
  AddonMissingError,
  ChannelClosedError,
  ChannelError,
  ChannelRequestError,
  ChannelTimeoutError,
  ChannelTypeError,
  ConnectionChangedError,
  ContextInUseError,
  ContextOptionError,
  NotConnectedError,
  PutOutcomeUnknownError,
  ReadAccessError,
  WriteAccessError,
} from "./errors.ts";
export type {
  BulkFlyerOptions,
  BulkIo,
  FlySetting,
  FlySetup,
  FlyTimings,
  FlyWaveform,
} from "./fly-options.ts";
export { type FlyContext, type FlyCorrection, FlyerError } from "./fly-page.ts";
export type { SweepOptions } from "./fly-sweep.ts";
export { type LogEntry, type LogLevel, onLog, setLogLevel } from "./logs.ts";
export { EpicsMca, type EpicsMcaOptions, McaRegion } from "./mca.ts";
export { EpicsMotor, type EpicsMotorOptions } from "./motor.ts";
export {
  MotorError,
  MotorLimitsError,
  MotorStoppedError,
  MoveInterruptedError,
  MoveTimeoutError,
} from "./motor-errors.ts";
export type { FlyMotorInfo } from "./motor-fly.ts";
export type { HomeDirection } from "./motor-home.ts";
export type { MoveCompletion } from "./motor-move.ts";
export { MotorRecord, type MotorRecordOptions } from "./motor-record.ts";
export { type PvOptions, pv } from "./pv.ts";
export {
  type DefinedPviDevice,
  definePviDevice,
  type PviChild,
  type PviChildren,
  type PviDeviceClass,
  type PviDeviceOptions,
  type PviSignalOptions,
  pvi,
} from "./pvi/define.ts";
export { PviDevice, pviDevice } from "./pvi/device.ts";
export { PviError } from "./pvi/structure.ts";
export { QuadEm } from "./quad-em.ts";
export type { ReadingsOptions } from "./readings.ts";
export type { RecordDeviceOptions } from "./record-device.ts";
export { EpicsScaler, type EpicsScalerOptions } from "./scaler.ts";
export {
  type EpicsSignalOptions,
  epicsSignalR,
  epicsSignalRW,
  epicsSignalRWRbv,
  epicsSignalW,
  epicsSignalX,
} from "./signals.ts";
export { Xspress3Flyer, type Xspress3FlyerOptions, type Xspress3Records } from "./xspress3-flyer.ts";
