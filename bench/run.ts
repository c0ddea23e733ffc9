import { parseArgs } from "node:util";
import { benchDevices } from "./devices/run.ts";
import { benchEngine } from "./engine/run.ts";
import { benchEpics } from "./epics/run.ts";
import { spinners } from "./load.ts";
import { benchStorage } from "./storage/run.ts";

const BENCHES = { devices: benchDevices, engine: benchEngine, epics: benchEpics, storage: benchStorage };

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    /** How often each contender has its turn. */
    rounds: { type: "string", default: "7" },
    /** How many processes spin meanwhile: 0 on an idle machine, as many as there are cores on a busy one. */
    load: { type: "string", default: "0" },
  },
});
const python = process.env.CERULEAN_PYTHON;
if (python === undefined) throw new Error("CERULEAN_PYTHON is not set: start the benches with `npm run bench`");
const [rounds, load] = [Number(values.rounds), Number(values.load)];
const stop = spinners(load);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const busy = load > 0 ? `, beside ${load} spinning processes` : "";
  console.log(`\n${name}: medians of ${rounds} interleaved rounds${busy}; "x ours" above 1 means slower than we are`);
  await bench(python, rounds);
}
stop();
process.exit(0);
