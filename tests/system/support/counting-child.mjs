import { PersistentMetadata } from "cerulean";

// Counts scans up as fast as it can, and tells each number once it was set.
const md = new PersistentMetadata(process.argv[2]);
process.on("disconnect", () => process.exit());
for (;;) {
  md.scan_id = (md.scan_id ?? 0) + 1;
  // Sent means with the system: it arrives even when this process is killed now.
  await new Promise((sent) => process.send(md.scan_id, sent));
}
