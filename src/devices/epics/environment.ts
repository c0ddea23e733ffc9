import { loadAddon } from "./native.ts";
import { Queue } from "./queue.ts";

let queue: Queue | undefined;

/** This thread's queue; the addon is loaded at the first call. */
export function environment(): Queue {
  queue ??= new Queue(loadAddon());
  return queue;
}

/** The queue when this thread has used EPICS already. */
export function usedEnvironment(): Queue | undefined {
  return queue;
}
