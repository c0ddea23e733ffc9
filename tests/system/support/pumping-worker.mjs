import { parentPort, workerData } from "node:worker_threads";
import { getContext } from "cerulean/epics";

const { context: options, names, rounds } = workerData;
const context = getContext(options);
const last = context.channel(names.at(-1));
let seen = 0;
let told = () => {};
const monitor = last.subscribe(
  ({ value }) => {
    seen = Number(value);
    told();
  },
  { hold: true },
);
const processing = new Map(names.map((name) => [`${name}.PROC`, 1]));
await context.bulkPut(processing);
const first = Number(await last.get());
for (let round = 1; round <= rounds; round += 1) {
  await context.bulkPut(processing);
  // The server merges what waits at it: the next round is for when this one has been sent.
  while (seen < first + round) {
    await new Promise((resolve) => {
      told = resolve;
    });
  }
}
monitor.unsubscribe();
parentPort.postMessage("done");
