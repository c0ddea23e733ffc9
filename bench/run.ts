import { benchDevices } from "./devices/run.ts";
import { benchEngine } from "./engine/run.ts";
import { benchEpics } from "./epics/run.ts";
import { benchStorage } from "./storage/run.ts";

const BENCHES = { devices: benchDevices, engine: benchEngine, epics: benchEpics, storage: benchStorage };
const ROUNDS = 7;

const asked = process.argv.slice(2);
const python = process.env.CERULEAN_PYTHON;
if (python === undefined) throw new Error("CERULEAN_PYTHON is not set: start the benches with `npm run bench`");
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}: medians of ${ROUNDS} interleaved rounds; "x ours" above 1 means slower than we are`);
  await bench(python, ROUNDS);
}
process.exit(0);
