import { type Stageable, supports } from "../../devices/protocols.ts";
import { type Status, toStatus } from "../../devices/status.ts";
import { nameOf } from "../groups.ts";
import type { Msg } from "../msg.ts";
import type { Session } from "../session.ts";
import type { Command } from "./command.ts";
import { groupOf } from "./device.ts";

declare module "../msg.ts" {
  interface Commands {
    stage: { obj: Stageable; result: Status | readonly unknown[] };
    unstage: { obj: Stageable; result: Status | readonly unknown[] };
  }
}

/** An object that can't be staged is passed over. */
export const stage: Command<"stage"> = {
  replay: "reset",
  cut: "late",
  handle: (msg, session) => {
    if (!supports(msg.obj, "Stageable")) return [];
    const answer = msg.obj.stage();
    session.hardware.staged(msg.obj);
    return track(answer, msg, session);
  },
};

export const unstage: Command<"unstage"> = {
  replay: "reset",
  cut: "late",
  handle: (msg, session) => {
    if (!supports(msg.obj, "Stageable")) return [];
    const answer = msg.obj.unstage();
    session.hardware.unstaged(msg.obj);
    return track(answer, msg, session);
  },
};

// Old-style devices answer with the list of what they have staged, and are done then.
function track(answer: unknown, msg: Msg, { groups }: Session): Status | readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  if (answer === undefined) return [];
  const status = toStatus(answer, `${nameOf(msg.obj)}.${msg.command}`);
  groups.add(groupOf(msg), status, msg);
  return status;
}
