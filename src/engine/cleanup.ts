import type { RunStop } from "../documents/document.ts";
import { asError } from "../documents/tap.ts";
import { after } from "../timer.ts";
import type { Session } from "./session.ts";

/**
 * Puts things in order at the end of a call, each step whether or not those before it went well: what moves is stopped, failures are
 * nobody's any more, monitors end, flyers are collected from, devices unstaged, and open runs get their stop documents.
 * Answers with the first error of a subscriber; what devices do wrong is reported.
 */
export async function cleanUp(
  session: Session,
  exitStatus: RunStop["exit_status"],
  reason: string,
): Promise<Error | undefined> {
  const { hardware, groups, runs, monitors, subscriptions, settings, report } = session;
  const withinTime = (work: Promise<unknown>, what: string) => bounded(work, settings.planTimeoutMs, what, report);
  let failed: Error | undefined;
  const emitting = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      failed ??= asError(error);
    }
  };
  const stopped = session.stopMotion({ success: exitStatus === "success", why: "the plan has ended" });
  groups.clear();
  for (const run of runs.values()) for (const error of run.endMonitors()) report(error);
  emitting(() => monitors.drain());
  for (const run of runs.values()) {
    await withinTime(run.collector.backstop(), "collecting from flyers that were not collected from");
  }
  await withinTime(hardware.unstage(), "unstaging");
  await withinTime(stopped, "stopping");
  for (const run of runs.values()) emitting(() => run.emit({ name: "stop", doc: run.close(exitStatus, reason) }));
  runs.clear();
  for (const subscription of subscriptions) subscription.unsubscribe();
  return failed;
}

/** Waits for cleanup work, but no longer than for a plan; what it throws is reported, since there is nobody left to catch it. */
async function bounded(
  work: Promise<unknown>,
  timeoutMs: number,
  what: string,
  report: (error: Error) => void,
): Promise<void> {
  let stop = (): void => {};
  const late = new Promise<void>((resolve) => {
    stop = after(timeoutMs, () => {
      report(
        new Error(`${what} at the end of the run took longer than ${timeoutMs} ms; the engine went on without it`),
      );
      resolve();
    });
  });
  const done = work.catch((error) =>
    report(new Error(`${what} at the end of the run failed: ${error}`, { cause: error })),
  );
  await Promise.race([done, late]);
  stop();
}
