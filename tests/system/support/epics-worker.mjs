import { parentPort, workerData } from "node:worker_threads";
import { getContext } from "cerulean/epics";

const channel = getContext(workerData.context).channel(workerData.name);
const updates = [];
channel.subscribe(({ value }) => updates.push(value));
parentPort.on("message", async (message) => {
  if (message === "read") parentPort.postMessage({ read: await channel.get(), updates });
});
parentPort.postMessage({ read: await channel.get(), updates });
