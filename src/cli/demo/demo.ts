import { shutdownAll } from "../../devices/epics/index.ts";
import type { Document } from "../../documents/index.ts";
import { RunInterrupted } from "../../engine/errors.ts";
import { RunEngine } from "../../engine/run-engine.ts";
import { startBeamline } from "./beamline.ts";
import { compare } from "./compare.ts";
import { runFlyScan } from "./fly-scan.ts";
import { watchInterruptions } from "./interruptions.ts";
import { heading, say } from "./report.ts";
import { runStepScan, stepScanDevices } from "./step-scan.ts";
import { jsonlStore, mongoStore, type Store } from "./store.ts";

export interface DemoOptions {
  store: "mongo" | "jsonl";
  out: string;
  mongo?: string;
  hold: boolean;
}

const INTERRUPTED = 130;

/** Runs the two scans on the mini-beamline, stores them and reads them back; resolves to 0 only when all documents agree. */
export async function demo(options: DemoOptions): Promise<number> {
  heading("1. A beamline and a place for the documents");
  const beamline = await startBeamline();
  try {
    say(`beamline   ${beamline.description}`);
    const store = options.store === "jsonl" ? jsonlStore(options.out) : await mongoStore(options.out, options.mongo);
    try {
      say(`documents  ${store.description}`);
      return await scanAndCompare(store, options.hold);
    } finally {
      await store.close();
    }
  } finally {
    await shutdownAll({ force: true });
    await beamline.stop();
  }
}

async function scanAndCompare(store: Store, hold: boolean): Promise<number> {
  const engine = new RunEngine({ md: { beamline: "mini" }, handleSignals: true });
  const emitted: Document[] = [];
  engine.subscribe((document) => void emitted.push(document));
  const interruptions = watchInterruptions(engine);
  try {
    const devices = await stepScanDevices();
    heading("2. A step scan: a motor over CA, a detector over PVA, the beam current monitored");
    const stored = engine.subscribe(store.sink);
    const step = await runStepScan(engine, devices);
    stored.unsubscribe();
    heading("3. A fly scan: 50 waveforms of 2,000 points, one bulk read, one page");
    const fly = await runFlyScan(engine, devices.ph, store.sink);

    heading("4. Read back and compared, field by field");
    const runs = [
      { what: "step scan", uid: step, field: devices.ph.name },
      { what: "fly scan", uid: fly.uid, field: fly.field },
    ];
    const verdicts: boolean[] = [];
    for (const { what, uid, field } of runs) {
      const { documents, difference } = compare(documentsOf(emitted, uid), await store.read(uid));
      verdicts.push(difference === undefined);
      say(`${what}  ${difference === undefined ? `all ${documents} documents agree` : `DIFFERENT: ${difference}`}`);
      const { place, python } = store.locate(uid, field);
      say(`  uid     ${uid}\n  stored  ${place}\n  Python:\n${python.map((line) => `    ${line}`).join("\n")}\n`);
    }
    if (hold) await interruptions.held();
    return verdicts.every(Boolean) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RunInterrupted)) throw error;
    say(`\ninterrupted: ${error.result.reason || error.message}; what was measured is stored`);
    return INTERRUPTED;
  } finally {
    interruptions.close();
  }
}

/** The documents of one run: its start, and all that follows until its stop. */
function documentsOf(emitted: readonly Document[], runUid: string): Document[] {
  const start = emitted.findIndex(({ name, doc }) => name === "start" && doc.uid === runUid);
  const stop = emitted.findIndex(({ name, doc }) => name === "stop" && doc.run_start === runUid);
  return emitted.slice(start, stop + 1);
}
