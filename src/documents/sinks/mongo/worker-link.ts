import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { reasonOf, SinkError } from "../sink-error.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";

// A thread that dies again before it has stored what the one before it left is given up after these pauses.
const PAUSES_MS = [50, 500, 2_000];

export interface WorkerOwner {
  /** The thread died; `isFinal` when no other is started. */
  died(error: SinkError, isFinal: boolean): void;
  /** What a thread that has connected is told first. */
  begin(): ToWorker;
}

/**
 * The thread that stores, as its owner sees it: when it dies after `begin` it is started anew. It holds the process only while somebody
 * waits for it.
 */
export class WorkerLink {
  readonly #start: WorkerStart;
  readonly #owner: WorkerOwner;
  #worker: Worker;
  readonly #listeners = new Set<(message: FromWorker) => void>();
  readonly #answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #begun = false;
  #isStopping = false;
  #deaths = 0;
  #revival: NodeJS.Timeout | undefined;
  #lastId = 0;
  #holds = 0;
  #failure: SinkError | undefined;

  constructor(start: WorkerStart, owner: WorkerOwner) {
    this.#start = start;
    this.#owner = owner;
    this.#worker = this.#spawn();
  }

  #spawn(): Worker {
    // What the process was started with (a TypeScript loader, an inspector) is not for the worker.
    const worker = new Worker(workerFile(), { workerData: this.#start, execArgv: [], name: "cerulean-mongo-writer" });
    if (this.#holds === 0) worker.unref();
    worker.on("message", (message: FromWorker) => {
      if (message.type === "answer") this.#answer(message);
      else for (const listener of this.#listeners) listener(message);
    });
    worker.on("error", (cause) => this.#fail(cause));
    worker.on("exit", (code) => this.#fail(new Error(`its thread ended with code ${code}`)));
    return worker;
  }

  /** Sets the thread to work. */
  begin(): void {
    this.#begun = true;
    this.post(this.#owner.begin());
  }

  /** What a dead thread had left is stored: the next death is the first again. */
  recovered(): void {
    this.#deaths = 0;
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  listen(listener: (message: FromWorker) => void): void {
    this.#listeners.add(listener);
  }

  /** The first message that `pick` wants; rejects when the worker fails before. */
  async expect<T>(pick: (message: FromWorker) => T | undefined): Promise<T> {
    return this.holding(
      () =>
        new Promise<T>((resolve, reject) => {
          if (this.#failure !== undefined) return reject(this.#failure);
          const id = this.#newAnswer(resolve as (value: unknown) => void, reject);
          const listener = (message: FromWorker): void => {
            const picked = pick(message);
            if (picked === undefined) return;
            this.#listeners.delete(listener);
            this.#answers.delete(id);
            resolve(picked);
          };
          this.#listeners.add(listener);
        }),
    );
  }

  async ask<T>(question: (id: number) => ToWorker): Promise<T> {
    return this.holding(
      () =>
        new Promise<T>((resolve, reject) => {
          if (this.#failure !== undefined) return reject(this.#failure);
          this.post(question(this.#newAnswer(resolve as (value: unknown) => void, reject)));
        }),
    );
  }

  /** The process stays until the work is done. */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    this.hold();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  hold(): void {
    if (this.#holds++ === 0) this.#worker.ref();
  }

  release(): void {
    if (--this.#holds === 0) this.#worker.unref();
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#revival);
    if (this.#failure === undefined) {
      const stopped = this.expect((message) => (message.type === "stopped" ? true : undefined)).catch(() => false);
      this.post({ type: "stop" });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false);
      });
      await Promise.race([stopped, late]);
      clearTimeout(timer);
    }
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #newAnswer(resolve: (value: unknown) => void, reject: (error: Error) => void): number {
    const id = ++this.#lastId;
    this.#answers.set(id, { resolve, reject });
    return id;
  }

  #answer({ id, value, error }: Extract<FromWorker, { type: "answer" }>): void {
    const waiting = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new SinkError("worker", error));
  }

  #fail(cause: Error): void {
    if (this.#failure !== undefined || this.#isStopping) return;
    // Messages that it sent and nobody has heard count no more.
    this.#worker.removeAllListeners();
    this.#worker.on("error", () => undefined);
    const pause = this.#begun ? PAUSES_MS[this.#deaths++] : undefined;
    const what = pause === undefined && this.#begun ? `failed ${this.#deaths} times in a row` : "failed";
    const outlook = pause === undefined ? "" : "; it is started anew, and stores what is in the journal";
    const message = `The MongoDB writer's worker ${what}: ${reasonOf(cause)}${outlook}`;
    this.#failure = new SinkError("worker", message, { cause });
    for (const { reject } of this.#answers.values()) reject(this.#failure);
    this.#answers.clear();
    if (pause !== undefined) this.#revival = setTimeout(() => this.#revive(), pause);
    this.#owner.died(this.#failure, pause === undefined);
  }

  #revive(): void {
    this.#failure = undefined;
    this.#worker = this.#spawn();
    this.begin();
    this.post({ type: "flush" });
  }
}

/** A worker runs from the build: Node loads no TypeScript there, whatever loader the process itself has. */
function workerFile(): URL {
  const here = fileURLToPath(import.meta.url);
  if (!here.endsWith(".ts")) return new URL("./worker.js", import.meta.url);
  let root = dirname(here);
  while (!existsSync(join(root, "package.json"))) {
    if (dirname(root) === root) throw new SinkError("not-built", `No package.json above ${here}`);
    root = dirname(root);
  }
  const built = join(root, "dist", relative(join(root, "src"), dirname(here)), "worker.js");
  if (!existsSync(built)) {
    throw new SinkError(
      "not-built",
      `The MongoDB writer's worker is not built: ${built.split(sep).join("/")} is missing; run npm run build`,
    );
  }
  return pathToFileURL(built);
}
