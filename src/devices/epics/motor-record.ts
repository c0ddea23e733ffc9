import { t } from "../datatypes.ts";
import type { DeviceOptions } from "../device.ts";
import type { SignalR, SignalRW, SignalW } from "../signal.ts";
import { StandardReadable } from "../standard-readable.ts";
import type { ChannelSource } from "./channel-source.ts";
import { epicsSignalR, epicsSignalRW, epicsSignalW } from "./signals.ts";

export interface MotorRecordOptions extends DeviceOptions {
  /** The context whose channels are used; the process's own by default. */
  readonly context?: ChannelSource;
  /** For each read and write of a field, a move apart; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** The fields of a motor record as signals. It reads as its readback, which has the name of the device. */
export class MotorRecord extends StandardReadable {
  readonly readback: SignalR<number>;
  readonly setpoint: SignalRW<number>;
  readonly velocity: SignalRW<number>;
  readonly maxVelocity: SignalR<number>;
  readonly accelerationTime: SignalRW<number>;
  readonly offset: SignalRW<number>;
  readonly units: SignalR<string>;
  readonly precision: SignalR<number>;
  readonly doneMoving: SignalR<number>;
  readonly stopMotor: SignalW<number>;
  readonly lowLimit: SignalRW<number>;
  readonly highLimit: SignalRW<number>;
  readonly dialLowLimit: SignalR<number>;
  readonly dialHighLimit: SignalR<number>;
  readonly limitViolation: SignalR<number>;
  readonly lowSwitch: SignalR<number>;
  readonly highSwitch: SignalR<number>;
  /** MSTA. Its type differs between protocols and records; the value is a number. */
  readonly statusBits: SignalR<number>;
  readonly missed: SignalR<number>;
  readonly retryDeadband: SignalR<number>;
  readonly resolution: SignalR<number>;
  readonly retries: SignalR<number>;
  readonly delay: SignalR<number>;
  readonly backlash: SignalR<number>;
  readonly backlashVelocity: SignalR<number>;
  readonly backlashAccelerationTime: SignalR<number>;
  /** SPMG: `Stop`, `Pause`, `Move` or `Go`. */
  readonly mode: SignalRW<string>;
  /** SET: in `Set` a new VAL says where the motor stands, in `Use` it moves there. */
  readonly useSet: SignalRW<string>;
  readonly homeForward: SignalW<number>;
  readonly homeReverse: SignalW<number>;

  /** `prefix` is the record's name: `IOC:m1`, or `pva://IOC:m1`. */
  constructor(prefix: string, options: MotorRecordOptions = {}) {
    super(options);
    const { context, timeoutMs } = options;
    const common = {
      ...(context === undefined ? {} : { context }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const number = (key: string, field: string) => this.add(key, epicsSignalR(t.float, `${prefix}.${field}`, common));
    const integer = (key: string, field: string) => this.add(key, epicsSignalR(t.int, `${prefix}.${field}`, common));
    const setting = (field: string) => epicsSignalRW(t.float, `${prefix}.${field}`, common);

    const readback = epicsSignalR(t.float, `${prefix}.RBV`, common);
    this.readback = this.addReadable("readback", readback, "hinted", { transparent: true });
    this.setpoint = this.add("setpoint", setting("VAL"));
    this.velocity = this.addReadable("velocity", setting("VELO"), "config");
    this.accelerationTime = this.add("accelerationTime", setting("ACCL"));
    this.offset = this.addReadable("offset", setting("OFF"), "config");
    this.units = this.addReadable("units", epicsSignalR(t.string, `${prefix}.EGU`, common), "config");
    this.lowLimit = this.add("lowLimit", setting("LLM"));
    this.highLimit = this.add("highLimit", setting("HLM"));
    this.mode = this.add("mode", epicsSignalRW(t.string, `${prefix}.SPMG`, common));
    this.stopMotor = this.add("stopMotor", epicsSignalW(t.int, `${prefix}.STOP`, { ...common, wait: false }));
    this.useSet = this.add("useSet", epicsSignalRW(t.string, `${prefix}.SET`, common));
    this.homeForward = this.add("homeForward", epicsSignalW(t.int, `${prefix}.HOMF`, common));
    this.homeReverse = this.add("homeReverse", epicsSignalW(t.int, `${prefix}.HOMR`, common));
    this.statusBits = this.add("statusBits", epicsSignalR(t.any, `${prefix}.MSTA`, common));
    this.maxVelocity = number("maxVelocity", "VMAX");
    this.dialLowLimit = number("dialLowLimit", "DLLM");
    this.dialHighLimit = number("dialHighLimit", "DHLM");
    this.retryDeadband = number("retryDeadband", "RDBD");
    this.resolution = number("resolution", "MRES");
    this.delay = number("delay", "DLY");
    this.backlash = number("backlash", "BDST");
    this.backlashVelocity = number("backlashVelocity", "BVEL");
    this.backlashAccelerationTime = number("backlashAccelerationTime", "BACC");
    this.precision = integer("precision", "PREC");
    this.doneMoving = integer("doneMoving", "DMOV");
    this.limitViolation = integer("limitViolation", "LVIO");
    this.lowSwitch = integer("lowSwitch", "LLS");
    this.highSwitch = integer("highSwitch", "HLS");
    this.missed = integer("missed", "MISS");
    this.retries = integer("retries", "RTRY");
  }
}
