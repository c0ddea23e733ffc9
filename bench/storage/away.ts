import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoWriter } from "cerulean/sinks/mongo";
import { startMongod } from "../../src/cli/mongod.ts";
import { eventsOf, runOf } from "./documents.ts";

const RATE = 2_000;
const FIELDS = 10;
const TICK_MS = 10;

/** Takes 2,000 events a second while MongoDB is away, and says in lines how the memory of the process and the journal grow, and how long it takes to catch up. */
export async function away(folder: string, seconds: number): Promise<string[]> {
  const data = join(folder, "away");
  let mongod = await startMongod(data);
  const port = Number(new URL(mongod.uri).port);
  const writer = await MongoWriter.connect(`${mongod.uri}/away`, { journalDir: join(folder, "journal") });
  const run = runOf(FIELDS, 0);
  for (const document of run.opening) writer.write(document);
  await writer.flush();
  await mongod.stop();
  const points = RATE * seconds;
  const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;
  const memory: number[] = [];
  const first = megabytes();
  let [written, slowest] = [0, 0];
  const started = performance.now();
  while (written < points) {
    const due = Math.min(points, Math.floor(((performance.now() - started) / 1000) * RATE));
    for (const doc of eventsOf(run.descriptor, FIELDS, due - written, written + 1)) {
      const before = performance.now();
      writer.write({ name: "event", doc });
      slowest = Math.max(slowest, performance.now() - before);
    }
    written = due;
    if (memory.length < (performance.now() - started) / 1000) memory.push(megabytes());
    await sleep(TICK_MS);
  }
  const { state, counters } = writer;
  mongod = await startMongod(data, { port });
  const caughtUp = performance.now();
  await writer.flush();
  const took = (performance.now() - caughtUp) / 1000;
  const { streams } = await writer.verify(run.uid);
  await writer.close();
  await mongod.stop();
  const half = Math.floor(memory.length / 2);
  return [
    `MongoDB away for ${seconds} s at ${RATE} events of ${FIELDS} fields a second: ${counters.pending} events pending, ${state}`,
    `  memory: ${first.toFixed(0)} MiB before, ${memory[half]?.toFixed(0)} MiB half-way, ${memory.at(-1)?.toFixed(0)} MiB at the end, ` +
      `${Math.max(...memory).toFixed(0)} MiB at most; journal ${(counters.journalBytes / 2 ** 20).toFixed(0)} MiB; slowest write ${slowest.toFixed(1)} ms`,
    `  caught up in ${took.toFixed(1)} s (${Math.round(points / took)} events a second); ${streams.primary?.stored} of ${points} stored`,
  ];
}
