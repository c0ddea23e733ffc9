import type { MaybePromise } from "../../devices/protocols.ts";
import type { Msg, ResultOf } from "../msg.ts";
import type { Session } from "../session.ts";

/** What a command does, and what a pause and an ending mean to it. */
export interface Command<C extends string = string> {
  /** Its result, which the plan is answered with; only a thenable is awaited. */
  readonly handle: (msg: Msg<C>, session: Session) => MaybePromise<ResultOf<C>>;
  /** After a pause the message is handled again (`cache`), or not (`never`); `reset` makes it a point that nothing before is repeated from. */
  readonly replay: "cache" | "never" | "reset";
  /**
   * What may end the handler's wait: `always` a pause, a failed action or an ending; `ending` a stop, abort or halt alone; `late` only an
   * ending that has waited as long as it waits for plans, because the handler changes things that must not be left half changed.
   */
  readonly cut: "always" | "ending" | "late";
  /** Whether it makes no sense once its run is closed. */
  readonly needsRun?: boolean;
}
