import { monitorEventLoopDelay } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";

/** Tells how long its loop was held up between "start" and "stop", in ns, while it had nothing to do. */
const delay = monitorEventLoopDelay({ resolution: 1 });

parentPort.on("message", (message) => {
  if (message === "start") {
    delay.enable();
    delay.reset();
    parentPort.postMessage(0);
  } else {
    parentPort.postMessage(delay.max);
    delay.disable();
  }
});
