import type { ChannelReading } from "./channel-types.ts";

/** Passes over numbers that differ by less than the deadband from the last one passed on, unless the alarm changed. */
export function outsideDeadband(
  deadband: number | undefined,
  listener: (reading: ChannelReading) => void,
): (reading: ChannelReading) => void {
  if (deadband === undefined || deadband <= 0) return listener;
  let last: ChannelReading | undefined;
  return (reading) => {
    const { value, alarmSeverity, alarmStatus } = reading;
    const isNear =
      typeof value === "number" &&
      typeof last?.value === "number" &&
      Math.abs(value - last.value) < deadband &&
      alarmSeverity === last.alarmSeverity &&
      alarmStatus === last.alarmStatus;
    if (isNear) return;
    last = reading;
    listener(reading);
  };
}
