import { PersistentMetadata } from "cerulean";

// Counts scans up as fast as it can, and tells each number once it was set.
const md = new PersistentMetadata(process.argv[2]);
process.on("disconnect", () => process.exit());
for (;;) {
  md.scan_id = (md.scan_id ?? 0) + 1;
  process.send(md.scan_id);
  await new Promise(setImmediate);
}
