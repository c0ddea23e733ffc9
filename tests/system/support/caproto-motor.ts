import { type CaprotoIoc, startCaproto } from "./caproto-ioc.ts";

/** Starts caproto's fake motors, a motor record that is neither ours nor EPICS base's; resolves when it serves. */
export function startCaprotoMotor(): Promise<CaprotoIoc> {
  return startCaproto("caproto-motor.py");
}

/** Starts the motor record whose axis misbehaves on command, `t:m` and `t:fault`. */
export function startFaultyMotor(): Promise<CaprotoIoc> {
  return startCaproto("faulty-motor.py");
}
