import { setTimeout as sleep } from "node:timers/promises";

interface Client {
  metadata(options: { topics: string[]; autocreateTopics: boolean }): Promise<unknown>;
  close(force: boolean): unknown;
}

const PAUSE_MS = 100;

/** Resolves when the cluster answers and knows the topics, which it makes with `creates` if it may; rejects with what it said last after `timeoutMs`. */
export async function reach(
  client: Client,
  topics: readonly string[],
  { timeoutMs, creates }: { timeoutMs: number; creates: boolean },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      await client.metadata({ topics: [...topics], autocreateTopics: creates });
      return;
    } catch (error) {
      // A topic that is being made is unknown at first.
      if (performance.now() + PAUSE_MS > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Closes a client with its streams, whatever state it is in. */
export async function closeClient(client: Pick<Client, "close">): Promise<void> {
  try {
    await client.close(true);
  } catch {
    // Its connections are gone already.
  }
}

/** Whether an error tells of the brokers or the way to them, and of nothing that we do. */
export function isOfTheCluster(error: unknown): boolean {
  return String((error as { code?: unknown } | undefined)?.code).startsWith("PLT_KFK_");
}
