import { pauseDevices, resumeDevices } from "../pausables.ts";
import { rewind, stopForRewind } from "../rewind.ts";
import { type SuspendRequest, suspensionPlan } from "../suspensions.ts";
import type { Command } from "./command.ts";

/** Begins a suspension: what moves stops, and what is to be repeated is put behind the wait. */
export const startSuspender: Command = {
  replay: "never",
  cut: "late",
  handle: async (msg, session) => {
    const { engine, stack, runs, suspensions } = session;
    const request = msg.kwargs as unknown as SuspendRequest;
    for (const run of runs.values()) run.interruptions?.record(request.justification || "suspended");
    await stopForRewind(session);
    await pauseDevices(session);
    rewind(session);
    stack.push(suspensionPlan(request, suspensions, engine), "a suspension");
    return undefined;
  },
};

/** Monitors have gone on all the time, so that nothing is subscribed anew here. */
export const resumeFromSuspender: Command = {
  replay: "never",
  cut: "late",
  handle: async (_, session) => {
    for (const run of session.runs.values()) run.interruptions?.record("resume");
    await resumeDevices(session);
    return undefined;
  },
};
