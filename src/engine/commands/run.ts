import { RunBundler } from "../bundler.ts";
import { IllegalMessageSequence } from "../errors.ts";
import { composeMetadata } from "../metadata.ts";
import type { Command } from "./command.ts";

declare module "../msg.ts" {
  interface Commands {
    open_run: { obj: null; result: string };
    close_run: { obj: null; result: string };
  }
}

const EXIT_STATUSES = ["success", "abort", "fail"];

/** Opens a run under the message's key. Answers with its uid. */
export const openRun: Command<"open_run"> = {
  replay: "never",
  cut: "late",
  handle: async (msg, session) => {
    const { runs, runUids, monitors, report, settings } = session;
    if (runs.has(msg.run)) {
      const which = msg.run === null ? "a run" : `a run with the key ${String(msg.run)}`;
      throw new IllegalMessageSequence(
        `open_run while ${which} is open; close it first, or give the messages another run key`,
      );
    }
    const metadata = await composeMetadata(session, msg.kwargs);
    const run = new RunBundler({
      metadata,
      emit: (document) => session.emit(document),
      report,
      monitorQueue: monitors,
      recordInterruptions: settings.recordInterruptions,
    });
    runs.set(msg.run, run);
    runUids.push(run.uid);
    run.open();
    return run.uid;
  },
};

/** Closes the message's run. A run that ends because the engine was told to says so, whatever the plan says. */
export const closeRun: Command<"close_run"> = {
  replay: "never",
  cut: "late",
  handle: (msg, session) => {
    const run = session.run(msg);
    const { runs, cache, table, ending, endingError, monitors, report } = session;
    const { exitStatus, reason } = msg.kwargs;
    const status = exitStatus ?? (ending === undefined ? "success" : endingError?.exitStatus) ?? "abort";
    if (!EXIT_STATUSES.includes(status)) {
      throw new TypeError(`close_run: "${status}" is no exit status; use one of ${EXIT_STATUSES.join(", ")}`);
    }
    for (const error of run.endMonitors()) report(error);
    monitors.drain();
    const doc = run.close(status, reason || session.reason);
    runs.delete(msg.run);
    cache.forget((cached) => cached.run === msg.run && table.get(cached.command)?.needsRun === true);
    run.emit({ name: "stop", doc });
    return run.uid;
  },
};
