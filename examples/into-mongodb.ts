import { RunEngine } from "cerulean";
import { count } from "cerulean/plans";
import { hw } from "cerulean/sim";
import { MongoWriter } from "cerulean/sinks/mongo";

const writer = await MongoWriter.connect(process.argv[2] ?? "mongodb://localhost/beamline", { journalDir: "journal" });
const engine = new RunEngine({ md: { beamline: "mine" } });
engine.subscribe(writer);

const { runUids } = await engine.run(count([hw().det], 5));
await writer.flush();
console.log(`run ${runUids[0]} is in MongoDB`);
await writer.close();
