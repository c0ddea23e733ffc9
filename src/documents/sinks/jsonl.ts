import { closeSync, fdatasyncSync, fsync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Document } from "../document.ts";
import { stringify } from "../json.ts";
import type { Sink } from "../sink.ts";
import { RunIndex } from "./run-index.ts";
import { reasonOf, SinkError } from "./sink-error.ts";

export interface JsonlWriterOptions {
  /**
   * When files are forced to the disk: `never`, at each run's `stop` and each flush (the default), or `always`, before `write` returns.
   * Without it documents survive the death of the process and not a power loss.
   */
  fsync?: "never" | "stop" | "always";
}

interface RunFile {
  readonly path: string;
  readonly fd: number;
  size: number;
}

const POLICIES = ["never", "stop", "always"];
const syncFile = promisify(fsync);

/**
 * Writes each run into `<uid>.jsonl`, one `["name", {...}]` line a document as suitcase.jsonl does, in the order of emission.
 * When `write` returns the line is with the operating system; a line that can't be written whole is taken back, and the error names the file.
 */
export class JsonlWriter implements Sink {
  readonly directory: string;
  readonly #fsync: "never" | "stop" | "always";
  readonly #index = new RunIndex();
  readonly #files = new Map<string, RunFile>();
  readonly #syncing = new Set<Promise<void>>();
  #failure: SinkError | undefined;
  #closed = false;

  constructor(directory: string, { fsync = "stop" }: JsonlWriterOptions = {}) {
    if (!POLICIES.includes(fsync)) {
      throw new SinkError("options", `JsonlWriter: fsync is "${fsync}"; use one of ${POLICIES.join(", ")}`);
    }
    this.directory = directory;
    this.#fsync = fsync;
    try {
      mkdirSync(directory, { recursive: true });
    } catch (cause) {
      throw new SinkError("write", `JsonlWriter can't make the directory ${directory}: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Where the documents of a run are. */
  pathOf(runUid: string): string {
    return join(this.directory, `${runUid}.jsonl`);
  }

  write(document: Document): void {
    if (this.#closed) throw new SinkError("closed", `JsonlWriter is closed and can't take a ${document.name} document`);
    const run = this.#index.runOf(document);
    const file = document.name === "start" ? this.#open(document.doc.uid) : this.#files.get(run ?? "");
    if (run === undefined || file === undefined) {
      throw new SinkError(
        "order",
        `JsonlWriter got a ${document.name} document of a run that it has not seen the start of` +
          `${run === undefined ? "" : ` (${run})`}; subscribe it before the run opens`,
      );
    }
    this.#append(file, Buffer.from(`${stringify([document.name, document.doc])}\n`));
    if (document.name === "stop") {
      this.#files.delete(run);
      this.#finish(file);
    }
  }

  async flush(): Promise<void> {
    if (this.#fsync !== "never") for (const file of this.#files.values()) this.#track(this.#sync(file));
    await Promise.all(this.#syncing);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  async close(): Promise<void> {
    this.#closed = true;
    try {
      await this.flush();
    } finally {
      for (const file of this.#files.values()) closeSync(file.fd);
      this.#files.clear();
    }
  }

  #open(run: string): RunFile {
    const path = this.pathOf(run);
    try {
      const file = { path, fd: openSync(path, "ax"), size: 0 };
      this.#files.set(run, file);
      return file;
    } catch (cause) {
      throw new SinkError("write", `JsonlWriter can't make ${path}: ${reasonOf(cause)}`, { cause });
    }
  }

  #append(file: RunFile, line: Buffer): void {
    try {
      let written = 0;
      while (written < line.length) written += writeSync(file.fd, line, written);
      if (this.#fsync === "always") fdatasyncSync(file.fd);
      file.size += line.length;
    } catch (cause) {
      // What follows a torn line could not be read.
      ftruncateSync(file.fd, file.size);
      throw new SinkError("write", `JsonlWriter can't write to ${file.path}: ${reasonOf(cause)}`, { cause });
    }
  }

  #finish(file: RunFile): void {
    if (this.#fsync === "never") closeSync(file.fd);
    else this.#track(this.#sync(file).finally(() => closeSync(file.fd)));
  }

  async #sync(file: RunFile): Promise<void> {
    try {
      await syncFile(file.fd);
    } catch (cause) {
      this.#failure ??= new SinkError("write", `JsonlWriter can't force ${file.path} to the disk: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#syncing.delete(tracked));
    this.#syncing.add(tracked);
  }
}
