import {
  type Locatable,
  type Location,
  type Movable,
  type Preparable,
  supports,
  type Triggerable,
} from "../../devices/protocols.ts";
import { type Status, toStatus } from "../../devices/status.ts";
import { after } from "../../timer.ts";
import { WaitForTimeoutError } from "../errors.ts";
import { nameOf } from "../groups.ts";
import type { Msg } from "../msg.ts";
import type { Command } from "./command.ts";
import { asDevice, deviceOf, deviceOptions, groupOf } from "./device.ts";

declare module "../msg.ts" {
  interface Commands {
    set: { obj: Movable<never>; result: Status };
    trigger: { obj: Triggerable; result: Status };
    prepare: { obj: Preparable<never>; result: Status };
    stop: { obj: unknown; result: unknown };
    locate: { obj: Locatable; result: Location<unknown> | readonly Location<unknown>[] };
    wait: { obj: null; result: boolean };
  }
}

/** Starts a move; what the device answers with goes on while the plan does. */
export const set: Command<"set"> = {
  replay: "cache",
  cut: "late",
  handle: (msg, { groups, hardware }) => {
    const device = deviceOf(msg, "Movable") as unknown as { set(...args: unknown[]): unknown };
    checkTarget(msg);
    const status = toStatus(device.set(...msg.args, ...deviceOptions(msg)), `${nameOf(msg.obj)}.set`);
    hardware.set(msg, status);
    groups.add(groupOf(msg), status, msg);
    return status;
  },
};

/** What can be stopped moves, and moves to a place: it is not even told of NaN, infinities or nothing at all, alone or as one of its axes. */
function checkTarget({ obj, args: [target] }: Msg): void {
  if (!supports(obj, "Stoppable")) return;
  const places = typeof target === "object" && target !== null ? Object.values(target) : [target];
  const wrong = places.findIndex((place) => place === undefined || place === null || isNowhere(place));
  if (wrong < 0 && places.length > 0) return;
  const what = places.length === 0 ? "nothing" : String(places[wrong]);
  throw new RangeError(`"set" of ${nameOf(obj)} to ${what} is refused, because that is no place to move to`);
}

function isNowhere(place: unknown): boolean {
  return typeof place === "number" && !Number.isFinite(place);
}

export const trigger: Command<"trigger"> = {
  replay: "cache",
  cut: "late",
  handle: (msg, { groups }) => {
    const status = toStatus(deviceOf(msg, "Triggerable").trigger(), `${nameOf(msg.obj)}.trigger`);
    groups.add(groupOf(msg), status, msg);
    return status;
  },
};

export const prepare: Command<"prepare"> = {
  replay: "cache",
  cut: "late",
  handle: (msg, { groups }) => {
    const device = deviceOf(msg, "Preparable");
    const status = toStatus(device.prepare(msg.args[0] as never), `${nameOf(msg.obj)}.prepare`);
    groups.add(groupOf(msg), status, msg);
    return status;
  },
};

export const stop: Command<"stop"> = {
  replay: "cache",
  cut: "late",
  handle: (msg) =>
    deviceOf(msg, "Stoppable").stop(msg.kwargs.success === undefined ? undefined : { success: msg.kwargs.success }),
};

export const locate: Command<"locate"> = {
  replay: "cache",
  cut: "ending",
  handle: async (msg) => {
    const devices = [msg.obj, ...msg.args].map((obj) => asDevice(obj, "locate", "Locatable"));
    const locations = await Promise.all(devices.map((device) => device.locate()));
    const [first] = locations;
    return first !== undefined && devices.length === 1 && msg.kwargs.squeeze !== false ? first : locations;
  },
};

/** Waits until a group has nothing left to do: `true`, or `false` when `errorOnTimeout` is false and time is up. */
export const wait: Command<"wait"> = {
  replay: "cache",
  cut: "always",
  handle: (msg, session) => {
    const { groups } = session;
    const group = msg.kwargs.group ?? msg.args[0] ?? null;
    const stopped = groups.takeStopped(group);
    if (stopped !== undefined) throw stopped;
    const pending = groups.pending(group);
    if (pending.size === 0) return true;
    const timeoutMs = timeoutOf(msg);
    session.tellWaiting(new Map(pending));
    return new Promise((resolve, reject) => {
      let stop = (): void => {};
      const end = (act: () => void) => (): void => {
        stop();
        forget();
        session.tellWaiting(null);
        act();
      };
      const forget = groups.whenDone(
        group,
        end(() => resolve(true)),
      );
      session.onCut(end(() => {}));
      if (timeoutMs === undefined) return;
      const late = end(() =>
        msg.kwargs.errorOnTimeout === false ? resolve(false) : reject(tooLate(group, timeoutMs)),
      );
      stop = after(timeoutMs, late);
    });
  },
};

function tooLate(group: unknown, timeoutMs: number): WaitForTimeoutError {
  const which = group === null ? "the actions without a group" : `group "${String(group)}"`;
  return new WaitForTimeoutError(`${which} took longer than ${timeoutMs} ms; they go on, and can be waited for again`);
}

/** A plan says `timeoutMs`, or `timeout` in seconds. */
export function timeoutOf({ kwargs }: Msg): number | undefined {
  if (kwargs.timeoutMs !== undefined && kwargs.timeoutMs !== null) return kwargs.timeoutMs;
  return typeof kwargs.timeout === "number" ? kwargs.timeout * 1000 : undefined;
}
