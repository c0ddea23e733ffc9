import type { Msg } from "./msg.ts";
import type { Interruption, Session } from "./session.ts";

/**
 * Stops what moves for a pause or suspension. A move that is stopped so fails for nobody, because `rewind` sets it again; a flight that
 * will not be repeated does fail, since nothing else would tell the plan.
 */
export function stopForRewind(session: Session): Promise<unknown> {
  const { hardware, groups, cache } = session;
  const unfinished = hardware.unfinished();
  session.motions ??= new Set();
  for (const motion of unfinished) {
    session.motions.add(motion);
    if (motion.msg.command !== "set" && !cache.has(motion.msg)) continue;
    for (const status of motion.statuses) groups.pardon(status);
  }
  return hardware.stop(unfinished, true);
}

/** Takes note of what a pause or suspension finds in flight, and cuts it. */
export function interrupt(session: Session): void {
  const { stack, flight } = session;
  const frame = stack.top;
  const isInFlight = flight !== undefined || (frame?.state === "ready" && !frame.throws);
  session.interruption = {
    msg: isInFlight ? frame?.lastMsg : undefined,
    answer: (result) => frame?.answer(result),
    wasCut: flight !== undefined,
  };
  flight?.cut();
  session.flight = undefined;
}

/** Puts what has to be repeated on the stack: the messages since the checkpoint, and moves and waits that were cut off and are not among them. */
export function rewind(session: Session): void {
  const { cache, runs, stack } = session;
  const { msg: inFlight, answer, wasCut } = session.interruption ?? NOTHING;
  const motions = [...(session.motions ?? [])];
  session.interruption = undefined;
  session.motions = undefined;
  // A plan that is about to be told of an error has come to the end of its way: it is not led back.
  if (stack.top?.throws) return;
  const cached = cache.take();
  if (cached.length > 0) for (const run of runs.values()) run.rewind();
  const moves = motions.map(({ msg }) => msg).filter((msg) => msg.command === "set" && !cached.includes(msg));
  const repeated = [...moves, ...cached];
  if (wasCut && inFlight !== undefined && !repeated.includes(inFlight)) repeated.push(inFlight);
  if (repeated.length > 0) stack.push(replay(repeated, inFlight, answer), "what is repeated after a pause");
}

// The plan has had the results of all messages but the one that was in flight.
function* replay(
  messages: readonly Msg[],
  inFlight: Msg | undefined,
  answer: (result: unknown) => void,
): Generator<Msg, void, any> {
  for (const msg of messages) {
    const result = yield msg;
    if (msg === inFlight) answer(result);
  }
}

const NOTHING: Interruption = { msg: undefined, answer() {}, wasCut: false };
