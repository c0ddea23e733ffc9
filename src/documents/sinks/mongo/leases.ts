import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Db } from "mongodb";
import { isAlive, type Owner } from "../journal/journal-owner.ts";
import { isRepaired, REPAIRED } from "../repaired-stop.ts";
import { type BsonDocument, toDouble, toLong } from "./bson.ts";
import { encode } from "./encode.ts";
import type { Repaired, Verified } from "./protocol.ts";
import type { Store } from "./store.ts";

const ENGINES = "cerulean_engines";
const RUNS = "cerulean_runs";

export const HEARTBEAT_MS = 5_000;
/** An engine on another machine that hasn't shown itself for so long, and doesn't while we look, is taken for dead. */
const LEASE_MS = 30_000;

interface Engine extends Omit<Owner, "id"> {
  readonly _id: string;
  readonly heartbeat: Date;
  readonly closed?: boolean;
}

interface OpenRun {
  readonly _id: string;
  readonly engine: string;
}

/** Says in the database which runs are whose and that we live, and closes the runs of those who don't. */
export class Leases {
  readonly #store: Store;
  readonly #owner: Owner;
  readonly #known = new Set<string>();

  constructor(store: Store, owner: Owner) {
    this.#store = store;
    this.#owner = owner;
  }

  get #db(): Db {
    return this.#store.db;
  }

  async heartbeat(): Promise<void> {
    const { id, host, pid, started } = this.#owner;
    await this.#db
      .collection<Engine>(ENGINES)
      .updateOne({ _id: id }, { $set: { host, pid, started }, $currentDate: { heartbeat: true } }, { upsert: true });
    this.#known.add(id);
  }

  /** Before its first document is stored, a run has an owner. One whose writer is gone belongs to that writer. */
  async claim(run: string, owner: Owner | undefined): Promise<void> {
    const { id, host, pid, started } = owner ?? this.#owner;
    if (!this.#known.has(id)) {
      const gone = { host, pid, started, heartbeat: new Date(), ...(owner === undefined ? {} : { closed: true }) };
      await this.#db.collection<Engine>(ENGINES).updateOne({ _id: id }, { $setOnInsert: gone }, { upsert: true });
      this.#known.add(id);
    }
    // Who writes a run now has it, though another had begun it: a reader of Kafka goes on with the runs of one that died.
    const claimed = { [owner === undefined ? "$set" : "$setOnInsert"]: { engine: id } };
    await this.#db.collection<OpenRun>(RUNS).updateOne({ _id: run }, claimed, { upsert: true });
  }

  async release(run: string): Promise<void> {
    await this.#db.collection<OpenRun>(RUNS).deleteOne({ _id: run });
  }

  /** Nobody writes in this engine's name any more. */
  async end(): Promise<void> {
    const engines = this.#db.collection<Engine>(ENGINES);
    const open = await this.#db.collection<OpenRun>(RUNS).countDocuments({ engine: this.#owner.id }, { limit: 1 });
    if (open === 0) await engines.deleteOne({ _id: this.#owner.id });
    else await engines.updateOne({ _id: this.#owner.id }, { $set: { closed: true } });
  }

  /** Gives every run whose engine is dead a stop document with what the store counts; runs of living engines are left alone. */
  async repair(): Promise<Repaired[]> {
    const open = await this.#db.collection<OpenRun>(RUNS).find().toArray();
    const dead = await this.#deadAmong(new Set(open.map(({ engine }) => engine)));
    const repaired: Repaired[] = [];
    for (const { _id: runUid, engine } of open) {
      if (!dead.has(engine)) continue;
      const numEvents = await this.#close(runUid);
      if (numEvents !== undefined) repaired.push({ runUid, numEvents });
      await this.release(runUid);
    }
    for (const id of dead) {
      const left = await this.#db.collection<OpenRun>(RUNS).countDocuments({ engine: id }, { limit: 1 });
      if (left === 0) await this.#db.collection<Engine>(ENGINES).deleteOne({ _id: id });
    }
    return repaired;
  }

  /** Has the stop documents of repairs count what was stored after them, when the journal of a dead engine was found later. */
  async recount(runs: Iterable<string>): Promise<void> {
    for (const runUid of runs) {
      const stop = await this.#store.find("run_stop", runUid);
      if (stop === undefined || !isRepaired(stop)) continue;
      const counted = await this.numEvents(runUid);
      const time = toDouble(await this.#lastTime(runUid, stop.time as number), "stop.time");
      await this.#db
        .collection("run_stop")
        .updateOne({ run_start: runUid, ...REPAIRED }, { $set: { num_events: counted, time } });
    }
  }

  /** Counts the points of each stream in the store beside what the stop document announces. */
  async verify(runUid: string): Promise<Verified> {
    if ((await this.#store.find("run_start", runUid)) === undefined) {
      throw new Error(`${this.#db.databaseName} has no run ${runUid}; give the whole uid`);
    }
    const stop = await this.#store.find("run_stop", runUid);
    const announced = (stop?.num_events ?? {}) as Record<string, number>;
    const stored = await this.#count(runUid);
    const streams: Verified["streams"] = {};
    for (const name of new Set([...Object.keys(stored), ...Object.keys(announced)])) {
      streams[name] = { stored: stored[name] ?? 0, announced: Number(announced[name] ?? 0) };
    }
    const equal = Object.values(streams).every((stream) => stream.stored === stream.announced);
    return { ok: stop !== undefined && equal, streams };
  }

  /** The points of each stream in the store, as a stop document has them. */
  async numEvents(runUid: string): Promise<BsonDocument> {
    return longs(await this.#count(runUid));
  }

  async #deadAmong(ids: ReadonlySet<string>): Promise<Set<string>> {
    const engines = this.#db.collection<Engine>(ENGINES);
    const dead = new Set<string>();
    const silent = new Map<string, number>();
    const found = await engines
      .aggregate<Engine & { silence: number }>([
        { $match: { _id: { $in: [...ids] } } },
        { $addFields: { silence: { $subtract: ["$$NOW", "$heartbeat"] } } },
      ])
      .toArray();
    const known = new Set(found.map(({ _id }) => _id));
    for (const id of ids) if (!known.has(id)) dead.add(id);
    for (const { _id, host, pid, started, closed, silence, heartbeat } of found) {
      if (_id === this.#owner.id) continue;
      if (closed) dead.add(_id);
      else if (host === this.#owner.host) {
        if (!isAlive({ pid, started })) dead.add(_id);
      } else if (silence > LEASE_MS) silent.set(_id, heartbeat.getTime());
    }
    if (silent.size === 0) return dead;
    // When MongoDB itself was away, nobody could show himself.
    await delay(2 * HEARTBEAT_MS);
    for (const { _id, heartbeat } of await engines.find({ _id: { $in: [...silent.keys()] } }).toArray()) {
      if (heartbeat.getTime() === silent.get(_id)) dead.add(_id);
    }
    return dead;
  }

  async #close(runUid: string): Promise<Record<string, number> | undefined> {
    const start = await this.#store.find("run_start", runUid);
    if (start === undefined || (await this.#store.find("run_stop", runUid)) !== undefined) return undefined;
    const numEvents = await this.#count(runUid);
    const stop = {
      uid: randomUUID(),
      time: toDouble(await this.#lastTime(runUid, start.time as number), "stop.time"),
      run_start: runUid,
      ...REPAIRED,
      num_events: longs(numEvents),
    };
    await this.#store.insert("run_stop", [encode(stop)]);
    // Another repair may have been quicker.
    const stored = await this.#store.find("run_stop", runUid);
    return stored?.uid === stop.uid ? numEvents : undefined;
  }

  async #count(runUid: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [name, descriptors] of await this.#streams(runUid)) counts[name] = await this.#points(descriptors);
    return counts;
  }

  /** A point that was taken again after a rewind has the same number and counts once. */
  async #points(descriptors: readonly string[]): Promise<number> {
    const ours = { $match: { descriptor: { $in: descriptors } } };
    const distinct = [{ $group: { _id: "$seq_num" } }, { $count: "points" }];
    const [events] = await this.#db
      .collection("event")
      .aggregate<{ points: number }>([ours, ...distinct])
      .toArray();
    const paged = [ours, { $project: { seq_num: 1 } }, { $unwind: "$seq_num" }, ...distinct];
    const [pages] = await this.#db.collection("event_page").aggregate<{ points: number }>(paged).toArray();
    const points = (events?.points ?? 0) + (pages?.points ?? 0);
    if (points > 0) return points;
    // A stream whose data is all in files has no events; its files say how far it got.
    const [last] = await this.#db
      .collection("stream_datum")
      .find({ descriptor: { $in: descriptors } }, { sort: { "seq_nums.stop": -1 }, limit: 1 })
      .toArray();
    return Math.max(0, Number((last?.seq_nums as { stop?: number } | undefined)?.stop ?? 1) - 1);
  }

  async #streams(runUid: string): Promise<Map<string, string[]>> {
    const streams = new Map<string, string[]>();
    for await (const { uid, name } of this.#db
      .collection("event_descriptor")
      .find({ run_start: runUid }, { sort: { time: 1 } })) {
      const known = streams.get(String(name ?? "primary"));
      if (known === undefined) streams.set(String(name ?? "primary"), [String(uid)]);
      else known.push(String(uid));
    }
    return streams;
  }

  async #lastTime(runUid: string, started: number): Promise<number> {
    let last = started;
    const descriptors = [...(await this.#streams(runUid)).values()].flat();
    for (const descriptor of descriptors) {
      const [event] = await this.#db
        .collection("event")
        .find({ descriptor }, { sort: { time: -1 }, limit: 1 })
        .toArray();
      if (typeof event?.time === "number" && event.time > last) last = event.time;
    }
    return last;
  }
}

function longs(counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, toLong(count, name)]));
}
