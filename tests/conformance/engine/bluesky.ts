import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { python } from "../../system/support/python.ts";
import type { Entry, RunRecord } from "./entry.ts";

const runner = fileURLToPath(new URL("runner.py", import.meta.url));

/** Runs the entries on bluesky, all in one process that ends with its standard input. */
export async function runOnBluesky(entries: readonly Entry[]): Promise<Map<string, RunRecord>> {
  const child = spawn(await python(), [runner], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  // A Python that died says why on its standard error; the broken pipe says nothing.
  child.stdin.on("error", () => {});
  child.stdin.end(entries.map(({ plan: _, ...entry }) => `${JSON.stringify(entry)}\n`).join(""));
  const records = new Map<string, RunRecord>();
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = entries[records.size] as Entry;
    // Python writes NaN and infinities bare.
    records.set(entry.name, JSON.parse(line.replace(/\b(NaN|-?Infinity)\b/g, '"$1"')));
  }
  const code = await ended;
  if (code !== 0) throw new Error(`bluesky's runner ended with ${code} after ${records.size} entries: ${complaints}`);
  return records;
}
