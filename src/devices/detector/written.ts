import type { StreamProvider } from "./logics.ts";

interface UntilWrittenOptions {
  /** The longest time without a new collection. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly tell: (written: number) => void;
}

/** No collection came for too long. */
export class StalledError extends Error {
  override readonly name = "StalledError";
}

/** Resolves when every provider has written this many collections; rejects when none comes for too long, and at once when some are lost. */
export async function untilWritten(
  name: string,
  providers: readonly StreamProvider[],
  target: number,
  { timeoutMs, signal, tell }: UntilWrittenOptions,
): Promise<void> {
  if (providers.length === 0) return;
  let wake = (): void => {};
  let news = 0;
  const note = (): void => {
    news += 1;
    wake();
  };
  const watching = providers.map((provider) => provider.watch(note));
  signal.addEventListener("abort", note, { once: true });
  try {
    let last = Number.NaN;
    let since = performance.now();
    while (true) {
      signal.throwIfAborted();
      const seen = news;
      await Promise.all(providers.map((provider) => provider.check?.()));
      const written = Math.min(...(await Promise.all(providers.map((provider) => provider.written()))));
      if (written !== last) {
        last = written;
        since = performance.now();
        tell(written);
      }
      if (written >= target) return;
      const left = since + timeoutMs - performance.now();
      if (left <= 0) {
        throw new StalledError(
          `${name} has written nothing for ${timeoutMs / 1000} s: ${written} collections, not ${target}`,
        );
      }
      if (news === seen) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", note);
    for (const subscription of watching) subscription[Symbol.dispose]();
  }
}
