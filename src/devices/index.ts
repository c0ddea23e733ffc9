export { isInvalid, type OnInvalid } from "./alarms.ts";
export { stopBusyRecord } from "./busy-record.ts";
export type { Datatype, DatatypeKind, ElementKind, EnumMatch, ValueOf, ValueShape } from "./datatype.ts";
export { inferDatatype, t } from "./datatypes.ts";
export {
  type ChildDefinition,
  type ChildDefinitions,
  child,
  type DefinedDevice,
  type DefinedDeviceClass,
  type DefinedDeviceOptions,
  defineDevice,
  type SharedOptions,
} from "./define-device.ts";
export {
  type DerivedOptions,
  derivedSignalR,
  derivedSignalRW,
  derivedSignalW,
  type RawSignals,
  type RawValues,
} from "./derived-signal.ts";
export type {
  AcquireLogic,
  DataLogic,
  DetectorTrigger,
  Exposures,
  ReadableProvider,
  StreamProvider,
  TriggerInfo,
  TriggerLogic,
} from "./detector/logics.ts";
export {
  AutoIncrementFilenameProvider,
  AutoIncrementingPathProvider,
  type AutoIncrementOptions,
  type FilenameProvider,
  type PathInfo,
  type PathProvider,
  type PathProviderOptions,
  StaticFilenameProvider,
  StaticPathProvider,
  UUIDFilenameProvider,
  YMDPathProvider,
} from "./detector/paths.ts";
export {
  SignalDataProvider,
  type StreamDataset,
  StreamResourceDataProvider,
  type StreamResourceOptions,
} from "./detector/providers.ts";
export { type DetectorLogics, StandardDetector } from "./detector/standard-detector.ts";
export { type ChildOptions, type ConnectOptions, Device, type DeviceOptions } from "./device.ts";
export { DeviceMap } from "./device-map.ts";
export {
  DatatypeMismatchError,
  InvalidReadingError,
  NotConnectedError,
  SignalUseError,
  WaitTimeoutError,
} from "./errors.ts";
export { type InitOptions, initDevices } from "./init-devices.ts";
export type { DocumentValue, NdArray, NdAttribute, NdData, NdDimension, NdRows } from "./nd-array.ts";
export {
  type ObserveOptions,
  observeValue,
  type SetAndWaitOptions,
  setAndWaitForOtherValue,
  setAndWaitForValue,
  type WaitForValueOptions,
  waitForValue,
} from "./observe.ts";
export { PvPositioner, type PvPositionerOptions } from "./positioner.ts";
export {
  type Answer,
  type AssetDocument,
  type Checkable,
  type Collectable,
  type Configurable,
  type DataKey,
  type Flyable,
  type HasHints,
  type HasName,
  type HasParent,
  type Hints,
  type Locatable,
  type Location,
  type MaybeAsyncIterable,
  type MaybePromise,
  type Movable,
  missingMethods,
  type PartialEvent,
  type PartialEventPage,
  type Pausable,
  type Preparable,
  type ProtocolName,
  type Protocols,
  type Readable,
  type Reading,
  type Readings,
  type Recoverable,
  type RestorePoint,
  type Stageable,
  type Stoppable,
  type Subscribable,
  supports,
  type Triggerable,
  type WritesExternalAssets,
  type WritesStreamAssets,
} from "./protocols.ts";
export {
  type Positions,
  PseudoPositioner,
  type PseudoPositionerOptions,
  PseudoSingle,
  type RealAxis,
} from "./pseudo-positioner.ts";
export type { ChildKey, ReservedName } from "./reserved-name.ts";
export {
  type ApplySettingsOptions,
  applySettings,
  currentSettings,
  retrieveSettings,
  type Settings,
  settableSignals,
  storeSettings,
} from "./settings.ts";
export {
  Signal,
  type SignalOptions,
  SignalR,
  type SignalReadOptions,
  SignalRW,
  type SignalSetOptions,
  SignalW,
  SignalX,
} from "./signal.ts";
export type {
  BackendPutOptions,
  Range,
  SignalBackend,
  SignalConnection,
  SignalDataKey,
  WaitOptions,
} from "./signal-backend.ts";
export { SoftBackend, type SoftBackendOptions } from "./soft-backend.ts";
export { type SoftSignalOptions, softSignalR, softSignalRAndSetter, softSignalRW } from "./soft-signal.ts";
export { type FlyableLogic, StandardFlyer } from "./standard-flyer.ts";
export { type Kind, StandardReadable } from "./standard-readable.ts";
export {
  isStatus,
  type Progress,
  Status,
  StatusCancelled,
  type StatusContext,
  StatusTimeoutError,
  type Subscription,
  status,
  toStatus,
} from "./status.ts";
export type { Column, TableOf } from "./table-datatype.ts";
