import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { reasonOf, SinkError } from "../sink-error.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";

/** The thread that stores, as its owner sees it. It holds the process only while somebody waits for it. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #listeners = new Set<(message: FromWorker) => void>();
  readonly #answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  readonly #onFailure: (error: SinkError) => void;
  #lastId = 0;
  #holds = 0;
  #failure: SinkError | undefined;

  constructor(start: WorkerStart, onFailure: (error: SinkError) => void) {
    this.#onFailure = onFailure;
    // What the process was started with (a TypeScript loader, an inspector) is not for the worker.
    this.#worker = new Worker(workerFile(), { workerData: start, execArgv: [], name: "cerulean-mongo-writer" });
    this.#worker.unref();
    this.#worker.on("message", (message: FromWorker) => {
      if (message.type === "answer") this.#answer(message);
      else for (const listener of this.#listeners) listener(message);
    });
    this.#worker.on("error", (cause) => this.#fail(cause));
    this.#worker.on("exit", (code) => {
      if (code !== 0) this.#fail(new Error(`its thread ended with code ${code}`));
    });
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
    this.#worker.removeAllListeners("exit");
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
    if (this.#failure !== undefined) return;
    this.#failure = new SinkError("worker", `The MongoDB writer's worker failed: ${reasonOf(cause)}`, { cause });
    for (const { reject } of this.#answers.values()) reject(this.#failure);
    this.#answers.clear();
    this.#onFailure(this.#failure);
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
