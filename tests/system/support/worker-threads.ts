import { createRequire, syncBuiltinESMExports } from "node:module";
import type { ResourceLimits, Worker } from "node:worker_threads";

const threads = createRequire(import.meta.url)("node:worker_threads") as { Worker: typeof Worker };

/** Runs `start`, and gives what it resolves to with the first thread that was started meanwhile, under these limits if there are any. */
export async function withItsThread<T>(start: () => Promise<T>, limits?: ResourceLimits): Promise<[T, Worker]> {
  const Original = threads.Worker;
  let first: Worker | undefined;
  threads.Worker = class extends Original {
    constructor(...[file, options]: ConstructorParameters<typeof Worker>) {
      super(file, limits === undefined ? options : { ...options, resourceLimits: limits });
      first ??= this;
    }
  };
  syncBuiltinESMExports();
  try {
    const result = await start();
    if (first === undefined) throw new Error("no thread was started");
    return [result, first];
  } finally {
    threads.Worker = Original;
    syncBuiltinESMExports();
  }
}
