import { Msg } from "../../engine/msg.ts";

/** Opens a run; answers with its uid. `md` goes into the start document, over the engine's own metadata. */
export function openRun(md: Record<string, unknown> = {}): Msg<"open_run", string> {
  return new Msg("open_run", null, [], md);
}

/** Closes the run and answers with its uid. The exit status is `"success"` and the reason empty unless given. */
export function closeRun(exitStatus?: string, reason?: string): Msg<"close_run", string> {
  return new Msg("close_run", null, [], { exitStatus, reason });
}
